"""The effective spec, as the gate reads it."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias, cast

import jsonschema_rs

Json: TypeAlias = "dict[str, Json] | list[Json] | str | float | bool | None"


@cache
def effective() -> dict[str, Any]:
    """The effective spec, as it ships beside the generated client."""
    document: dict[str, Any] = json.loads(files("siro_openapi").joinpath("openapi.json").read_text("utf-8"))
    return document


def enum(name: str) -> list[str]:
    """The values of a named enum."""
    values: list[str] = effective()["components"]["schemas"][name]["enum"]
    return values


def operation_document(name: str) -> dict[str, Any]:
    """What the effective spec says of an operation, by its operation id."""
    for path_item in effective()["paths"].values():
        for operation in path_item.values():
            if "operationId" in operation and operation["operationId"] == name:
                return cast("dict[str, Any]", operation)
    raise KeyError(name)


def resolve(schema: Any) -> dict[str, Any]:
    """A schema, or what its `$ref` leads to."""
    while "$ref" in schema:
        schema = effective()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return cast("dict[str, Any]", schema)


def request_is_valid(name: str, content: bytes) -> bool:
    """Whether a request body is one JSON text (RFC 8259) that the request schema of an operation allows."""
    try:
        body = json.loads(content, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return request_validator(name).is_valid(body)


def _refuse(constant: str) -> None:
    raise ValueError(constant)


@cache
def request_validator(name: str, *, closed: bool = False) -> jsonschema_rs.Validator:
    """What the effective spec says of the request body of an operation; closed: without unknown properties."""
    return validator(_published_body(name), closed=closed)


def has_unknown_properties(name: str, body: Json) -> bool:
    """Whether a valid body has a property, at whatever depth, that its schema does not list: left open by the pages.

    So is a connection beside the `id` of a link, which the variant by `id` does not list.
    """
    return not request_validator(name, closed=True).is_valid(body)


def validator(schema: Json, *, closed: bool = False) -> jsonschema_rs.Validator:
    """A compiled schema of the effective spec."""
    root = {"allOf": [json_schema(schema, closed)], "components": json_schema(effective()["components"], closed)}
    return jsonschema_rs.Draft202012Validator(root, validate_formats=True)


def json_schema(node: Json, closed: bool = False) -> Any:
    """An OpenAPI 3.0 schema as JSON Schema: `nullable` lets null in, beside whatever else is said."""
    if isinstance(node, list):
        return [json_schema(item, closed) for item in node]
    if not isinstance(node, dict):
        return node
    converted: dict[str, Any] = {key: json_schema(value, closed) for key, value in node.items() if key != "nullable"}
    if closed and node.get("type") == "object" and "properties" in node:
        converted["additionalProperties"] = False
    if node.get("nullable") is True:
        return {"anyOf": [{"type": "null"}, converted]} if converted else {}
    return converted


def body_schema(name: str) -> dict[str, Any]:
    """The request schema of an operation."""
    return resolve(_published_body(name))


def _published_body(name: str) -> Any:
    return operation_document(name)["requestBody"]["content"]["application/json"]["schema"]
