"""One fault, one report: the violations that one cause explains are told once, under the rule that says it best."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from contract_tests import judge
from contract_tests.exchange import Exchange
from contract_tests.gate import PREFIX, Violation
from contract_tests.rules import table

Cause: TypeAlias = tuple[object, ...]


@dataclass
class Fault:
    """What is told once."""

    violation: Violation
    """Told in full."""
    also: list[Violation] = field(default_factory=list[Violation])
    """The other rules that the same cause breaks."""
    causes: set[Cause] = field(default_factory=set[Cause])


def faults(violations: Iterable[Violation]) -> list[Fault]:
    """Group violations, the explaining ones first."""
    found: list[Fault] = []
    for violation in sorted(violations, key=lambda violation: _rank(violation.rule)):
        causes = set(_causes(violation))
        fault = next((fault for fault in found if fault.causes & causes), None)
        if fault is None:
            found.append(Fault(violation, causes=causes))
        else:
            fault.also.append(violation)
            fault.causes |= causes
    return found


def _rank(rule: str) -> tuple[int, int]:
    """The order in which rules explain one another.

    First the rules of any answer, and the success that tells an error, then the others as in rules.toml, which goes
    from the form of a request to what it does. What the fuzzer found comes last: it knows least about why.
    """
    _, family, name = rule.split(".", 2)
    if family == "answer" and name in judge.RULES:
        return 0, judge.RULES.index(name)
    if name == "error-in-200":
        return 1, 0
    return 3 if name == "fuzz" else 2, list(table()).index(rule)


def _causes(violation: Violation) -> Iterator[Cause]:
    """What explains a violation: two that share one of these are told as one."""
    if not violation.exchanges:
        return
    wrong = violation.exchanges[-1]
    short, family, _ = violation.rule.split(".", 2)
    headers = tuple(sorted(wrong.request.headers.raw))
    yield "exchange", wrong.request.method, str(wrong.request.url), headers, _same(wrong.request.content), wrong.status
    if violation.message.startswith("must be accepted"):
        yield "refuses", short, wrong.status, _same(wrong.content)
    # An operation that does not look at the token, or at the body, breaks every rule of the family.
    if family in ("auth", "body") and _is_let_through(wrong):
        yield "lets through", short, family


def _is_let_through(wrong: Exchange) -> bool:
    return wrong.is_success


def _same(content: bytes) -> bytes:
    """Content in which the ids that the gate made up, and whatever a server counts or draws, do not differ."""
    content = re.sub(PREFIX.encode() + rb"[\w-]+", b"#", content)
    return re.sub(rb"[0-9a-fA-F-]{8,}|\d+", b"#", content)
