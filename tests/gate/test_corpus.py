"""Every edit of the corpus that adds a constraint to requests is decided by a case, with no code written.

A case is refused by the changed spec and accepted by the one before; its twin is accepted by both. So a server that has
not heard of the change is failed, and one that refuses all is failed too.
"""

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest

from contract_tests import coverage, document, operations, parameters, past
from contract_tests.operations import Operation
from contract_tests.parameter_walk import ParameterCase, ParameterWalk
from contract_tests.walk import Walk
from scripts.once_allowed import record
from scripts.spec_diff import compare
from tests.spec_diff.corpus import Edit, load, published

EDITS = {edit.name: edit for edit in load() if edit.adds_constraint}
BASE = "http://siro.invalid"
Use: TypeAlias = Callable[[Edit, dict[str, Any]], Operation]


@pytest.fixture
def spec(monkeypatch: pytest.MonkeyPatch) -> Iterator[Use]:
    """Let a document of one operation be the effective spec; return the operation."""

    def forget() -> None:
        cached = (
            document._components,  # pyright: ignore[reportPrivateUsage]
            document.request_validator,
            parameters.parameters,
            coverage.of_body,
            coverage.of_parameters,
            past.of,
        )
        for function in cached:
            function.cache_clear()

    def use(edit: Edit, changed: dict[str, Any]) -> Operation:
        changed = copy.deepcopy(changed)
        ((_, item),) = changed["paths"].items()
        for described in item.values():
            described["operationId"] = edit.spec
        changed["paths"] = {path: {**item, "servers": changed["servers"]} for path, item in changed["paths"].items()}
        for module in (document, operations):
            monkeypatch.setattr(module, "effective", lambda: changed)
        forget()
        (operation,) = operations._operations()  # pyright: ignore[reportPrivateUsage]
        return operation

    yield use
    monkeypatch.undo()
    forget()


def ids() -> Callable[[], str]:
    numbers = iter(range(1_000_000))
    return lambda: f"id-{next(numbers)}"


STOPS = {
    "a-component-that-holds-itself-changes": "holds itself at /paths/",
    "a-request-property-becomes-read-only": "keyword readOnly at /paths/",
}
"""What the gate has no cases for, and says so."""

UNDECIDED = {"a-path-parameter-gets-a-bound": "a path with nothing where a parameter belongs is another path"}
"""What no request can break, and why."""


@pytest.mark.parametrize("name", sorted(EDITS.keys() - STOPS.keys() - UNDECIDED.keys()))
def test_an_added_constraint_is_decided(name: str, spec: Use) -> None:
    edit = EDITS[name]
    old, new = edit.before(published(edit.spec)), edit.apply(published(edit.spec))
    before = spec(edit, old)
    took_body, needed_body = document.has_body(before.name), document.needs_body(before.name)
    is_valid = document.request_validator(before.name).is_valid if took_body else bool
    known = parameters.parameters(before)

    now = spec(edit, new)
    walk, given = Walk(now.name, ids()), ParameterWalk(now, ids())
    validator = document.request_validator(now.name)

    def is_allowed(case: ParameterCase) -> bool:
        asked = httpx.Request("PUT", parameters.url(BASE, now, case.given))
        return parameters.verdict(replace(before, path=now.path), BASE, asked, known) == "valid"

    recorded = [
        change.witness.body
        for change in compare(old, new)
        if change.witness and change.witness.was_allowed and not change.witness.is_allowed
    ]
    assert (
        any(map(is_allowed, given.refused()))
        or (document.needs_body(now.name) and not needed_body)
        or any(is_valid(case.body) for case in walk.refused())
        or any(is_valid(body) and not validator.is_valid(body) for body in recorded)
    ), "no case is refused now that was accepted before"
    assert not took_body or any(is_valid(case.body) for case in walk.accepted()), "no body is accepted before and after"
    assert any(map(is_allowed, given.accepted())), "no parameters are accepted before and after"


@pytest.mark.parametrize(("name", "line"), STOPS.items())
def test_what_the_gate_has_no_cases_for_is_told(name: str, line: str, spec: Use) -> None:
    operation = spec(EDITS[name], EDITS[name].apply(published(EDITS[name].spec)))
    with pytest.raises(NotImplementedError, match=re.escape(line)):
        list(Walk(operation.name, ids()).refused())


def test_what_was_taken_away_is_kept_and_refused(spec: Use, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit = EDITS["a-request-enum-value-is-removed"]
    old, new = edit.before(published(edit.spec)), edit.apply(published(edit.spec))
    monkeypatch.setattr(past, "FILE", tmp_path / "once_allowed.json")
    assert [record(compare(old, new), past.FILE) for _ in range(2)] == [1, 0]

    (kept,) = past.of(spec(edit, new))
    (expected,) = edit.expect
    assert kept.pointer == expected.pointer
    assert not document.request_validator(edit.spec).is_valid(kept.body)
    assert not past.of(spec(edit, old)), "what is allowed again is not refused"
