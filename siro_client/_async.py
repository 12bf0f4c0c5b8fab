"""The asynchronous client; what it shares with the synchronous one is in `_facade` and `_calls`."""

import asyncio
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakKeyDictionary

from siro_client._facade import Facade
from siro_client._host import INTEGRATIONS
from siro_client._prepare import prepare_link, prepare_sync
from siro_client._target import LinkTarget
from siro_client._wires_async import AsyncWires

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Iterable

    from siro_openapi.models import DataType, Engagement, LinkResult, LinkTrigger, SyncResult

    from siro_client._answer import RawResponse
    from siro_client._bulk import JournalLike
    from siro_client._synced import Synced


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

        target = self._shared.urls[INTEGRATIONS]
        return sync_in_bulk_async(
            self.sync_engagement, engagements, concurrency=concurrency, journal=journal, target=target
        )

    @property
    def with_raw_response(self) -> "AsyncRawSiro":
        """The same operations, returning a `RawResponse` with status, headers and body beside the result."""
        return AsyncRawSiro(self._call)

    def _wires(self, operation: str) -> AsyncWires:
        del operation
        shared, loop = self._shared, asyncio.get_running_loop()
        with shared.lock:
            if shared.wires is None:
                shared.wires = WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncWires]()
            by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncWires] = shared.wires
            if loop not in by_loop:
                for ended in [each for each in by_loop if each.is_closed()]:
                    del by_loop[ended]
                by_loop[loop] = AsyncWires(shared)
            return by_loop[loop]

    async def aclose(self) -> None:
        """Close all connections of this event loop, and take no more calls; calling again does nothing."""
        shared = self._shared
        shared.is_closed = True
        if shared.wires is not None and shared.http_client is None:
            wires: AsyncWires | None = shared.wires.pop(asyncio.get_running_loop(), None)
            if wires is not None:
                await wires.client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.aclose()


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
