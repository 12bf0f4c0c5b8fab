"""What a person gets of a run: grouped, repeatable, in every output, and without a token."""

import base64
import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree as ET

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests import reporting
from contract_tests.gate import Gate, Violation
from contract_tests.operations import LINK, SYNC, Operation
from contract_tests.reporting.gather import outcome
from contract_tests.reporting.grouping import faults
from contract_tests.reporting.redaction import Secrets
from contract_tests.reporting.shell import curl
from contract_tests.rules import table
from contract_tests.target import Target
from siro_client.testing import LocalSiro, environment, serve

USER, ORGANIZATION = "sentinel/User-token+1", 'sentinel"organization=token'
VARIABLES = {
    "SIRO_RECORDINGS_URL": "http://127.0.0.1:8080",
    "SIRO_INTEGRATIONS_URL": "http://127.0.0.1:8080/api-externalApi",
    "SIRO_USER_TOKEN": USER,
    "SIRO_ORGANIZATION_TOKEN": ORGANIZATION,
    "SIRO_RECORDING_IDS": "recording-1",
    "SIRO_INTEGRATION_CONNECTION_ID": "connection-1",
}
Answer = Callable[[httpx.Request], httpx.Response]


@dataclass
class Configuration:
    """As much of pytest's configuration as a report asks for."""

    options: dict[str, Any] = field(default_factory=dict[str, Any])
    args: list[str] = field(default_factory=lambda: ["contract_tests"])
    stash: pytest.Stash = field(default_factory=pytest.Stash)

    def getoption(self, name: str) -> Any:
        defaults: dict[str, Any] = {"--seed": 7, "--profile": "default", "--rule": []}
        return {**defaults, **self.options}.get(name)


class Terminal:
    """As much of pytest's terminal reporter."""

    def __init__(self) -> None:
        self.text = io.StringIO()

    def write(self, text: str, **_colours: bool) -> None:
        self.text.write(text)

    def line(self, text: str, **_colours: bool) -> None:
        self.text.write(f"{text}\n")

    def section(self, title: str) -> None:
        self.line(title)

    def write_sep(self, sep: str, title: str, **_colours: bool) -> None:
        self.line(f"{sep} {title} {sep}")


def configuration(args: list[str] | None = None, **options: Any) -> pytest.Config:
    named = {name if name == "keyword" else f"--{name.replace('_', '-')}": value for name, value in options.items()}
    config = cast("pytest.Config", Configuration(named, args or ["contract_tests"]))
    reporting.begin(config)
    return config


def gate_of(answer: Answer) -> Gate:
    return Gate(Target(VARIABLES, httpx.Client(transport=httpx.MockTransport(answer))))


def accepts_all(request: httpx.Request) -> httpx.Response:
    if b"api-externalApi" in request.url.raw_path:
        named = {"externalId": "e", "engagementType": "t", "createdAt": "2026-01-01", "updatedAt": "2026-01-01"}
        return httpx.Response(200, json={"data": {"id": "1", "organizationId": "o", **named}})
    named = {"externalId": "e", "dataType": "LEAD", "name": "n", "lastActivityAt": "2026-01-01"}
    return httpx.Response(200, json={"data": {"id": "1", **named}})


def violate(gate: Gate, rule: str, operation: Operation, body: Any = None, **how: Any) -> None:
    with suppress(Violation):
        gate.refuse(rule, operation, body, **how)


def told(gate: Gate, config: pytest.Config, *, failed: bool = True) -> dict[str, str]:
    """Every output of a run, by its name."""
    terminal = Terminal()
    reporting.tell(gate, terminal, config, failed=failed)
    files = Path(str(config.getoption("--report-dir"))).iterdir()
    return {"terminal": terminal.text.getvalue()} | {path.name: path.read_text("utf-8") for path in files}


# --- one fault, one report -----------------------------------------------------------------------------------------
def grouped(gate: Gate) -> list[list[str]]:
    found = faults(gate.record.violations.values())
    return [[fault.violation.rule, *(also.rule for also in fault.also)] for fault in found]


def test_an_operation_that_ignores_its_token_is_told_once() -> None:
    gate = gate_of(accepts_all)
    violate(gate, "link.auth.kind", LINK, {"dataType": "LEAD"}, headers={"x-siro-auth-token": ORGANIZATION})
    violate(gate, "link.auth.required", LINK, {"dataType": "LEAD"}, headers={})
    violate(gate, "sync.auth.required", SYNC, {"externalId": "e"}, headers={})

    assert grouped(gate) == [["link.auth.required", "link.auth.kind"], ["sync.auth.required"]]


def test_one_refusal_of_what_must_be_accepted_is_told_once_whatever_ids_it_names() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        return httpx.Response(422, json={"error": f"no {json.loads(request.content)['externalId']}"})

    gate = gate_of(refuse)
    for rule in ("sync.upsert.identity", "sync.answer.text", "sync.body.accepts"):
        with suppress(Violation):
            gate.accept(rule, SYNC, {"externalId": gate.new_id()})

    assert grouped(gate) == [["sync.body.accepts", "sync.answer.text", "sync.upsert.identity"]]


def test_a_rule_of_any_answer_explains_the_others_and_the_fuzzer_none() -> None:
    gate = gate_of(accepts_all)
    exchange = gate.put(LINK, {"dataType": "LEAD", "id": "1", "externalId": "1"})
    for rule in ("link.body.fuzz", "link.target.both", "link.answer.schema"):
        with suppress(Violation):
            gate.check(rule, False, "is wrong", exchange)

    assert grouped(gate) == [["link.answer.schema", "link.target.both", "link.body.fuzz"]]


def test_different_faults_are_told_apart() -> None:
    gate = gate_of(accepts_all)
    violate(gate, "link.target.both", LINK, {"dataType": "LEAD", "id": "1", "externalId": "1"})
    violate(gate, "link.target.neither", LINK, {"dataType": "LEAD"})

    assert grouped(gate) == [["link.target.both"], ["link.target.neither"]]


# --- the line that repeats a request -------------------------------------------------------------------------------
STUB = '#!/bin/bash\nprintf \'%s\\0\' "$@" > "$ARGUMENTS"\nif [[ ${!#} == @- ]]; then cat > "$STDIN"; fi\n'


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[httpx.Request], tuple[list[bytes], bytes]]:
    """Run a request's line in bash with a curl that records what it was asked: the arguments, and the body."""
    folder = tmp_path_factory.mktemp("stub")
    stub = folder / "curl"
    stub.write_text(STUB, encoding="utf-8")
    stub.chmod(0o755)
    paths = {"ARGUMENTS": str(folder / "arguments"), "STDIN": str(folder / "stdin")}
    target = Target(VARIABLES, httpx.Client())
    environ = {**VARIABLES, **paths, "PATH": f"{folder}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}

    def run(request: httpx.Request) -> tuple[list[bytes], bytes]:
        line = curl(request, Secrets.of(target).beside([request]))
        assert "sentinel" not in line
        assert line.isprintable()
        (folder / "line").write_text(line, encoding="utf-8")
        subprocess.run(["/bin/bash", str(folder / "line")], check=True, env=environ)
        arguments = Path(paths["ARGUMENTS"]).read_bytes().split(b"\0")[:-1]
        sent = Path(paths["STDIN"]).read_bytes() if arguments[-1] == b"@-" else arguments[-1]
        return arguments, sent

    return run


Run = Callable[[httpx.Request], tuple[list[bytes], bytes]]


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.binary(min_size=1), st.text(min_size=1).filter(str.isascii).map(str.encode)))
def test_the_line_repeats_any_body(run: Run, body: bytes) -> None:
    _, sent = run(httpx.Request("PUT", "http://127.0.0.1/", content=body))

    assert sent == body


@pytest.mark.parametrize(
    "body",
    [
        b'{"externalId": "it\'s \\"$HOME\\" `id` !x \\\\ %s %%"}',
        '{"subject": "\U0001f600 \u202e \u00e9\u0301"}'.encode(),
        b"@/etc/passwd",
        b"-x\0%s\\n'",
        b"\xff\xfe abc",
        b"line\r\nline\n",
        b"x" * 300_000,
        json.dumps({"token": USER}).encode(),
        b"a\0" + USER.encode(),
    ],
    ids=lambda body: repr(body[:20]),
)
def test_the_line_repeats_an_awkward_body(run: Run, body: bytes) -> None:
    arguments, sent = run(httpx.Request("PUT", "http://127.0.0.1/", content=body))

    assert sent == body
    assert b"Content-Type:" in arguments, "curl would make one up"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-siro-auth-token", USER),
        ("Authorization", f"Bearer {ORGANIZATION}"),
        ("Authorization", f"Bearer {ORGANIZATION[:-1]}"),
        ("Authorization", f"Bearer {ORGANIZATION.upper()}"),
        ("Authorization", f"Bearer {ORGANIZATION}x"),
        ("Authorization", f"Bearer {ORGANIZATION[:12]}#{ORGANIZATION[13:]}"),
        ("Authorization", "Basic " + base64.b64encode(f"user:{ORGANIZATION}".encode()).decode()),
        ("Cookie", f"token={USER}; $HOME=`x`"),
    ],
)
def test_the_line_has_variables_for_tokens_and_for_what_is_nearly_one(run: Run, name: str, value: str) -> None:
    arguments, _ = run(httpx.Request("PUT", "http://127.0.0.1/", headers={name: value}))

    assert f"{name}: {value}".encode() in arguments


def test_the_line_repeats_method_query_and_empty_headers(run: Run) -> None:
    url = f"http://127.0.0.1/v1/[a]{{b}}?token={USER.replace('+', '-')}&x=1"
    arguments, _ = run(httpx.Request("DELETE", url, headers={"x-siro-auth-token": "", "Accept": "text/html"}))

    assert arguments[arguments.index(b"-X") + 1] == b"DELETE"
    assert {b"x-siro-auth-token;", b"Accept: text/html"} <= set(arguments)


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_the_line_gets_the_same_answer_from_a_served_siro() -> None:
    with LocalSiro() as siro, serve(siro) as url, httpx.Client() as client:
        variables = environment(siro, url)
        gate = Gate(Target(variables, client))
        exchange = gate.accept("sync.body.accepts", SYNC, {"externalId": "e'1", "subject": "\U0001f600 $x\n"})
        line = curl(exchange.request, Secrets.of(gate.target))
        done = subprocess.run(
            ["/bin/bash", "-c", line], check=True, capture_output=True, env={**os.environ, **variables}
        )

    head, _, body = done.stdout.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    answer = json.loads(body)["data"]
    assert {**answer, "updatedAt": ""} == {**exchange.data, "updatedAt": ""}


# --- no token ------------------------------------------------------------------------------------------------------
def echoes(request: httpx.Request) -> httpx.Response:
    """Answer with all that was sent, in many forms."""
    value = request.headers.get("authorization", "") + request.headers.get("x-siro-auth-token", "")
    forms = [value, value.replace("/", "\\/"), base64.b64encode(f"  {value}".encode()).decode()]
    answer = {"error": "x" * 270 + value, "details": {value: [request.content.decode(), str(request.url), *forms]}}
    return httpx.Response(200, json=answer, headers={"x-echo": value.encode()})


def test_no_output_has_a_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    gate = gate_of(echoes)
    headers = [
        {"Authorization": f"Bearer {ORGANIZATION}", "x-siro-auth-token": USER},
        {"x-siro-auth-token": USER[:-1]},
        {"x-siro-auth-token": USER.swapcase()},
        {"Authorization": "Basic " + base64.b64encode(f"x:{ORGANIZATION}".encode()).decode()},
    ]
    rules = ["link.auth.wrong", "link.auth.kind", "link.target.both", "link.target.neither"]
    config = configuration(report_dir=str(tmp_path), recordings_url=f"http://127.0.0.1/{USER}", keyword=USER)
    test = Claim(config)
    lines: list[str] = []
    for rule, header in zip(rules, headers, strict=True):
        sent = gate.send(gate.request(LINK, {"a": USER, ORGANIZATION: 1}, headers=header), LINK)
        with pytest.raises(Violation) as raised:
            gate.check(rule, False, f"answered {sent.told}, as {USER}", sent)
        lines.append(noted(gate, test, request.node, raised.value))
    lines.append(noted(gate, test, request.node, ValueError(f"bad {USER}")))

    outputs = told(gate, config)

    outputs |= {"summary": outputs.pop("summary.md"), "pytest": "\n".join(lines)}
    assert set(outputs) == {"terminal", "index.html", "report.json", "junit.xml", "summary", "pytest"}
    core = base64.b64encode(ORGANIZATION.encode()).decode()[4:-4]
    for name, text in outputs.items():
        assert "$SIRO_USER_TOKEN" in text, name
        for secret in ("sentinel", "SENTINEL", "organization=token", "User-toke", core):
            assert secret not in text, f"{name}: …{text[max(text.find(secret) - 80, 0) :][:160]}"


# --- what pytest itself prints -------------------------------------------------------------------------------------
@dataclass
class Claim:
    """As much of a test as is noted."""

    config: pytest.Config
    rules: tuple[str, ...] = ()
    nodeid: str = "contract_tests/test_x.py::test_x"

    def iter_markers(self, name: str) -> Iterator[pytest.Mark]:
        yield pytest.Mark(name, self.rules, {}, _ispytest=True)


def noted(gate: Gate, test: Claim, node: pytest.Item, error: BaseException) -> str:
    """What pytest prints of a test that raised."""

    def fail() -> None:
        raise error

    call = pytest.CallInfo[None].from_call(fail, "call")
    made = pytest.TestReport.from_item_and_call(node, call)
    reporting.note(gate, cast("pytest.Item", test), call, made)
    return made.longreprtext


def test_a_violation_is_one_line_and_another_exception_keeps_its_traceback(request: pytest.FixtureRequest) -> None:
    gate, test = gate_of(accepts_all), Claim(configuration(), ("sync.body.type",))
    first, second = (Violation(rule, "is wrong", ()) for rule in ("sync.body.type", "sync.body.null"))
    group = ExceptionGroup("Hypothesis found 2 distinct failures.", [first, second])

    assert noted(gate, test, request.node, first) == "sync.body.type: is wrong"
    assert noted(gate, test, request.node, group) == "sync.body.type: is wrong\nsync.body.null: is wrong"
    assert "def fail()" in noted(gate, test, request.node, ValueError("bug"))

    rules = {rule.rule.id: rule for rule in outcome(gate, test.config, failed=True).rules}
    assert rules["sync.body.type"].told == "error: ValueError: bug"


def test_what_was_skipped_is_not_checked_and_what_was_checked_beside_it_is_passed_in_part(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    gate, config = gate_of(accepts_all), configuration(report_dir=str(tmp_path))
    gate.check("link.target.both", True, "")
    skipped = pytest.skip.Exception("not checked: needs SIRO_RECORDING_IDS")
    noted(gate, Claim(config, ("link.target.id", "link.target.both")), request.node, skipped)

    outputs = told(gate, config)

    lines = [line.split(maxsplit=3) for line in outputs["terminal"].splitlines()]
    assert ["link_recording", "link.target.id", "0", "not checked: needs SIRO_RECORDING_IDS"] in lines
    assert ["link_recording", "link.target.both", "1", "passed in part: needs SIRO_RECORDING_IDS"] in lines
    assert ["link_recording", "link.target.neither", "0", "no case"] in lines


# --- the outputs ---------------------------------------------------------------------------------------------------
def broken(tmp_path: Path) -> tuple[Gate, dict[str, str]]:
    gate = gate_of(accepts_all)
    gate.accept("sync.body.accepts", SYNC, {"externalId": "e", "lead": {"externalId": "l"}})
    violate(gate, "link.target.both", LINK, {"dataType": "LEAD", "id": "\x01<b>", "externalId": "\u202e"})
    violate(gate, "link.body.fuzz", LINK, {"dataType": "LEAD", "id": "\x01<b>", "externalId": "\u202e"})
    return gate, told(gate, configuration(report_dir=str(tmp_path)))


def test_the_terminal_ends_with_the_verdict_and_the_command(tmp_path: Path) -> None:
    text = broken(tmp_path)[1]["terminal"]

    assert text.endswith("verdict: FAILED; repeat it with: make contract SEED=7\n")
    assert "FAILED link.target.both" in text
    assert table()["link.target.both"].source[:60] in text
    assert "also breaks\n        link.body.fuzz: must be refused with 4xx, and is answered 200\n" in text
    table_lines = text.split("\n\n")[0].splitlines()
    assert len(table_lines) > 70
    assert max(map(len, table_lines)) <= 120


def test_the_json_has_the_request_as_json_and_every_rule(tmp_path: Path) -> None:
    found = json.loads(broken(tmp_path)[1]["report.json"])

    assert (found["verdict"], found["seed"], found["profile"]) == ("failed", 7, "default")
    assert found["statuses"] == {"link_recording": {"200": 2}, "sync_engagement": {"200": 1}}
    assert (found["stored"], found["deletions"]) == ({"engagement": 1, "lead": 1}, 0), "neither is the gate's own"
    rules = {rule["id"]: rule for rule in found["rules"]}
    assert rules["sync.body.accepts"]["verdict"] == "passed"
    assert rules["link.target.both"]["verdict"] == rules["link.body.fuzz"]["verdict"] == "FAILED"
    [violation] = found["violations"]
    assert violation["exchanges"][0]["request"]["body"]["id"] == "\x01<b>"
    assert violation["exchanges"][0]["answer"]["body"]["data"]["dataType"] == "LEAD"
    assert [also["rule"] for also in violation["also_breaks"]] == ["link.body.fuzz"]


def test_junit_has_a_case_for_each_rule(tmp_path: Path) -> None:
    suite = ET.fromstring(broken(tmp_path)[1]["junit.xml"])[0]  # noqa: S314 - written above

    cases = {case.attrib["name"]: case for case in suite}
    assert set(cases) == {rule.id for rule in table().values() if not rule.advice}
    assert cases["link.target.both"].attrib["classname"] == "link_recording"
    assert "curl -sS" in (cases["link.target.both"].findtext("failure") or "")
    assert cases["sync.merge.to"].find("skipped") is not None
    assert (suite.attrib["failures"], suite.attrib["tests"]) == ("2", str(len(cases)))


def test_the_page_needs_no_network_and_escapes_what_a_server_says(tmp_path: Path) -> None:
    page = broken(tmp_path)[1]["index.html"]

    assert "Contract gate: FAILED" in page
    assert "\\u0001&lt;b&gt;" in page
    assert not re.search(r'src=|href=(?!"#)|@import|url\(', page)


def test_a_passed_run_says_so_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    gate = gate_of(accepts_all)
    gate.accept("sync.body.accepts", SYNC, {"externalId": "e"})
    gate.accept("link.body.accepts", LINK, {"dataType": "LEAD", "id": "1"})

    outputs = told(gate, configuration(report_dir=str(tmp_path / "deep" / "reports")), failed=False)

    assert outputs["terminal"].endswith("verdict: passed, with seed 7\n")
    assert "Contract gate: passed" in outputs["index.html"]
    assert json.loads(outputs["report.json"])["verdict"] == "passed"
    assert "| `link.body.accepts` | 1 | ✅ passed |" in (tmp_path / "summary.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("config", "command"),
    [
        (configuration(profile="quick"), "make contract-quick SEED=7"),
        (
            configuration(["contract_tests"], rule=["link.target"], live=True, keyword="a or"),
            ".venv/bin/python -m pytest contract_tests --profile default --seed 7 --rule link.target -k 'a or' --live",
        ),
        (
            configuration(["contract_tests/test_auth.py"], recording_ids="a,b"),
            ".venv/bin/python -m pytest contract_tests/test_auth.py --profile default --seed 7 --recording-ids a,b",
        ),
    ],
)
def test_the_command_repeats_what_was_picked(config: pytest.Config, command: str) -> None:
    assert outcome(gate_of(accepts_all), config, failed=True).repeat == command


def test_only_what_a_run_is_about_must_have_succeeded() -> None:
    gate = gate_of(accepts_all)
    gate.accept("link.body.accepts", LINK, {"dataType": "LEAD", "id": "1"})

    assert reporting.unreached(gate, configuration()) == ["sync_engagement"]
    assert reporting.unreached(gate, configuration(rule=["link.target", "link.auth"])) == []
    assert reporting.unreached(gate, configuration(rejections_only=True)) == []
    assert reporting.is_red(gate, configuration())


@pytest.mark.parametrize("variable", ["SIRO_RECORDING_IDS", "SIRO_INTEGRATION_CONNECTION_ID"])
def test_what_a_run_has_no_means_to_call_need_not_have_succeeded(variable: str) -> None:
    gate = gate_of(accepts_all)
    gate.accept("sync.body.accepts", SYNC, {"externalId": "e"})
    assert reporting.unreached(gate, configuration()) == ["link_recording"]

    gate.target.variables = {**VARIABLES, variable: ""}
    assert not reporting.is_red(gate, configuration())


def test_a_run_that_only_refuses_needs_no_success() -> None:
    gate, config = gate_of(accepts_all), configuration(rule=["link.auth"])
    assert reporting.is_red(gate, config)
    reporting.collected(config, [])
    assert not reporting.is_red(gate, config)


def test_a_rule_that_was_not_picked_is_told_if_it_is_broken() -> None:
    gate = gate_of(lambda _: httpx.Response(500))
    violate(gate, "link.target.both", LINK, {"dataType": "LEAD"})

    rules = outcome(gate, configuration(rule=["link.target"]), failed=True).rules
    assert [rule.rule.id for rule in rules if rule.verdict == "FAILED"] == ["link.answer.server-error"]


def test_the_rules_are_listed_with_their_sentences_and_tests(capsys: pytest.CaptureFixture[str]) -> None:
    reporting.list_rules(table().values(), {"link.target.both": ["test_target.py::test_both"]})

    text = capsys.readouterr().out
    assert text.index("\nlink_recording\n") < text.index("  link.target.both\n") < text.index("\nsync_engagement\n")
    assert "  link.target.status-422  (advice: checked with --strict)\n" in text
    assert "      test_target.py::test_both\n" in text
    assert all(rule.id in text for rule in table().values())
