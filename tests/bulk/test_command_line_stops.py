"""`python -m siro_client sync` when it cannot go on: what it says, and what the same command does next."""

import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from siro_openapi.models import Engagement

from siro_client import Siro, SiroConnectionError, Synced, _sync_lines
from siro_client._command_line import main
from siro_client._journal import Journal
from siro_client._retry import _CallRetry  # pyright: ignore[reportPrivateUsage] - to pause no longer

from .commands import COMMAND, Served, Write, rows, wait_for
from .driving import WAIT, answer


def test_a_token_that_siro_refuses_stops_the_run(served: Served, write: Write) -> None:
    result = served.run(write(*rows(500)), "--concurrency", "2", SIRO_ORGANIZATION_TOKEN="wrong")
    assert result.status == 1
    assert "line 1: AuthenticationError" in result.stderr
    assert "stopped, since Siro refuses the token" in result.last
    assert len(served.bodies) <= 10


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_the_run_with_a_sum_and_the_same_command_goes_on(
    served: Served, write: Write, tmp_path: Path, number: signal.Signals
) -> None:
    served.delay = 0.005
    arguments = [write(*rows(300)), "--journal", str(tmp_path / "journal.sqlite")]
    with subprocess.Popen([*COMMAND, *arguments], env=served.everything, stderr=subprocess.PIPE, text=True) as process:
        wait_for(served, 50)
        process.send_signal(number)
        _, told = process.communicate(timeout=WAIT)
    assert process.returncode == 130
    synced = len(served.bodies)
    assert synced < 300
    assert told.startswith(f"{synced} synced, 0 skipped, 0 failed, ")
    assert told.endswith("lines read; interrupted: run the same command again, which skips what is synced\n")
    assert served.run(*arguments).last == f"{300 - synced} synced, {synced} skipped, 0 failed, 300 lines read"
    assert len(served.bodies) == 300


class Interrupt:
    """Ctrl-C between two lines of the command line's books: where so many of them have been run."""

    def __init__(self, after: int) -> None:
        self._left = after

    def __call__(self, frame: FrameType, event: str, arg: object) -> "Interrupt | None":
        del event, arg
        code = frame.f_code
        is_booking = any(name in code.co_name for name in ("_sync", "_took", "_book"))  # mutmut adds to names
        if code.co_filename != _sync_lines.__file__ or not is_booking:
            return None
        self._left -= 1
        if self._left == 0:
            raise KeyboardInterrupt
        return self


@pytest.mark.parametrize("after", range(100, 125))
def test_an_interrupt_amid_the_books_counts_each_line_once(
    served: Served, write: Write, tmp_path: Path, after: int
) -> None:
    served.refuses = "refused"
    refused = [json.dumps({"externalId": f"r-{each}", "subject": served.refuses}) for each in range(20)]
    errors = tmp_path / "errors.jsonl"
    file = write(*[line for pair in zip(rows(20), refused, strict=True) for line in pair])
    arguments = [file, "--journal", str(tmp_path / "journal.sqlite"), "--errors", str(errors)]
    before = sys.gettrace()
    sys.settrace(Interrupt(after))
    try:
        result = served.run(*arguments)
    finally:
        sys.settrace(before)
    assert result.status == 130
    synced, _, failed, read = (int(part.split()[0]) for part in result.last.split(", ")[:4])
    assert synced + failed == len(served.bodies) <= read
    told = [json.loads(line)["externalId"] for line in errors.read_text(encoding="utf-8").splitlines()]
    # What was told when the interrupt came may be told again.
    assert len(set(told)) == failed >= len(told) - 1
    assert served.run(*arguments).last.startswith(f"{20 - synced} synced, {synced} skipped, 20 failed, 40 lines read")


def test_a_run_that_is_killed_goes_on_without_sending_again_what_was_acknowledged(
    served: Served, write: Write, tmp_path: Path
) -> None:
    served.delay = 0.003
    journal = tmp_path / "journal.sqlite"
    arguments = [write(*rows(400)), "--journal", str(journal), "--concurrency", "4"]
    for _ in range(2):
        before = len(served.bodies)
        with subprocess.Popen([*COMMAND, *arguments], env=served.everything, stderr=subprocess.DEVNULL) as process:
            wait_for(served, before + 100)
            process.kill()
        time.sleep(0.2)  # what was on its way arrives
    with Journal(journal) as kept:
        recorded = len(kept)
    # What was sent and not recorded was in flight, or on its way from the answer to the journal.
    assert len(served.bodies) - 2 * 4 <= recorded <= len(served.bodies)
    sent_before = len(served.bodies)
    assert served.run(*arguments).last == f"{400 - recorded} synced, {recorded} skipped, 0 failed, 400 lines read"
    assert len(served.bodies) - sent_before == 400 - recorded
    assert {body["externalId"] for body in served.bodies} == {f"e-{number}" for number in range(400)}


def test_a_full_disk_under_the_journal_ends_the_run_with_one_line_and_the_same_command_goes_on(
    served: Served, write: Write, tmp_path: Path
) -> None:
    arguments = ["sync", write(*rows(200)), "--journal", str(tmp_path / "journal.sqlite")]
    limit = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000));"
    limited = f"{limit} from siro_client._command_line import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", limited, *arguments]
    full = subprocess.run(command, env=served.everything, capture_output=True, text=True, timeout=WAIT, check=False)
    assert full.returncode == 2
    assert "Traceback" not in full.stderr
    told = full.stderr.splitlines()[-1]
    assert told.startswith("siro_client: cannot use the journal ")
    assert told.endswith("; what it holds is kept")
    result = served.run(*arguments[1:])
    assert result.status == 0, result.stderr
    synced, skipped = (int(part.split()[0]) for part in result.last.split(", ")[:2])
    assert synced + skipped == 200
    assert 10 < skipped < 190


def test_an_unexpected_end_of_the_input_is_an_error_after_what_was_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Breaking(io.BytesIO):
        def __iter__(self) -> Iterator[bytes]:
            yield b'{"externalId": "a"}\n'
            raise OSError(5, "Input/output error")

    class Stdin:
        buffer = Breaking()

    monkeypatch.setattr(sys, "stdin", Stdin())
    assert main(["sync", "-", "--dry-run"]) == 2
    told = capsys.readouterr().err
    assert "1 valid, 0 failed, 1 lines read; stopped" in told
    assert "Input/output error" in told


class Reading(io.BytesIO):
    """Lines, and then an interrupt."""

    def __iter__(self) -> Iterator[bytes]:
        yield b'{"externalId": "a"}\n'
        yield b'{"externalId": 7}\n'
        raise KeyboardInterrupt


def test_a_line_that_was_booked_before_the_last_is_not_booked_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Stdin:
        buffer = Reading()

    def run(_: Siro, each: Iterator[Engagement], **_options: object) -> Iterator[Synced]:
        yield Synced(0, next(each), answer(Engagement(external_id="a")))
        next(each)

    monkeypatch.setattr(sys, "stdin", Stdin())
    monkeypatch.setattr(Siro, "sync_engagements", run)
    monkeypatch.setenv("SIRO_ORGANIZATION_TOKEN", "token")
    assert main(["sync", "-"]) == 130
    *_, last = capsys.readouterr().err.splitlines()
    told = "1 synced, 0 skipped, 1 failed, 2 lines read"
    assert last == f"{told}; interrupted: run the same command again to send all lines"


def test_what_was_in_flight_when_a_run_broke_is_told_by_its_lines(
    served: Served, write: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Siro, _engagement: Engagement) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Siro, "sync_engagement", fail)
    for name, value in served.environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(RuntimeError, match="a bug"):
        main(["sync", write("", *rows(1)), "--concurrency", "1"])
    assert "in flight, and whether they took effect is not known: lines 2\n" in capsys.readouterr().err


def _at_once(_: _CallRetry) -> float:
    return 0.0


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "{served}/elsewhere"])
def test_a_siro_that_is_not_reached_stops_the_run(
    served: Served, write: Write, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    # Without the pauses between attempts.
    monkeypatch.setattr(_CallRetry, "backoff_strategy", _at_once)
    url = url.format(served=served.environment["SIRO_INTEGRATIONS_URL"])
    result = served.run(write(*rows(500)), "--concurrency", "2", SIRO_INTEGRATIONS_URL=url)
    assert result.status == 1
    assert result.last.startswith("0 synced, 0 skipped, ")
    why = "stopped, since 20 lines in a row did not reach Siro; is SIRO_INTEGRATIONS_URL right?"
    assert result.last.endswith(f"{why}: run the same command again to send all lines")


def test_lines_that_fail_now_and_then_stop_nothing(
    served: Served, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(_: Siro, each: Iterator[Engagement], **_options: object) -> Iterator[Synced]:
        failed = SiroConnectionError("sync_engagement", "PUT", "https://siro.invalid", "gone", 1)
        for position, one in enumerate(each):
            is_synced = position % 20 == 19
            yield Synced(position, one, answer(one) if is_synced else None, None if is_synced else failed)

    monkeypatch.setattr(Siro, "sync_engagements", run)
    result = served.run(write(*rows(60)))
    assert result.status == 1
    assert result.last == "3 synced, 0 skipped, 57 failed, 60 lines read; run the same command again"


def test_where_nothing_could_begin_the_reason_alone_is_told(served: Served, write: Write, tmp_path: Path) -> None:
    file = write(*rows(2))
    arguments: dict[str, list[str]] = {"": [], "token": ["--journal", str(tmp_path / "none" / "journal.sqlite")]}
    for token, options in arguments.items():
        result = served.run(file, *options, SIRO_ORGANIZATION_TOKEN=token)
        assert result.status == 2
        (line,) = result.stderr.splitlines()
        assert line.startswith("siro_client: ")
