"""Operations and models: the effective spec, beside what was generated from it."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import griffe
from markupsafe import Markup, escape

from docs.reference import names
from docs.reference.markup import link, plain, typed
from docs.reference.python_api import Entry, entry

_MODELS = f"{names.GENERATED}.models"
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_SCHEMA = "#/components/schemas/"
_LIMITS = (
    *("minLength", "maxLength", "pattern", "minimum", "maximum", "multipleOf"),
    *("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
)

_UNSET = re.compile(r" \| (?:<a [^>]*>)?Unset(?:</a>)?$")


@dataclass(frozen=True)
class Property:
    """A property of a model, in Python and in JSON."""

    id: str
    name: str
    typed: Markup
    json_name: str
    json_type: Markup
    is_required: bool
    meaning: Markup


@dataclass(frozen=True)
class Model:
    """A class that a request or a response is made of."""

    id: str
    name: str
    text: Markup
    properties: tuple[Property, ...]
    """Of a model."""
    values: tuple[tuple[str, str], ...]
    """Of an enum: the id and the value of each."""


@dataclass(frozen=True)
class Operation:
    """An operation of the API, and the module that calls it."""

    id: str
    name: str
    module: str
    method: str
    url: str
    text: Markup
    token: Markup
    functions: tuple[Entry, ...]


def spec() -> dict[str, Any]:
    """The effective spec, as the generated package ships it."""
    shipped = names.ROOT / "generated" / names.GENERATED / "openapi.json"
    document: dict[str, Any] = json.loads(shipped.read_text("utf-8"))
    return document


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    """Each operation of a spec."""
    for path, item in document["paths"].items():
        for method in sorted({*item} & {*_METHODS}):
            described = {"servers": document.get("servers", []), **item, **item[method]}
            name, tag = described["operationId"], described["tags"][0]
            module = f"{names.GENERATED}.api.{tag}.{name}"
            base = next((str(server["url"]).rstrip("/") for server in described["servers"]), "")
            functions = names.found(module).members.items()
            yield Operation(
                id=module,
                name=name,
                module=module,
                method=method.upper(),
                url=base + path,
                text=Markup("<p>{}</p>").format(plain(described.get("description") or described.get("summary", ""))),
                token=_token(document, described),
                functions=tuple(
                    entry(f"{module}.{each}", function)
                    for each, function in functions
                    if isinstance(function, griffe.Function) and not each.startswith("_") and function.docstring
                ),
            )


def _token(document: dict[str, Any], described: dict[str, Any]) -> Markup:
    schemes = [name for needed in described.get("security", document.get("security", [])) for name in needed]
    known = document["components"].get("securitySchemes", {})
    return Markup(" ").join(plain(known[name].get("description", name)) for name in schemes)


def models(document: dict[str, Any]) -> list[Model]:
    """Every model and enum of the generated package, by name."""
    schemas = document["components"]["schemas"]
    return [_model(name, kind, schemas.get(name, {})) for name, kind in names.models().items()]


def _model(name: str, kind: griffe.Class, schema: dict[str, Any]) -> Model:
    ident = f"{_MODELS}.{name}"
    text = Markup("<p>{}</p>").format(plain(schema["description"])) if "description" in schema else Markup()
    if any(str(base) == "OpenStrEnum" for base in kind.bases):
        values = [(each, member) for each, member in kind.members.items() if isinstance(member, griffe.Attribute)]
        shown = tuple((f"{ident}.{each}", str(ast.literal_eval(str(member.value)))) for each, member in values)
        return Model(ident, name, text, (), shown)
    return Model(ident, name, text, tuple(_properties(ident, kind, schema)), ())


def _properties(ident: str, kind: griffe.Class, schema: dict[str, Any]) -> Iterator[Property]:
    json_names = _json_names(kind)
    for name, field in kind.attributes.items():
        if name not in json_names:
            continue  # `additional_properties`, and the property that lists their names
        described = schema.get("properties", {}).get(json_names[name], {})
        yield Property(
            id=f"{ident}.{name}",
            name=name,
            typed=_without_unset(field.annotation),
            json_name=json_names[name],
            json_type=_json_type(described),
            is_required=json_names[name] in schema.get("required", ()),
            meaning=plain(described.get("description", "")),
        )


def _json_names(kind: griffe.Class) -> dict[str, str]:
    """The name in JSON of each field, as `to_dict` writes it."""
    found: dict[str, str] = {}
    for node in ast.walk(ast.parse(kind.members["to_dict"].source)):
        match node:
            case ast.Assign(
                targets=[ast.Subscript(value=ast.Name(id="field_dict"), slice=ast.Constant(value=str(name)))],
                value=ast.Name(id=field),
            ):
                found[field] = name
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(value, ast.Name):
                        found[value.id] = str(key.value)
            case _:
                pass
    return found


def _without_unset(annotation: str | griffe.Expr | None) -> Markup:
    """A type without what says that it may be left out; a column of its own says that."""
    return Markup(_UNSET.sub("", str(typed(annotation))))  # noqa: S704 - a type is markup already


def _json_type(schema: dict[str, Any]) -> Markup:
    """A schema in a line: a link for a component, its limits, and whether it may be null."""
    told = _kind(schema)
    limits = [f"{name} {json.dumps(schema[name], ensure_ascii=False)}" for name in _LIMITS if name in schema]
    if "format" in schema:
        limits.insert(0, str(schema["format"]))
    if schema.get("nullable") and told:
        limits.append("or null")
    return Markup(", ").join([told, *map(escape, limits)]) if told else Markup("any")


def _kind(schema: dict[str, Any]) -> Markup:
    match schema:
        case {"$ref": str(reference)}:
            name = reference.removeprefix(_SCHEMA)
            return link(f"{_MODELS}.{name}", name) if name in names.models() else escape(name)
        case {"allOf": [only]}:
            return _kind(only)
        case {"oneOf": parts} | {"anyOf": parts}:
            return Markup(" | ").join(_kind(part) or Markup("null") for part in parts)
        case {"type": "array"}:
            return Markup("array of {}").format(_kind(schema.get("items", {})) or "anything")
        case {"type": str(kind)}:
            return escape(kind)
        case _:
            return Markup()
