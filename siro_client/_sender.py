"""Sends the attempts of calls to a host: waits for the rate limit, adds the token, takes a new one after a 401."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import anyio
import httpx

from siro_client._attempt import Sending, Settings, call_of
from siro_client._bounded import CURRENT
from siro_client._call import Call
from siro_client._secret import Secret

T = TypeVar("T")
Token = Callable[[Call, Secret | None], Secret | None]
"""Returns the token for a call, other than the one that was rejected; None if there is no other."""
AsyncToken = Callable[[Call, Secret | None], Awaitable[Secret | None]]


class Sender(httpx.BaseTransport):
    """The transport below the one that repeats attempts."""

    def __init__(self, client: httpx.Client, settings: Settings, token: Token) -> None:
        self._client = client
        self._settings = settings
        self._token = token

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and once more with a new token if there is one and the first was not valid (any more)."""
        call = call_of(request)
        token = self._token(call, None)
        response = self._send(request, token)
        if response.status_code == 401:  # noqa: PLR2004 - Unauthorized
            renewed = self._token(call, token)
            return response if renewed is None else self._send(request, renewed)
        return response

    def _send(self, request: httpx.Request, token: Secret | None) -> httpx.Response:
        settings = self._settings
        if settings.limit is not None:
            settings.limit.acquire(call_of(request))
        sending = Sending(settings, request)
        CURRENT.call = sending.call
        try:
            auth = settings.auth(token)
            response = self._client.send(request, stream=True, auth=auth, follow_redirects=False)
            try:
                if sending.is_plain(response):
                    response.read()
                else:
                    for chunk in response.iter_raw():
                        if not sending.takes(chunk):
                            break
            finally:
                response.close()
        except Exception as error:
            sending.broke(error)
            raise
        finally:
            CURRENT.call = None
        return sending.ended(response)


class AsyncSender(httpx.AsyncBaseTransport):
    """What `Sender` is, for asyncio."""

    def __init__(self, client: httpx.AsyncClient, settings: Settings, token: AsyncToken) -> None:
        self._client = client
        self._settings = settings
        self._token = token

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Do what `Sender.handle_request` does."""
        call = call_of(request)
        token = await self._token(call, None)
        response = await self._send(request, token)
        if response.status_code == 401:  # noqa: PLR2004 - Unauthorized
            renewed = await self._token(call, token)
            return response if renewed is None else await self._send(request, renewed)
        return response

    async def _send(self, request: httpx.Request, token: Secret | None) -> httpx.Response:
        settings = self._settings
        if settings.limit is not None:
            await settings.limit.acquire_async(call_of(request))
        return await _unbroken(self._attempt(request, token))

    async def _attempt(self, request: httpx.Request, token: Secret | None) -> httpx.Response:
        settings = self._settings
        sending = Sending(settings, request)
        try:
            auth = settings.auth(token)
            response = await self._client.send(request, stream=True, auth=auth, follow_redirects=False)
            try:
                if sending.is_plain(response):
                    await response.aread()
                else:
                    async for chunk in response.aiter_raw():
                        if not sending.takes(chunk):
                            break
            finally:
                await response.aclose()
        except Exception as error:
            sending.broke(error)
            raise
        return sending.ended(response)


async def _unbroken(attempt: Coroutine[Any, Any, T]) -> T:
    """Wait for an attempt, so that a cancellation never comes while httpcore tidies up.

    Cancelled by asyncio just then, it would keep the connection in its pool for good, and a pool full of those serves
    nobody. It shields itself from cancellations of anyio, so the attempt gets one of those instead.
    """
    scope = anyio.CancelScope()
    interrupts: list[BaseException] = []

    async def scoped() -> list[T]:
        with scope:
            try:
                return [await attempt]
            except (KeyboardInterrupt, SystemExit) as interrupt:
                # asyncio would let it out of the loop at once, past the call, with a traceback that may show the token.
                interrupts.append(interrupt)
        return []

    task = asyncio.create_task(scoped())
    try:
        results = await asyncio.shield(task)
    except asyncio.CancelledError:
        scope.cancel()
        await asyncio.wait([task])
        raise
    for interrupt in interrupts:
        raise interrupt
    return results[0]
