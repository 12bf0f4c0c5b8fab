from typing import Any

import jsonschema_rs
import pytest

from siro_client.testing import _schema


def accepts(schema: dict[str, Any], value: Any, components: dict[str, Any] | None = None) -> bool:
    document: dict[str, Any] = {"components": {"schemas": components or {}}}
    return jsonschema_rs.Draft202012Validator(_schema.convert(document, schema)).is_valid(value)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "nullable": True},
        {"type": "string", "enum": ["A"], "nullable": True},
        {"allOf": [{"$ref": "#/components/schemas/A"}], "nullable": True},
        {"nullable": True},
    ],
    ids=str,
)
def test_nullable_lets_null_in_whatever_stands_beside_it(schema: dict[str, Any]) -> None:
    components = {"A": {"type": "string", "enum": ["A"]}}
    assert accepts(schema, None, components)
    assert accepts(schema, "A", components)
    assert not accepts({**schema, "nullable": False, "type": "string"}, None, components)


def test_references_are_followed_to_any_depth() -> None:
    components = {
        "A": {"$ref": "#/components/schemas/B~1C"},
        "B/C": {"type": "array", "items": {"$ref": "#/components/schemas/D"}},
        "D": {"type": "number", "description": "a number", "x-note": "of ours"},
    }
    assert accepts({"$ref": "#/components/schemas/A"}, [1, 2.5], components)
    assert not accepts({"$ref": "#/components/schemas/A"}, ["1"], components)


def test_a_discriminator_beside_a_union_leaves_the_branches_to_decide() -> None:
    branches = [{"properties": {"kind": {"enum": [kind]}}, "required": ["kind"]} for kind in ("cat", "dog")]
    union = {"oneOf": branches, "discriminator": {"propertyName": "kind"}}
    assert accepts(union, {"kind": "dog"})
    assert not accepts(union, {"kind": "fox"})


def test_a_request_body_may_be_a_reference() -> None:
    document: dict[str, Any] = {
        "paths": {"/x": {"put": {"requestBody": {"$ref": "#/components/requestBodies/X"}}}},
        "components": {"requestBodies": {"X": {"content": {"application/json": {"schema": {"type": "object"}}}}}},
    }
    assert _schema.request_schema(document, "/x", "put") == {"type": "object"}
    with pytest.raises(KeyError):
        _schema.request_schema(document, "/y", "put")


UNKNOWN: list[dict[str, Any]] = [
    {"type": "string", "format": "unheard-of"},
    {"type": "string", "readOnly": True},
    {"properties": {"x": {"patternProperties": {}}}},
    {"allOf": [{"discriminator": {}}]},
    {"not": {"const": 1}},
    {"items": True},
    {"$ref": "#/components/schemas/A", "nullable": True},
    {"$ref": "other.json#/A"},
    {"$ref": "#/components/schemas/A"},
]


@pytest.mark.parametrize("schema", UNKNOWN, ids=str)
def test_the_unknown_is_told_loudly(schema: dict[str, Any]) -> None:
    components = {"A": {"properties": {"a": {"$ref": "#/components/schemas/A"}}}}
    with pytest.raises(NotImplementedError, match=r"teach siro_client/testing/_schema\.py"):
        accepts(schema, 1, components)
