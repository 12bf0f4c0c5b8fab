"""What an ASGI application cannot say: that an answer takes its time, and that a connection breaks.

Who runs the local Siro's application says how, in the extensions of the scope.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, cast

import httpx
from starlette.types import Scope

EXTENSION = "siro_client.testing"


class Wire(Protocol):
    """The way back to the client of one request."""

    async def wait(self, seconds: float) -> None:
        """Let the client wait."""
        ...

    async def cut(self) -> None:
        """Break the connection off."""
        ...


class InProcess:
    """The way back to httpx: its exceptions are raised.

    Args:
        read_timeout: seconds that the client would wait for the answer; None is for ever.
        sleep: how to wait.

    """

    def __init__(self, read_timeout: float | None, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._read_timeout = read_timeout
        self._sleep = sleep

    async def wait(self, seconds: float) -> None:
        """Wait, unless the client's timeout is shorter: that is told at once.

        Raises:
            httpx.ReadTimeout: as httpx would after its timeout.

        """
        if self._read_timeout is not None and seconds > self._read_timeout:
            raise httpx.ReadTimeout("timed out")
        await self._sleep(seconds)

    async def cut(self) -> None:
        """Break off.

        Raises:
            httpx.RemoteProtocolError: always.

        """
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")


def wire_of(scope: Scope) -> Wire:
    """Return the way back that a scope names; without one, as under httpx.ASGITransport, what is safe anywhere."""
    found = scope.get("extensions", {}).get(EXTENSION)
    return InProcess(None, asyncio.sleep) if found is None else cast("Wire", found)
