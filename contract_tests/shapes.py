"""Schemas of the effective spec without the indirections that it writes them with."""

from functools import lru_cache
from typing import Any, TypeAlias

from contract_tests.document import follow
from contract_tests.values import WRONG_TYPES

Schema: TypeAlias = dict[str, Any]

ANNOTATIONS = {"default", "deprecated", "description", "example", "externalDocs", "title", "xml"}
UNIONS = ("oneOf", "anyOf")
_INFERRED = {"properties": "object", "required": "object", "additionalProperties": "object", "items": "array"}
ANY = "any"
"""The type of a schema that says nothing of a value."""


class _Same:
    """A schema as a key: the same object, not an equal one, since comparing would take longer than what is kept."""

    __slots__ = ("schema",)

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.schema is other.schema


def flat(schema: Schema) -> Schema:
    """What a `$ref` leads to and the schemas of an `allOf` say together, with what is said beside them.

    Of one schema, the result is made once: it is not to be changed.

    Raises:
        NotImplementedError: the schema is one that the gate has no values for.

    """
    return _flat(_Same(schema))


@lru_cache(maxsize=4096)
def _flat(same: _Same) -> Schema:
    merged = _together(same.schema)
    return merged if any(keyword in merged for keyword in UNIONS) else _typed(merged)


def _together(schema: Schema, within: tuple[str, ...] = ()) -> Schema:
    if "$ref" in schema:
        if schema["$ref"] in within:
            raise NotImplementedError(f"no case for the recursive $ref {schema['$ref']}: teach {__name__}")
        within = (*within, schema["$ref"])
    schema = follow(schema)
    merged: Schema = {}
    for part in schema.get("allOf", ()):
        merged = _merged(merged, _together(part, within))
    return _merged(merged, {keyword: value for keyword, value in schema.items() if keyword != "allOf"})


def _typed(schema: Schema) -> Schema:
    """The schema with a type, which may be left out; `x-typed` tells whether it was."""
    if schema.get("type") in WRONG_TYPES:
        return {"x-typed": True, **schema}
    if "type" in schema and schema["type"] != ANY:
        raise NotImplementedError(f"no case for the type {schema['type']!r}: teach {__name__}")
    said = {keyword for keyword in schema.keys() - ANNOTATIONS - {"nullable", "type"} if not keyword.startswith("x-")}
    kinds = {_INFERRED[keyword] for keyword in said if keyword in _INFERRED}
    kinds |= {_type_of(value) for value in schema.get("enum", ()) if value is not None}
    if not said:
        return {**schema, "type": ANY}
    if len(kinds) != 1:
        raise NotImplementedError(f"no case for a schema without a type that says {sorted(said)}: teach {__name__}")
    return {**schema, "type": kinds.pop()}


def _type_of(value: Any) -> str:
    return {bool: "boolean", str: "string", int: "number", float: "number", list: "array", dict: "object"}[type(value)]


def variants(schema: Schema) -> list[Schema]:
    """The schema without `oneOf` and `anyOf`: once for each of their branches, with what is said beside them.

    What only some branches require is the choice between them; `demanded` has what all of them do. Of one schema, the
    result is made once: it is not to be changed.
    """
    return _variants(_Same(schema))


@lru_cache(maxsize=4096)
def _variants(same: _Same) -> list[Schema]:
    whole = flat(same.schema)
    for keyword in UNIONS:
        if keyword in whole:
            beside = {key: value for key, value in whole.items() if key not in (keyword, "x-typed", "discriminator")}
            chosen = [each for branch in whole[keyword] for each in variants(_merged(beside, _together(branch)))]
            if "discriminator" in whole:
                _stop_unless_told_apart(chosen, whole["discriminator"]["propertyName"])
            demanded = [
                name
                for name in chosen[0].get("required", ())
                if all(name in each.get("required", ()) for each in chosen)
            ]
            return [{**each, "demanded": demanded, "x-union": keyword} for each in chosen]
    return [whole]


def _stop_unless_told_apart(branches: list[Schema], name: str) -> None:
    """Let a discriminator say nothing that the branches do not: what it maps to a branch is no keyword of a schema."""
    for branch in branches:
        told = branch.get("properties", {}).get(name, {})
        if name not in branch.get("required", ()) or "enum" not in flat(told):
            raise NotImplementedError(
                f"no case for the discriminator {name!r}, whose values not every branch lists: let an overlay require "
                "it in each of them, with an enum"
            )


def _merged(one: Schema, other: Schema) -> Schema:
    """What two schemas say together; of annotations, the later."""
    merged = {**one, **other}
    if "required" in one and "required" in other:
        merged["required"] = list(dict.fromkeys([*one["required"], *other["required"]]))
    if "properties" in one and "properties" in other:
        merged["properties"] = {
            name: _both(one["properties"].get(name), other["properties"].get(name))
            for name in [*one["properties"], *(other["properties"].keys() - one["properties"].keys())]
        }
    for keyword in one.keys() & other.keys() - ANNOTATIONS - {"required", "properties", "nullable", "demanded"}:
        if one[keyword] != other[keyword] and not keyword.startswith("x-"):
            raise NotImplementedError(f"no case for {keyword} said twice at one place: teach {__name__}")
    return merged


def _both(one: Schema | None, other: Schema | None) -> Schema:
    if one is None or other is None or one == other:
        return one or other or {}
    return {"allOf": [one, other]}
