"""What has to hold before an update is written to the tree."""

import re
from dataclasses import dataclass
from typing import Final

from scripts.update.job import Result
from scripts.update.workspace import Workspace

NONE, QUICK, GATE, ALL = LEVELS = ("none", "quick", "gate", "all")
"""Nothing; the types and the tests of what changes; these and the gate; all that `make test` runs on specs and code."""
_PYTEST: Final = ("pytest", "-q", "--tb=short", "-rfE")
_TYPES: Final = {"types": ("mypy", "--package", "siro_openapi", "--package", "siro_client")}
_TESTS: Final = {
    "tests": (
        *_PYTEST,
        *("tests/generated/test_client.py", "tests/generated/test_models.py", "tests/pipeline/test_vendor.py"),
        *("tests/facade/test_hosts.py", "tests/facade/test_siro.py", "tests/testing/test_schema.py"),
    )
}
# Beside each other, on two cores. Which sentences no rule quotes an update tells by itself.
_GATE: Final = {
    "gate": ("pytest", "contract_tests", "-q"),
    "tests of the gate and of the checks": (
        *(*_PYTEST, "tests/gate/test_rules.py", "tests/generated/test_validators.py"),
        *("-k", "not test_every_sentence"),
    ),
}
_EVERYTHING: Final = {
    "types": ("mypy",),
    "types of the generated code": ("mypy", "--package", "siro_openapi"),
    "pyright": ("pyright",),
    # The page of the reference is written after the update, from what it left.
    "tests": (*_PYTEST, "--ignore=tests/reference"),
}
_STAGES: Final = {
    NONE: [],
    QUICK: [{**_TYPES, **_TESTS}],
    GATE: [{**_TYPES, **_TESTS}, _GATE],
    ALL: [_EVERYTHING, {"gate": _GATE["gate"]}],
}
_FAILED = re.compile(r"^(?:FAILED|ERROR) (.*)$|^(\S+:\d+: error: .*)$|^ *(\S+:\d+:\d+ - error: .*)$", re.MULTILINE)
_LONGEST = 400


@dataclass(frozen=True)
class Failure:
    """A check that did not hold."""

    check: str
    line: str
    """What it is about, in one line."""
    log: str


def run(space: Workspace, level: str) -> list[Failure]:
    """Run the checks of a level, stage by stage and side by side within one; return those that fail."""
    failures: list[Failure] = []
    for stage in _STAGES[level]:
        jobs = {name: space.start(*command) for name, command in stage.items()}
        failures += [failure for name, job in jobs.items() if (failure := _failure(name, job.result()))]
    return failures


def _failure(check: str, result: Result) -> Failure | None:
    if not result.status:
        return None
    log = result.output + result.errors
    found = [next(filter(None, match.groups())) for match in _FAILED.finditer(log)]
    first = found[0] if found else (log.strip().splitlines() or ["without a word"])[-1]
    more = f" (and {len(found) - 1} more)" if found[1:] else ""
    return Failure(check, first[:_LONGEST] + more, log)
