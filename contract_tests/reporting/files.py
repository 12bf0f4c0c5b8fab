"""The files of a report: for a machine, for a CI server, and for a person."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jinja2

from contract_tests.operations import NAMES
from contract_tests.reporting.outcome import ERROR, FAILED, IN_PART, PASSED, Failure, Outcome, RuleOutcome, Shown
from contract_tests.reporting.wording import answered, never_answered


def write(outcome: Outcome, directory: Path) -> list[Path]:
    """Write all, the page first, since it is the one that a person opens."""
    directory.mkdir(parents=True, exist_ok=True)
    texts = {"index.html": page(outcome), "report.json": machine_readable(outcome), "junit.xml": junit(outcome)}
    for name, text in texts.items():
        (directory / name).write_text(text, encoding="utf-8")
    return [directory / name for name in texts]


def page(outcome: Outcome) -> str:
    """One page of HTML that needs nothing else."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    template = environment.from_string(Path(__file__).with_name("index.html.jinja").read_text("utf-8"))
    return template.render(outcome=outcome, names=NAMES, answered=answered, never_answered=never_answered)


def machine_readable(outcome: Outcome) -> str:
    """All of it as JSON."""
    report = {
        "verdict": "passed" if outcome.passed else "failed",
        "seed": outcome.seed,
        "profile": outcome.profile,
        "repeat": outcome.repeat,
        "seconds": round(outcome.seconds, 3),
        "requests": outcome.requests,
        "targets": outcome.targets,
        "statuses": outcome.statuses,
        "stored": outcome.stored,
        "deletions": outcome.deletions,
        "never_succeeded": outcome.unreached,
        "rules": [_rule(rule) for rule in outcome.rules],
        "violations": [_violation(failure) for failure in outcome.failures],
        "errors": [asdict(error) for error in outcome.errors],
    }
    return json.dumps(report, indent=2) + "\n"


def _rule(outcome: RuleOutcome) -> dict[str, Any]:
    return {
        "id": outcome.rule.id,
        "operation": NAMES[outcome.rule.operation],
        "means": outcome.rule.means,
        "says": outcome.rule.says,
        "spec": outcome.rule.spec,
        "advice": outcome.rule.advice,
        "cases": outcome.cases,
        "seconds": round(outcome.seconds, 6),
        "verdict": outcome.verdict,
        "reason": outcome.reason,
    }


def _violation(failure: Failure) -> dict[str, Any]:
    return {
        "rule": failure.rule.id,
        "message": failure.message,
        "exchanges": [_exchange(shown) for shown in failure.exchanges],
        "also_breaks": [_violation(also) for also in failure.also],
    }


def _exchange(shown: Shown) -> dict[str, Any]:
    return {
        "operation": shown.operation,
        "request": {
            "method": shown.method,
            "url": shown.url,
            "headers": shown.headers,
            "body": shown.body,
            "bytes": shown.size,
        },
        "answer": {
            "status": shown.status,
            "content_type": shown.content_type,
            "body": shown.answer,
            "bytes": shown.answer_size,
        },
        "curl": shown.curl,
    }


def junit(outcome: Outcome) -> str:
    """A test case a rule, and one for each thing that turns a run red beside the rules."""
    suite = ET.Element("testsuite", name="contract gate", time=f"{outcome.seconds:.3f}")
    failures = {also.rule.id: also for failure in outcome.failures for also in (failure, *failure.also)}
    for rule in outcome.rules:
        case = _case(suite, NAMES[rule.rule.operation], rule.rule.id, rule.seconds)
        if rule.verdict == FAILED:
            _child(case, "failure", rule.reason, _text(failures[rule.rule.id]))
        elif rule.verdict == ERROR:
            _child(case, "error", rule.reason, rule.reason)
        elif rule.verdict == IN_PART:
            ET.SubElement(case, "system-out").text = rule.told
        elif rule.verdict != PASSED:
            _child(case, "skipped", rule.told)
    for name in outcome.unreached:
        _child(_case(suite, name, "succeeds", 0), "failure", never_answered(name))
    for error in outcome.errors:
        if not error.rules:
            _child(_case(suite, "contract gate", error.test, 0), "error", error.message, error.message)
    kinds = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    suite.attrib |= {"tests": str(len(suite))} | {k: str(len(suite.findall(f"*/{v}"))) for k, v in kinds.items()}
    suites = ET.Element("testsuites", {key: suite.attrib[key] for key in ("name", "tests", "failures", "errors")})
    suites.append(suite)
    ET.indent(suites)
    text: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    return text.decode() + "\n"


def _case(suite: ET.Element, operation: str, name: str, seconds: float) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=operation, name=name, time=f"{seconds:.3f}")


def _child(case: ET.Element, kind: str, message: str, text: str = "") -> None:
    ET.SubElement(case, kind, message=message).text = text or None


def _text(failure: Failure) -> str:
    parts = [f"{failure.rule.means}\n{failure.rule.source}\n\n{failure.message}"]
    for shown in failure.exchanges:
        parts.append(f"{shown.method} {shown.url}\n{shown.readable_body}")
        parts.append(f"{shown.status} {shown.content_type}\n{shown.readable_answer}")
        parts.append(shown.curl)
    return "\n\n".join(parts)
