"""Find a body that shows a change, and let a validator decide on it: against the whole body of before, and of now."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from scripts.layout import Json
from scripts.spec_diff import generation
from scripts.spec_diff.altered import Altered, covers, readings
from scripts.spec_diff.change import Direction, Witness
from scripts.spec_diff.document import Documents
from scripts.spec_diff.found import Effect, Step, Steps
from scripts.spec_diff.json_schema import JsonSchema
from scripts.spec_diff.samples import around, completed, listed, samples

_READINGS = 8
"""So many ways to read what is around a value are tried."""


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
        site = Altered(self._documents, self._direction, effects, text=self._text)
        for value in site.candidates():
            if witness := self._shown(steps, value):
                return Evidence(witness, proven=False)
        # What more a branch of oneOf allows, it may allow together with another, and then the body is refused.
        in_one_of = any(step.keyword == "oneOf" for step in steps)
        if (not in_one_of and site.is_harmless()) or covers(self._other.whole, self._own.whole):
            return Evidence(None, proven=True)
        if in_one_of and not self._text:
            for way, part in self._one_ofs(steps):
                for value in samples(self._own, part):
                    if witness := self._shown(way, value):
                        return Evidence(witness, proven=False)
            whole = generation.find(self._own, lambda value: self._shown((), value) is not None)
            return Evidence(self._shown((), whole[0]) if whole else None, proven=False)
        shown = generation.find(site.own, lambda value: site.shows(value) and self._shown(steps, value) is not None)
        return Evidence(self._shown(steps, shown[0]) if shown else None, proven=False)

    def _shown(self, steps: Steps, value: Json) -> Witness | None:
        """A whole body with that value in its place that shows the change."""
        for body in self._bodies(steps, value):
            readings = _bodies(body) if self._text else [body]
            if any(map(self._own.allows, readings)) and not any(map(self._other.allows, readings)):
                return Witness(body, was_allowed=self._is_request, is_allowed=not self._is_request)
        return None

    def _one_ofs(self, steps: Steps) -> Iterator[tuple[Steps, Json]]:
        """The unions on a way of which one branch must fit, and no other."""
        part = self._own.schema
        for index, step in enumerate(steps):
            part = self._own.followed(part)
            if step.keyword == "oneOf":
                yield steps[:index], part
            part = _inner(part, step, step.own)

    def _bodies(self, steps: Steps, value: Json) -> Iterator[Json]:
        """Small bodies around the value; that it is wrong there, and nothing else, a validator has to see."""
        seen: list[Json] = []
        for reading, complete in itertools.product(range(_READINGS), (True, False)):
            body = self._embedded(self._own.schema, self._other.schema if complete else True, steps, value, reading)
            if body not in seen:
                seen.append(body)
                yield body

    def _embedded(self, own: Json, other: Json, steps: Steps, value: Json, reading: int) -> Json:
        """The value with what both sides require around it, by one of the ways to read them."""
        if not steps:
            return value
        part, beside = self._own.followed(own), self._other.followed(other)
        step, *rest = steps
        inner = self._embedded(_inner(part, step, step.own), _inner(beside, step, step.other), (*rest,), value, reading)
        if not isinstance(part, dict):
            part = {}
        if step.keyword == "items":
            return listed(self._own, part, inner)
        if step.keyword not in ("properties", "additionalProperties"):
            if not isinstance(inner, dict):
                return inner
            outer: Json = {key: rule for key, rule in part.items() if key != step.keyword} | {"type": "object"}
            return {**self._around(outer, reading), **self._beside(part, step, reading), **inner}
        return {**completed(self._other, beside, self._around(part, reading)), step.name: inner}

    def _around(self, part: Json, reading: int) -> dict[str, Json]:
        ways = list(itertools.islice(around(self._own, part), _READINGS))
        return ways[reading % len(ways)] if ways else {}

    def _beside(self, part: dict[str, Json], step: Step, reading: int) -> dict[str, Json]:
        """What a branch of anyOf other than that of the step refuses: else it may let pass what that one does not."""
        branches = part.get(step.keyword)
        if step.keyword != "anyOf" or not isinstance(branches, list):
            return {}
        refused: dict[str, Json] = {}
        for index, branch in enumerate(branches):
            if index != step.own:
                allows = self._own.part_validator(branch).is_valid
                objects = [value for value in samples(self._own, branch) if isinstance(value, dict) and value]
                wrong = [value for value in objects if not allows(value)][reading:]
                refused |= wrong[0] if wrong else {}
        return refused


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


def _bodies(body: Json) -> list[Json]:
    """An object of one parameter, in all readings of its value."""
    if not isinstance(body, dict):
        return [body]
    return [{name: reading} for name, value in body.items() for reading in readings(value)]
