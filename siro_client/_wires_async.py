"""How an asynchronous client sends and waits, in one event loop."""

import asyncio
import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar, cast

import anyio
import httpx

from siro_client._attempt import Sending, hide_location
from siro_client._call import Call, GaveUp
from siro_client._pool import forget_lost
from siro_client._wires import Wires

if TYPE_CHECKING:
    from pyrate_limiter import Limiter

    from siro_client._shared import Shared

T = TypeVar("T")


class AsyncWires(Wires):
    """How an asynchronous client sends and waits, in one event loop."""

    def __init__(self, shared: "Shared") -> None:
        self.minting = asyncio.Lock()
        self.client: httpx.AsyncClient = shared.http_client or httpx.AsyncClient(
            **shared.client_arguments(_hide_location)
        )
        self._closing = None if shared.http_client else _closing(self.client)
        self._is_open = False

    async def send(self, request: httpx.Request, auth: httpx.Auth | None, sending: Sending) -> httpx.Response:
        try:
            return await _unbroken(self._sent(request, auth, sending))
        except asyncio.CancelledError:
            forget_lost(self.client)
            raise

    async def _sent(self, request: httpx.Request, auth: httpx.Auth | None, sending: Sending) -> httpx.Response:
        response = await self.client.send(request, stream=True, auth=auth, follow_redirects=False)
        try:
            if sending.is_plain(response):
                await response.aread()
            else:
                async for chunk in response.aiter_raw():
                    if not sending.takes(chunk):
                        break
        finally:
            await response.aclose()
        return response

    async def within(self, call: Call, work: Callable[[], Awaitable[T]]) -> T:
        if self._closing is not None and not self._is_open:
            self._is_open = True
            await anext(self._closing)
        try:
            async with asyncio.timeout(call.remaining()):
                return await work()
        except TimeoutError:
            raise GaveUp(call.late) from None

    async def lock(self, call: Call) -> None:
        del call  # `within` looks at its deadline
        await self.minting.acquire()

    async def turn(self, limiter: "Limiter", name: str, seconds: float) -> bool:
        return await limiter.try_acquire_async(name, timeout=seconds)

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def ask(self, source: Callable[[], object]) -> object:
        # Apart from where it is checked: a traceback may show locals.
        given = source()
        return await given if inspect.isawaitable(given) else given


async def _hide_location(response: httpx.Response) -> None:
    hide_location(response)


async def _closing(client: httpx.AsyncClient) -> AsyncGenerator[None]:
    """Close the connections before the event loop is closed, so that none of them is left behind.

    asyncio.run() and asyncio.Runner close the asynchronous generators that were begun in their loop, at its end.
    """
    try:
        yield
    finally:
        await client.aclose()


async def _unbroken(attempt: Coroutine[Any, Any, T]) -> T:
    """Wait for an attempt, so that a cancellation never comes while httpcore tidies up.

    Cancelled by asyncio just then, it would keep the connection in its pool for good, and a pool full of those serves
    nobody. It shields itself from cancellations of anyio, so the attempt gets one of those instead.
    """
    scope = anyio.CancelScope()

    async def scoped() -> T | BaseException | None:
        with scope:
            try:
                return await attempt
            except (KeyboardInterrupt, SystemExit) as interrupt:
                # asyncio would let it out of the loop at once, past the call, with a traceback that may show the token.
                return interrupt
        return None

    task = asyncio.create_task(scoped())
    try:
        ended = await asyncio.shield(task)
    except asyncio.CancelledError:
        scope.cancel()
        await asyncio.wait([task])
        raise
    if isinstance(ended, BaseException):
        raise ended
    return cast("T", ended)
