"""Ctrl-C, a cancelled task and a killed process: nothing new is sent, and nothing that is known is lost."""

import asyncio
import contextlib
import itertools
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from siro_openapi.models import Engagement, SyncResult

from siro_client._bulk_async import sync_in_bulk_async
from siro_client._bulk_sync import sync_in_bulk
from siro_client._journal import Journal
from siro_client._synced import Stopped, Synced

from .driving import WAIT, Sending, answer, engagement, no_thread_left


def endless() -> Iterator[Engagement]:
    return (engagement(f"e-{number}") for number in itertools.count())


class Interrupting(Sending):
    """Sends Ctrl-C to the process while it sends one."""

    def __init__(self, at: str) -> None:
        super().__init__(0.02)
        self._at = at

    def work(self, sent: Engagement) -> None:
        if sent.external_id == self._at:
            os.kill(os.getpid(), signal.SIGINT)
        super().work(sent)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_lets_what_is_in_flight_end_and_tells_of_it(tmp_path: Path) -> None:
    sending = Interrupting("e-30")
    yielded: list[Synced] = []
    with no_thread_left(), Journal(tmp_path / "journal.sqlite") as journal:
        run = sync_in_bulk(sending, itertools.islice(endless(), 1000), concurrency=3, journal=journal)
        with pytest.raises(KeyboardInterrupt) as caught:  # noqa: PT012 - see below
            try:
                yielded.extend(run)
            except KeyboardInterrupt as error:
                run.throw(error)  # where it came between two engagements, the run does not know of it yet
        assert len(journal) == len(sending.begun) == len(sending.ended)
    stopped = Stopped.of(caught.value)
    assert stopped is not None
    assert stopped.unknown == {}
    assert len(yielded) + len(stopped.ended) == len(sending.ended)
    assert all(note.startswith("sync_engagements: ") for note in caught.value.__notes__)


def test_a_second_ctrl_c_abandons_what_is_in_flight_and_names_it(tmp_path: Path) -> None:
    program = """
import os, signal, sys, threading, time
from siro_client._synced import Stopped
from siro_client._bulk_sync import sync_in_bulk
from siro_openapi.models import Engagement
signal.signal(signal.SIGINT, signal.default_int_handler)
def send(engagement):
    if engagement.external_id == "e-1":
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(120)
    return object()
try:
    for _ in sync_in_bulk(send, [Engagement(external_id=f"e-{n}") for n in range(2)], journal="j"):
        pass
except KeyboardInterrupt as error:
    stopped = Stopped.of(error)
    print([one.external_id for one in stopped.unknown.values()], error.__notes__)
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=WAIT, cwd=tmp_path
    )
    assert ended.stdout.startswith("['e-1'] ")
    assert "in flight, and whether it took effect is not known: 'e-1' (position 1); sending" in ended.stdout
    assert ended.stderr == ""


class Gate:
    """Requests that wait until they may go on."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.open = asyncio.Event()
        self.full = asyncio.Event()

    async def send(self, sent: Engagement) -> SyncResult:
        self.begun.append(sent.external_id)
        if len(self.begun) == 3:
            self.full.set()
        await self.open.wait()
        self.ended.append(sent.external_id)
        return answer(sent)


def other_tasks() -> set[asyncio.Task[Any]]:
    return asyncio.all_tasks() - {task for task in (asyncio.current_task(),) if task}


def test_a_cancelled_task_lets_what_is_in_flight_end_and_tells_of_it(tmp_path: Path) -> None:
    async def main() -> None:
        gate = Gate()

        async def read() -> None:
            async for _ in sync_in_bulk_async(gate.send, endless(), concurrency=3, journal=tmp_path / "j"):
                pass

        task = asyncio.create_task(read())
        await gate.full.wait()
        task.cancel()
        await asyncio.sleep(0.05)
        assert not task.done()
        gate.open.set()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        stopped = Stopped.of(caught.value)
        assert stopped is not None
        assert (
            [one.engagement.external_id for one in stopped.ended] == gate.begun == gate.ended == ["e-0", "e-1", "e-2"]
        )
        assert not stopped.unknown
        assert not other_tasks()

    asyncio.run(main())
    with Journal(tmp_path / "j") as journal:
        assert len(journal) == 3


def test_a_task_that_is_cancelled_twice_abandons_what_is_in_flight_and_names_it() -> None:
    async def main() -> None:
        gate = Gate()
        tidied: list[str] = []

        async def send(sent: Engagement) -> SyncResult:
            try:
                return await gate.send(sent)
            finally:
                await asyncio.sleep(0.1 * gate.begun.index(sent.external_id))
                tidied.append(sent.external_id)

        async def read() -> None:
            async for _ in sync_in_bulk_async(send, endless(), concurrency=3):
                pass

        task = asyncio.create_task(read())
        await gate.full.wait()
        for _ in range(2):
            task.cancel()
            await asyncio.sleep(0.05)
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        stopped = Stopped.of(caught.value)
        assert stopped is not None
        assert [*stopped.unknown] == [0, 1, 2]
        assert gate.ended == []
        assert len(tidied) == 3
        assert not other_tasks()

    asyncio.run(main())


def test_a_run_that_asyncio_ends_for_its_owner_warns_of_what_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    async def send(sent: Engagement) -> SyncResult:
        if sent.external_id != "first":
            await asyncio.Event().wait()
        return answer(sent)

    async def main() -> None:
        run = sync_in_bulk_async(send, itertools.chain([engagement("first")], endless()), concurrency=3)
        assert (await anext(run)).position == 0
        await asyncio.sleep(0.05)  # and leave it, with three in flight

    with caplog.at_level(logging.WARNING, "siro_client"):
        asyncio.run(main())
    assert sorted(caplog.messages) == [
        f"sync_engagements abandoned 'e-{number}' (position {number + 1}); whether it took effect is not known"
        for number in range(3)
    ]


def test_a_run_in_aclosing_waits_for_what_is_in_flight() -> None:
    async def main() -> None:
        ended: list[str] = []

        async def send(sent: Engagement) -> SyncResult:
            await asyncio.sleep(0.02)
            ended.append(sent.external_id)
            return answer(sent)

        async with contextlib.aclosing(sync_in_bulk_async(send, endless(), concurrency=3)) as run:
            async for _ in run:
                break
        count = len(ended)
        assert count >= 3
        assert not other_tasks()
        await asyncio.sleep(0.1)
        assert len(ended) == count

    asyncio.run(main())


def test_an_async_iterable_that_waits_keeps_no_result_back() -> None:
    async def main() -> None:
        more = asyncio.Event()

        async def source() -> AsyncIterator[Engagement]:
            yield engagement("e-0")
            await more.wait()
            yield engagement("e-1")

        async def send(sent: Engagement) -> SyncResult:
            return answer(sent)

        async with contextlib.aclosing(sync_in_bulk_async(send, source())) as run:
            assert (await asyncio.wait_for(anext(run), WAIT)).position == 0
            more.set()
            assert (await asyncio.wait_for(anext(run), WAIT)).position == 1

    asyncio.run(main())


def test_interrupted_workers_do_not_outlive_the_run() -> None:
    gate = threading.Event()

    def send(sent: Engagement) -> SyncResult:
        gate.wait(0.05)
        return answer(sent)

    with no_thread_left():
        for count in range(1, 20):
            run = sync_in_bulk(send, endless(), concurrency=5)
            next(run)
            with pytest.raises(SystemExit):
                run.throw(SystemExit(count))
