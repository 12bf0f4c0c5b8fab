"""Bodies of an operation with chosen values in several places at once, and what there is to choose."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from contract_tests.compare import is_list, is_object
from contract_tests.constraints import is_narrow
from contract_tests.document import body_schema
from contract_tests.leeway import IDS, TIMES
from contract_tests.operations import NESTED
from contract_tests.rows import new_row
from contract_tests.sample import Sample, demanded, members
from contract_tests.shapes import Schema, variants

Path: TypeAlias = tuple[str, ...]
Choice: TypeAlias = Mapping[Path, Any]

LEFT_OUT = object()
"""Instead of a value: the property is not there."""
_ROOM = 9_000
"""Bytes of a body that no Siro may refuse for its size."""


@dataclass(frozen=True)
class Place:
    """A property of a request, at whatever depth; of a list of objects, that of its first item."""

    path: Path
    schema: Schema
    is_required: bool

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def is_time(self) -> bool:
        """Whether it is an instant, by its schema or by its description."""
        return self.schema["type"] == "string" and (
            self.schema.get("format") == "date-time" or ("enum" not in self.schema and self.name in TIMES)
        )

    @property
    def is_plain_text(self) -> bool:
        """Whether any text will do."""
        is_text = self.schema["type"] == "string" and "enum" not in self.schema and "format" not in self.schema
        return is_text and not is_narrow(self.schema) and self.name not in {*IDS, *TIMES}


def places(operation: str) -> list[Place]:
    """Every property of an operation's request body."""
    return list(_within(variants(body_schema(operation))[0], ()))


def _within(schema: Schema, path: Path) -> Iterator[Place]:
    while schema["type"] == "array" and "items" in schema:
        schema = variants(schema["items"])[0]
    if schema["type"] == "object":
        for name, member in members(schema).items():
            child = variants(member)[0]
            yield Place((*path, name), child, name in demanded(schema))
            yield from _within(child, (*path, name))


def body_of(operation: str, base: str, choice: Choice) -> dict[str, Any]:
    """The smallest body that has the chosen values.

    Args:
        operation: its operation id.
        base: what the ids in it begin with: the same base, the same rows. An id that was chosen stays.
        choice: the values, or LEFT_OUT, by their paths.

    """
    sample = Sample(lambda: base)
    schema = variants(body_schema(operation))[0]
    body: Any = sample.of(schema, "")
    for path, value in choice.items():
        _put(sample, body, schema, path, value)
    named: dict[str, Any] = _named(body, base, choice, ())
    return named


def _put(sample: Sample, body: Any, schema: Schema, path: Path, value: Any) -> None:
    name, *rest = path
    if not rest:
        if value is LEFT_OUT:
            body.pop(name, None)
        else:
            body[name] = value
        return
    child = variants(members(schema)[name])[0]
    if body.get(name) in (None, []):
        body[name] = _row(sample, child, name)
    inner = body[name]
    if child["type"] == "array":
        inner, child = inner[0], variants(child["items"])[0]
    _put(sample, inner, child, tuple(rest), value)


def _row(sample: Sample, schema: Schema, name: str) -> Any:
    """The smallest value; of a row, with an external id even where none is required, and with some data.

    Without the id it would be another row each time, and whether the id alone makes a row is left open.
    """
    value: Any = sample.of(schema, name)
    if schema["type"] != "object" or "externalId" not in members(schema):
        return value
    external_id = str(sample.of({"type": "string"}, "externalId"))
    made = new_row(name, external_id) if name in NESTED else {"externalId": external_id}
    return {**value, **{key: text for key, text in made.items() if key in members(schema)}}


def _named(value: Any, base: str, choice: Choice, path: Path) -> Any:
    """The body with an external id of its own for every row, so that none is another's."""
    if is_list(value):
        return [_named(item, f"{base}-{number}" if number else base, choice, path) for number, item in enumerate(value)]
    if not is_object(value):
        return value
    made = {name: _named(inner, base, choice, (*path, name)) for name, inner in value.items()}
    if "externalId" in made and (*path, "externalId") not in choice:
        made["externalId"] = "-".join([base, *path])
    return made


def packed(operation: str, base: str, choices: Iterable[Choice]) -> Iterator[dict[Path, Any]]:
    """The choices together, as few bodies as may not be refused for their size."""
    whole: dict[Path, Any] = {}
    for choice in choices:
        together = {**whole, **choice}
        if whole and len(json.dumps(body_of(operation, base, together))) > _ROOM:
            yield whole
            together = dict(choice)
        whole = together
    if whole:
        yield whole


def states(place: Place, base: str) -> list[Any]:
    """What a property with few values, or with null, can be: each value of an enum, null, and nothing."""
    schema = place.schema
    values: list[Any] = []
    if "enum" in schema:
        values += [value for value in schema["enum"] if value is not None]
    elif schema["type"] == "boolean":
        values += [True, False]
    elif schema.get("nullable"):
        values.append(_row(Sample(lambda: base), schema, place.name))
    if not values:
        return []
    values += [None] if schema.get("nullable") else []
    return values if place.is_required else [*values, LEFT_OUT]
