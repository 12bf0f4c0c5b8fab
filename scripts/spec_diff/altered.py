"""The schema of one value, before and after, with and without a change of it."""

import json
from collections.abc import Iterator
from functools import cached_property

import jsonschema_rs
from jsonschema_rs.canonical import Containment

from scripts.layout import Json
from scripts.spec_diff.change import MISSING, Direction
from scripts.spec_diff.document import Documents, same_value
from scripts.spec_diff.found import Effect
from scripts.spec_diff.json_schema import JsonSchema
from scripts.spec_diff.samples import samples


class Altered:
    """The schema of one value, before and after, with and without a change of it."""

    def __init__(self, documents: Documents, direction: Direction, effects: list[Effect], *, text: bool) -> None:
        own, other = effects[0].own.raw, effects[0].other.raw
        changed, undone = own, other
        for effect in effects:
            changed = patched(changed, own, effect.changed)
            undone = patched(undone, effect.changed, own)
        if len(effects) == 1 and effects[0].undone is not None:
            undone = effects[0].undone
        self.own, self._changed, self._other, self._undone = (
            JsonSchema(documents, schema, direction) for schema in (own, changed, other, undone)
        )
        self._text = text

    def candidates(self) -> list[Json]:
        """The values, of those that tell schemas apart, that show the change, the shortest first.

        Of texts those before that are what they are meant as.
        """
        shown = list(filter(self.shows, self._values))
        return sorted(shown, key=lambda value: (not self.own.allows(value), _length(value)))

    def shows(self, value: Json) -> bool:
        """Whether a value is not allowed any more, and would be if this change had not been made."""
        meant = readings(value) if self._text else [value]
        if not any(map(self.own.allows, meant)) or any(map(self._other.allows, meant)):
            return False
        if self._separable:
            return any(map(self._undone.allows, meant))
        return not any(map(self._changed.allows, meant))

    @cached_property
    def _separable(self) -> bool:
        """Whether this change can be told from the others: else no value of before is valid but for it."""
        return any(self.own.allows(value) and self._undone.allows(value) for value in self._values)

    @cached_property
    def _values(self) -> list[Json]:
        schemas = (self.own, self._changed, self._undone)
        options, left = (_options(side.schema) for side in (self.own, self._other))
        gone = [value for value in options if value not in left]  # samples are not as many as an enum may list
        return gone + [value for schema in schemas for value in samples(schema, schema.schema)]

    def is_harmless(self) -> bool:
        """Whether it is proven that the change makes nothing invalid: by itself, or beside the others."""
        if self._text and covers(self._other.whole, {"type": "string"}):
            return True
        return covers(self._changed.whole, self.own.whole) or covers(self._other.whole, self._undone.whole)


def patched(schema: dict[str, Json], old: dict[str, Json], new: dict[str, Json]) -> dict[str, Json]:
    """A schema with what differs between two others made in it, too; lists and properties member by member."""
    result = dict(schema)
    for keyword in {**old, **new}:
        was, now = old.get(keyword, MISSING), new.get(keyword, MISSING)
        if same_value(was, now) and (keyword != "not" or was == now):  # the same $ref may lead to what differs
            continue
        current = schema.get(keyword)
        if isinstance(was, dict) and isinstance(now, dict) and isinstance(current, dict) and keyword == "properties":
            result[keyword] = patched(current, was, now) if keyword in schema else now
        elif isinstance(was, list) and isinstance(now, list) and isinstance(current, list):
            left = [value for value in current if value in now or value not in was]
            result[keyword] = [*left, *(value for value in now if value not in was)]
        elif now is MISSING:
            result.pop(keyword, None)
        else:
            result[keyword] = now
    return result


def covers(wide: dict[str, Json], narrow: dict[str, Json]) -> bool:
    """Whether it is proven that one JSON Schema allows all that the other does."""
    try:
        one, other = (
            jsonschema_rs.canonicalize(schema, draft=jsonschema_rs.Draft202012, validate_formats=True)
            for schema in (wide, narrow)
        )
        return one.covers(other) is Containment.YES
    except (jsonschema_rs.canonical.CanonicalizationError, ValueError):
        return False


def readings(value: Json) -> list[Json]:
    """What a text on the wire may be meant as."""
    if isinstance(value, str):
        return [value, *_parsed(value)]
    return [value, json.dumps(value)] if isinstance(value, (int, float)) else [value]


def _parsed(text: str) -> Iterator[Json]:
    try:
        value = json.loads(text)
    except ValueError:
        return
    if isinstance(value, (bool, int, float)):
        yield value


def _options(schema: Json) -> list[Json]:
    options = schema.get("enum") if isinstance(schema, dict) else None
    return options if isinstance(options, list) else []


def _length(value: Json) -> int:
    return len(json.dumps(value))
