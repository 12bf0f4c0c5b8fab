"""What conftest.py calls at the points of a run."""

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from contract_tests.gate import Gate, Violation
from contract_tests.reporting import files, markdown, terminal
from contract_tests.reporting.gather import ACCEPTS, ERRORS, STARTED, outcome
from contract_tests.reporting.outcome import Error
from contract_tests.reporting.redaction import Secrets
from contract_tests.reporting.wording import printable


def begin(config: pytest.Config) -> None:
    """Start the clock."""
    config.stash[STARTED] = time.monotonic()
    config.stash[ERRORS] = []
    config.stash[ACCEPTS] = True


def collected(config: pytest.Config, items: Iterable[pytest.Item]) -> None:
    """Note whether a test of the run sends what is to be accepted."""
    config.stash[ACCEPTS] = any(item.get_closest_marker("rejections") is None for item in items)


def rules_of(item: pytest.Item) -> list[str]:
    """The rules that a test claims."""
    return [rule for mark in item.iter_markers("rules") for rule in mark.args]


def tests_of(items: Iterable[pytest.Item]) -> dict[str, list[str]]:
    """The tests that check each rule, by rule id."""
    tests: dict[str, list[str]] = {}
    for item in items:
        name = item.nodeid.partition("[")[0]
        for rule in rules_of(item):
            known = tests.setdefault(rule, [])
            known += [] if name in known else [name]
    return tests


def note(gate: Gate, item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
    """Keep what became of a test; what it prints is short, and without a token.

    A violation is told as one line, since the report tells the rest. Any other exception keeps its traceback.
    """
    claimed = tuple(rules_of(item))
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        gate.record.not_checked |= dict.fromkeys(claimed, reason)
    if call.excinfo is None or not report.failed:
        return
    raised = call.excinfo.value
    secrets = Secrets.of(gate.target)
    leaves = list(_leaves(raised))
    violations = [leaf for leaf in leaves if isinstance(leaf, Violation)]
    if len(violations) == len(leaves):
        report.longrepr = "\n".join(dict.fromkeys(_line(violation, secrets) for violation in violations))
        return
    message = printable(secrets.text(f"{type(raised).__name__}: {raised}"))
    item.config.stash[ERRORS].append(Error(item.nodeid, claimed, message))
    traceback = report.longreprtext
    if secrets.text(traceback) != traceback:
        report.longrepr = secrets.text(traceback)
    report.sections = [(name, secrets.text(text)) for name, text in report.sections]


def tell(gate: Gate, terminalreporter: Any, config: pytest.Config, *, failed: bool) -> None:
    """Write the terminal's part, the files, and the summary of a GitHub job."""
    told = outcome(gate, config, failed=failed)
    directory = Path(str(config.getoption("--report-dir")))
    written = files.write(told, directory)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(markdown.render(told))
    terminal.tell(told, terminalreporter, written)


def _leaves(raised: BaseException) -> Iterator[BaseException]:
    """What Hypothesis groups when it finds several faults."""
    if not isinstance(raised, BaseExceptionGroup):
        yield raised
        return
    group = cast("BaseExceptionGroup[BaseException]", raised)
    for inner in group.exceptions:
        yield from _leaves(inner)


def _line(violation: Violation, secrets: Secrets) -> str:
    hidden = secrets.beside(exchange.request for exchange in violation.exchanges)
    return f"{violation.rule}: {printable(hidden.message(violation))}"
