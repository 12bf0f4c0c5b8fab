"""Which fields the gate covers by itself: the cases that it derives from the effective spec, before and after."""

import json
from dataclasses import dataclass

from scripts.layout import StepError
from scripts.update.job import Job
from scripts.update.workspace import Workspace


@dataclass(frozen=True)
class Coverage:
    """The difference: one line a case, as the gate lists it."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def start(space: Workspace) -> Job:
    """Start to list the cases of the workspace as it is; a task of its own, since the gate is on the right of here."""
    return space.start("contract_tests.coverage", "--json")


def compare(before: Job, after: Job) -> Coverage:
    """What came and what went.

    Raises:
        StepError: if the gate cannot derive its cases.
    """
    old, new = _cases(before), _cases(after)
    return Coverage(tuple(case for case in new if case not in old), tuple(case for case in old if case not in new))


def _cases(job: Job) -> dict[str, None]:
    result = job.result()
    if result.status:
        line = (result.errors.strip().splitlines() or ["without a word"])[-1]
        raise StepError(f"the gate cannot derive its cases: {line}")
    # As JSON, since a name that a page gives may hold line breaks.
    found: list[dict[str, str]] = json.loads(result.output)
    return dict.fromkeys(f"{each['operation']} {each['pointer']} {each['constraint']}" for each in found)
