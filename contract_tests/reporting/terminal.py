"""What a run says at its end, within 120 columns where nothing is longer by itself."""

import sys
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from contract_tests.operations import NAMES, OPERATIONS
from contract_tests.reporting.outcome import ERROR, FAILED, PASSED, Failure, Outcome, Shown
from contract_tests.reporting.wording import answered, never_answered
from contract_tests.rules import Rule

_COLUMNS = 120
_COLOURS = {PASSED: "green", FAILED: "red", ERROR: "red"}
_LONGEST = 4_000
"""Characters of a curl line that a terminal is burdened with."""


def list_rules(rules: Iterable[Rule], tests: Mapping[str, Iterable[str]]) -> None:
    """Print the rules by operation: what each means, where it is from, and the tests that check it, by rule id."""
    lines: list[str] = []
    for operation in OPERATIONS.values():
        mine = [rule for rule in rules if rule.operation == operation.short]
        lines += [f"\n{operation.name}" if mine else ""]
        for rule in mine:
            sources = [f"“{said}”" for said in rule.says] or [rule.spec]
            lines += ["", f"  {rule.id}{'  (advice: checked with --strict)' if rule.advice else ''}"]
            lines += [_wrapped(text, " " * 6) for text in (rule.means, *sources)]
            lines += [f"      {test}" for test in tests.get(rule.id, ())]
    sys.stdout.write("\n".join(lines) + "\n")


def tell(outcome: Outcome, terminal: Any, written: Iterable[Path]) -> None:
    """Write the table, the failures, the figures and the verdict; `terminal` is pytest's terminal reporter."""
    terminal.section("contract gate")
    _table(outcome, terminal)
    for failure in outcome.failures:
        _failure(failure, terminal)
    for error in outcome.errors:
        terminal.write_sep("─", f"error in {error.test}", red=True)
        terminal.line(_wrapped(error.message, "  "))
    terminal.line("")
    for name, statuses in outcome.statuses.items():
        terminal.line(f"{name} at {outcome.targets[name]}: {answered(statuses)}")
    for name in outcome.unreached:
        terminal.line(f"{never_answered(name)}: nothing is known of what it accepts", red=True)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in outcome.counts.items())
    terminal.line(
        f"{outcome.requests:,} requests in {outcome.seconds:.1f} s, profile {outcome.profile}; rules: {counts}"
    )
    terminal.line(f"reports: {', '.join(str(path) for path in written)}")
    if outcome.passed:
        terminal.line(f"to repeat it: {outcome.repeat}")
    terminal.line(outcome.verdict, bold=True, green=outcome.passed, red=not outcome.passed)


def _table(outcome: Outcome, terminal: Any) -> None:
    names = {rule.rule.id: NAMES[rule.rule.operation] for rule in outcome.rules}
    first = max(map(len, [*names.values(), "operation"]))
    second = max(map(len, [*names, "rule"]))
    terminal.line(f"{'operation':<{first}}  {'rule':<{second}}  {'cases':>6}  verdict", bold=True)
    room = max(_COLUMNS - first - second - 12, 30)
    for rule in outcome.rules:
        told = textwrap.wrap(rule.told, room, break_on_hyphens=False)
        terminal.write(f"{names[rule.rule.id]:<{first}}  {rule.rule.id:<{second}}  {rule.cases:>6,}  ")
        colour = {_COLOURS.get(rule.verdict, "yellow"): True}
        for line in [told[0], *(" " * (first + second + 12) + more for more in told[1:])]:
            terminal.line(line, **colour)


def _failure(failure: Failure, terminal: Any) -> None:
    terminal.line("")
    terminal.write_sep("─", f"{FAILED} {failure.rule.id}", red=True, bold=True)
    for label, text in (("means", failure.rule.means), ("from", failure.rule.source), ("found", failure.brief)):
        terminal.line(_wrapped(text, " " * 8).replace(" " * 8, f"{label:<8}", 1))
    for number, shown in enumerate(failure.exchanges, 1):
        terminal.line("")
        _exchange(f"{number}. " if len(failure.exchanges) > 1 else "", shown, terminal)
    if failure.also:
        terminal.line("")
        terminal.line("also breaks")
    for also in failure.also:
        terminal.line(_wrapped(f"{also.rule.id}: {also.brief}", " " * 8))
        terminal.line(_wrapped("".join(shown.short_body for shown in also.exchanges[-1:]), " " * 12))


def _exchange(number: str, shown: Shown, terminal: Any) -> None:
    terminal.line(f"{number}{shown.method} {shown.url}", bold=True)
    for name, value in shown.headers:
        terminal.line(f"    {name}: {value}")
    terminal.line(textwrap.indent(f"{shown.readable_body or '(no body)'}{_size(shown.size)}", "    "))
    terminal.line(f"answer {shown.status} {shown.content_type}", bold=True)
    terminal.line(textwrap.indent(f"{shown.readable_answer or '(no body)'}{_size(shown.answer_size)}", "    "))
    if len(shown.curl) > _LONGEST:
        terminal.line(f"(the curl line has {len(shown.curl):,} characters: see the reports)")
    else:
        terminal.line(shown.curl, cyan=True)


def _size(size: int) -> str:
    return f"\n({size:,} bytes)" if size > 1_000 else ""


def _wrapped(text: str, indent: str) -> str:
    lines = text.splitlines() or [""]
    return "\n".join(
        textwrap.fill(line, _COLUMNS, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
        for line in lines
    )
