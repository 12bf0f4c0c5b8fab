"""The overlay is applied as OpenAPI Overlay 1.1 says, and strictly beyond that."""

import copy
from typing import Any

import pytest

from scripts import overlay
from scripts.layout import StepError

DOCUMENT = {
    "info": {"title": "t"},
    "a": {"x": {"type": "string", "enum": [1, 2]}, "y": {"type": "string", "enum": [1, 2]}},
    "list": [{"k": 1}, {"k": 2}, {"k": 3}],
}


def apply(*actions: dict[str, Any]) -> Any:
    return overlay.apply(
        DOCUMENT, {"overlay": "1.1.0", "actions": [{"description": "why", **a} for a in actions]}, "o.yaml"
    )


def test_update_merges_objects_and_appends_to_arrays() -> None:
    result = apply({"target": "$.a.x", "update": {"enum": [3], "new": {"deep": True}}})
    assert result["a"]["x"] == {"type": "string", "enum": [1, 2, 3], "new": {"deep": True}}


def test_update_of_an_array_appends_one_entry() -> None:
    assert apply({"target": "$.list", "update": {"k": 4}})["list"][-1] == {"k": 4}


def test_update_replaces_a_primitive() -> None:
    assert apply({"target": "$.info.title", "update": "other"})["info"]["title"] == "other"


def test_update_of_several_nodes_shares_nothing_between_them() -> None:
    result = apply({"target": "$.a.*", "x-matches": 2, "update": {"new": {"n": 1}}})
    result["a"]["x"]["new"]["n"] = 2
    assert result["a"]["y"]["new"] == {"n": 1}


def test_update_of_a_filtered_array_element() -> None:
    assert apply({"target": "$.list[?@.k == 2]", "update": {"hit": True}})["list"][1] == {"k": 2, "hit": True}


def test_copy_merges_one_node_into_others() -> None:
    result = apply({"target": "$.info", "copy": "$.a.x"})
    assert result["info"] == {"title": "t", "type": "string", "enum": [1, 2]}


def test_remove_of_several_array_elements_and_of_nested_nodes() -> None:
    assert apply({"target": "$.list[?@.k < 3]", "x-matches": 2, "remove": True})["list"] == [{"k": 3}]
    assert apply({"target": "$['a', 'list']..*", "x-matches": 16, "remove": True}) == {
        "info": {"title": "t"},
        "a": {},
        "list": [],
    }


def test_the_document_stays_as_it_is() -> None:
    before = copy.deepcopy(DOCUMENT)
    apply({"target": "$.list[0]", "remove": True}, {"target": "$.a.x", "update": {"new": 1}})
    assert before == DOCUMENT


@pytest.mark.parametrize(
    ("action", "found"),
    [
        ({"target": "$.nothing", "update": {"x": 1}}, "must match 1 nodes, and matches 0: none"),
        ({"target": "$.a.*", "update": {"x": 1}}, "must match 1 nodes, and matches 2: /a/x, /a/y"),
        ({"target": "$.a.*", "x-matches": 3, "update": {"x": 1}}, "must match 3 nodes, and matches 2"),
        ({"target": "$.info", "update": {"title": "t"}}, "changes nothing at /info"),
        ({"target": "$.info", "copy": "$.info"}, "changes nothing at /info"),
        ({"target": "$.info", "copy": "$.a.*"}, "must copy one node, and $.a.* matches 2"),
        ({"target": "$.list.*", "x-matches": 3, "x-identical": True, "remove": True}, "/list/1 and /list/0 must be"),
        (
            {"target": "$.list[*].k", "x-matches": 3, "x-identical": True, "remove": True},
            "/list/1/k and /list/0/k must be",
        ),
        ({"target": "$.a[", "remove": True}, "is no JSONPath"),
        ({"target": "$.info"}, "must say exactly one of update, copy, or `remove: true`"),
        ({"target": "$.info", "remove": True, "update": {"x": 1}}, "must say exactly one of"),
        ({"target": "$.info", "remove": False}, "must say exactly one of"),
        ({"target": "$.info", "update": {"x": 1}, "x-match": 1}, "has unknown fields: x-match"),
        ({"target": "$.info", "update": {"x": 1}, "description": ""}, "has no description"),
        ({"target": "$.info", "update": [1]}, "cannot merge list into object"),
        ({"target": "$.info.title", "update": {"x": 1}}, "cannot merge object into str"),
        ({"target": "$", "update": {"x": 1}}, "targets the whole document"),
    ],
)
def test_an_action_that_does_not_do_what_it_says_stops_the_build(action: dict[str, Any], found: str) -> None:
    with pytest.raises(StepError) as caught:
        apply({"target": "$.info", "update": {"fine": 1}}, action)
    assert str(caught.value).startswith(f"o.yaml: action 2 ({action['target']}): ")
    assert found in str(caught.value)


def test_another_version_is_refused() -> None:
    with pytest.raises(StepError, match="not an OpenAPI Overlay"):
        overlay.apply(DOCUMENT, {"overlay": "1.0.0", "actions": []}, "o.yaml")
