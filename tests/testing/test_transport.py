import asyncio
import contextlib
from collections.abc import AsyncGenerator, Generator
from typing import Any

import httpx
import pytest

from siro_client.testing import LocalSiro, LocalTransport

from .calls import SYNC_URL, Caller

HEADERS = {"authorization": "Bearer local-organization-token", "content-type": "application/json"}


def test_it_works_within_a_running_loop(ours: Caller) -> None:
    async def within() -> dict[str, Any]:
        return ours.synced("e")

    assert asyncio.run(within())["externalId"] == "e"


@pytest.mark.parametrize("kind", [LocalTransport, httpx.ASGITransport])
def test_the_async_client_is_served(siro: LocalSiro, kind: type[LocalTransport | httpx.ASGITransport]) -> None:
    async def chunks() -> AsyncGenerator[bytes]:
        for chunk in (b'{"exter', b'nalId":', b'"e"}'):
            yield chunk

    async def put() -> httpx.Response:
        async with httpx.AsyncClient(transport=kind(siro.app), base_url="http://local") as client:
            responses = [
                client.put(SYNC_URL, headers=HEADERS, json={"externalId": "e"}),
                client.put(SYNC_URL, headers=HEADERS, content=chunks()),
            ]
            first, second = await asyncio.gather(*responses)
            assert first.json()["data"]["id"] == second.json()["data"]["id"]
            return first

    response = asyncio.run(put())
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"


def test_a_streamed_body_is_read(ours: Caller) -> None:
    def chunks() -> Generator[bytes]:
        yield b'{"externalId":'
        yield b'"e"}'

    assert ours.client.put(SYNC_URL, headers=HEADERS, content=chunks()).status_code == 200


def test_the_response_can_be_streamed(ours: Caller) -> None:
    with ours.client.stream("PUT", SYNC_URL, headers=HEADERS, json={"externalId": "e"}) as response:
        assert b"".join(response.iter_bytes()).startswith(b'{"data":')


def test_the_base_url_does_not_matter(siro: LocalSiro) -> None:
    with httpx.Client(transport=siro.transport, base_url="https://functions.siro.ai/api-externalApi/") as client:
        response = client.put("v1/integrations/sync/engagements?x=1", headers=HEADERS, json={"externalId": "e"})
    assert response.status_code == 200


def test_an_application_that_suspends_is_told_apart() -> None:
    closed: list[bool] = []

    async def suspends(*_: object) -> None:
        with contextlib.closing(Closed(closed)):
            await asyncio.sleep(0)

    with httpx.Client(transport=LocalTransport(suspends)) as client, pytest.raises(RuntimeError, match="suspended"):
        client.get("http://local/")
    assert closed == [True]


class Closed:
    def __init__(self, record: list[bool]) -> None:
        self.record = record

    def close(self) -> None:
        self.record.append(True)


def test_an_application_may_wait_for_the_disconnect() -> None:
    async def waits(_: object, receive: Any, send: Any) -> None:
        received = [(await receive())["type"] for _ in range(3)]
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": ",".join(received).encode(), "more_body": True})
        await send({"type": "http.response.body"})

    with httpx.Client(transport=LocalTransport(waits)) as client:
        assert client.get("http://local/").text == "http.request,http.disconnect,http.disconnect"


def test_the_scope_is_that_of_a_server() -> None:
    seen: list[dict[str, Any]] = []

    async def records(scope: Any, _: object, send: Any) -> None:
        seen.append(scope)
        await send({"type": "http.response.start", "status": 204, "headers": [(b"x-a", b"1"), (b"x-a", b"2")]})
        await send({"type": "http.response.body"})

    with httpx.Client(transport=LocalTransport(records)) as client:
        response = client.get("https://local/a%20b?c=%20d", headers={"X-Upper": "V"})
    assert response.headers.get_list("x-a") == ["1", "2"]
    assert (seen[0]["path"], seen[0]["raw_path"], seen[0]["query_string"]) == ("/a b", b"/a%20b", b"c=%20d")
    assert (b"x-upper", b"V") in seen[0]["headers"]
