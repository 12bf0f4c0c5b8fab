"""The walk of a request schema makes bodies that are what they say, for every property of the effective spec."""

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any, cast

import jsonschema_rs
import pytest

from contract_tests import document
from contract_tests.document import Json, request_validator
from contract_tests.operations import OPERATIONS, Operation
from contract_tests.rules import table
from contract_tests.walk import REFUSED, Body, Case, Filling, Walk, thinned

each_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


def ids() -> Callable[[], str]:
    numbers = itertools.count()
    return lambda: f"id-{next(numbers)}"


def errors(operation: Operation, body: Body) -> list[jsonschema_rs.ValidationError]:
    return list(request_validator(operation.name).iter_errors(body))


@each_operation
def test_what_must_be_accepted_is_valid(operation: Operation) -> None:
    walk = Walk(operation.name, ids())
    for body in [*walk.smallest(), *(case.body for case in walk.accepted() if case.kind == "accepts")]:
        assert not errors(operation, body), body


@each_operation
def test_what_must_be_refused_has_one_fault(operation: Operation) -> None:
    for case in Walk(operation.name, ids()).refused():
        # A body that fits no variant is told of beside the fault for which it fits none.
        found = [error for error in errors(operation, case.body) if "'oneOf'" not in error.message]
        assert len(found) <= 1, case
        assert errors(operation, case.body), case


@each_operation
def test_every_kind_of_fault_has_a_rule(operation: Operation) -> None:
    kinds = {case.kind for case in Walk(operation.name, ids()).refused()}
    assert kinds <= set(REFUSED)
    assert {f"{operation.short}.body.{kind}" for kind in kinds} <= set(table())


@each_operation
def test_every_property_at_every_depth_is_walked(operation: Operation) -> None:
    walk = Walk(operation.name, ids())
    fullest = max((case.body for case in walk.accepted()), key=lambda body: len(set(places(body))))
    walked = list(walk.refused())
    for place in places(fullest):
        assert {"type"} <= {case.kind for case in walked if case.place == place}, place
    if operation.short == "sync":
        assert "contact.account.addresses[].zip" in set(places(fullest))


def places(value: Json, place: str = "") -> Iterator[str]:
    """The properties that a body has, as a case tells them."""
    if place:
        yield place
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, f"{place}.{name}".lstrip("."))
    if isinstance(value, list):
        for inner in value:
            yield from places(inner, place + "[]")


@each_operation
def test_a_property_is_reached_with_three_keys_at_most_beside_those_required(operation: Operation) -> None:
    one_of_each: dict[str, Body] = {}
    for case in Walk(operation.name, ids()).accepted():
        if case.place != "*":
            one_of_each.setdefault(case.place, case.body)
    for place, body in one_of_each.items():
        assert sum(1 for less in shortened(body) if not errors(operation, cast("Body", less))) <= 3, place


def shortened(value: Json) -> Iterator[Json]:
    """What a value is without one of its keys, at whatever depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield {key: each for key, each in value.items() if key != name}
            yield from ({**value, name: less} for less in shortened(inner))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from ([*value[:index], less, *value[index + 1 :]] for less in shortened(inner))


@each_operation
def test_the_same_cases_are_made_in_each_run(operation: Operation) -> None:
    one, another = (Walk(operation.name, ids()) for _ in range(2))
    assert list(one.refused()) == list(another.refused())
    assert list(one.accepted()) == list(another.accepted())


@each_operation
def test_a_thinned_table_keeps_every_property_and_kind(operation: Operation) -> None:
    cases = list(Walk(operation.name, ids()).refused())
    kept = thinned(cases)
    assert {(case.place, case.kind) for case in kept} == {(case.place, case.kind) for case in cases}
    assert len(kept) < len(cases) / 2


def test_a_filling_fills_what_is_valid_and_leaves_the_fault() -> None:
    def fill(body: Body) -> Body:
        return {name: "there" if name == "id" else value for name, value in body.items()}

    walk = Walk("link_recording", ids(), Filling(frozenset({"id"}), fill))
    faults = [case for case in walk.refused() if case.place == "id"]
    assert faults
    assert all(case.body["id"] != "there" for case in faults)
    others = [case for case in walk.refused() if case.place != "id" and "id" in case.body]
    assert all(case.body["id"] == "there" for case in others)
    assert all(case.body.get("id", "there") == "there" for case in walk.accepted())


NEW: dict[str, Any] = {
    "type": "object",
    "required": ["count"],
    "properties": {
        "count": {"type": "integer"},
        "tree": {"type": "array", "items": {"type": "array", "items": {"type": "object", "properties": {}}}},
    },
}


def walk_of(schema: Any, monkeypatch: pytest.MonkeyPatch) -> Walk:
    def body_schema(_operation: str) -> Any:
        return schema

    def body_pointer(_operation: str) -> str:
        return "/body"

    monkeypatch.setattr("contract_tests.walk.body_schema", body_schema)
    monkeypatch.setattr("contract_tests.walk.body_pointer", body_pointer)
    return Walk("new", ids())


def cases_of(schema: Any, monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    walk = walk_of(schema, monkeypatch)
    return [*walk.refused(), *walk.accepted()]


def test_a_new_schema_is_walked_with_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = cases_of(NEW, monkeypatch)
    assert {"count", "tree", "tree[]", "tree[][]"} <= {case.place for case in cases}
    validator = document.validator(NEW)
    for case in cases:
        assert validator.is_valid(case.body) is (case.kind == "accepts"), case


def test_what_is_left_open_is_told_apart() -> None:
    open_cases = [case for case in Walk("sync_engagement", ids()).accepted() if case.kind == "open"]
    texts = {json.dumps(case.body) for case in open_cases}
    alone = [case.body["externalId"] for case in open_cases if case.place == "externalId"]
    assert any("\\u0000" in text for text in texts)
    assert any("\\ud800" in text for text in texts)
    assert "" in alone
    assert " " in alone
