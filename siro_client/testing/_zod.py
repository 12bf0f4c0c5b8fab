"""Zod's words for what JSON Schema finds, since Siro validates with Zod and answers in its shape."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias, cast

from jsonschema_rs import ValidationError, ValidationErrorKind

from siro_client.testing._json import Json, JsonObject
from siro_client.testing._refusal import Issue

Path: TypeAlias = Sequence[str | int]


def issues(schema: JsonObject, errors: Iterable[ValidationError]) -> list[Issue]:
    """Translate what a validator of `schema` found, one issue for each path.

    Zod looks at nothing else of a value whose type is wrong; the validator tells the type first.
    """
    by_path: dict[tuple[str | int, ...], Issue] = {}
    for error in errors:
        for issue in _issues_of(schema, error):
            by_path.setdefault(tuple(issue["path"]), issue)
    return list(by_path.values())


def invalid_type(path: Path, expected: str, received: Json) -> Issue:
    """Return the issue for a value of the wrong type."""
    received_type = _type_of(received)
    message = f"Expected {expected}, received {received_type}"
    return {
        "code": "invalid_type",
        "path": [*path],
        "message": message,
        "expected": expected,
        "received": received_type,
    }


def _issues_of(schema: JsonObject, error: ValidationError) -> list[Issue]:
    match error.kind:
        case ValidationErrorKind.OneOfNotValid(branches) | ValidationErrorKind.AnyOf(branches):
            return _closest([issues(schema, branch) for branch in branches], error.instance_path)
        case _:
            return [_issue_of(schema, error)]


def _issue_of(schema: JsonObject, error: ValidationError) -> Issue:
    path, kind, value = error.instance_path, error.kind, cast("Json", error.instance)
    match kind:
        case ValidationErrorKind.Type(types):
            return invalid_type(path, " | ".join(types), value)
        case ValidationErrorKind.Required(name):
            return _required([*path, name], _property(schema, error.schema_path[:-1], name))
        case ValidationErrorKind.Enum(options):
            return _invalid_enum_value(path, _union(cast("list[Json]", options)), value)
        case ValidationErrorKind.Format(format=name):
            return {"code": "invalid_string", "path": path, "message": f"Invalid {name}"}
        case ValidationErrorKind.MinLength(limit):
            return {"code": "too_small", "path": path, "message": f"String must contain at least {limit} character(s)"}
        case _:
            return {"code": "custom", "path": path, "message": f"Value breaks the rule {kind.name!r} of the schema"}


def _closest(branches: Sequence[list[Issue]], path: Path) -> list[Issue]:
    """Return the issues of the variant that was meant: the right type at least, then the fewest issues."""

    def distance(branch: list[Issue]) -> tuple[bool, int]:
        wrong_type = any(issue["code"] == "invalid_type" and issue["path"] == [*path] for issue in branch)
        return wrong_type, len(branch)

    return min(branches, key=distance)


def _required(path: Path, schema: JsonObject) -> Issue:
    expected = _expected(schema)
    return {
        "code": "invalid_type",
        "path": [*path],
        "message": "Required",
        "expected": expected,
        "received": "undefined",
    }


def _invalid_enum_value(path: Path, expected: str, value: Json) -> Issue:
    return {
        "code": "invalid_enum_value",
        "path": [*path],
        "message": f"Invalid enum value. Expected {expected}, received '{value}'",
        "expected": expected,
        "received": str(value),
    }


def _property(schema: JsonObject, path: Path, name: str) -> JsonObject:
    node = schema
    for key in path:
        node = cast("JsonObject", node[cast("str", key)])
    return cast("JsonObject", cast("JsonObject", node.get("properties", {})).get(name, {}))


def _expected(schema: JsonObject) -> str:
    if "enum" in schema:
        return _union(cast("list[Json]", schema["enum"]))
    for keyword in ("allOf", "anyOf", "oneOf"):
        if keyword in schema:
            return _expected(cast("list[JsonObject]", schema[keyword])[0])
    return str(schema.get("type", "unknown"))


def _union(options: Sequence[Json]) -> str:
    return " | ".join(f"'{option}'" for option in options)


def _type_of(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    if value is None:
        return "null"
    names = {dict: "object", list: "array", str: "string", int: "number", float: "number"}
    return names[type(value)]
