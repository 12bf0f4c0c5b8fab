"""A bulk run, sync or async, behind one surface, so that a test runs on both; and what it sends to."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator
from typing import Any, cast

from siro_openapi.models import Engagement, SyncedEngagement, SyncResult

from siro_client._bulk_async import sync_in_bulk_async
from siro_client._bulk_sync import sync_in_bulk
from siro_client._synced import Synced

Send = Callable[[Engagement], SyncResult]
Run = Callable[..., Iterator[Synced]]
WAIT = 30.0
"""Seconds after which something hangs."""


def engagement(external_id: str, subject: str = "Visit") -> Engagement:
    return Engagement(external_id=external_id, subject=subject)


def engagements(count: int) -> list[Engagement]:
    return [engagement(f"e-{number}") for number in range(count)]


def answer(sent: Engagement) -> SyncResult:
    """An object of its own; nothing in a bulk run looks inside."""
    return SyncResult(data=cast("SyncedEngagement", sent.external_id))


class Sending:
    """Sends nowhere, and remembers what was sent, in which order, and how many at a time."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.begun: list[Engagement] = []
        self.ended: list[Engagement] = []
        self.most = 0
        self.overlaps: list[str] = []
        self._under_way: list[str] = []
        self._lock = threading.Lock()

    def __call__(self, sent: Engagement) -> SyncResult:
        with self._lock:
            if sent.external_id in self._under_way:
                self.overlaps.append(sent.external_id)
            self.begun.append(sent)
            self._under_way.append(sent.external_id)
            self.most = max(self.most, len(self._under_way))
        try:
            self.work(sent)
            return answer(sent)
        finally:
            with self._lock:
                self._under_way.remove(sent.external_id)
                self.ended.append(sent)

    def work(self, sent: Engagement) -> None:
        del sent
        if self.seconds:
            time.sleep(self.seconds)


def run_sync(send: Send, source: Iterable[Engagement], **options: Any) -> Iterator[Synced]:
    return sync_in_bulk(send, source, **options)


def run_async(send: Send, source: Iterable[Engagement], **options: Any) -> Iterator[Synced]:
    """An asynchronous run of an asynchronous iterable, whose requests wait in threads."""

    async def send_async(sent: Engagement) -> SyncResult:
        return await asyncio.to_thread(send, sent)

    async def each() -> AsyncIterator[Engagement]:
        for one in source:
            await asyncio.sleep(0)
            yield one

    run = sync_in_bulk_async(send_async, each(), **options)
    with asyncio.Runner() as runner:
        try:
            while True:
                try:
                    yield runner.run(anext(run))  # pyright: ignore[reportArgumentType] - a coroutine in fact
                except StopAsyncIteration:
                    break
        finally:
            runner.run(run.aclose())
            left = [task for task in asyncio.all_tasks(runner.get_loop()) if not task.done()]
            assert not left, left


@contextlib.contextmanager
def no_thread_left() -> Generator[None]:
    yield
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("siro-bulk")]
