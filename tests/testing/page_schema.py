"""The request schemas as the two pages publish them, and one fault at a time for each of their rules."""

import copy
from collections.abc import Generator
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

PAGES = Path(__file__).parents[2] / "specs" / "pages"
Path_ = tuple[str | int, ...]
WRONG_TYPES: dict[str, tuple[Any, ...]] = {
    "string": (5, True, [], {}, 1.5),
    "number": ("1", True, [], {}, ""),
    "boolean": ("true", 0, 1, [], {}),
    "array": ("x", 5, {}, False),
    "object": ("x", 5, [], True),
}
KNOWN = {"type", "nullable", "enum", "format", "description", "properties", "required", "items"}
"""The keywords that both pages have had from the beginning."""
NO_INSTANTS = (
    "",
    "yesterday",
    "2024-01-01",
    "2024-01-01T00:00:00",
    "2024-01-01 00:00:00Z",
    "2024-02-30T00:00:00Z",
    "2024-01-01T24:00:00Z",
    "2024-01-01T00:00:00+0000",
    "2024-01-01T00:00:00Z\n",
)
INSTANTS = ("2024-01-01T00:00:00Z", "2024-02-29t23:59:59.123456789+05:30", "2016-12-31T23:59:60Z")


class Case(NamedTuple):
    """A body that keeps all rules of a page but one at `path`, or all of them."""

    path: Path_
    body: Any
    code: str | None


def request_schema(page: str) -> dict[str, Any]:
    text = (PAGES / f"{page}.md").read_text("utf-8")
    block = text.split("````yaml")[1].partition("\n")[2].partition("````")[0]
    document: Any = YAML(typ="safe", pure=True).load(block)  # pyright: ignore[reportUnknownMemberType]
    ((_, operations),) = document["paths"].items()
    schema: dict[str, Any] = operations["put"]["requestBody"]["content"]["application/json"]["schema"]
    return schema


def cases(schema: dict[str, Any], body: Any) -> Generator[Case]:
    """Every rule of an object's properties, broken and kept, in a valid body."""
    body = {**_example(schema), **body}
    for path, rule, required in _properties(schema, ()):
        for value, code in _values(rule):
            yield Case(path, _with(body, schema, path, value), code)
        if required:
            yield Case(path, _without(_with(body, schema, path, _example(rule)), path), "invalid_type")


def _properties(schema: dict[str, Any], path: Path_) -> Generator[tuple[Path_, dict[str, Any], bool]]:
    for name, rule in schema["properties"].items():
        if rule.keys() - KNOWN or rule.get("format", "date-time") != "date-time":
            continue  # The contract gate has cases for what a page adds: contract_tests/walk.py.
        yield (*path, name), rule, name in schema.get("required", ())
        if rule["type"] == "object":
            yield from _properties(rule, (*path, name))
        if rule["type"] == "array":
            yield (*path, name, 0), rule["items"], False
            if rule["items"]["type"] == "object":
                yield from _properties(rule["items"], (*path, name, 0))


def _values(rule: dict[str, Any]) -> Generator[tuple[Any, str | None]]:
    yield None, None if rule.get("nullable") else "invalid_type"
    for value in WRONG_TYPES[rule["type"]]:
        yield value, "invalid_type"
    for value in rule.get("enum", ()):
        yield value, None
        for wrong in (value.lower(), value + " ", value[:-1], ""):
            yield wrong, "invalid_enum_value"
    if rule.get("format") == "date-time":
        yield from ((value, "invalid_string") for value in NO_INSTANTS)
        yield from ((value, None) for value in INSTANTS)
    if rule["type"] == "string" and not rule.keys() & {"enum", "format"}:
        yield from ((value, None) for value in ("", "null", "x" * 5000))
    if rule["type"] == "number":
        yield from ((value, None) for value in (0, -1, 1.5, 1e300, 10**30))
    if rule["type"] in ("object", "array"):
        yield _example(rule) | {"unknown": 1} if rule["type"] == "object" else [], None


def _example(rule: dict[str, Any]) -> Any:
    if "enum" in rule:
        return rule["enum"][0]
    if rule["type"] == "object":
        return {name: _example(rule["properties"][name]) for name in rule.get("required", ())}
    if rule.get("format") == "date-time":
        return INSTANTS[0]
    examples: dict[str, Any] = {"string": "text", "number": 1, "boolean": True, "array": []}
    return examples[rule["type"]]


def _with(body: Any, schema: dict[str, Any], path: Path_, value: Any) -> Any:
    """Put a value into a body, making what must be around it."""
    body = copy.deepcopy(body)
    node, rule = body, schema
    for step, following in zip(path, (*path[1:], None), strict=True):
        rule = rule["items"] if isinstance(step, int) else rule["properties"][step]
        put = value if following is None else _example(rule)
        if isinstance(step, int):
            node.append(put)
        elif following is None or step not in node:
            node[step] = put
        node = node[step]
    return body


def _without(body: Any, path: Path_) -> Any:
    node = body
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    return body
