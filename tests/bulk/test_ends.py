"""A run that ends early: what interrupts its end comes out, and one bad engagement does not end it."""

import _thread
import asyncio
import contextlib
import datetime as dt
import inspect
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from siro_openapi.models import Engagement, SyncResult

from siro_client import Journal, Siro, Stopped
from siro_client._bulk_async import sync_in_bulk_async
from siro_client._bulk_sync import sync_in_bulk
from siro_client.testing import LocalSiro

from .driving import WAIT, Run, Sending, answer, engagement, engagements
from .test_interrupts import Gate, endless


def test_a_cancellation_that_comes_while_a_run_is_closed_comes_out() -> None:
    async def main() -> None:
        gate = Gate()

        async def send(sent: Engagement) -> SyncResult:
            return answer(sent) if sent.external_id == "e-0" else await gate.send(sent)

        async def leave() -> None:
            async with contextlib.aclosing(sync_in_bulk_async(send, endless(), concurrency=3)) as run:
                await anext(run)
                await gate.full.wait()
            await asyncio.sleep(WAIT)

        task = asyncio.create_task(leave())
        await gate.full.wait()
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        stopped = Stopped.of(caught.value)
        assert stopped is not None
        assert [*stopped.unknown] == [1, 2, 3]

    asyncio.run(main())


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_while_a_run_is_closed_comes_out_and_what_ends_later_is_kept(tmp_path: Path) -> None:
    begun, opened = threading.Event(), threading.Event()

    def send(sent: Engagement) -> SyncResult:
        if sent.external_id == "e-0":
            time.sleep(0.1)  # others are read meanwhile
        else:
            begun.set()
            opened.wait(WAIT)
        return answer(sent)

    # One thread, so that the one whose join is interrupted is the one that is in flight.
    run = sync_in_bulk(send, endless(), concurrency=1, journal=tmp_path / "j")
    next(run)
    assert begun.wait(WAIT)

    def interrupt() -> None:
        while inspect.getgeneratorstate(run) != inspect.GEN_RUNNING:
            time.sleep(0.01)
        time.sleep(0.1)
        _thread.interrupt_main()

    interrupting = threading.Thread(target=interrupt)
    interrupting.start()
    with pytest.raises(KeyboardInterrupt) as caught:
        run.close()
    interrupting.join()
    (ending,) = [thread for thread in threading.enumerate() if thread.name == "siro-bulk-end"]
    assert ending.daemon, "it would keep the process from its end"
    opened.set()
    ending.join(WAIT)
    stopped = Stopped.of(caught.value)
    assert stopped is not None
    assert [*stopped.unknown] == [1]
    with Journal(tmp_path / "j") as kept:
        assert len(kept) == 2, "what Siro acknowledges after the interrupt is recorded too"


def test_a_run_that_goes_on_in_another_event_loop_says_so() -> None:
    async def send(sent: Engagement) -> SyncResult:
        await asyncio.sleep(0.01)
        return answer(sent)

    run = sync_in_bulk_async(send, endless(), concurrency=3)

    async def rest() -> None:
        async for _ in run:
            pass

    with asyncio.Runner() as one, asyncio.Runner() as other:
        assert one.run(anext(run)).position == 0  # pyright: ignore[reportArgumentType] - a coroutine in fact
        with pytest.raises(RuntimeError, match="read a run in the one that began it"):
            other.run(asyncio.wait_for(rest(), 10))


def client(local: LocalSiro) -> Siro:
    return Siro(organization_token=local.organization.organization_token, transport=local.transport)


def deep(depth: int) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for _ in range(depth):
        nested = {"in": nested}
    return nested


BAD: dict[str, Any] = {
    "nested": deep(100_000),
    "a time before all years": dt.datetime.min.replace(tzinfo=dt.timezone(dt.timedelta(hours=9))),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("keeps", [False, True])
def test_what_cannot_be_sent_is_an_error_of_its_own(tmp_path: Path, bad: Any, *, keeps: bool) -> None:
    each = engagements(3)
    each[1]["own"] = bad
    with LocalSiro() as local, client(local) as siro:
        results = [*siro.sync_engagements(each, journal=tmp_path / "j" if keeps else None)]
    wrong = [one for one in results if one.error is not None]
    assert [one.position for one in wrong] == [1]
    assert isinstance(wrong[0].error, ValueError)
    assert len(results) == 3


def test_a_name_that_is_a_number_is_known_again(run: Run, tmp_path: Path) -> None:
    def one(year: int) -> Engagement:
        made = engagement("e")
        made["own"] = {year: 1, "total": 2}
        return made

    path = tmp_path / "j"
    sending = Sending()
    for year, is_skipped in ((2025, False), (2025, True), (2026, False), (2025, False)):
        assert [each.skipped for each in run(sending, [one(year)], journal=path)] == [is_skipped]


def test_what_was_sent_elsewhere_is_not_skipped(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "j"
    sending = Sending()
    for target, skipped in (("http://127.0.0.1:1", 0), ("https://siro.test/", 0), ("https://siro.test", 3)):
        results = [*run(sending, engagements(3), journal=path, target=target)]
        assert sum(each.skipped for each in results) == skipped
    with LocalSiro() as local, client(local) as siro, Journal(path) as journal:
        assert not any(each.skipped for each in siro.sync_engagements(engagements(3), journal=journal))
        assert all(each.skipped for each in siro.sync_engagements(engagements(3), journal=journal))


def test_what_could_not_be_looked_up_in_the_journal_is_among_what_was_not_sent(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Journal, "enter", fail)
    with pytest.raises(OSError, match="No space") as caught:
        list(run(Sending(), engagements(1), journal=tmp_path / "j"))
    stopped = Stopped.of(caught.value)
    assert stopped is not None
    assert [*stopped.unsent] == [0]
