"""What the corpus has no place for: hostile and odd documents, and bodies that only generation finds."""

import copy
import itertools
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest

from scripts.layout import StepError
from scripts.spec_diff import Direction, Kind, compare, generation, report
from scripts.spec_diff.document import Documents
from scripts.spec_diff.json_schema import JsonSchema
from tests.spec_diff.documents import changed, document, text, with_parameter


def test_many_paths_to_one_component_are_walked_in_no_time() -> None:
    # Each level refers to the next one twice: 2 to the 40 ways to the last.
    names = [f"Level{number}" for number in range(40)]
    levels: dict[str, Any] = {
        name: {"type": "object", "properties": {side: {"$ref": f"#/components/schemas/{inner}"} for side in "ab"}}
        for name, inner in itertools.pairwise(names)
    }
    levels[names[-1]] = text()
    new = copy.deepcopy(levels)
    new[names[-1]]["maxLength"] = 5
    root = {"$ref": f"#/components/schemas/{names[0]}"}
    assert compare(document(root, levels), document(root, copy.deepcopy(levels))) == []
    (found,) = compare(document(root, levels), document(root, new))
    assert found.pointer == "/components/schemas/Level39/maxLength"


def test_a_change_that_a_union_absorbs_breaks_nobody() -> None:
    anything: dict[str, Any] = {"description": "Anything"}
    (found,) = changed({"anyOf": [text(), anything]}, {"anyOf": [text(maxLength=3), anything]})
    assert (found.kind, found.breaking, found.witness) == (Kind.BOUND_CHANGED, False, None)


def test_the_same_change_without_the_open_branch_breaks_callers() -> None:
    (found,) = changed({"anyOf": [text(), {"type": "number"}]}, {"anyOf": [text(maxLength=3), {"type": "number"}]})
    assert found.breaks_callers
    assert found.witness
    assert isinstance(found.witness.body, str)
    assert len(found.witness.body) == 4


def test_one_body_for_two_rules_that_refuse_the_same_is_found_for_each() -> None:
    found = changed(text(), text(minLength=3, pattern="^[a-z]+$"))
    assert {one.kind for one in found if one.breaks_callers} == {Kind.BOUND_CHANGED, Kind.PATTERN_CHANGED}


def test_two_rules_that_only_together_make_the_difference_are_both_told() -> None:
    # Whoever undid one of them would still be refused by the other.
    found = changed(text(), text(minLength=1, pattern="^.|\\n"))
    assert [(one.kind, one.breaks_callers) for one in found] == [
        (Kind.BOUND_CHANGED, True),
        (Kind.PATTERN_CHANGED, True),
    ]


def test_branches_that_look_alike_are_told_apart() -> None:
    branches = [text(maxLength=3, description="Short"), text(maxLength=5, minLength=4, description="Long")]
    assert changed({"oneOf": branches}, {"oneOf": branches[::-1]}) == []


def test_a_branch_that_overlaps_another_of_one_of_breaks_callers() -> None:
    branches = [{"type": "object", "properties": {name: text()}, "required": [name]} for name in ("externalId", "id")]
    (found,) = changed(branches[0], {"oneOf": branches})
    assert (found.kind, found.breaks_callers) == (Kind.BRANCH_ADDED, True)
    assert found.witness
    assert isinstance(found.witness.body, dict)
    assert found.witness.body.keys() == {"externalId", "id"}
    assert [one.breaking for one in changed(branches[0], {"anyOf": branches})] == [False]


def test_a_type_that_is_dropped_breaks_nobody_where_a_union_comes() -> None:
    parts = {"A": {"type": "object", "required": ["a"]}, "B": {"type": "object", "required": ["b"]}}
    union = {"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]}
    new = {"properties": {"c": text()}, **union}
    found = compare(document({"type": "object", "properties": {"c": text()}}, parts), document(new, parts))
    assert {one.kind: one.breaks_callers for one in found} == {Kind.TYPE_CHANGED: False, Kind.UNION_CHANGED: True}
    assert "#/components/schemas/A" in found[1].meaning


def test_a_rule_that_another_implies_breaks_nothing_more() -> None:
    found = {one.kind: one.breaking for one in changed(text(enum=["a", "b"]), text(enum=["a"], maxLength=1))}
    assert found == {Kind.ENUM_VALUE_REMOVED: True, Kind.BOUND_CHANGED: False}


def test_an_unsized_bound_of_a_hostile_page_is_no_memory() -> None:
    found = changed({"type": "array", "items": text()}, {"type": "array", "items": text(), "minItems": 10**12})
    assert [(one.kind, one.breaks_callers) for one in found] == [(Kind.BOUND_CHANGED, True)]


def test_bodies_that_were_not_thought_of_are_generated() -> None:
    schema = JsonSchema(Documents(document({}), document({})), {"type": "string", "minLength": 7}, Direction.REQUEST)
    first, second = (generation.find(schema, lambda value: "0" in str(value)) for _ in range(2))
    assert first == second
    assert first is not None
    assert schema.allows(first[0])


def test_a_reference_out_of_the_document_is_refused() -> None:
    old = document({"$ref": "https://example.com/schema.json"})
    with pytest.raises(StepError, match="leads out of the document"):
        compare(old, document({"$ref": "https://example.com/other.json"}))


def test_no_body_of_a_component_that_holds_itself_is_endless() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}, "required": ["next"]}
    new = {**node, "properties": {**node["properties"], "name": text()}}  # type: ignore[dict-item] # both are objects
    root = {"$ref": "#/components/schemas/Node"}
    (found,) = compare(document(root, {"Node": node}), document(root, {"Node": new}))
    assert (found.kind, found.breaking) == (Kind.PROPERTY_ADDED, False)


def one_of(**first: Any) -> dict[str, Any]:
    branches: list[Any] = [
        {"type": "object", "required": ["a"], "properties": {"a": text(**first)}},
        {"type": "object", "required": ["b"]},
    ]
    return {"oneOf": branches}


def test_a_branch_of_one_of_that_allows_more_breaks_who_fits_another() -> None:
    (found,) = changed(one_of(maxLength=5), one_of())
    assert (found.kind, found.breaks_callers) == (Kind.BOUND_CHANGED, True)
    assert found.witness is not None
    assert found.witness.was_allowed
    assert not found.witness.is_allowed


def test_a_branch_inside_that_allows_more_breaks_who_fits_another() -> None:
    inside = [{"type": "object", "properties": {"inner": one}} for one in (one_of(maxLength=5), one_of())]
    (found,) = changed(*inside)
    assert (found.kind, found.breaks_callers) == (Kind.BOUND_CHANGED, True)


def test_what_must_not_fit_is_looked_at_through_its_reference() -> None:
    root = {"type": "object", "not": {"$ref": "#/components/schemas/N"}}
    narrow, wide = (
        {"N": {"type": "object", "required": ["a"], "properties": {"a": rules}}}
        for rules in (text(maxLength=3), text())
    )
    (found,) = compare(document(root, narrow), document(root, wide))
    assert (found.kind, found.breaks_callers) == (Kind.NOT_CHANGED, True)
    assert compare(document(root, narrow), document(root, copy.deepcopy(narrow))) == []


@pytest.mark.parametrize("pattern", ["(?<q>Q{30})", r"\p{Lu}{30}"])
def test_a_pattern_that_is_none_of_python_is_one_all_the_same(pattern: str) -> None:
    body = {"type": "object", "properties": {"a": text(pattern=pattern), "b": text()}}
    (found,) = changed(body, body | {"required": ["b"]})
    assert (found.kind, found.breaks_callers) == (Kind.REQUIRED_ADDED, True)


def with_flag(**rules: Any) -> dict[str, Any]:
    """A common mistake: `required` is the list of an object, and no flag of a property."""
    return document({"type": "object", "properties": {"a": text(required=True, **rules)}})


def with_itself(**rules: Any) -> dict[str, Any]:
    itself = {"$ref": "#/components/schemas/Itself"}
    return document(itself, {"Itself": {"anyOf": [itself, text(**rules)]}})


@pytest.mark.parametrize("odd", [with_flag, with_itself])
def test_what_cannot_be_compared_is_one_line(odd: Callable[..., dict[str, Any]]) -> None:
    with pytest.raises(StepError, match=r"^the documents cannot be compared \(\w+: [^\n]+\); is all of it OpenAPI 3.0"):
        compare(odd(), odd(maxLength=3))


@pytest.mark.parametrize("most", [255.0, 20_000, 65_535, 1_000_000])
def test_a_text_that_is_too_long_now_is_shown_however_long_it_is(most: float) -> None:
    (found,) = changed(text(), text(maxLength=most))
    assert found.witness is not None
    assert isinstance(found.witness.body, str)
    assert len(found.witness.body) == int(most) + 1
    assert len(report.markdown([found])) < 10_000


def objects(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties} | ({"required": list(required)} if required else {})


ONE_OF_TWO_IDS = {
    "oneOf": [
        {"required": ["id"], "not": {"required": ["ext"]}},
        {"required": ["ext", "conn"], "not": {"required": ["id"]}},
    ]
}
UNIQUE = {"type": "array", "uniqueItems": True}
HARD = {
    "a property that a union beside it speaks of": (
        objects(id=text(), ext=text(), conn=text()) | ONE_OF_TWO_IDS,
        objects(id=text(), ext=text(maxLength=18), conn=text()) | ONE_OF_TWO_IDS,
    ),
    "a property that allOf speaks of too": (
        objects(a=text()),
        objects(a=text()) | {"allOf": [{"properties": {"a": {"maxLength": 100}}}]},
    ),
    "a value past the thousandth": (
        text(enum=[f"V{number}" for number in range(1500)]),
        text(enum=[f"V{number}" for number in range(1499)]),
    ),
    "a format and a pattern": (text(format="uri"), text(format="uri", pattern="^https://")),
    "items that must differ": (
        UNIQUE | {"minItems": 2, "items": text()},
        UNIQUE | {"minItems": 2, "items": text(maxLength=5)},
    ),
    "objects that must differ": (
        UNIQUE | {"items": objects("z", z=text())},
        UNIQUE | {"items": objects("z", z=text()), "maxItems": 20},
    ),
    "one branch of two": (
        {"anyOf": [objects(a=text()), objects(b=text())]},
        {"anyOf": [objects(a=text(maxLength=3)), objects(b=text())]},
    ),
    "two branches at once": (
        {"anyOf": [objects("a", a=text()), objects("b")]},
        {"anyOf": [objects("a", a=text()), objects("b")], "not": {"required": ["a", "b"]}},
    ),
    "thousands of properties": (objects(), objects() | {"minProperties": 5000}),
}


@pytest.mark.parametrize("name", HARD)
def test_a_break_is_shown_where_it_is_hard_to(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # It takes a minute, and finds none of these.
    monkeypatch.setattr(generation, "find", mock.Mock(return_value=None))
    (found,) = changed(*HARD[name])
    assert found.breaks_callers
    assert found.witness is not None


def test_a_text_on_the_wire_is_shown_as_a_text() -> None:
    old, new = (with_parameter(schema=text(**rules)) for rules in ({}, {"pattern": "^[a-z]{9}$"}))
    (found,) = compare(old, new)
    assert found.witness is not None
    assert found.witness.body == {"q": ""}


def test_what_moves_into_a_branch_is_not_gone() -> None:
    whole, split = objects(a=text(), b=text()), {"allOf": [objects(a=text()), objects(b=text())]}
    told = {found.meaning: found.breaking for found in (*changed(whole, split), *changed(split, whole))}
    assert "'a' in the request body is said in a branch of allOf now; requests that were valid stay valid." in told
    assert any("'b' in the request body is said outside of the branches of allOf now;" in meaning for meaning in told)
    assert not any(told.values())
