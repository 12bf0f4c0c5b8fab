"""After all that can fail has failed, no connection, file descriptor, thread or task is left."""

import asyncio
import contextlib
import random
from typing import Any

import httpx
import pytest

from siro_client import AsyncSiro, SiroError
from tests.facade.conftest import Waits
from tests.facade.leaks import open_files, threads
from tests.facade.raw_server import Act, RawServer, close_at_once, cut, drip, endless, reset, silent, whole
from tests.facade.wire import TOKENS, Blocking, call, client, leftover_tasks, ok, response, wait_until

JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
FAILURES: dict[str, Act] = {
    "closed": close_at_once,
    "reset": reset(),
    "reset in the body": reset(JSON + b"Content-Length: 100\r\n\r\n{"),
    "cut in the head": cut(JSON, len(JSON)),
    "cut in the body": cut(JSON + b"Content-Length: 100\r\n\r\n{", 1000),
    "cut in a chunk": cut(JSON + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{", 1000),
    "silent": silent,
    "dripping": drip(JSON + b"Content-Length: 100\r\n\r\n", [b"x"] * 20, 0.05),
    "endless": endless(JSON + b"\r\n", b" " * 65536),
    "endless, in chunks": endless(JSON + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b" " * 65536 + b"\r\n"),
    "no HTTP": cut(b"SSH-2.0-OpenSSH_9.6\r\n", 1000),
    "no JSON": whole(response(200, b"<html>")),
    "encoded": whole(response(200, b"{}", "Content-Encoding: gzip")),
    "redirected": whole(response(302, b"", "Location: https://elsewhere.test/")),
    "redirected to nowhere": whole(response(302, b"", "Location: http://[::/")),
    "refused": whole(response(401, b"{}")),
    "limited": whole(response(429, b"", "Retry-After: 1")),
    "failed": whole(response(503, b"<html>")),
    "failed at length": whole(response(500, b"x" * 11_000_000)),
}


KEPT_ALIVE = {"encoded", "no JSON", "refused", "limited", "failed", "redirected", "redirected to nowhere"}
"""Where the connection is as good as before."""


def fail(kind: str, operation: str) -> None:
    """Let a call fail in every way, with one client each, and look at what its server sees while it is open."""
    for name, act in FAILURES.items():
        with RawServer(act) as server:
            with client(kind, server.url, max_retries=1, timeout=0.1, deadline=5.0) as siro:
                with pytest.raises(SiroError):
                    call(siro, operation)
                settle(siro)
                until_connected(server, 1 if name in KEPT_ALIVE else 0, name)
            until_connected(server, 0, name)


def settle(siro: Any) -> None:
    if isinstance(siro, Blocking):
        assert siro.settle() == []


def until_connected(server: RawServer, most: int, name: str) -> None:
    wait_until(lambda: server.connected <= most, name)


def test_nothing_is_left_behind(kind: str, operation: str, waits: Waits) -> None:
    fail(kind, operation)  # what is loaded with the first use
    before = open_files(), threads()
    fail(kind, operation)
    assert open_files() <= before[0]
    assert threads() <= before[1]
    assert waits


@pytest.mark.parametrize("name", ["silent", "cut in the body", "endless", "dripping"])
def test_connections_that_failed_leave_room_for_others(kind: str, operation: str, name: str) -> None:
    # More than the hundred connections that a client has at a time.
    failing = [FAILURES[name]] * 110
    with (
        RawServer(*failing, whole(ok(operation))) as server,
        client(kind, server.url, max_retries=0, timeout=5.0) as siro,
    ):
        hasty = siro.with_options(timeout=0.01 if name == "silent" else 5.0, deadline=0.02)
        while server.accepted < len(failing):
            # A connection may be accepted after its call has ended, so that one more is made than fail.
            with contextlib.suppress(SiroError):
                call(hasty, operation)
        call(siro, operation)
        settle(siro)
        until_connected(server, 1, name)


def test_cancelled_calls_leave_room_for_others(operation: str) -> None:
    chance = random.Random(0)  # noqa: S311 - no secret depends on it

    async def cancelled(siro: AsyncSiro) -> None:
        task = asyncio.create_task(call(siro, operation))
        await asyncio.sleep(chance.random() * 0.03)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def main() -> None:
        http_client = httpx.AsyncClient(limits=httpx.Limits(max_connections=4))
        siro = AsyncSiro(
            **TOKENS, http_client=http_client, integrations_url=server.url, recordings_url=server.url, max_retries=0
        )
        async with http_client, siro:
            for _ in range(50):
                await asyncio.gather(*(cancelled(siro) for _ in range(8)))
            assert await leftover_tasks() == []
            await asyncio.gather(*(call(siro, operation) for _ in range(8)))

    with RawServer(whole(ok(operation))) as server:
        asyncio.run(main())
