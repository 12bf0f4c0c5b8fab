"""A schema of OpenAPI 3.0, as the JSON Schema that a validator decides by.

What the two differ in is settled here, once, for both documents:

- `nullable` needs `type` beside it, and then allows null, beside an enum without null too, since that is what an
  author who writes it means.
- A `readOnly` property is not for requests and a `writeOnly` one not for responses: there they are refused, and
  `required` is silent about them. OpenAPI says SHOULD NOT; whoever sends one can rely on nothing.
- `int32`, `int64` and `byte` are rules; formats that no validator knows are none, and neither is `discriminator`.
"""

from functools import cached_property
from typing import Any

import jsonschema_rs

from scripts.layout import Json, StepError, shown
from scripts.spec_diff.change import Direction
from scripts.spec_diff.document import Documents, Node, as_object

FORMATS = frozenset(
    {"date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6", "uri"}
    | {"uri-reference", "iri", "iri-reference", "uri-template", "uuid", "json-pointer", "regex"}
)
"""What the validator asserts by itself."""

RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
_BASE64 = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"

BOUNDS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
UNIONS = ("allOf", "anyOf", "oneOf")
_COPIED = (*BOUNDS, "pattern", "multipleOf", "uniqueItems")
_HIDDEN = {Direction.REQUEST: "readOnly", Direction.RESPONSE: "writeOnly"}


class JsonSchema:
    """A schema that stands by itself, in one direction, with the validator that it makes."""

    def __init__(self, documents: Documents, schema: Json, direction: Direction) -> None:
        self._documents = documents
        self._hidden = _HIDDEN[direction]
        self._names: dict[str, str] = {}
        self._definitions: dict[str, Json] = {}
        self.schema = self._converted(schema)

    @property
    def whole(self) -> dict[str, Json]:
        """With the definitions that it refers to."""
        schema: dict[str, Json] = self.schema if isinstance(self.schema, dict) else {"not": {}}
        return {**schema, "$defs": self._definitions}

    def followed(self, schema: Json) -> Json:
        """What a reference in it leads to."""
        while isinstance(schema, dict) and isinstance(reference := schema.get("$ref"), str):
            schema = self._definitions[reference.removeprefix("#/$defs/")]
        return schema

    def allows(self, value: Json) -> bool:
        """Whether a value is valid, formats included."""
        return self._validator.is_valid(value)

    def part_validator(self, part: Json) -> jsonschema_rs.Draft202012Validator:
        """What decides by a part of it."""
        return validator({**part, "$defs": self._definitions} if isinstance(part, dict) else {})

    @cached_property
    def _validator(self) -> jsonschema_rs.Draft202012Validator:
        return validator(self.whole)

    def _converted(self, value: Any) -> Json:
        schema = as_object(value)
        if schema is None:
            return True
        if isinstance(reference := schema.get("$ref"), str):
            return {"$ref": f"#/$defs/{self._defined(reference)}"}
        converted: dict[str, Json] = {key: schema[key] for key in _COPIED if key in schema}
        converted |= _of_type(schema) | _of_format(schema) | _limits(schema)
        for keyword in UNIONS:
            if branches := schema.get(keyword):
                converted[keyword] = [self._converted(branch) for branch in branches]
        for keyword in ("items", "not"):
            if keyword in schema:
                converted[keyword] = self._converted(schema[keyword])
        if schema.get("format") == "byte":
            others = converted.get("allOf", [])
            converted["allOf"] = [*(others if isinstance(others, list) else []), {"pattern": _BASE64}]
        return converted | self._of_object(schema)

    def _defined(self, reference: str) -> str:
        if reference not in self._names:
            name = self._names[reference] = str(len(self._names))
            self._definitions[name] = self._converted(self._documents.target(reference).value)
        return self._names[reference]

    def _of_object(self, schema: dict[str, Any]) -> dict[str, Json]:
        properties = schema.get("properties", {})
        hidden = {name for name, inner in properties.items() if self._is_hidden(inner)}
        converted: dict[str, Json] = {}
        if properties:
            converted["properties"] = {
                name: False if name in hidden else self._converted(inner) for name, inner in properties.items()
            }
        if required := [name for name in schema.get("required", ()) if name not in hidden]:
            converted["required"] = list(required)
        others = schema.get("additionalProperties", True)
        if others is not True:
            converted["additionalProperties"] = others if others is False else self._converted(others)
        return converted

    def _is_hidden(self, schema: Json) -> bool:
        return self._documents.follow(Node(("old",), schema)).at(self._hidden).value is True


def validator(schema: dict[str, Json]) -> jsonschema_rs.Draft202012Validator:
    """What decides by a JSON Schema, formats included.

    Raises:
        StepError: if a rule is none, such as a pattern that is no regular expression.
    """
    try:
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    except (jsonschema_rs.ValidationError, ValueError) as error:
        reason = shown(str(error).splitlines()[0])
        raise StepError(f"a schema has a rule that is none: {reason}; look at its patterns and bounds") from None


def _of_type(schema: dict[str, Any]) -> dict[str, Json]:
    kind, options = schema.get("type"), schema.get("enum")
    null = kind is not None and schema.get("nullable") is True
    converted: dict[str, Json] = {}
    if kind is not None:
        converted["type"] = [kind, "null"] if null else kind
    if options is not None:
        converted["enum"] = [*options, None] if null and None not in options else options
    return converted


def _of_format(schema: dict[str, Any]) -> dict[str, Json]:
    return {"format": schema["format"]} if schema.get("format") in FORMATS else {}


def _limits(schema: dict[str, Any]) -> dict[str, Json]:
    """Bounds of numbers; in OpenAPI 3.0 an exclusive one is a flag beside the bound."""
    converted: dict[str, Json] = {}
    for keyword, flag in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if keyword in schema:
            converted[flag if schema.get(flag) is True else keyword] = schema[keyword]
    if schema.get("format") in RANGES and schema.get("type") == "integer":
        least, most = RANGES[schema["format"]]
        converted["minimum"] = max(least, schema.get("minimum", least))
        converted["maximum"] = min(most, schema.get("maximum", most))
    return converted
