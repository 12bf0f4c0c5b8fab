"""The parameters of a request: text, read as the specification says what each is."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, cast

import jsonschema_rs
from starlette.requests import Request

from siro_client.testing import _schema, _zod
from siro_client.testing._json import Json, JsonObject
from siro_client.testing._refusal import Issue

_INTEGER = re.compile(r"-?(0|[1-9]\d{0,18})", re.ASCII)
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,30})(\.\d{1,30})?", re.ASCII)
_BOOLEANS: JsonObject = {"true": True, "false": False}
_USUAL = {"path": "simple", "query": "form", "header": "simple"}

Texts: TypeAlias = Callable[[Request], list[str]]


@dataclass(frozen=True)
class Parameter:
    """A parameter that an operation takes."""

    name: str
    is_required: bool
    is_repeated: bool
    schema: JsonObject
    validator: jsonschema_rs.Draft202012Validator
    texts: Texts

    def read(self, request: Request) -> Json:
        """Return its value; text that is none of the type stays text, which the schema then refuses."""
        texts = self.texts(request)
        if (items := _items(self.schema)) is None:
            return _value(self.schema, ", ".join(texts))
        return [_value(items, text) for text in (texts if self.is_repeated else texts[0].split(","))]


def parameters(document: JsonObject, path: str, described: Iterable[JsonObject]) -> list[Parameter]:
    """Return the parameters that an operation takes; `path` is its template.

    Raises:
        NotImplementedError: one is written in a way that is not known here.

    """
    return [_parameter(document, path, _schema.follow(document, each)) for each in described]


def found(known: Iterable[Parameter], request: Request) -> tuple[JsonObject, list[Issue]]:
    """Return the values of a request's parameters by name, and what is wrong with them."""
    values, issues = JsonObject(), list[Issue]()
    for each in known:
        if each.texts(request):
            values[each.name] = each.read(request)
            issues += _issues(each, values[each.name])
        elif each.is_required:
            issues.append({"code": "invalid_type", "path": [each.name], "message": "Required"})
    return values, issues


def _issues(parameter: Parameter, value: Json) -> Iterator[Issue]:
    for issue in _zod.issues(parameter.schema, parameter.validator.iter_errors(value)):
        yield {**issue, "path": [parameter.name, *issue["path"]]}


def _parameter(document: JsonObject, path: str, described: JsonObject) -> Parameter:
    name, place = str(described["name"]), str(described["in"])
    schema = _schema.convert(document, cast("JsonObject", described.get("schema", {})))
    is_list = _items(schema) is not None
    is_object = any(branch.get("type") == "object" for branch in _branches(schema))
    if place not in _USUAL or described.get("style", _USUAL[place]) != _USUAL[place] or is_object:
        message = f"the OpenAPI document has a parameter {name!r} of {path} that is written in a way not known here"
        raise NotImplementedError(f"{message}: teach siro_client/testing/_parameters.py")
    return Parameter(
        name,
        bool(described.get("required")),
        is_list and place == "query" and bool(described.get("explode", True)),
        schema,
        jsonschema_rs.Draft202012Validator(schema, validate_formats=True, ignore_unknown_formats=False),
        {"path": _in_path(path, name), "query": _in_query(name), "header": _in_header(name)}[place],
    )


def _in_path(path: str, name: str) -> Texts:
    names = re.findall(r"\{([^{}]+)\}", path)
    key = f"p{names.index(name)}" if name in names else ""
    return lambda request: [request.path_params[key]] if key in request.path_params else []


def _in_query(name: str) -> Texts:
    return lambda request: request.query_params.getlist(name)


def _in_header(name: str) -> Texts:
    return lambda request: request.headers.getlist(name)


def _branches(schema: JsonObject) -> Iterator[JsonObject]:
    """A schema, and all that it is made of: a type may stand beside `nullable`, or behind an `allOf`."""
    yield schema
    for keyword in ("allOf", "anyOf", "oneOf"):
        for branch in cast("list[JsonObject]", schema.get(keyword, [])):
            yield from _branches(branch)


def _items(schema: JsonObject) -> JsonObject | None:
    """The schema of the items, if it is one of a list."""
    found = (branch.get("items", {}) for branch in _branches(schema) if branch.get("type") == "array")
    return cast("JsonObject | None", next(found, None))


def _value(schema: JsonObject, text: str) -> Json:
    for branch in _branches(schema):
        match branch.get("type"):
            case "integer" if _INTEGER.fullmatch(text):
                return int(text)
            case "number" if _NUMBER.fullmatch(text):
                return float(text)
            case "boolean" if text in _BOOLEANS:
                return _BOOLEANS[text]
            case _:
                pass
    return text
