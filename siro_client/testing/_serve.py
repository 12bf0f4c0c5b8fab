"""The local Siro over real HTTP, on 127.0.0.1 only."""

import asyncio
import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from siro_client.testing._local_siro import LocalSiro
from siro_client.testing._wire import EXTENSION

_HOST = "127.0.0.1"
_GRACE = 2.0
"""Seconds that a client has to read its answer when the server stops."""


@contextmanager
def serve(siro: LocalSiro, port: int = 0) -> Generator[str]:
    """Serve over HTTP in a background thread, and yield the root URL, such as `http://127.0.0.1:8080`.

    It accepts connections when the block begins. When the block ends it answers what is under way and stops.

    Args:
        siro: the local Siro; it stays open.
        port: 0 picks a free one.

    Raises:
        OSError: the port is taken.

    """
    with socket.create_server((_HOST, port)) as listener:
        # Connections inherit it; asyncio would set it only on sockets that name their protocol, and every answer that
        # is written in two parts would wait for the client's delayed acknowledgement, some 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Named, so that nothing depends on what else is installed. Only a bug of the server is logged.
        config = uvicorn.Config(
            siro.app, http=_Connection, loop="asyncio", ws="none", lifespan="off", log_level="error"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="local-siro", daemon=True)
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.001)
            yield f"http://{_HOST}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


class _Connection(H11Protocol):
    """A connection that failures may delay and cut; neither keeps the server from stopping."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
        super().connection_made(transport)
        self._ending, self._lost = asyncio.Event(), asyncio.Event()
        app: Any = self.app

        async def told(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "extensions": {EXTENSION: self}}, receive, send)

        self.app: Any = told

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._ending.set()
        self._lost.set()

    def shutdown(self) -> None:
        self._ending.set()
        super().shutdown()
        # The server waits for every connection, even for one whose client does not read what it asked for.
        self.loop.call_later(_GRACE, self.transport.abort)

    async def wait(self, seconds: float) -> None:
        """Wait, but not for a client that is gone, and not when the server stops."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)

    async def cut(self) -> None:
        """Send what was written so far and close the socket; uvicorn does not complain of a client that is gone."""
        self.transport.close()
        await self._lost.wait()
