"""Find a body that shows a change, and let a validator decide on it: against the whole body of before, and of now."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import jsonschema_rs
from jsonschema_rs.canonical import Containment

from scripts.layout import Json
from scripts.spec_diff import generation
from scripts.spec_diff.change import MISSING, Direction, Witness
from scripts.spec_diff.document import Documents, same_value
from scripts.spec_diff.found import Effect, Step, Steps
from scripts.spec_diff.json_schema import JsonSchema
from scripts.spec_diff.samples import MANY, completed, minimal, samples


@dataclass(frozen=True)
class Evidence:
    """What looking for a witness came to."""

    witness: Witness | None
    proven: bool
    """Whether, without a witness, it is certain that there is none."""


class Body:
    """A body of before and of now, in one direction."""

    def __init__(self, documents: Documents, direction: Direction, old: Json, new: Json, *, text: bool = False) -> None:
        """Of two schemas of OpenAPI; `text` if its values travel as text, as those of parameters do."""
        self._documents = documents
        self._direction = direction
        self._text = text
        self._own, self._other = (
            JsonSchema(documents, schema, direction) for schema in ((old, new) if self._is_request else (new, old))
        )

    @property
    def _is_request(self) -> bool:
        return self._direction is Direction.REQUEST

    def search(self, steps: Steps, effects: list[Effect]) -> Evidence:
        """Look for a body that was allowed and is not any more; in a response, for one that is now and was not.

        Args:
            steps: The way to what changed.
            effects: What changes the schema there; one, or several that are made together.
        """
        site = _Site(self._documents, self._direction, effects, text=self._text)
        for value in site.candidates():
            if witness := self._shown(steps, value):
                return Evidence(witness, proven=False)
        # What more a branch of oneOf allows, it may allow together with another, and then the body is refused.
        in_one_of = any(step.keyword == "oneOf" for step in steps)
        if (not in_one_of and site.is_harmless()) or covers(self._other.whole, self._own.whole):
            return Evidence(None, proven=True)
        if in_one_of and not self._text:
            for value in sorted(samples(self._own, self._own.schema), key=_length):
                if witness := self._shown((), value):
                    return Evidence(witness, proven=False)
            whole = generation.find(self._own, lambda value: self._shown((), value) is not None)
            return Evidence(self._shown((), whole[0]) if whole else None, proven=False)
        shown = generation.find(site.own, lambda value: site.shows(value) and self._shown(steps, value) is not None)
        return Evidence(self._shown(steps, shown[0]) if shown else None, proven=False)

    def _shown(self, steps: Steps, value: Json) -> Witness | None:
        """A whole body with that value in its place that shows the change."""
        for complete in (True, False):
            body = self._embedded(self._own.schema, self._other.schema if complete else True, steps, value)
            readings = _bodies(body) if self._text else [body]
            if any(map(self._own.allows, readings)) and not any(map(self._other.allows, readings)):
                return Witness(body, was_allowed=self._is_request, is_allowed=not self._is_request)
        return None

    def _embedded(self, own: Json, other: Json, steps: Steps, value: Json) -> Json:
        """The value in a small body around it, with what both sides require, so that nothing but the value is wrong."""
        if not steps:
            return value
        part, beside = self._own.followed(own), self._other.followed(other)
        step, *rest = steps
        inner = self._embedded(_inner(part, step, step.own), _inner(beside, step, step.other), (*rest,), value)
        if step.keyword == "items":
            size = part.get("minItems") if isinstance(part, dict) else None
            return [inner] * min(size, MANY) if isinstance(size, int) and size > 1 else [inner]
        if step.keyword not in ("properties", "additionalProperties"):
            if not isinstance(inner, dict) or not isinstance(part, dict):
                return inner
            outer: Json = {key: rule for key, rule in part.items() if key != step.keyword} | {"type": "object"}
            around = minimal(self._own, outer)
            return {**around, **inner} if isinstance(around, dict) else inner
        around = minimal(self._own, part)
        around = around if isinstance(around, dict) else {}
        return {**completed(self._other, beside, around), step.name: inner}


class _Site:
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
        """The values, of those that tell schemas apart, that show the change, the shortest first."""
        return sorted(filter(self.shows, self._values), key=_length)

    def shows(self, value: Json) -> bool:
        """Whether a value is not allowed any more, and would be if this change had not been made."""
        readings = _readings(value) if self._text else [value]
        if not any(map(self.own.allows, readings)) or any(map(self._other.allows, readings)):
            return False
        if self._separable:
            return any(map(self._undone.allows, readings))
        return not any(map(self._changed.allows, readings))

    @cached_property
    def _separable(self) -> bool:
        """Whether this change can be told from the others: else no value of before is valid but for it."""
        return any(self.own.allows(value) and self._undone.allows(value) for value in self._values)

    @cached_property
    def _values(self) -> list[Json]:
        return [value for schema in (self.own, self._changed, self._undone) for value in samples(schema, schema.schema)]

    def is_harmless(self) -> bool:
        """Whether it is proven that the change makes nothing invalid: by itself, or beside the others."""
        if self._text and covers(self._other.whole, {"type": "string"}):
            return True
        return covers(self._changed.whole, self.own.whole) or covers(self._other.whole, self._undone.whole)


def _inner(part: Json, step: Step, index: int | None) -> Json:
    """The schema that a step leads to."""
    if not isinstance(part, dict):
        return True
    if step.keyword == "properties":
        properties = part.get("properties")
        return properties.get(step.name, True) if isinstance(properties, dict) else True
    if step.keyword in ("items", "additionalProperties"):
        return part.get(step.keyword, True)
    branches = part.get(step.keyword)
    return branches[index] if isinstance(branches, list) and index is not None else part


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


def _length(value: Json) -> int:
    return len(json.dumps(value))


def _readings(value: Json) -> list[Json]:
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


def _bodies(body: Json) -> list[Json]:
    """An object of one parameter, in all readings of its value."""
    if not isinstance(body, dict):
        return [body]
    return [{name: reading} for name, value in body.items() for reading in _readings(value)]
