"""One client serves many threads or tasks at once; closing it under way ends their calls with an error."""

import asyncio
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from siro_openapi.models import Engagement

from siro_client import AsyncSiro, ClosedError, OAuthApp, Siro, SiroError, TransportError
from tests.facade.raw_server import Connection, RawServer, cut, silent, whole
from tests.facade.wire import (
    RESULTS,
    TOKENS,
    Blocking,
    call,
    client,
    is_success,
    leftover_tasks,
    ok,
    response,
    wait_until,
    within,
)

APP = OAuthApp("app-1", "sentinel-client-secret", "user-1")


def minting(connection: Connection) -> None:
    """Mint slowly, and link."""
    while (head := connection.request()) is not None:
        if b"/access-token" in head:
            connection.pause(0.2)
            connection.send(response(201, b'{"accessTokenId": "1", "accessToken": "sentinel-minted"}'))
        else:
            connection.send(ok("link_recording") if b"sentinel-minted" in head else response(401))


def echoing(connection: Connection) -> None:
    """Answer each sync with its external id."""
    while connection.request() is not None:
        data = RESULTS["sync_engagement"]["data"] | {"externalId": json.loads(connection.body)["externalId"]}
        connection.send(response(200, json.dumps({"data": data}).encode()))


def in_threads(count: int, work: Callable[[int], None]) -> None:
    """Do work many times at once."""
    together = threading.Barrier(count)

    def begin(number: int) -> None:
        together.wait()
        work(number)

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(begin, range(count)))


def test_each_of_many_threads_gets_what_it_asked_for() -> None:
    with RawServer(echoing) as server, client("sync", server.url) as siro:

        def work(number: int) -> None:
            for turn in range(10):
                name = f"e-{number}-{turn}"
                assert siro.sync_engagement(Engagement(external_id=name)).data.external_id == name

        in_threads(20, work)
        assert len(server.requests) == 200
        assert server.accepted <= 20


def test_each_of_many_tasks_gets_what_it_asked_for() -> None:
    async def main() -> None:
        async with AsyncSiro(**TOKENS, integrations_url=server.url) as siro:

            async def work(number: int) -> None:
                for turn in range(10):
                    name = f"e-{number}-{turn}"
                    assert (await siro.sync_engagement(Engagement(external_id=name))).data.external_id == name

            await asyncio.gather(*(work(number) for number in range(20)))
        assert await leftover_tasks() == []

    with RawServer(echoing) as server:
        asyncio.run(main())
        assert len(server.requests) == 200
        assert server.accepted <= 20


def test_threads_that_begin_at_once_share_one_http_client(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[httpx.Client] = []

    class Slow(httpx.Client):
        def __init__(self, **arguments: Any) -> None:
            time.sleep(0.05)
            super().__init__(**arguments)
            made.append(self)

    monkeypatch.setattr(httpx, "Client", Slow)
    with RawServer(whole(ok("sync_engagement"))) as server, client("sync", server.url) as siro:
        in_threads(16, lambda _: call(siro, "sync_engagement"))
        assert len(made) == 1
        assert len(server.requests) == 16


def test_threads_that_begin_at_once_mint_one_token() -> None:
    with RawServer(minting) as server, client("sync", server.url, user_token=APP) as siro:
        in_threads(16, lambda _: call(siro, "link_recording"))
        assert sum(b"/access-token" in head for head in server.requests) == 1
        assert len(server.requests) == 17


def test_tasks_that_begin_at_once_mint_one_token() -> None:
    async def main() -> None:
        async with AsyncSiro(
            organization_token="o", user_token=APP, integrations_url=server.url, recordings_url=server.url
        ) as siro:
            await asyncio.gather(*(call(siro, "link_recording") for _ in range(16)))

    with RawServer(minting) as server:
        asyncio.run(main())
        assert sum(b"/access-token" in head for head in server.requests) == 1
        assert len(server.requests) == 17


def test_who_waits_for_a_mint_that_does_not_come_waits_no_longer_than_its_deadline() -> None:
    failed: list[SiroError] = []

    def work(_: int) -> None:
        with pytest.raises(SiroError) as caught:
            call(siro, "link_recording")
        failed.append(caught.value)

    with (
        RawServer(silent) as server,
        client("sync", server.url, user_token=APP, deadline=0.5) as siro,
        within(0.5),
    ):
        in_threads(8, work)
    assert len(failed) == 8


def test_a_closed_client_says_so_and_sends_nothing(kind: str, operation: str) -> None:
    with RawServer(whole(ok(operation))) as server, client(kind, server.url) as siro:
        assert is_success(operation, call(siro, operation))
        clone = siro.with_options(timeout=1)
        if isinstance(siro, Blocking):
            siro.aclose()
            siro.aclose()
        else:
            siro.close()
            siro.close()
        for closed in (siro, clone):
            with pytest.raises(ClosedError, match="the client is closed"):
                call(closed, operation)
        assert len(server.requests) == 1


def test_a_client_that_sent_nothing_closes(kind: str) -> None:
    with client(kind, "http://127.0.0.1:1") as siro:
        assert "127.0.0.1" in repr(siro) or isinstance(siro, Blocking)


@pytest.mark.parametrize("operation", RESULTS)
def test_a_call_under_way_while_another_thread_closes_ends_in_an_error(operation: str) -> None:
    with RawServer(silent) as server:
        siro = Siro(**TOKENS, integrations_url=server.url, recordings_url=server.url, timeout=0.5, deadline=2.0)
        failed: list[BaseException] = []

        def work() -> None:
            try:
                call(siro, operation)
            except BaseException as error:  # noqa: BLE001 - it is looked at below
                failed.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        wait_until(lambda: server.accepted == 1)
        with within(2.0):
            siro.close()
            thread.join(10)
        assert not thread.is_alive()
        (error,) = failed
        assert isinstance(error, TransportError)
        assert "the client was closed while the call was under way" in str(error)
        wait_until(lambda: server.connected == 0)


def test_a_client_closed_while_it_makes_its_connections_leaves_none_open(monkeypatch: pytest.MonkeyPatch) -> None:
    siro = Siro(**TOKENS, integrations_url="http://127.0.0.1:1")
    made: list[httpx.Client] = []
    closing = threading.Thread(target=siro.close)

    def bound(client: httpx.Client) -> None:
        made.append(client)
        closing.start()
        closing.join(0.2)

    monkeypatch.setattr("siro_client._bounded.bound", bound)
    with pytest.raises(TransportError, match="the client was closed while the call was under way"):
        call(siro, "sync_engagement")
    closing.join()
    assert [client.is_closed for client in made] == [True]


@pytest.mark.parametrize("operation", RESULTS)
def test_a_call_under_way_while_another_task_closes_ends_in_an_error(operation: str) -> None:
    async def main() -> None:
        siro = AsyncSiro(**TOKENS, integrations_url=server.url, recordings_url=server.url, timeout=0.5, deadline=2.0)
        under_way = asyncio.create_task(call(siro, operation))
        await asyncio.to_thread(wait_until, lambda: server.accepted == 1)
        await siro.aclose()
        with pytest.raises(TransportError, match="the client was closed while the call was under way"):
            await under_way
        assert await leftover_tasks() == []

    with RawServer(silent) as server:
        with within(2.0):
            asyncio.run(main())
        wait_until(lambda: server.connected == 0)


@pytest.mark.parametrize("operation", RESULTS)
def test_a_cancelled_call_gives_up_its_connection_and_the_client_serves_on(operation: str) -> None:
    async def main() -> None:
        async with AsyncSiro(**TOKENS, integrations_url=server.url, recordings_url=server.url) as siro:
            under_way = asyncio.create_task(call(siro, operation))
            await asyncio.to_thread(wait_until, lambda: server.accepted == 1)
            under_way.cancel()
            with pytest.raises(asyncio.CancelledError):
                await under_way
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await call(siro, operation)
            assert await leftover_tasks() == []
            assert is_success(operation, await call(siro, operation))

    with RawServer(silent, silent, cut(ok(operation), 1000)) as server:
        asyncio.run(main())
        wait_until(lambda: server.connected == 0)
