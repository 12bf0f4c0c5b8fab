"""A bulk run on asyncio; what is not I/O is in `_bulk`."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Coroutine, Iterable
from contextvars import copy_context
from typing import TYPE_CHECKING

from siro_client._bulk import LOGGER, Bulk, Item, JournalLike, Outcome
from siro_client._synced import Synced

if TYPE_CHECKING:
    from siro_openapi.models import Engagement, SyncResult


def sync_in_bulk_async(
    send: "Callable[[Engagement], Awaitable[SyncResult]]",
    engagements: "Iterable[Engagement] | AsyncIterable[Engagement]",
    *,
    concurrency: int = 10,
    journal: "JournalLike | None" = None,
    target: str = "",
) -> AsyncGenerator[Synced]:
    """Do what `sync_in_bulk` does; Ctrl-C and a cancellation of the task are the same to it.

    The iterable is read in a task of its own, also while the caller is busy. A run that is not read to its end goes in
    `async with contextlib.aclosing(...)`: asyncio does not say when it closes it otherwise.
    """
    return _run(send, engagements, Bulk(concurrency, journal, target))


async def _run(
    send: "Callable[[Engagement], Awaitable[SyncResult]]",
    engagements: "Iterable[Engagement] | AsyncIterable[Engagement]",
    bulk: Bulk,
) -> AsyncGenerator[Synced]:
    tasks = _Tasks(send, bulk)
    try:
        bulk.begin()
        tasks.start_reading(engagements)
        while bulk.done or tasks.running:
            tasks.check_loop()
            if not bulk.done:
                await tasks.news()
                continue
            synced = bulk.first_done()
            try:
                yield synced
            finally:
                bulk.given(synced)
                tasks.room.set()
        bulk.check()
    except BaseException as error:
        cancelled = await tasks.stop()
        bulk.tell(error)
        if cancelled is not None and isinstance(error, Exception | GeneratorExit):
            # A timeout or a task group waits for its cancellation to come out.
            bulk.tell(cancelled)
            raise cancelled from None
        raise
    finally:
        bulk.end()


class _Tasks:
    """The task that reads, and one for each request."""

    def __init__(self, send: "Callable[[Engagement], Awaitable[SyncResult]]", bulk: Bulk) -> None:
        self._send = send
        self._bulk = bulk
        self._context = copy_context()
        self._loop = asyncio.get_running_loop()
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self.running: set[asyncio.Task[None]] = set()
        self.room = asyncio.Event()
        """Set when something was yielded."""

    def check_loop(self) -> None:
        """Raise RuntimeError in another event loop: what is in flight would never end in it."""
        if asyncio.get_running_loop() is not self._loop:
            raise RuntimeError("sync_engagements goes on in another event loop: read a run in the one that began it")

    async def news(self) -> None:
        """Wait until something has happened."""
        self._news.clear()
        await self._news.wait()

    def _start(self, work: "Coroutine[None, None, None]") -> "asyncio.Task[None]":
        task = asyncio.create_task(work, context=self._context.copy())
        self.running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self.running.discard(task)
        if not task.cancelled():
            task.exception()  # known already, and not to be logged as one that nobody saw
        self._news.set()

    def start_reading(self, engagements: "Iterable[Engagement] | AsyncIterable[Engagement]") -> None:
        """Read as far ahead as there is room."""
        self._reader = self._start(self._read(engagements))

    async def _read(self, engagements: "Iterable[Engagement] | AsyncIterable[Engagement]") -> None:
        try:
            if isinstance(engagements, AsyncIterable):
                async for engagement in engagements:
                    await self._take_in(engagement)
            else:
                for engagement in engagements:
                    await self._take_in(engagement)
        except BaseException as error:
            if not self._bulk.is_stopping:
                self._bulk.broken = error
            if not isinstance(error, Exception):  # it ends the task, or the loop
                raise

    async def _take_in(self, engagement: "Engagement") -> None:
        self._bulk.read(engagement)
        self._fill()
        while not self._bulk.has_room:
            self.room.clear()
            await self.room.wait()

    def _fill(self) -> None:
        bulk = self._bulk
        while len(bulk.in_flight) < bulk.concurrency and (item := bulk.take()) is not None:
            self._start(self._sent(item))
        self._news.set()

    async def _sent(self, item: Item) -> None:
        outcome = Outcome(item)
        try:
            result = await self._send(item.engagement)
            self._bulk.acknowledge(item)
            outcome = Outcome(item, result)
        except BaseException as error:
            outcome = Outcome(item, error=error)
            if not isinstance(error, Exception):  # it ends the task, or the loop, and perhaps nobody asks for the rest
                LOGGER.warning("sync_engagements abandoned %s; whether it took effect is not known", item)
                raise
        finally:
            self._bulk.settle(outcome)
            if self._bulk.is_stopping:
                self._stop_reading()
            self._fill()

    def _stop_reading(self) -> None:
        self._bulk.is_stopping = True
        if self._reader is not None and not self._reader.cancelling():  # a second time, it would not get to tidy up
            self._reader.cancel()

    async def stop(self) -> asyncio.CancelledError | None:
        """Start nothing new, and wait for what is in flight; another cancellation abandons that, and is returned."""
        if asyncio.get_running_loop() is not self._loop:
            self._bulk.is_stopping = True
            return None
        self._stop_reading()
        try:
            if self.running:
                await asyncio.wait({*self.running})
        except asyncio.CancelledError as cancelled:
            for task in self.running:
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*self.running, return_exceptions=True)
            return cancelled
        return None
