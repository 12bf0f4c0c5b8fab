"""A bulk run, sync and async: what is yielded, in which order it is sent, how much is held, how it ends."""

import atexit
import gc
import itertools
import logging
import random
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from siro_openapi.models import Engagement, SyncResult

from siro_client import ClosedError, MissingTokenError, SiroError
from siro_client._bulk import READ_AHEAD
from siro_client._bulk_async import sync_in_bulk_async
from siro_client._bulk_sync import _Workers, sync_in_bulk  # pyright: ignore[reportPrivateUsage] - to count its steps
from siro_client._synced import Stopped, Synced

from .driving import Run, Sending, answer, engagement, engagements, no_thread_left, run_async, run_sync


def test_each_engagement_is_yielded_once_with_its_result_and_its_place(run: Run) -> None:
    given_ones = engagements(50)
    sending = Sending()
    synced = sorted(run(sending, given_ones, concurrency=4), key=lambda one: one.position)
    assert synced == [Synced(place, one, answer(one)) for place, one in enumerate(given_ones)]
    assert len(sending.begun) == 50


def test_no_engagement_at_all_is_a_run_of_none(run: Run) -> None:
    assert list(run(Sending(), [])) == []


def test_as_many_are_in_flight_as_the_concurrency_says(run: Run) -> None:
    sending = Sending(0.02)
    assert len(list(run(sending, engagements(30), concurrency=3))) == 30
    assert sending.most == 3


@pytest.mark.parametrize("concurrency", [0, -1])
@pytest.mark.parametrize("start", [sync_in_bulk, sync_in_bulk_async])
def test_a_concurrency_that_sends_nothing_is_refused_at_once(start: Any, concurrency: int) -> None:
    with pytest.raises(ValueError, match=f"concurrency must be 1 or more, .* and is {concurrency}"):
        start(Sending(), [], concurrency=concurrency)


def test_an_endless_iterable_is_read_no_further_ahead_than_documented(run: Run) -> None:
    read = 0

    def endless() -> Iterator[Engagement]:
        nonlocal read
        for read in itertools.count(1):
            yield engagement(f"e-{read}")

    run_of_many = run(Sending(), endless(), concurrency=2)
    for yielded, _ in enumerate(run_of_many, start=1):
        assert read - yielded < READ_AHEAD * 2
        if yielded == 500:
            break
    run_of_many.close()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue] - a generator


def test_engagements_of_one_external_id_stay_in_order_and_others_overtake_them(run: Run) -> None:
    class FirstIsSlow(Sending):
        def work(self, sent: Engagement) -> None:
            if sent.subject == "slow":
                while len(self.ended) < 2:  # until others have overtaken it
                    time.sleep(0.001)

    sending = FirstIsSlow()
    source = [engagement("same", "slow"), engagement("same", "second"), engagement("a"), engagement("b")]
    synced = list(run(sending, source, concurrency=2))
    assert [one.position for one in synced][-2:] == [0, 1]
    assert [one.subject for one in sending.begun if one.external_id == "same"] == ["slow", "second"]
    assert sending.overlaps == []


@pytest.mark.parametrize("run_it", [run_sync, run_async], ids=["sync", "async"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    names=st.lists(st.sampled_from("abcde"), max_size=40),
    concurrency=st.integers(1, 5),
    seed=st.integers(0, 2**16),
    refused=st.sets(st.integers(0, 39)),
)
def test_whatever_the_delays_each_external_id_is_sent_in_order(
    run_it: Run, names: list[str], concurrency: int, seed: int, refused: set[int]
) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    delays = [chance.random() / 500 for _ in names]

    class Uneven(Sending):
        def work(self, sent: Engagement) -> None:
            place = int(str(sent.subject))
            time.sleep(delays[place])
            if place in refused:
                raise ValueError(place)

    sending = Uneven()
    source = [engagement(name, str(place)) for place, name in enumerate(names)]
    with no_thread_left():
        synced = list(run_it(sending, source, concurrency=concurrency))
    assert sorted(one.position for one in synced) == list(range(len(names)))
    assert {one.position for one in synced if one.error} == refused & set(range(len(names)))
    assert sending.overlaps == []
    for name in "abcde":
        sent = [int(str(one.subject)) for one in sending.begun if one.external_id == name]
        assert sent == sorted(sent)


@pytest.mark.parametrize("error", [SiroError("refused"), ValueError("cannot be sent")])
def test_what_is_wrong_with_one_engagement_is_its_error(run: Run, error: Exception) -> None:
    def send(sent: Engagement) -> SyncResult:
        if sent.external_id == "e-3":
            raise error
        return answer(sent)

    synced = {one.position: one for one in run(send, engagements(9))}
    assert len(synced) == 9
    assert synced[3] == Synced(3, synced[3].engagement, error=error)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - of the two kinds
    assert all(one.error is None and one.result for place, one in synced.items() if place != 3)


def test_an_engagement_that_is_none_is_an_error_of_its_own(run: Run) -> None:
    def send(sent: object) -> SyncResult:
        if not isinstance(sent, Engagement):
            raise ValueError("no engagement")  # noqa: TRY004 - as the facade does
        return answer(sent)

    source: Any = [{"externalId": "e"}, None, Engagement(external_id=["x"])]  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - wrong on purpose
    assert sorted(type(one.error).__name__ for one in run(send, source)) == ["NoneType", "ValueError", "ValueError"]


def test_a_bug_comes_out_once_the_rest_has_settled_and_says_what_was_in_flight(run: Run) -> None:
    sending = Sending(0.05)

    def send(sent: Engagement) -> SyncResult:
        if sent.external_id == "e-1":
            raise KeyError("bug")
        return sending(sent)

    synced: list[Synced] = []
    with pytest.raises(KeyError, match="bug") as caught:
        synced.extend(run(send, engagements(100), concurrency=3))
    assert len(sending.begun) == len(sending.ended) == len(synced) <= 3
    stopped = Stopped.of(caught.value)
    assert stopped is not None
    assert [*stopped.unknown] == [1]
    assert stopped.ended == ()
    places = [one.position for one in synced] + [*stopped.unknown] + [*stopped.unsent]
    assert sorted(places) == list(range(len(places)))
    assert any("not known: 'e-1' (position 1)" in note for note in caught.value.__notes__)


@pytest.mark.parametrize(
    "error", [MissingTokenError("sync_engagement", "organization token", "a", "B"), ClosedError("sync_engagement")]
)
def test_without_a_token_or_with_a_closed_client_the_run_ends_at_once(run: Run, error: SiroError) -> None:
    tried: list[Engagement] = []

    def send(sent: Engagement) -> SyncResult:
        tried.append(sent)
        raise error

    with pytest.raises(type(error)) as caught:
        next(run(send, (engagement(f"e-{number}") for number in itertools.count()), concurrency=2))
    assert len(tried) <= READ_AHEAD * 2
    stopped = Stopped.of(caught.value)
    assert stopped is not None
    assert 0 in stopped.unsent
    assert not stopped.unknown


def test_an_iterable_that_raises_is_heard_when_all_it_gave_is_yielded(run: Run) -> None:
    def source() -> Iterator[Engagement]:
        yield from engagements(7)
        raise LookupError("the database went away")

    synced: list[int] = []
    with pytest.raises(LookupError, match="went away"):
        synced.extend(one.position for one in run(Sending(0.01), source(), concurrency=2))
    assert sorted(synced) == list(range(7))


def test_a_run_that_is_closed_starts_nothing_new_and_waits_for_what_is_in_flight(
    run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "siro_client")
    sending = Sending(0.05)
    run_of_many: Any = run(sending, (engagement(f"e-{number}") for number in itertools.count()), concurrency=3)
    next(run_of_many)
    run_of_many.close()
    begun = len(sending.begun)
    assert len(sending.ended) == begun <= READ_AHEAD * 3
    time.sleep(0.15)
    assert len(sending.begun) == begun
    assert "was closed before its end" in caplog.text
    assert "read and not sent" in caplog.text


def test_an_error_that_is_thrown_into_a_run_stops_it_and_tells_what_was_in_flight() -> None:
    sending = Sending(0.05)
    with no_thread_left():
        run_of_many = sync_in_bulk(sending, engagements(40), concurrency=4)
        first = next(run_of_many)
        with pytest.raises(KeyboardInterrupt) as caught:
            run_of_many.throw(KeyboardInterrupt())
    stopped = Stopped.of(caught.value)
    assert stopped is not None
    assert not stopped.unknown
    places = {one.position for one in stopped.ended} | set(stopped.unsent) | {first.position}
    assert places == set(range(len(places)))  # nothing that was read is left out
    assert {one.external_id for one in sending.ended} == {one.engagement.external_id for one in (first, *stopped.ended)}


def test_memory_stays_flat_however_long_the_run(run: Run) -> None:
    def peak(count: int) -> int:
        gc.collect()
        tracemalloc.start()
        for _ in run(answer, (engagement(f"e-{number}") for number in range(count)), concurrency=2):
            pass
        measured = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return measured

    peak(50)  # what is loaded with the first run
    assert peak(2000) < peak(200) * 1.5 + 50_000


def test_the_package_loads_neither_sqlite_nor_tqdm_nor_the_bulk_run() -> None:
    program = (
        "import sys, siro_client\n"
        "print([name for name in ('sqlite3', 'tqdm', 'concurrent.futures', 'siro_client._journal', "
        "'siro_client._bulk_async') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_the_end_of_the_process_waits_for_what_is_in_flight() -> None:
    program = """
import time
from siro_client._bulk_sync import _Workers, sync_in_bulk  # pyright: ignore[reportPrivateUsage] - to count its steps
from siro_openapi.models import Engagement
def send(engagement):
    time.sleep(0.2 if engagement.external_id == "e-0" else 0.6)
    print("sent", engagement.external_id, flush=True)
    return object()
run = sync_in_bulk(send, (Engagement(external_id=f"e-{n}") for n in range(100)), concurrency=2)
next(run)  # and others are in flight
import builtins
builtins.kept = run  # nobody closes it
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)
    assert 2 <= len(ended.stdout.splitlines()) <= 3
    assert ended.stderr == ""


def test_a_run_waits_for_what_is_in_flight_without_looking_all_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = 0
    collect = _Workers.collect

    def counted(self: _Workers, *, wait: bool) -> None:
        nonlocal looked
        looked += 1
        collect(self, wait=wait)

    monkeypatch.setattr(_Workers, "collect", counted)
    assert len(list(sync_in_bulk(Sending(seconds=0.2), engagements(2), concurrency=2))) == 2
    assert looked < 20


def test_threads_that_send_have_a_name_and_keep_no_process_from_its_end() -> None:
    threads: list[threading.Thread] = []

    def send(sent: Engagement) -> SyncResult:
        threads.append(threading.current_thread())
        return answer(sent)

    list(sync_in_bulk(send, engagements(3), concurrency=2))
    assert {(thread.name, thread.daemon) for thread in threads} == {("siro-bulk", True)}


def test_a_run_that_has_ended_leaves_nothing_to_do_at_the_end_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[object] = []
    monkeypatch.setattr(atexit, "register", left.append)
    monkeypatch.setattr(atexit, "unregister", left.remove)
    run = sync_in_bulk(Sending(), engagements(3))
    next(run)
    assert len(left) == 1
    list(run)
    assert not left


def test_nothing_is_sent_after_what_ends_a_run_though_nobody_reads_it() -> None:
    begun: list[str] = []
    failed = threading.Event()

    def send(sent: Engagement) -> SyncResult:
        begun.append(sent.external_id)
        if sent.external_id == "e-0":
            time.sleep(0.1)  # others are read meanwhile
        if sent.external_id == "e-1":
            failed.set()
            raise ClosedError("sync_engagement")
        return answer(sent)

    run = sync_in_bulk(send, engagements(4), concurrency=1)
    next(run)
    assert failed.wait(10)
    time.sleep(0.1)  # in which the next would be sent
    assert begun == ["e-0", "e-1"]
    with pytest.raises(ClosedError):
        list(run)
