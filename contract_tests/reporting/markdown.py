"""The outcome as Markdown, for the summary of a GitHub job."""

import html
import re

from contract_tests.reporting.outcome import ERROR, FAILED, PASSED, Failure, Outcome, Shown
from contract_tests.reporting.wording import answered, never_answered

_MARKS = {PASSED: "✅", FAILED: "❌", ERROR: "❌"}
_LONGEST = 20_000
"""Characters of a curl line; GitHub takes a summary of a megabyte."""


def render(outcome: Outcome) -> str:
    """The verdict, the failures and the table."""
    lines = [f"## Contract gate: {'✅ passed' if outcome.passed else '❌ FAILED'}", ""]
    lines += [f"{outcome.requests:,} requests in {outcome.seconds:.1f} s. To repeat it: {_code(outcome.repeat)}", ""]
    for name, statuses in outcome.statuses.items():
        lines.append(f"- {name} at {_code(outcome.targets[name])}: {answered(statuses)}")
    lines += [f"- ❌ {never_answered(name)}" for name in outcome.unreached]
    lines += [f"- ❌ {_code(error.test)}: {_code(error.message)}" for error in outcome.errors]
    lines.append("")
    for failure in outcome.failures:
        lines += _failure(failure)
    lines += ["| rule | cases | verdict |", "|---|---:|---|"]
    for rule in outcome.rules:
        told = rule.told.replace("|", "\\|").replace("\n", " ")
        lines.append(f"| `{rule.rule.id}` | {rule.cases:,} | {_MARKS.get(rule.verdict, '⚪')} {html.escape(told)} |")
    return "\n".join([*lines, "", ""])


def _failure(failure: Failure) -> list[str]:
    summary = f"❌ <code>{failure.rule.id}</code>: {html.escape(failure.rule.means)}"
    lines = [f"<details><summary>{summary}</summary>", "", f"> {html.escape(failure.rule.source)}", ""]
    lines += [_block(failure.brief)]
    for shown in failure.exchanges:
        lines += _exchange(shown)
    if failure.also:
        lines += ["Also breaks:", "", *(f"- `{also.rule.id}`: {_code(also.brief)}" for also in failure.also), ""]
    return [*lines, "</details>", ""]


def _exchange(shown: Shown) -> list[str]:
    curl = shown.curl if len(shown.curl) <= _LONGEST else f"# {len(shown.curl):,} characters: see report.json"
    headers = "\n".join(f"{name}: {value}" for name, value in shown.headers)
    return [
        _block(f"{shown.method} {shown.url}\n{headers}\n\n{shown.readable_body}"),
        _block(f"{shown.status} {shown.content_type}\n\n{shown.readable_answer}"),
        _block(curl, "sh"),
    ]


def _block(text: str, language: str = "") -> str:
    fence = _fence(text, 3)
    return f"{fence}{language}\n{text}\n{fence}\n"


def _code(text: str) -> str:
    fence = _fence(text, 1)
    return f"{fence} {text} {fence}".replace("\n", " ")


def _fence(text: str, least: int) -> str:
    """More backticks than stand in a row in the text."""
    return "`" * max(least, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
