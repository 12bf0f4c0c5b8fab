"""Each constraint that a page may come to put on a request is decided by a case, with no code written."""

from typing import Any

import pytest

from contract_tests import document
from contract_tests.constraints import KINDS
from contract_tests.walk import Constraint, Walk

from .test_walk import walk_of

BASE: dict[str, Any] = {
    "type": "object",
    "properties": {"deep": {"type": "object", "properties": {"list": {"type": "array"}}}},
}
TEXT: dict[str, Any] = {"type": "string"}


def told(kind: str) -> dict[str, Any]:
    """A branch that tells by itself which one it is."""
    return {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string", "enum": [kind]}}}


CONSTRAINTS: list[tuple[dict[str, Any], str]] = [
    *(({"type": kind}, "type") for kind in ("string", "number", "integer", "boolean")),
    ({"type": "array", "items": TEXT}, "type"),
    ({"type": "object", "properties": {"a": TEXT}}, "type"),
    (TEXT, "nullable"),
    ({"type": "string", "enum": ["A", "B"]}, "enum"),
    ({"enum": ["A", "B"]}, "enum"),
    ({"type": "integer", "enum": [1, 2]}, "enum"),
    *(
        ({"type": "string", "format": form}, "format")
        for form in (
            "date-time",
            "date",
            "time",
            "duration",
            "uuid",
            "email",
            "uri",
            "hostname",
            "ipv4",
            "ipv6",
            "byte",
        )
    ),
    *(({"type": "integer", "format": form}, "format") for form in ("int32", "int64")),
    ({"type": "string", "pattern": "^[A-Z]{2}-[0-9]+$"}, "pattern"),
    ({"type": "string", "pattern": "^x", "minLength": 3, "maxLength": 5}, "pattern"),
    ({"type": "string", "pattern": "^x", "minLength": 3, "maxLength": 5}, "minLength"),
    ({"type": "string", "minLength": 1}, "minLength"),
    ({"type": "string", "maxLength": 255}, "maxLength"),
    ({"type": "string", "maxLength": 65536}, "maxLength"),
    ({"type": "string", "format": "email", "maxLength": 30}, "maxLength"),
    ({"type": "number", "minimum": 0}, "minimum"),
    ({"type": "number", "minimum": 0, "exclusiveMinimum": True}, "minimum"),
    ({"type": "number", "minimum": 0, "maximum": 1}, "maximum"),
    ({"type": "integer", "maximum": 1e9, "exclusiveMaximum": True}, "maximum"),
    ({"type": "number", "multipleOf": 0.01}, "multipleOf"),
    ({"type": "integer", "multipleOf": 5, "minimum": 12}, "multipleOf"),
    ({"type": "array", "items": TEXT, "minItems": 1}, "minItems"),
    ({"type": "array", "items": TEXT, "minItems": 3}, "minItems"),
    ({"type": "array", "items": TEXT, "maxItems": 2}, "maxItems"),
    ({"type": "array", "items": {"type": "string", "enum": ["A", "B"]}, "uniqueItems": True}, "uniqueItems"),
    (
        {"type": "array", "items": {"type": "object", "properties": {"a": TEXT}}, "uniqueItems": True, "minItems": 2},
        "uniqueItems",
    ),
    ({"type": "array", "items": {"type": "string", "maxLength": 3}}, "maxLength"),
    ({"type": "object", "properties": {"a": TEXT}, "required": ["a"]}, "required"),
    ({"type": "object", "properties": {"a": TEXT}, "additionalProperties": False}, "additionalProperties"),
    ({"type": "object", "additionalProperties": {"type": "integer"}}, "type"),
    ({"type": "object", "properties": {"a": TEXT, "b": TEXT}, "minProperties": 2}, "minProperties"),
    ({"type": "object", "properties": {"a": TEXT, "b": TEXT}, "maxProperties": 1}, "maxProperties"),
    ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, "oneOf"),
    ({"anyOf": [{"type": "string", "maxLength": 3}, {"type": "integer"}]}, "maxLength"),
    ({"oneOf": [{"type": "object", "required": [n], "properties": {n: TEXT}} for n in "ab"]}, "oneOf"),
    ({"oneOf": [told("cat"), told("dog")], "discriminator": {"propertyName": "kind"}}, "enum"),
    ({"type": "string", "not": {"enum": ["A"]}}, "not"),
    ({"type": "object", "properties": {"a": TEXT, "b": TEXT}, "not": {"required": ["a", "b"]}}, "not"),
    ({"allOf": [{"type": "object", "properties": {"a": TEXT}}, {"type": "object", "required": ["a"]}]}, "required"),
]
"""A schema, and a keyword that something in it says."""


def placed(schema: Any, place: str) -> Any:
    """A body with a schema at a place."""
    if place == "root":
        return {"type": "object", "required": ["new"], "properties": {"new": schema}}
    inner = {"type": "array", "items": {"type": "object", "properties": {"new": schema}}}
    return {
        "type": "object",
        "properties": {"deep": {"type": "object", "nullable": True, "properties": {"list": inner}}},
    }


@pytest.mark.parametrize("place", ["root", "deep"])
@pytest.mark.parametrize(("schema", "keyword"), CONSTRAINTS, ids=str)
def test_a_constraint_is_decided(schema: Any, keyword: str, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = placed(schema, place)
    walk = walk_of(body, monkeypatch)
    refused, accepted = list(walk.refused()), list(walk.accepted())

    validator = document.validator(body)
    broken = [
        case for case in refused if case.constraint and case.constraint.keyword == keyword and "new" in case.place
    ]
    assert broken, "no case decides it"
    assert {case.kind for case in broken} == {KINDS[keyword]}
    assert not [case for case in refused if validator.is_valid(case.body)]
    assert not [case for case in accepted if case.kind == "accepts" and not validator.is_valid(case.body)]
    assert any("new" in case.place for case in accepted if case.kind == "accepts"), "a server that refuses all passes"
    told = walk.constraints()
    assert {case.constraint for case in refused} == set(told)
    assert any(pointer.startswith("/body/") and found == keyword for pointer, found in told)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "contentEncoding": "base64"},
        {"type": "string", "readOnly": True},
        {"type": "string", "format": "unheard-of"},
        {"type": "object", "patternProperties": {}},
        {"type": "string", "pattern": r"\p{Nonsense}"},
        {"type": "string", "minLength": 3, "maxLength": 2},
        {"minLength": 1},
        {"oneOf": [told("cat"), {"type": "object"}], "discriminator": {"propertyName": "kind"}},
    ],
    ids=str,
)
def test_what_no_case_is_known_for_is_told_with_its_place(schema: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = walk_of({"type": "object", "properties": {"new": schema}}, monkeypatch)
    with pytest.raises(NotImplementedError, match=r"^no (case|value) .*(/body/properties/new|of new)"):
        _ = [*walk.refused(), *walk.accepted()]


def test_a_keyword_that_no_value_was_found_for_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> list[str]:
        return []

    monkeypatch.setattr("contract_tests.walk.breaking", none)
    walk = walk_of({"type": "object", "properties": {"new": {"type": "string", "maxLength": 5}}}, monkeypatch)
    with pytest.raises(NotImplementedError, match=r"no case for keyword maxLength at /body/properties/new"):
        list(walk.refused())


def test_the_branches_of_a_union_are_told_as_one_place() -> None:
    found = [
        each for each in Walk("link_recording", str).constraints() if each.pointer.endswith("/properties/dataType")
    ]
    assert sorted(each.keyword for each in found) == ["enum", "nullable", "required", "type"]
    assert all(isinstance(each, Constraint) for each in found)
