"""The JSON bodies that the operations of an OpenAPI document send and receive, and how its schemas hang together."""

from collections.abc import Iterable, Iterator
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


def every_schema(document: dict[str, Any], schemas: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Schemas, what they are made of, and what they refer to, at any depth."""
    seen: set[str] = set()
    queue = list(schemas)
    while queue:
        schema = queue.pop()
        yield schema
        if "$ref" in schema and (name := component(schema["$ref"])) not in seen:
            seen.add(name)
            queue.append(document["components"]["schemas"][name])
        queue += parts(schema)


def holds_enum(document: dict[str, Any], schema: dict[str, Any]) -> bool:
    """Whether there is an enum in a schema, or in what it refers to."""
    return any("enum" in each for each in every_schema(document, [schema]))


def stop_at_one_way(document: dict[str, Any]) -> None:
    """Refuse what is required and goes one way only: OpenAPI 3.0 asks for it in that way alone, and no check here does.

    Raises:
        StepError: if a request has such a property that is `readOnly`, or a response one that is `writeOnly`.
    """
    for table, keyword, where in (
        (requests(document), "readOnly", "request"),
        (responses(document), "writeOnly", "response"),
    ):
        for schema in every_schema(document, table.values()):
            for name in schema.get("required", ()):
                if any(each.get(keyword) for each in _referred(document, schema.get("properties", {}).get(name, {}))):
                    raise StepError(
                        f"{name!r} is required and {keyword} in a {where}, where it is not to be demanded: take it out "
                        "of `required` there with an overlay"
                    )


def _referred(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema, and what it stands for."""
    yield schema
    if "$ref" in schema:
        yield from _referred(document, document["components"]["schemas"][component(schema["$ref"])])


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
