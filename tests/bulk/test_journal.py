"""The journal: what is skipped, what is sent again, and whose file it is."""

import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from siro_openapi.models import Engagement, SyncResult

from siro_client import SiroError
from siro_client._journal import Journal

from .driving import Run, Sending, answer, engagement, engagements, run_sync


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


def sent_by(run: Run, journal: "Journal | Path", source: list[Engagement]) -> list[tuple[str, str]]:
    sending = Sending()
    synced = list(run(sending, source, journal=journal, concurrency=3))
    assert sum(not one.skipped for one in synced) == len(sending.begun)
    assert all(one.result is None for one in synced if one.skipped)
    return [(one.external_id, str(one.subject)) for one in sending.begun]


def test_what_was_acknowledged_is_skipped_by_the_next_run(run: Run, path: Path) -> None:
    assert len(sent_by(run, path, engagements(20))) == 20
    assert sorted(sent_by(run, path, engagements(25))) == [(f"e-{number}", "Visit") for number in range(20, 25)]
    with Journal(path) as journal:
        assert len(journal) == 25
        assert sent_by(run, journal, engagements(25)) == []
        assert len(journal) == 25


def test_a_changed_body_is_sent_again(run: Run, path: Path) -> None:
    sent_by(run, path, [engagement("a"), engagement("b")])
    assert sent_by(run, path, [engagement("a"), engagement("b", "changed")]) == [("b", "changed")]
    assert sent_by(run, path, [engagement("a"), engagement("b", "changed")]) == []


def test_an_error_is_not_recorded(run: Run, path: Path) -> None:
    def send(sent: Engagement) -> SyncResult:
        if sent.external_id == "e-1":
            raise SiroError("refused")
        return answer(sent)

    list(run(send, engagements(3), journal=path))
    assert sent_by(run, path, engagements(3)) == [("e-1", "Visit")]


def test_what_comes_after_a_changed_body_of_the_same_external_id_is_sent_again(run: Run, path: Path) -> None:
    sent_by(run, path, [engagement("a", "1"), engagement("a", "2")])
    again = [engagement("a", "changed"), engagement("a", "2")]
    assert sent_by(run, path, again) == [("a", "changed"), ("a", "2")]


def test_a_run_that_dies_after_a_changed_body_does_not_leave_it_standing(run: Run, path: Path) -> None:
    sent_by(run, path, [engagement("a", "1"), engagement("a", "2")])
    sent_by(run, path, [engagement("a", "changed")])  # and it died before the second
    assert sent_by(run, path, [engagement("a", "changed"), engagement("a", "2")]) == [("a", "2")]


def test_what_was_perhaps_sent_is_certain_no_more(path: Path) -> None:
    sent_by(run_sync, path, [engagement("a", "1")])

    def lost(_: Engagement) -> SyncResult:
        raise SiroError("no response")

    list(run_sync(lost, [engagement("a", "perhaps")], journal=path))
    assert sent_by(run_sync, path, [engagement("a", "1")]) == [("a", "1")]


class Dying(Sending):
    """Loses the answer, and all that comes after it, as a process does that is killed."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self._at = at

    def work(self, sent: Engagement) -> None:
        if len(self.begun) > self._at:
            raise KeyError(sent.external_id)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("12")), max_size=8),
    deaths=st.lists(st.integers(0, 8), max_size=3),
)
def test_however_often_a_run_dies_the_last_of_each_external_id_stands(
    rows: list[tuple[str, str]], deaths: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.sqlite"
    source = [engagement(name, subject) for name, subject in rows]
    stands: dict[str, str] = {}
    for death in [*deaths, 100]:
        sending = Dying(death)
        with contextlib.suppress(KeyError):
            list(run_sync(sending, source, journal=path, concurrency=2))
        for one in sending.begun:
            stands[one.external_id] = str(one.subject)
    assert stands == dict(rows)
    assert sent_by(run_sync, path, source) == []


def test_it_holds_neither_bodies_nor_anything_else_of_an_engagement(path: Path) -> None:
    sent_by(run_sync, path, [engagement("an-id", "sentinel-subject")])
    kept = path.read_bytes()
    assert b"an-id" in kept
    assert b"sentinel" not in kept


def test_a_file_of_another_program_is_refused_and_left_as_it_is(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE customers (name)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"journal\.sqlite' is a database of another program; name another file"):
        Journal(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(path: Path) -> None:
    path.write_text('{"externalId": "e-1"}\n' * 200)
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"is no journal .*; name another file"):
        Journal(path)
    assert path.read_bytes() == before


def test_a_journal_of_a_newer_version_is_refused(path: Path) -> None:
    Journal(path).close()
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(ValueError, match="a journal of version 99, and this siro-client knows 1"):
        Journal(path)


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"cannot open the journal .*missing"):
        Journal(tmp_path / "missing" / "journal.sqlite")


def test_a_journal_is_for_one_process_at_a_time(path: Path) -> None:
    program = f"from siro_client._journal import Journal; Journal({str(path)!r})"

    def other() -> str:
        return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False).stderr

    with Journal(path) as journal:
        assert "BlockingIOError" in other()
        assert "is in use: let that run end first" in other()
        assert sent_by(run_sync, journal, engagements(3)) != []
        with pytest.raises(BlockingIOError, match="is in use"):
            Journal(path)
    assert other() == ""


def test_a_journal_is_for_one_run_at_a_time(path: Path) -> None:
    def endless() -> Iterator[Engagement]:
        while True:
            yield engagement("a")

    with Journal(path) as journal:
        first = run_sync(Sending(), endless(), journal=journal)
        next(first)
        with pytest.raises(BlockingIOError, match="is in use"):
            next(run_sync(Sending(), [engagement("b")], journal=journal))
        first.close()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue] - a generator
        assert sent_by(run_sync, journal, [engagement("b")]) == [("b", "Visit")]


def test_a_closed_journal_says_so_and_closing_twice_is_harmless(run: Run, path: Path) -> None:
    journal = Journal(path)
    journal.close()
    journal.close()
    with pytest.raises(RuntimeError, match="is closed: open it anew"):
        next(run(Sending(), engagements(1), journal=journal))


def test_a_journal_that_fails_ends_the_run_and_says_what_is_not_recorded(run: Run, path: Path) -> None:
    with Journal(path) as journal:

        def send(sent: Engagement) -> SyncResult:
            journal.close()
            return answer(sent)

        with pytest.raises(RuntimeError, match="is closed") as caught:
            list(run(send, engagements(1), journal=journal))
    assert any("'e-0'" in note for note in caught.value.__notes__)
