"""httpx straight into an ASGI application, without a socket and, for the synchronous client, without an event loop."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, MutableMapping
from typing import Any

import httpx
from starlette.types import ASGIApp

from siro_client.testing._wire import EXTENSION, InProcess


class LocalTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport for `httpx.Client` and `httpx.AsyncClient` that calls an ASGI application in-process.

    `httpx.ASGITransport` serves the async client only. An application whose handlers never wait for anything, as the
    local Siro's, can be run to its end by one `send(None)`; this works within a running event loop too.

    An exception of the application is raised to the caller.

    Args:
        app: an ASGI application, such as `LocalSiro.app`.

    """

    is_local = True
    """Nothing leaves the process, so that `Siro` and `AsyncSiro` need no rate limit for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of `httpx.Client`.

        Raises:
            RuntimeError: the application waited for something, which only an event loop could continue.

        """
        exchange = _Exchange(request, request.read(), _sleep)
        steps = exchange.run(self._app).__await__()
        try:
            next(steps)
        except StopIteration:
            return exchange.response()
        steps.close()
        message = "the ASGI application suspended: use httpx.AsyncClient, or siro_client.testing.serve"
        raise RuntimeError(message)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of `httpx.AsyncClient`."""
        exchange = _Exchange(request, await request.aread(), asyncio.sleep)
        await exchange.run(self._app)
        return exchange.response()


class _Exchange:
    """One request and its response in ASGI's terms."""

    def __init__(self, request: httpx.Request, body: bytes, sleep: Callable[[float], Awaitable[None]]) -> None:
        url = request.url
        read_timeout = request.extensions.get("timeout", {}).get("read")
        self.scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": url.scheme,
            "path": url.path,
            "raw_path": url.raw_path.partition(b"?")[0],
            "query_string": url.query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "server": (url.host, url.port),
            "client": ("127.0.0.1", 0),
            "extensions": {EXTENSION: InProcess(read_timeout, sleep)},
        }
        self._request = request
        self._messages: list[dict[str, Any]] = [
            {"type": "http.request", "body": body, "more_body": False},
            {"type": "http.disconnect"},
        ]
        self._status: int | None = None
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = bytearray()
        self._is_cut = False

    async def run(self, app: ASGIApp) -> None:
        try:
            await app(self.scope, self.receive, self.send)
        except httpx.RemoteProtocolError:
            if self._status is None:
                raise
            self._is_cut = True

    async def receive(self) -> dict[str, Any]:
        return self._messages.pop(0) if len(self._messages) > 1 else self._messages[0]

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = list(message.get("headers", ()))
        elif self._request.method != "HEAD":
            self._body += message.get("body", b"")

    def response(self) -> httpx.Response:
        if self._status is None:
            raise RuntimeError("the ASGI application returned without an answer")
        body = bytes(self._body)
        stream = _CutStream(body) if self._is_cut else httpx.ByteStream(body)
        return httpx.Response(self._status, headers=self._headers, stream=stream)


class _CutStream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that breaks off."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Generator[bytes]:
        yield self._body
        message = "peer closed connection without sending complete message body"
        raise httpx.RemoteProtocolError(f"{message} (received {len(self._body)} bytes)")

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        for chunk in self:
            yield chunk


async def _sleep(seconds: float) -> None:
    # Whoever drives this has no event loop, and waits for it alone.
    time.sleep(seconds)  # noqa: ASYNC251 - as above
