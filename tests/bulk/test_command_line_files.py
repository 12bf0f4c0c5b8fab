"""`python -m siro_client sync` and its files: nothing that was there is lost, and none of them is another."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from siro_client import Journal
from siro_client._progress import Progress

from .commands import COMMAND, Served, Write, rows, wait_for
from .driving import WAIT


def test_other_names_of_a_file_are_that_file(served: Served, write: Write, tmp_path: Path) -> None:
    file = write(*rows(2))
    hard, soft = tmp_path / "hard", tmp_path / "soft"
    hard.hardlink_to(file)
    soft.symlink_to(file)
    for other in (hard, soft):
        for option in ("--errors", "--journal"):
            result = served.run(file, option, str(other))
            assert (result.status, "give each its own" in result.stderr) == (2, True)
    command = [*COMMAND, "-", "--errors", file]
    with Path(file).open("rb") as stdin:
        ended = subprocess.run(command, stdin=stdin, env=served.everything, capture_output=True, check=False)
    assert (ended.returncode, b"give each its own" in ended.stderr) == (2, True)
    assert Path(file).read_text(encoding="utf-8").splitlines() == rows(2)
    assert served.bodies == []


def test_a_run_that_cannot_begin_leaves_the_errors_of_the_one_before(
    served: Served, write: Write, tmp_path: Path
) -> None:
    file, errors, journal = write(*rows(2)), tmp_path / "errors.jsonl", tmp_path / "j"
    errors.write_text("of yesterday\n", encoding="utf-8")
    arguments = [file, "--errors", str(errors), "--journal"]
    with Journal(journal):
        assert served.run(*arguments, str(journal)).status == 2
    assert served.run(*arguments, str(tmp_path / "missing" / "j")).status == 2
    assert served.run(*arguments, str(journal), SIRO_ORGANIZATION_TOKEN="").status == 2
    assert errors.read_text(encoding="utf-8") == "of yesterday\n"
    assert served.run(*arguments, str(journal)).status == 0
    assert not errors.read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device is always full here")
def test_errors_that_cannot_be_written_are_told_instead(served: Served, write: Write) -> None:
    result = served.run(write("wrong", *rows(2), "wrong, too"), "--errors", "/dev/full")
    assert result.status == 1
    assert result.stderr.count("cannot write '/dev/full'") == 1
    assert "line 1: ValueError" in result.stderr
    assert "line 4: ValueError" in result.stderr
    assert result.last.startswith("2 synced, 0 skipped, 2 failed, 4 lines read")


@pytest.mark.parametrize("argument", [("",), ("{file}", "--journal", ""), ("{file}", "--errors", "-")])
def test_a_name_that_is_none_is_refused(served: Served, write: Write, argument: tuple[str, ...]) -> None:
    file = write(*rows(1))
    result = served.run(*(each.format(file=file) for each in argument))
    assert (result.status, served.bodies) == (2, [])
    assert "the name is empty" in result.stderr or "it has to be a file" in result.stderr


def test_an_error_is_json_whatever_the_line_holds(served: Served, write: Write, tmp_path: Path) -> None:
    errors = tmp_path / "errors.jsonl"
    assert served.run(write('{"externalId": 1e999}', '{"externalId": 7}'), "--errors", str(errors)).status == 1
    told = [json.loads(line) for line in errors.read_text(encoding="utf-8").splitlines()]
    assert [one.get("externalId") for one in told] == [None, 7]


def test_a_pipe_that_does_not_block_is_read_to_its_end(served: Served) -> None:
    ours, theirs = os.pipe()
    os.set_blocking(ours, False)
    with subprocess.Popen([*COMMAND, "-"], stdin=ours, env=served.everything, stderr=subprocess.PIPE) as process:
        os.close(ours)
        with os.fdopen(theirs, "wb", buffering=0) as pipe:
            for number, row in enumerate(rows(3), 1):
                pipe.write(f"{row}\n".encode())
                wait_for(served, number)
                time.sleep(0.1)  # and now there is nothing to read
        _, told = process.communicate(timeout=WAIT)
    assert told == b"3 synced, 0 skipped, 0 failed, 3 lines read\n"
    assert len(served.bodies) == 3


STREAMS = {"2>&-": 0, "2>/dev/full": 0, "0<&-": 0, "--no-progress 2>&- 1>&-": 0, "0<&- - ": 2}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device is always full here")
@pytest.mark.parametrize("streams", STREAMS)
def test_streams_that_are_closed_or_full_change_nothing_of_what_is_synced(
    served: Served, write: Write, streams: str
) -> None:
    file = "" if " - " in streams else write(*rows(3))
    command = f"exec '{sys.executable}' -m siro_client sync {file} {streams}"
    env = served.everything
    ended = subprocess.run(["sh", "-c", command], env=env, capture_output=True, timeout=WAIT, check=False)  # noqa: S607
    assert (ended.returncode, ended.stdout) == (STREAMS[streams], b"")
    assert b"Traceback" not in ended.stderr
    assert len(served.bodies) == (0 if STREAMS[streams] else 3)


def test_errors_are_utf_8_whatever_the_shell_speaks(write: Write, tmp_path: Path) -> None:
    errors = tmp_path / "errors.jsonl"
    environ = {**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    arguments = [write('{"subject": "früh"}'), "--dry-run", "--errors", str(errors)]
    ended = subprocess.run([*COMMAND, *arguments], env=environ, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stderr
    assert json.loads(errors.read_text(encoding="utf-8"))["input"] == {"subject": "früh"}


def test_a_bar_counts_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "file"
    file.write_text("a\n\nb\n", encoding="utf-8")
    progress = Progress(str(file), wanted=True)
    progress.count()
    progress.say("said beside it")
    progress.close()
    told = capsys.readouterr().err
    assert "1/2" in told
    assert " lines/s" in told or "s/ lines" in told
    assert "said beside it\n" in told


def test_without_a_stderr_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    progress = Progress("file", wanted=True)
    progress.say("to nobody: é")
    assert sys.stderr.name == os.devnull
    sys.stderr.close()
