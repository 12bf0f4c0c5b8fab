"""`python -m siro_client sync`: lines in, errors and a sum out, and an exit status to rely on."""

import contextlib
import gzip
import json
import os
import pty
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

import httpx
import pytest
from siro_openapi import models

from siro_client import __version__
from siro_client._command_line import main
from siro_client._lines import Line, parse_line

from .commands import COMMAND, Served, Write, rows


def test_every_line_is_synced_as_it_is_written(served: Served, write: Write) -> None:
    result = served.run(write(*rows(5)))
    assert (result.status, result.stdout) == (0, "")
    assert result.stderr == "5 synced, 0 skipped, 0 failed, 5 lines read\n"
    assert sorted(served.bodies, key=str) == [json.loads(row) for row in rows(5)]


def test_stdin_may_have_a_byte_order_mark_carriage_returns_and_blank_lines(served: Served) -> None:
    text = '\ufeff{"externalId": "a"}\r\n\r\n   \n{"externalId": "b"}'
    result = served.run("-", stdin=text.encode())
    assert (result.status, result.last) == (0, "2 synced, 0 skipped, 0 failed, 2 lines read")


def test_a_journal_skips_what_an_earlier_run_has_synced(served: Served, write: Write, tmp_path: Path) -> None:
    journal = str(tmp_path / "journal.sqlite")
    served.run(write(*rows(3)), "--journal", journal)
    result = served.run(write(*rows(5)), "--journal", journal)
    assert result.last == "2 synced, 3 skipped, 0 failed, 5 lines read"
    assert len(served.bodies) == 5


WRONG = {
    '{"externalId": "cut': "it is no JSON: Unterminated string",
    '["an array"]': """must be one JSON object, such as {"externalId": "e-1"}, and begins with '["an array"]'""",
    '"text"': "a line must be one JSON object",
    "externalId,subject": "and begins with 'externalId,subject'",
    '{"externalId": "e", "externalId": "f"}': "it is no JSON: the name 'externalId' stands twice in an object",
    '{"externalId": "e"}}': "it is no JSON: Extra data, at character 20",
    '{"subject": "no id"}': "externalId: is required",
    '{"externalId": 7}': "externalId: must be a string",
    '{"externalId": "e", "subject": 7}': "subject: must be a string",
    '{"externalId": "e", "engagementUsers": null}': "engagementUsers: must be an array",
    '{"externalId": "e", "deletedAt": "2026-01-01T00:00:00"}': "deletedAt: must be a date-time with an offset",
    '{"externalId": "e", "direction": "SIDEWAYS"}': "direction",
    '{"externalId": "e", "x": NaN}': "NaN is no number",
    '{"externalId": "e", "x": 1e999}': "x must be a finite number",
    '{"externalId": "\\ud800"}': "externalId must be text, and holds a lone surrogate",
    '{"a": ' * 100_000: "it is nested too deeply",
    '{"a": ' + "1" * 5000: "it is no JSON",
}


@pytest.mark.parametrize("text", WRONG, ids=WRONG.values())
def test_a_line_that_is_no_engagement_says_why(text: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - what it says is looked at below
        parse_line(Line(1, text.encode()))
    assert WRONG[text] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_line_is_sent_with_every_property_it_has() -> None:
    body = {"externalId": "e", "deletedAt": "2026-01-01T00:00:00+02:00", "account": {"externalId": "a"}, "own": [1]}
    assert parse_line(Line(1, json.dumps(body).encode())).to_dict() == body


def test_a_wrong_line_is_told_by_its_number_and_the_others_are_synced(served: Served, write: Write) -> None:
    result = served.run(write(*rows(2), "", '{"externalId": ', '{"externalId": "e", "subject": 7}', *rows(1)))
    assert result.status == 1
    assert "line 4: ValueError: it is no JSON" in result.stderr
    assert "line 5: ValidationError: subject: must be a string" in result.stderr
    assert result.last == (
        "3 synced, 0 skipped, 2 failed, 5 lines read; mend the lines that failed and run the same command again"
    )


def test_errors_go_to_a_file_with_the_line_as_it_came(served: Served, write: Write, tmp_path: Path) -> None:
    errors = tmp_path / "errors.jsonl"
    exact = '{"externalId": "e-7", "subject": 7, "own": 1.00000000000000000001}'
    file = write(exact, "no JSON")
    with Path(file).open("ab") as more:
        more.write(b'{"externalId": "\xff"}\n')
    result = served.run(file, "--errors", str(errors))
    assert result.status == 1
    assert result.stderr.count("\n") == 1
    told = [json.loads(line) for line in errors.read_text(encoding="utf-8").splitlines()]
    assert [one["line"] for one in told] == [1, 2, 3]
    assert told[0]["kind"] == "ValidationError"
    assert told[0]["externalId"] == "e-7"
    assert told[0]["reason"].startswith("subject: must be a string")
    assert f'"input": {exact}}}\n' in errors.read_text(encoding="utf-8")
    assert told[1]["input"] == "no JSON"
    assert told[2]["input"].encode(errors="surrogateescape") == b'{"externalId": "\xff"}'
    assert "not UTF-8, at byte 16" in told[2]["reason"]


def test_what_siro_refuses_is_told_with_status_and_issues(
    monkeypatch: pytest.MonkeyPatch, write: Write, tmp_path: Path
) -> None:
    issue = {"code": "too_big", "path": ["subject"], "message": "too long"}
    answers = {"a": httpx.Response(422, json={"name": "ZodError", "issues": [issue]}), "b": httpx.Response(404)}

    def refuse(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        return answers[json.loads(request.content)["externalId"]]

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", refuse)
    monkeypatch.setenv("SIRO_ORGANIZATION_TOKEN", "sentinel-token")
    monkeypatch.setenv("SIRO_INTEGRATIONS_URL", "http://localhost")
    errors = tmp_path / "errors.jsonl"
    assert main(["sync", write('{"externalId": "a"}', '{"externalId": "b"}'), "--errors", str(errors)]) == 1
    told = {one["externalId"]: one for one in map(json.loads, errors.read_text(encoding="utf-8").splitlines())}
    assert (told["a"]["kind"], told["a"]["status"], told["a"]["issues"]) == ("RequestError", 422, [issue])
    assert (told["b"]["kind"], told["b"]["status"], "issues" in told["b"]) == ("NotFoundError", 404, False)
    assert "sentinel-token" not in errors.read_text(encoding="utf-8")


def test_a_dry_run_checks_every_line_and_sends_none(served: Served, write: Write, tmp_path: Path) -> None:
    journal = tmp_path / "journal.sqlite"
    file = write(*rows(3), '{"externalId": 7}')
    result = served.run(file, "--dry-run", "--journal", str(journal), SIRO_ORGANIZATION_TOKEN="")
    assert result.status == 1
    assert result.last.startswith("3 valid, 1 failed, 4 lines read; mend")
    assert served.run(write(*rows(3)), "--dry-run").status == 0
    assert served.bodies == []
    assert not journal.exists()


def test_without_a_token_nothing_is_sent_and_the_variable_is_named(served: Served, write: Write) -> None:
    result = served.run(write(*rows(500)), SIRO_ORGANIZATION_TOKEN="")
    assert result.status == 2
    assert "set SIRO_ORGANIZATION_TOKEN" in result.last
    assert served.bodies == []
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "required"),
        (("{file}", "--concurrency", "0"), "'0' is no whole number from 1"),
        (("{file}", "--token", "t"), "unrecognized arguments"),
        (("{missing}",), "No such file"),
        (("{folder}",), "directory"),
        (("{file}", "--errors", "{folder}"), "directory"),
        (("{file}", "--errors", "{file}"), "give each its own"),
        (("{file}", "--journal", "{file}"), "give each its own"),
        (("{file}", "--errors", "{journal}", "--journal", "{journal}"), "give each its own"),
        (("{file}", "--journal", "{other}"), "is no journal"),
        (("{file}", "--journal", "{missing}/journal.sqlite"), "cannot open the journal"),
    ],
)
def test_what_cannot_be_used_is_one_clear_error_and_harms_no_file(
    served: Served, write: Write, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    names = {"folder": tmp_path, "missing": tmp_path / "missing", "journal": tmp_path / "j"}
    paths: dict[str, Any] = {**names, "file": write(*rows(2)), "other": write(*rows(99), name="other.jsonl")}
    result = served.run(*(argument.format(**paths) for argument in arguments))
    assert result.status == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert Path(paths["file"]).read_text(encoding="utf-8").splitlines() == rows(2)
    assert len(Path(paths["other"]).read_text(encoding="utf-8").splitlines()) == 99
    assert served.bodies == []


def test_a_bar_is_shown_to_a_person_and_nobody_else(served: Served, write: Write) -> None:
    file = write(*rows(3), "wrong")
    assert "%" not in served.run(file).stderr
    bar = served.run(file, "--progress").stderr
    assert "100%" in bar
    assert "4/4" in bar
    assert "100%" not in served.run("-", "--progress", stdin=Path(file).read_bytes()).stderr  # who knows how much comes
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    with subprocess.Popen([*COMMAND, file], env=served.everything, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # the terminal is gone
            while told := os.read(ours, 4096):
                shown += told
    os.close(ours)
    assert process.returncode == 1
    assert b"100%" in shown
    assert b"line 4: ValueError" in shown


def test_without_tqdm_a_bar_that_is_asked_for_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], write: Write
) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    file = write('{"externalId": "a"}')
    assert main(["sync", file, "--dry-run", "--progress"]) == 2
    wanted = "siro_client: --progress needs tqdm: pip install 'siro-client[progress]'\n"
    assert capsys.readouterr().err == wanted
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["sync", file, "--dry-run"]) == 0


def test_the_model_of_a_line_is_that_of_the_library() -> None:
    assert isinstance(parse_line(Line(1, b'{"externalId": "a"}')), models.Engagement)


def test_a_name_that_the_page_does_not_have_is_told_once_and_sent(served: Served, write: Write) -> None:
    lines = [
        {"externalId": "a", "sbject": "x", "own": 1, "account": {"externalId": "acc", "phone_numbers": ["1"]}},
        {"externalId": "b", "sbject": "y", "engagementUsers": [{"externalId": "u", "name": "n", "Email": "e"}]},
    ]
    for option in (["--dry-run"], []):
        result = served.run(write(*map(json.dumps, lines)), *option)
        assert result.status == 0, result.stderr
        assert sorted(result.stderr.splitlines()[:-1]) == [
            "line 1: account.phone_numbers is no property that Siro documents; is phoneNumbers meant?",
            "line 1: own is no property that Siro documents",
            "line 1: sbject is no property that Siro documents; is subject meant?",
            "line 2: engagementUsers.Email is no property that Siro documents; is email meant?",
        ]
    assert sorted(served.bodies, key=str) == lines


def test_names_without_end_are_not_told_without_end_and_in_one_line_each(served: Served, write: Write) -> None:
    lines = [json.dumps({"externalId": "e", f"own\n{number}": 1}) for number in range(60)]
    told = served.run(write(*lines), "--dry-run").stderr.splitlines()
    assert told[0] == "line 1: 'own\\n0' is no property that Siro documents"
    assert len(told) == 50 + 1


def test_a_file_that_is_compressed_is_told_as_such() -> None:
    with pytest.raises(ValueError, match=r"^it is compressed by gzip: expand the file first$"):
        parse_line(Line(1, gzip.compress(b"{}")))


def test_what_failed_is_where_the_sum_says(served: Served, write: Write, tmp_path: Path) -> None:
    errors = str(tmp_path / "errors.jsonl")
    result = served.run(write("{}", *rows(1)), "--errors", errors)
    mend = f"mend the lines that failed ({errors} has them) and run the same command again"
    assert result.last == f"1 synced, 0 skipped, 1 failed, 2 lines read; {mend}"


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"siro-client {__version__}\n"
