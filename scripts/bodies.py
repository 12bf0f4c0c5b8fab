"""The JSON bodies that the operations of an OpenAPI document send and receive, and how its schemas hang together."""

from collections.abc import Iterator
from typing import Any

from scripts.layout import StepError
from scripts.page import METHODS

_COMPONENTS = "#/components/schemas/"


def requests(document: dict[str, Any]) -> dict[str, Any]:
    """The schema of what each operation sends, by operation id; without those that send no JSON."""
    return _present({name: _schema(document, value.get("requestBody", {})) for name, value in _operations(document)})


def responses(document: dict[str, Any]) -> dict[str, Any]:
    """The schema of each operation's success, by operation id; without those whose success is no JSON.

    Where several successes are declared, one of their schemas has to fit.
    """
    return _present({name: _success(document, value) for name, value in _operations(document)})


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


def stop_at_endless(document: dict[str, Any]) -> None:
    """Refuse components that are made of themselves, not of values within them: no check of one would end.

    Raises:
        StepError: if there is one.
    """
    schemas = document.get("components", {}).get("schemas", {})
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        if name in way:
            told = " to ".join((*way[way.index(name) :], name))
            raise StepError(f"components/schemas/{name} is made of itself, by $ref: {told}: look at the page")
        if name not in done:
            for inner in _made_of(schemas[name]):
                visit(inner, (*way, name))
            done.add(name)

    for name in schemas:
        visit(name, ())


def _made_of(schema: dict[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        yield component(schema["$ref"])
        return
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(keyword, ()):
            yield from _made_of(part)
    if "not" in schema:
        yield from _made_of(schema["not"])


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
        for method in METHODS:
            if method in item:
                if "operationId" not in item[method]:
                    raise StepError(f"{method.upper()} {path} has no operationId: give it one with an overlay")
                yield item[method]["operationId"], item[method]


def _success(document: dict[str, Any], operation: dict[str, Any]) -> Any:
    found = [_schema(document, held) for status, held in operation["responses"].items() if str(status).startswith("2")]
    schemas = [schema for schema in found if schema is not None]
    distinct = [schema for index, schema in enumerate(schemas) if schema not in schemas[:index]]
    return {"anyOf": distinct} if distinct[1:] else next(iter(distinct), None)


def _schema(document: dict[str, Any], holder: dict[str, Any]) -> Any:
    while "$ref" in holder:
        section, name = holder["$ref"].split("/")[-2:]
        holder = document["components"][section][name]
    for media_type, content in holder.get("content", {}).items():
        if media_type.partition(";")[0].strip().lower() == "application/json":
            return content.get("schema")
    return None


def _present(schemas: dict[str, Any]) -> dict[str, Any]:
    return {name: schema for name, schema in schemas.items() if schema is not None}
