"""What the generator is given: the effective spec, without what would mislead it, or a stop where it would be misled.

A left-out `default` is not sent, so that it does not overwrite what Siro has stored; an id stays a text whatever its
`format` says; and an enum of anything but texts stays a number or a boolean. The validators check all of that.
"""

import copy
import keyword
import re
from collections.abc import Callable, Iterator
from typing import Any

from scripts import bodies
from scripts.layout import StepError, shown
from scripts.page import METHODS, operations, pointer

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 ._-]*", re.ASCII)
_MISLEADING = ("default", "title")
_FORMATS = {"date-time", "date"}
_SENT = {"application/json", "application/x-www-form-urlencoded"}
_STYLES = {"path": "simple", "query": "form", "header": "simple"}
_SCALARS = {"string", "number", "integer"}

Schema = dict[str, Any]


def simplified(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document for the generator.

    Raises:
        StepError: if there is something that the generated code would do wrong, or not at all.
    """
    _stop_at_names(document)
    for at, parameter in _parameters(document):
        _stop_at_parameter(document, at, parameter)
    for at, held in _bodies(document):
        _stop_at_media_types(at, held, _SENT)
    for at, held in _answers(document):
        _stop_at_media_types(at, held, None)
    document = copy.deepcopy(document)
    each_schema(document, _simplify)
    for _, parameter in _parameters(document):
        # A parameter is text already when it is given: `str` of a date-time is not what RFC 3339 has.
        parameter["schema"].pop("format", None)
    return document


def _stop_at_names(document: dict[str, Any]) -> None:
    for operation, path, method in operations(document):
        declared, at = document["paths"][path][method], _at("paths", path, method)
        for key, name in (
            ("operationId", declared.get("operationId")),
            *(("tags", t) for t in declared.get("tags", [])),
        ):
            if not (isinstance(name, str) and _NAME.fullmatch(name) and not keyword.iskeyword(name)):
                raise StepError(
                    f"{at}/{key}: {shown(operation)} has {shown(name)}, and a module is named by it: give it one of "
                    "[a-z0-9_] with its overlay"
                )
        segments = path.split("/")[1:]
        if re.search(r"[?#]", path) or "" in segments[:-1] or {".", ".."} & {*segments}:
            raise StepError(f"{at}: {shown(path)} leads elsewhere than its segments say: look at the page")


def _stop_at_parameter(document: dict[str, Any], at: str, parameter: Schema) -> None:
    place, name = str(parameter.get("in")), str(parameter.get("name"))
    told = f"{at}: the {place} parameter {shown(name)}"
    if place not in _STYLES:
        raise StepError(f"{told} is sent in a way that no operation was so far: teach scripts/templates")
    if "schema" not in parameter:
        raise StepError(f"{told} has no schema, and the generator would leave it out: give it one with an overlay")
    if place == "header" and not _HEADER.fullmatch(name):
        raise StepError(f"{told} has a name that no header has: look at the page")
    style = parameter.get("style", _STYLES[place])
    if style != _STYLES[place]:
        raise StepError(f"{told} has the style {shown(style)}, which the generated code does not know: teach it")
    kinds = set(_types(document, parameter["schema"], frozenset()))
    explode = parameter.get("explode", style == "form")
    if explode != (style == "form") and not kinds <= _SCALARS | {"boolean"}:  # of one value it says nothing
        raise StepError(f"{told} has explode: {str(explode).lower()}, which the generated code does not know: teach it")
    allowed = {"path": _SCALARS, "header": _SCALARS | {"boolean"}}.get(place)
    if allowed and not kinds <= allowed:
        raise StepError(
            f"{told} is of {', '.join(sorted(kinds))}, and only {', '.join(sorted(allowed))} are sent there"
        )


def _types(document: dict[str, Any], schema: Schema, seen: frozenset[str]) -> Iterator[str]:
    """The types of the values that a schema allows."""
    if "$ref" in schema:
        if (name := bodies.component(schema["$ref"])) not in seen:
            yield from _types(document, document["components"]["schemas"][name], seen | {name})
        return
    parts = [part for key in ("allOf", "anyOf", "oneOf") for part in schema.get(key, ())]
    if "type" in schema or not parts:
        yield schema.get("type", "anything")
    for part in parts:
        yield from _types(document, part, seen)


def _stop_at_media_types(at: str, held: Schema, known: set[str] | None) -> None:
    for media_type in held["content"]:
        kind = media_type.partition(";")[0].strip().lower()
        if kind == "application/octet-stream" or (known and kind not in known):
            raise StepError(
                f"{at}: has the media type {shown(media_type)}, which scripts/templates do not know: teach them"
            )


def _simplify(schema: Schema) -> None:
    for key in [key for key in schema if key in _MISLEADING or key.startswith("x-")]:
        del schema[key]
    if schema.get("format") not in _FORMATS:
        schema.pop("format", None)
    if (options := schema.get("enum")) is None:
        return
    texts = [option for option in dict.fromkeys(map(_hashable, options)) if option is not None]
    if not texts or not all(isinstance(option, str) for option in texts):
        del schema["enum"]
        return
    schema["enum"] = [*texts, *([None] if None in options else [])]
    names = [_constant(text, index) for index, text in enumerate(texts)]
    if len(set(names)) < len(names) or not all(map(_PLAIN.fullmatch, texts)):
        schema["x-enum-varnames"] = _distinct(names)


def _hashable(option: Any) -> Any:
    """An option that is no text is not looked at further."""
    return option if option is None or isinstance(option, str) else 0


def _constant(text: str, index: int) -> str:
    name = re.sub(r"[^A-Z0-9]+", "_", text.upper()).strip("_")
    return name if name[:1].isalpha() and text[:1].isalpha() else f"VALUE_{index}"


def _distinct(names: list[str]) -> list[str]:
    found: dict[str, None] = {}
    for name in names:
        free, number = name, 2
        while free in found:
            free, number = f"{name}_{number}", number + 1
        found[free] = None
    return list(found)


def _parameters(document: dict[str, Any]) -> Iterator[tuple[str, Schema]]:
    """Each parameter that is no reference, and where it stands."""
    for name, parameter in document.get("components", {}).get("parameters", {}).items():
        yield _at("components", "parameters", name), parameter
    for path, item in document["paths"].items():
        holders = [(_at("paths", path), item)]
        holders += [(_at("paths", path, method), item[method]) for method in item if method in METHODS]
        for at, holder in holders:
            for index, parameter in enumerate(holder.get("parameters", [])):
                if "$ref" not in parameter:
                    yield f"{at}/parameters/{index}", parameter


def _bodies(document: dict[str, Any]) -> Iterator[tuple[str, Schema]]:
    """Each request body with content, and where it stands."""
    for name, held in document.get("components", {}).get("requestBodies", {}).items():
        yield from _with_content(_at("components", "requestBodies", name), held)
    for _, path, method in operations(document):
        held = document["paths"][path][method].get("requestBody", {})
        yield from _with_content(_at("paths", path, method, "requestBody"), held)


def _answers(document: dict[str, Any]) -> Iterator[tuple[str, Schema]]:
    """Each response with content, and where it stands."""
    for name, held in document.get("components", {}).get("responses", {}).items():
        yield from _with_content(_at("components", "responses", name), held)
    for _, path, method in operations(document):
        for status, held in document["paths"][path][method]["responses"].items():
            yield from _with_content(_at("paths", path, method, "responses", status), held)


def _with_content(at: str, held: Schema) -> Iterator[tuple[str, Schema]]:
    if "content" in held:
        yield at, held


def _at(*parts: str | int) -> str:
    return shown(pointer(*parts))


def each_schema(document: dict[str, Any], change: Callable[[Schema], None]) -> None:
    """Change every schema of a document, in place."""
    holders = [holder for _, holder in (*_bodies(document), *_answers(document))]
    held = [content for holder in holders for content in holder["content"].values()]
    roots = [content["schema"] for content in held if "schema" in content]
    roots += [parameter["schema"] for _, parameter in _parameters(document) if "schema" in parameter]
    roots += document.get("components", {}).get("schemas", {}).values()
    while roots:
        schema = roots.pop()
        if "$ref" not in schema:
            change(schema)
            roots += bodies.parts(schema)
