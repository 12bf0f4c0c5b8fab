"""The parameters of an operation: what each may be, how a value is written in a request, and what must be refused.

A parameter is text on the wire. Which texts a server takes for an integer or a boolean is left open at the edges, so
only those are sent that every reader takes alike.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Literal, TypeAlias
from urllib.parse import parse_qsl, quote, unquote, urlencode

import httpx
import jsonschema_rs

from contract_tests.constraints import stop_at_unknown
from contract_tests.document import Json, validator
from contract_tests.operations import Operation, parameters_of
from contract_tests.shapes import Schema, variants

Key: TypeAlias = tuple[str, str]
"""Where a parameter stands ("path", "query" or "header"), and its name."""
Given: TypeAlias = Mapping[Key, Json]
Verdict: TypeAlias = Literal["valid", "invalid", "open"]

NO_NUMBERS = ("text", "five", "1,5,", "--1", "12x")
NO_BOOLEANS = ("text", "maybe", "12")
_BOOLEANS = {"true": True, "false": False}
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,6})?", re.ASCII)
"""Such as every reader has exactly."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of an operation."""

    key: Key
    schema: Schema
    pointer: str
    is_required: bool
    is_repeated: bool
    """Whether each item of a list stands by itself, rather than all between commas."""

    @cached_property
    def validator(self) -> jsonschema_rs.Validator:
        return validator(self.schema)

    @property
    def place(self) -> str:
        return f"{self.key[0]} {self.key[1]}"

    def texts(self, value: Json) -> list[str]:
        """A value as it is written."""
        items = [_text(item) for item in value] if isinstance(value, list) else [_text(value)]
        return items if self.is_repeated else [",".join(items)]

    def is_writable(self, value: Json) -> bool:
        """Whether a value reads back from a request as it was, whoever reads it."""
        items = value if isinstance(value, list) else [value]
        texts = [_text(item) for item in items]
        plain = all(text and text == text.strip() and text.isprintable() and text not in (".", "..") for text in texts)
        ascii_only = self.key[0] == "query" or all(text.isascii() and not set(text) & set("/\\%?#") for text in texts)
        return plain and bool(items) and ascii_only and not (isinstance(value, list) and any("," in t for t in texts))

    def is_surely_valid(self, value: Json) -> bool:
        """Whether a value is valid, whoever reads it."""
        return value is not None and self.is_writable(value) and self.verdict(self.texts(value)) == "valid"

    def verdict(self, texts: list[str]) -> Verdict:
        """Whether what stands in a request is what the effective spec says; open where readers differ."""
        is_list = self.schema["type"] == "array"
        if not texts:
            return "invalid" if self.is_required else "valid"
        if not is_list and len(texts) > 1:
            return "open"
        items = texts if self.is_repeated or not is_list else texts[0].split(",")
        kinds = {each["type"] for each in variants(self.schema.get("items", {}) if is_list else self.schema)}
        if any(text != text.strip() or not text or not text.isprintable() for text in items) or len(kinds) != 1:
            return "open"
        read = [_read(text, *kinds) for text in items]
        if any(value is None for value in read):
            return "invalid" if any(_is_no(text, *kinds) for text in items) else "open"
        return "valid" if self.validator.is_valid(read if is_list else read[0]) else "invalid"


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _read(text: str, kind: str) -> Json:
    match kind:
        case "integer" | "number" if _NUMBER.fullmatch(text) and (kind == "number" or "." not in text):
            number: float = json.loads(text)
            return number
        case "boolean":
            return _BOOLEANS.get(text)
        case "string" | "any":
            return text
        case _:
            return None


def _is_no(text: str, kind: str) -> bool:
    """Whether no reader takes a text for a value of a type."""
    return text in (NO_BOOLEANS if kind == "boolean" else NO_NUMBERS)


@cache
def parameters(operation: Operation) -> tuple[Parameter, ...]:
    """The parameters of an operation.

    Raises:
        NotImplementedError: the effective spec writes one in a way that the gate has no cases for.

    """
    return tuple(_parameter(where + "/schema", each) for where, each in parameters_of(operation).items())


def _parameter(where: str, described: dict[str, Any]) -> Parameter:
    place, name = described["in"], described["name"]
    usual = "form" if place == "query" else "simple"
    if place not in ("path", "query", "header") or described.get("style", usual) != usual or "schema" not in described:
        raise NotImplementedError(f"no case for a {place} parameter written as {name} is, at {where}: teach {__name__}")
    (schema, *others) = variants(described["schema"])
    stop_at_unknown(schema, where)
    items = variants(schema.get("items", {})) if schema["type"] == "array" else []
    if (
        others
        or len(items) > 1
        or schema["type"] == "object"
        or any(each["type"] in ("object", "array") for each in items)
    ):
        raise NotImplementedError(f"no case for a parameter like that at {where}: teach {__name__}")
    repeated = place == "query" and described.get("explode", True) and schema["type"] == "array"
    return Parameter((place, name), schema, where, bool(described.get("required")), bool(repeated))


def is_plain(parameter: Parameter) -> bool:
    """Whether it is an id, for all that the effective spec says."""
    return parameter.key[0] == "path" and parameter.schema["type"] == "string"


def url(base: str, operation: Operation, given: Given) -> str:
    """Where a request goes."""
    path, query = operation.path, list[tuple[str, str]]()
    for each in parameters(operation):
        if each.key in given:
            texts = each.texts(given[each.key])
            if each.key[0] == "path":
                path = path.replace(f"{{{each.key[1]}}}", quote(texts[0], safe=""))
            elif each.key[0] == "query":
                query += [(each.key[1], text) for text in texts]
    return base + path + (f"?{urlencode(query)}" if query else "")


def headers(operation: Operation, given: Given) -> dict[str, str]:
    """The headers that are parameters."""
    return {
        each.key[1]: each.texts(given[each.key])[0]
        for each in parameters(operation)
        if each.key[0] == "header" and each.key in given
    }


def verdict(
    operation: Operation, base: str, request: httpx.Request, known: Iterable[Parameter] | None = None
) -> Verdict:
    """Whether the parameters in a request are what the effective spec says, or what other known ones are."""
    path = request.url.raw_path.decode("ascii").partition("?")[0]
    root = httpx.URL(base).raw_path.decode("ascii").rstrip("/")
    names = re.findall(r"\{([^{}]+)\}", operation.path)
    pattern = re.sub(r"\\\{[^{}]+\\\}", "([^/]+)", re.escape(operation.path))
    matched = re.fullmatch(re.escape(root) + pattern, path)
    if not matched:
        return "open"
    in_path = dict(zip(names, map(unquote, matched.groups()), strict=True))
    query = parse_qsl(request.url.query.decode("ascii"), keep_blank_values=True)
    verdicts: set[Verdict] = set()
    for each in parameters(operation) if known is None else known:
        place, name = each.key
        found = {
            "path": [in_path[name]] if name in in_path else [],
            "query": [text for key, text in query if key == name],
            "header": request.headers.get_list(name),
        }[place]
        verdicts.add(each.verdict(found))
    return "invalid" if "invalid" in verdicts and "open" not in verdicts else "open" if "open" in verdicts else "valid"
