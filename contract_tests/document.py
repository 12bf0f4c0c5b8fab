"""The effective spec, as the gate reads it."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias, cast

import jsonpath_rfc9535
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


@cache
def enum_texts() -> list[str]:
    """The texts of every enum, each once."""
    values = [node.value for node in jsonpath_rfc9535.find("$..enum[*]", effective())]
    return list(dict.fromkeys(value for value in values if isinstance(value, str)))


def operation_document(name: str) -> dict[str, Any]:
    """What the effective spec says of an operation, by its operation id."""
    for path_item in effective()["paths"].values():
        for operation in path_item.values():
            if "operationId" in operation and operation["operationId"] == name:
                return cast("dict[str, Any]", operation)
    raise KeyError(name)


def follow(node: Any) -> dict[str, Any]:
    """A node of the effective spec, or what its `$ref` leads to."""
    while "$ref" in node:
        root, *names = str(node["$ref"]).split("/")
        if root != "#":
            raise NotImplementedError(f"no case for the $ref {node['$ref']}, which leads out of the document")
        node = effective()
        for name in names:
            node = node[name.replace("~1", "/").replace("~0", "~")]
    return cast("dict[str, Any]", node)


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
    root = {"allOf": [json_schema(schema, closed)], "components": {"schemas": _components(closed=closed)}}
    return jsonschema_rs.Draft202012Validator(root, validate_formats=True)


@cache
def _components(*, closed: bool) -> dict[str, Any]:
    schemas = effective().get("components", {}).get("schemas", {})
    return {name: json_schema(schema, closed) for name, schema in schemas.items()}


FORMATS: dict[str, dict[str, Any]] = {
    "int32": {"minimum": -(2**31), "maximum": 2**31 - 1},
    "int64": {"minimum": -(2**63), "maximum": 2**63 - 1},
    "byte": {"pattern": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"},
}
"""What formats of OpenAPI demand that JSON Schema does not know."""
_SCHEMA, _SCHEMAS = {"additionalProperties", "items", "not"}, {"allOf", "anyOf", "oneOf"}


def json_schema(node: Any, closed: bool = False) -> Any:
    """An OpenAPI 3.0 schema as JSON Schema: `nullable` lets null in, beside whatever else is said."""
    if not isinstance(node, dict):
        return node
    schema = cast("dict[str, Any]", node)
    converted = {key: _keyword(key, value, closed) for key, value in schema.items() if key != "nullable"}
    for bound, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if converted.pop(bound, False) is True and limit in converted:
            converted[bound] = converted.pop(limit)
    if closed and schema.get("type") == "object" and "properties" in schema and "additionalProperties" not in schema:
        converted["additionalProperties"] = False
    if schema.get("format") in FORMATS:
        converted["allOf"] = [*converted.get("allOf", []), FORMATS[schema["format"]]]
    if schema.get("nullable") is True:
        return {"anyOf": [{"type": "null"}, converted]} if converted else {}
    return converted


def _keyword(keyword: str, value: Any, closed: bool) -> Any:
    if keyword in _SCHEMA:
        return json_schema(value, closed)
    if keyword in _SCHEMAS:
        return [json_schema(part, closed) for part in value]
    if keyword == "properties":
        return {name: json_schema(member, closed) for name, member in value.items()}
    return value


def methods_of(path: str) -> list[str]:
    """The methods that the effective spec has for a path, in capitals."""
    return [name.upper() for name, described in effective()["paths"][path].items() if "responses" in described]


def has_body(name: str) -> bool:
    """Whether an operation takes a request body."""
    return "requestBody" in operation_document(name)


def needs_body(name: str) -> bool:
    """Whether a request without a body is none that the effective spec allows."""
    return has_body(name) and bool(follow(operation_document(name)["requestBody"]).get("required", False))


def body_schema(name: str) -> dict[str, Any]:
    """The request schema of an operation."""
    return follow(_published_body(name))


def _published_body(name: str) -> Any:
    content = follow(operation_document(name)["requestBody"])["content"]
    if "application/json" not in content:
        raise NotImplementedError(f"no case for a body of {', '.join(content)}: {name} takes no application/json")
    return content["application/json"].get("schema", {})


def body_pointer(name: str) -> str:
    """Where in the document the request schema of an operation stands."""
    for path, item in effective()["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and cast("dict[str, Any]", operation).get("operationId") == name:
                return pointer("paths", path, method, "requestBody", "content", "application/json", "schema")
    raise KeyError(name)


def success_contents(name: str) -> dict[str, dict[str, Any]]:
    """What the effective spec says of the body of each success: by status and media type. Without a body: {}."""
    responses = operation_document(name)["responses"]
    found = {str(status): follow(response) for status, response in responses.items() if str(status).startswith("2")}
    return {
        status: {name.partition(";")[0].strip().lower(): body for name, body in response.get("content", {}).items()}
        for status, response in found.items()
    }


def success_schema(name: str, status: str) -> dict[str, Any]:
    """What it says of the JSON body of one success."""
    schema: dict[str, Any] = success_contents(name)[status]["application/json"].get("schema", {})
    return schema


def pointer(*names: str) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in names)
