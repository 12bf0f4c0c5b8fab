"""The JSON bodies that the operations of an OpenAPI document send and receive, and how its schemas hang together."""

from collections.abc import Iterator
from typing import Any

from scripts.layout import StepError

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_COMPONENTS = "#/components/schemas/"


def requests(document: dict[str, Any]) -> dict[str, Any]:
    """The schema of what each operation sends, by operation id; without those that send no JSON."""
    return _present({name: _schema(document, value.get("requestBody", {})) for name, value in _operations(document)})


def responses(document: dict[str, Any]) -> dict[str, Any]:
    """The schema of each operation's success, by operation id; without those whose success is no JSON.

    Raises:
        StepError: if an operation has several successes.
    """
    return _present({name: _schema(document, _success(name, value)) for name, value in _operations(document)})


def component(reference: str) -> str:
    """The name of the component that a `$ref` leads to.

    Raises:
        StepError: if it leads elsewhere.
    """
    name = reference.removeprefix(_COMPONENTS)
    if name == reference or "/" in name:
        raise StepError(f"a schema has the $ref {reference!r}: name it below {_COMPONENTS} with an overlay")
    return name


def holds_enum(document: dict[str, Any], schema: Any, seen: frozenset[str] = frozenset()) -> bool:
    """Whether there is an enum in a schema, or in what it refers to."""
    if "$ref" in schema:
        name = component(schema["$ref"])
        return name not in seen and holds_enum(document, document["components"]["schemas"][name], seen | {name})
    return "enum" in schema or any(holds_enum(document, part, seen) for part in parts(schema))


def parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schemas that a schema is made of."""
    yield from schema.get("properties", {}).values()
    for keyword in ("allOf", "anyOf", "oneOf"):
        yield from schema.get(keyword, ())
    for keyword in ("items", "additionalProperties", "not"):
        if isinstance(schema.get(keyword), dict):
            yield schema[keyword]


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                if "operationId" not in item[method]:
                    raise StepError(f"{method.upper()} {path} has no operationId: give it one with an overlay")
                yield item[method]["operationId"], item[method]


def _success(name: str, operation: dict[str, Any]) -> dict[str, Any]:
    successes = [response for status, response in operation["responses"].items() if str(status).startswith("2")]
    if len(successes) > 1:
        raise StepError(f"{name} has {len(successes)} successes, and RESPONSES one for an operation: teach {__name__}")
    return successes[0] if successes else {}


def _schema(document: dict[str, Any], holder: dict[str, Any]) -> Any:
    while "$ref" in holder:
        section, name = holder["$ref"].split("/")[-2:]
        holder = document["components"][section][name]
    return holder.get("content", {}).get("application/json", {}).get("schema")


def _present(schemas: dict[str, Any]) -> dict[str, Any]:
    return {name: schema for name, schema in schemas.items() if schema is not None}
