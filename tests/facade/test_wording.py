"""What a person reads when an argument cannot be used: the value, the rule, the way out, to the character."""

import datetime as dt
import inspect
import math
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from siro_openapi.models import DataType, Engagement, EngagementType

from siro_client import (
    AsyncSiro,
    ExternalId,
    InvalidResponseError,
    Journal,
    NotFoundError,
    OAuthApp,
    Siro,
    SiroId,
    StatusError,
)
from siro_client._bulk import Bulk
from siro_client._command_line import main
from siro_client._files import check_files, stdin
from siro_client._issues import Issue, explain, issues_of
from siro_client._json import encoded, parsed
from siro_client._lines import Line, parse_line
from siro_client._prepare import prepare_link, prepare_sync
from siro_client._secret import Secret, redacted

ROW = SiroId("row")


CASES: dict[str, Callable[[], object]] = {
    "transport and http_client exclude each other: give the transport to the client": lambda: Siro(
        transport=_any(), http_client=_any()
    ),
    "product must be printable ASCII, such as 'acme-sync/2.1', and is 'é'": lambda: Siro(product="é"),
    "integrations_url must be scheme, host and path only": lambda: Siro(integrations_url="https://a.example/?b=c"),
    "recordings_url must be https, since the user token is sent to it, and is 'http://a.example'; "
    "allow_http=True allows it": lambda: Siro(recordings_url="http://a.example"),
    "deadline must be a positive number of seconds, or None for none, and is 0": lambda: Siro(deadline=0),
    "max_retries must be 0 for none or more, and is -1": lambda: Siro(max_retries=-1),
    "timeout must be a positive number of seconds or an httpx.Timeout, and is 0": lambda: Siro(timeout=0),
    "engagement must be an Engagement of siro_openapi.models, and is dict": lambda: prepare_sync(_any({})),
    "recording_id must name a recording, and '..' would change the path": lambda: prepare_link(
        "..", ROW, DataType.ACCOUNT, None
    ),
    "recording_id must name a recording, and '' would change the path": lambda: prepare_link(
        "", ROW, DataType.ACCOUNT, None
    ),
    "b must be a finite number, and is nan (RFC 8259)": lambda: encoded({"a": 1.5, "b": math.nan}),
    "recording_id must be a string, as Siro's internal id of the recording": lambda: prepare_link(
        _any(5), ROW, DataType.ACCOUNT, None
    ),
    "recording_id must be text, and holds a lone surrogate, '\\ud800' (RFC 8259), "
    "as Siro's internal id of the recording": lambda: prepare_link("\ud800", ROW, DataType.ACCOUNT, None),
    "recording_id has 100000 characters: no more than 5000 fit into a URL": lambda: prepare_link(
        "a" * 100_000, ROW, DataType.ACCOUNT, None
    ),
    "target must be a SiroId or an ExternalId, and is 'abc'": lambda: prepare_link(
        "r", _any("abc"), DataType.LEAD, None
    ),
    "data_type must be a DataType of siro_openapi.models, such as DataType.LEAD, and is 'LEAD'": lambda: prepare_link(
        "r", ROW, _any("LEAD"), None
    ),
    "trigger must be a LinkTrigger of siro_openapi.models, or None, and is 'X'": lambda: prepare_link(
        "r", ROW, DataType.LEAD, _any("X")
    ),
    f"data_type must be a DataType of siro_openapi.models, such as DataType.LEAD, and is '{'x' * 59}": lambda: (
        prepare_link("r", ROW, _any("x" * 100), None)
    ),
    "sync_engagement cannot send what it was given: 'VISIT' stands where an enum is due; "
    "give models, enums, strings and aware datetimes": lambda: prepare_sync(
        Engagement(external_id="e", engagement_type=EngagementType(name="Visit", activity_type=_any("VISIT")))
    ),
    "startTime: must be a string, and is a datetime, whose isoformat() is one": lambda: prepare_sync(
        Engagement(external_id="e", start_time=_any(dt.datetime(2026, 1, 1, tzinfo=dt.UTC)))
    ),
    "integrations_url must begin with https:// and a host, and is '127.0.0.1:8080'": lambda: Siro(
        integrations_url="127.0.0.1:8080", allow_http=True
    ),
    "integrations_url must begin with https:// and a host, and is 'ftp://a.example'": lambda: Siro(
        integrations_url="ftp://a.example", allow_http=True
    ),
    "id must not be empty: it names the CRM row to link to": lambda: SiroId(""),
    "external_id must not be empty: it names the CRM row to link to": lambda: ExternalId("", "c"),
    "integration_connection_id must not be empty: it names the CRM row to link to": lambda: ExternalId("e", ""),
    "extra.0.1 must be a finite number, and is nan (RFC 8259)": lambda: encoded({"extra": [[0, math.nan]]}),
    "a.'\\ud800' must be text, and holds a lone surrogate, '\\ud800' (RFC 8259)": lambda: encoded({"a": {"\ud800": 1}}),
    "extra must be a finite number, and is inf (RFC 8259)": lambda: encoded({"extra": math.inf}),
    "a.b must be text, and holds a lone surrogate, '\\ud800' (RFC 8259)": lambda: encoded({"a": {"b": "\ud800"}}),
    f"{'n' * 40} must be JSON, and is bytes": lambda: encoded({"n" * 40: b""}),
    f"'{'n' * 39} must be JSON, and is bytes": lambda: encoded({"n" * 41: b""}),
    "'a b'.0 must be JSON, and is set": lambda: encoded({"a b": [set()]}),
    "it is no JSON: NaN is no number of JSON (RFC 8259)": lambda: parsed("[NaN]"),
    "it is no JSON: Expecting value, at character 1": lambda: parsed(""),
    "it is nested too deeply": lambda: parsed("[" * 100_000),
    "the client secret is empty, or no string: give it as Siro shows it, with nothing around it": lambda: OAuthApp(
        "client", "", "user"
    ),
    "the user token holds a blank, a line break or what is not ASCII: "
    "give it as Siro shows it, with nothing around it": lambda: Siro(user_token="a b"),
    "the organization token is empty, or no string: give it as Siro shows it, with nothing around it": lambda: Siro(
        organization_token=_any(5)
    ),
    "client_id must be the id as Siro shows it, and is ''": lambda: OAuthApp("", "secret", "user"),
    "user_id must be the id as Siro shows it, and is '..'": lambda: OAuthApp("client", "secret", ".."),
    "it is not UTF-8, at byte 1: save the file as UTF-8": lambda: parse_line(Line(1, b'"\xff"')),
    "concurrency must be 1 or more, requests at a time, and is 0": lambda: Bulk(0, None, ""),
    "'a.jsonl' is both 'a.jsonl' and another of the files: give each its own": lambda: check_files(
        ["a.jsonl", None, "a.jsonl"]
    ),
}


def _deep(depth: int) -> list[Any]:
    nested: list[Any] = []
    for _ in range(depth):
        nested = [nested]
    return nested


def _any(value: Any = None) -> Any:
    return value if value is not None else object()


@pytest.mark.parametrize("message", CASES)
def test_what_cannot_be_used_is_refused_in_these_words(message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        CASES[message]()


def test_what_nests_too_deeply_is_refused_both_ways() -> None:
    with pytest.raises(ValueError, match=r"^it is nested too deeply$"):
        encoded({"a": _deep(100_000)})


def test_a_body_that_the_models_cannot_hold_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(Engagement, "from_dict", fail)
    with pytest.raises(ValueError, match=r"^it is no engagement: KeyError: 'x'$"):
        parse_line(Line(1, b'{"externalId": "e"}'))


def test_a_minting_that_answers_no_token_is_told_without_what_it_answered() -> None:
    answers = httpx.MockTransport(lambda _: httpx.Response(200, json={"accessToken": 7}))
    app = OAuthApp("client-1", "secret-of-mine", "user-1")
    siro = Siro(organization_token="t", user_token=app, transport=answers)
    with siro, pytest.raises(InvalidResponseError) as caught:
        siro.link_recording("recording-1", ROW, DataType.ACCOUNT)
    assert caught.value.reason == "its accessToken is no token; it is not shown, since it may hold one"


def test_an_id_may_be_as_long_as_the_message_says() -> None:
    prepare_link("a" * 5_000, ROW, DataType.ACCOUNT, None)
    with pytest.raises(ValueError, match="has 5001 characters: no more than 5000 fit"):
        prepare_link("a" * 5_001, ROW, DataType.ACCOUNT, None)


def test_a_refusal_is_told_with_the_id_that_siro_gave_the_request() -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        return httpx.Response(404, json={"error": "none"}, headers={"x-request-id": "r-7"})

    siro = Siro(user_token="t", transport=httpx.MockTransport(refuse))
    with siro, pytest.raises(NotFoundError) as caught:
        siro.link_recording("recording-1", ROW, DataType.ACCOUNT)
    assert "link_recording: status 404: none" in str(caught.value)
    assert "(request id r-7)" in str(caught.value)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (403, "link_recording: status 403: no"),
        (409, "link_recording: status 409: no"),
        (404, "link_recording: status 404: no; is it the recording's id, and was the CRM row synced before?"),
    ],
)
def test_the_way_out_is_told_where_there_is_one(status: int, told: str) -> None:
    answers = httpx.MockTransport(lambda _: httpx.Response(status, json={"error": "no"}))
    with Siro(user_token="t", transport=answers) as siro, pytest.raises(StatusError) as caught:
        siro.link_recording("recording-1", ROW, DataType.ACCOUNT)
    assert str(caught.value) == told


NOT_FOUND: dict[str, Callable[[Siro], object]] = {
    "sync_engagement: status 404: no; is integrations_url (SIRO_INTEGRATIONS_URL) where the API is?": lambda siro: (
        siro.sync_engagement(Engagement(external_id="e"))
    ),
    "mint_user_token: status 404: no; are client_id and user_id those that Siro shows?": lambda siro: (
        siro.link_recording("recording-1", ROW, DataType.ACCOUNT)
    ),
}


@pytest.mark.parametrize("told", NOT_FOUND)
def test_what_is_not_found_depends_on_the_operation(told: str) -> None:
    answers = httpx.MockTransport(lambda _: httpx.Response(404, json={"error": "no"}))
    app = OAuthApp("client-1", "secret-of-mine", "user-1")
    siro = Siro(organization_token="t", user_token=app, transport=answers)
    with siro, pytest.raises(NotFoundError) as caught:
        NOT_FOUND[told](siro)
    assert str(caught.value) == told


def test_what_is_told_in_place_of_a_secret() -> None:
    assert redacted("a token-of-mine b token-of-mine", [Secret("token-of-mine")]) == "a <secret> b <secret>"


def test_a_closed_stdin_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(ValueError, match=r"^stdin is closed, and - reads it$"):
        stdin()


def test_a_file_of_the_name_that_means_stdin_is_a_file() -> None:
    check_files(["-", "./-"])


def test_what_is_not_pickled_says_what_to_do() -> None:
    with pytest.raises(TypeError) as caught:
        pickle.dumps(Siro())
    assert str(caught.value) == "Siro holds tokens and connections, and is not pickled: make one where it is used"


def test_the_journal_tells_its_file(tmp_path: Path) -> None:
    file = str(tmp_path / "journal.sqlite")
    journal = Journal(file)
    journal.close()
    with pytest.raises(RuntimeError) as caught:
        journal.begin("https://a.example")
    assert str(caught.value) == f"the journal {file!r} is closed: open it anew with Journal(path)"
    one = Journal(file)
    in_use = f"the journal {file!r} is in use: let that run end first, or give each its own journal"
    with pytest.raises(BlockingIOError) as blocked:
        Journal(file)
    assert str(blocked.value) == in_use
    one.begin("https://a.example")
    with pytest.raises(BlockingIOError) as blocked:
        one.begin("https://a.example")
    assert str(blocked.value) == in_use
    one.close()


def test_an_issue_that_is_none_of_zod_is_told_as_it_is() -> None:
    body: Any = {"issues": [{"path": ["a", 0], "message": "bad", "code": 7}, "odd  one"]}
    assert issues_of(body) == (Issue(("a", 0), "bad", ""), Issue((), "odd one", ""))
    assert explain(body) == "a.0: bad; body: odd one"
    assert explain({"error": " "}) == "the body says nothing that is documented; see .content"


HELP = """
usage: python -m siro_client sync [-h] [--journal FILE] [--errors FILE] [--dry-run] [--concurrency N]
[--progress | --no-progress] file
Sync a file of engagements: one JSON object a line, in Siro's own field names.
positional arguments: file the engagements; - reads stdin
options: -h, --help show this help message and exit
--journal FILE keep what was synced (SQLite), and skip what was synced before
--errors FILE write the lines that failed, and why, as JSON; replaces the file
--dry-run check every line and send none
--concurrency N requests at a time (10)
--progress, --no-progress a bar, or none (a bar at a terminal)
The organization token comes from SIRO_ORGANIZATION_TOKEN, and a base URL from SIRO_INTEGRATIONS_URL.
exit status: 0 if every line was synced, skipped or (--dry-run) valid; 1 if some were not; 2 if nothing can be done
(wrong usage, no token, a file that cannot be used); 130 after Ctrl-C or SIGTERM.
"""


def test_the_command_line_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["sync", "--help"])
    assert capsys.readouterr().out.split() == HELP.split()
    with pytest.raises(SystemExit):
        main(["--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert told.startswith("usage: python -m siro_client [-h] [--version] COMMAND ... Sync CRM engagements to Siro.")
    assert "COMMAND sync sync a file of engagements" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["sync", "a", "--concurrency", "0"], "argument --concurrency: '0' is no whole number from 1"),
        (["sync", "a", "--concurrency", "x"], "argument --concurrency: 'x' is no whole number from 1"),
        (["sync", ""], "argument file: the name is empty; is a variable of the shell not set?"),
        (["sync", "a", "--errors", "-"], "argument --errors: it has to be a file, and - is none"),
        (["sync", "a", "--journal", "-"], "argument --journal: it has to be a file, and - is none"),
        ([], "the following arguments are required: COMMAND"),
    ],
)
def test_wrong_usage_is_told(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1].endswith(f": error: {told}")


@pytest.mark.parametrize("make", [Siro, AsyncSiro])
def test_ten_at_a_time_unless_told_otherwise(make: Any) -> None:
    parameters = inspect.signature(make.sync_engagements).parameters
    assert (parameters["concurrency"].default, parameters["journal"].default) == (10, None)
