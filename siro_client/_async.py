"""The asynchronous facade; what is not I/O is in `_facade`."""

import asyncio
import inspect
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from weakref import WeakKeyDictionary

import httpx
from httpx_retries import RetryTransport

from siro_client._answer import Answer, RawResponse
from siro_client._attempt import Host
from siro_client._call import Call, GaveUp
from siro_client._facade import Facade
from siro_client._prepare import INTEGRATIONS, RECORDINGS, Prepared, prepare_link, prepare_sync
from siro_client._sender import AsyncSender
from siro_client._target import LinkTarget
from siro_client._tokens import CallableFailed, OAuthApp, prepare_mint

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable

    from siro_openapi.models import DataType, Engagement, LinkResult, LinkTrigger, SyncResult

    from siro_client._bulk import JournalLike, Synced
    from siro_client._secret import Secret

T = TypeVar("T")


@dataclass
class _Wires:
    """What belongs to one event loop."""

    client: httpx.AsyncClient
    transports: dict[Host, RetryTransport]
    minting: asyncio.Lock = field(default_factory=asyncio.Lock)
    closing: "AsyncGenerator[None, None] | None" = None

    async def close_with_the_loop(self) -> None:
        """Close the connections before the event loop is closed, so that none of them is left behind."""
        # asyncio.run() and asyncio.Runner close the asynchronous generators that were begun in their loop, at its end.
        self.closing = _closing(self.client)
        await anext(self.closing)


async def _closing(client: httpx.AsyncClient) -> "AsyncGenerator[None, None]":
    try:
        yield
    finally:
        await client.aclose()


class AsyncSiro(Facade):
    """What `Siro` is, for code that runs on asyncio: the same arguments, methods and errors.

    One client serves any number of tasks, and one event loop after another: each has connections of its own.

    `transport` is an httpx.AsyncBaseTransport, `http_client` an httpx.AsyncClient, and a callable that returns a user
    token may be asynchronous.
    """

    async def sync_engagement(self, engagement: "Engagement") -> "SyncResult":
        """Do what `Siro.sync_engagement` does."""
        return (await self._call(prepare_sync(engagement))).data

    async def link_recording(
        self, recording_id: str, target: LinkTarget, data_type: "DataType", *, trigger: "LinkTrigger | None" = None
    ) -> "LinkResult":
        """Do what `Siro.link_recording` does."""
        return (await self._call(prepare_link(recording_id, target, data_type, trigger))).data

    def sync_engagements(
        self,
        engagements: "Iterable[Engagement] | AsyncIterable[Engagement]",
        *,
        concurrency: int = 10,
        journal: "JournalLike | None" = None,
    ) -> "AsyncGenerator[Synced]":
        """Do what `Siro.sync_engagements` does; the iterable may be asynchronous.

        A run that is not read to its end goes in `async with contextlib.aclosing(...)`.
        """
        from siro_client._bulk_async import sync_in_bulk_async  # noqa: PLC0415 - for those who want many

        return sync_in_bulk_async(self.sync_engagement, engagements, concurrency=concurrency, journal=journal)

    @property
    def with_raw_response(self) -> "AsyncRawSiro":
        """The same operations, returning a `RawResponse` with status, headers and body beside the result."""
        return AsyncRawSiro(self._call)

    async def _call(self, prepared: Prepared[T]) -> RawResponse[T]:
        return self._result(prepared, await self._exchange(prepared, self._begin(prepared)))

    async def _exchange(self, prepared: Prepared[Any], call: Call) -> Answer:
        try:
            async with asyncio.timeout(call.remaining()):
                return await self._send(prepared, call)
        except TimeoutError:
            failed = self._failure(call, TimeoutError(call.late))
        except Exception as error:  # noqa: BLE001 - `_failure` tells those that it does not know from the others
            failed = self._failure(call, error)
        except BaseException as error:  # noqa: BLE001 - raised again
            # Cancelled, or Ctrl-C: the frames of httpx hold the token, and a traceback may show locals.
            raise error.with_traceback(None) from None
        raise failed

    async def _send(self, prepared: Prepared[Any], call: Call) -> Answer:
        wires = self._wires()
        if wires.closing is None and self._shared.http_client is None:
            await wires.close_with_the_loop()
        request = self._request(prepared, call, wires.client)
        try:
            response = await wires.transports[prepared.host].handle_async_request(request)
        except GaveUp as gave_up:
            response = gave_up.response()
        return self._answer(call, response)

    def _wires(self) -> _Wires:
        shared, loop = self._shared, asyncio.get_running_loop()
        with shared.lock:
            if shared.wires is None:
                shared.wires = WeakKeyDictionary[asyncio.AbstractEventLoop, _Wires]()
            by_loop = cast("WeakKeyDictionary[asyncio.AbstractEventLoop, _Wires]", shared.wires)
            if loop not in by_loop:
                for ended in [each for each in by_loop if each.is_closed()]:
                    del by_loop[ended]
                client = shared.http_client or httpx.AsyncClient(**shared.client_arguments())
                senders = {
                    host: RetryTransport(AsyncSender(client, shared.settings(host), partial(self._token, host)))
                    for host in (INTEGRATIONS, RECORDINGS)
                }
                by_loop[loop] = _Wires(client, senders)
            return by_loop[loop]

    async def _token(self, host: Host, call: Call, rejected: "Secret | None") -> "Secret | None":
        tokens = self._shared.tokens
        source = tokens.user_token
        if (found := tokens.known(host, rejected)) is not None or host is INTEGRATIONS:
            return found
        if isinstance(source, OAuthApp):
            return await self._minted(source, call, rejected)
        if not callable(source):
            return None
        try:
            token = tokens.took(await _asked(source))
        except Exception as error:  # noqa: BLE001 - it comes out as it is
            raise CallableFailed(error) from None
        return None if token == rejected else token

    async def _minted(self, app: OAuthApp, call: Call, rejected: "Secret | None") -> "Secret":
        prepared = prepare_mint(app)
        async with self._wires().minting:
            if (found := self._shared.tokens.known(RECORDINGS, rejected)) is not None:
                return found
            since = time.monotonic()
            return self._shared.tokens.minted(await self._exchange(prepared, self._begin(prepared, call)), since)

    async def aclose(self) -> None:
        """Close all connections of this event loop, and take no more calls; calling again does nothing."""
        shared = self._shared
        shared.is_closed = True
        if shared.wires is not None and shared.http_client is None:
            wires = shared.wires.pop(asyncio.get_running_loop(), None)
            if wires is not None:
                await wires.client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.aclose()


async def _asked(source: "Callable[[], object]") -> object:
    # Apart from where it is checked: a traceback may show locals.
    given = source()
    return await given if inspect.isawaitable(given) else given


class AsyncRawSiro:
    """The operations of `AsyncSiro`, returning the response beside the result."""

    def __init__(self, call: Any) -> None:
        self._call = call

    async def sync_engagement(self, engagement: "Engagement") -> "RawResponse[SyncResult]":
        """Do what `Siro.sync_engagement` does."""
        response: RawResponse[SyncResult] = await self._call(prepare_sync(engagement))
        return response

    async def link_recording(
        self, recording_id: str, target: LinkTarget, data_type: "DataType", *, trigger: "LinkTrigger | None" = None
    ) -> "RawResponse[LinkResult]":
        """Do what `Siro.link_recording` does."""
        prepared = prepare_link(recording_id, target, data_type, trigger)
        response: RawResponse[LinkResult] = await self._call(prepared)
        return response
