"""The request schema of an operation, property by property at every depth: what must be refused, and what accepted.

Each case begins from the smallest body that is valid and holds the property. A body that must be refused has exactly
one fault. What the pages leave open (leeway.py) is neither, and is told apart.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias, cast

from contract_tests.document import Json, body_schema
from contract_tests.leeway import is_left_open
from contract_tests.near import near_values
from contract_tests.shapes import Schema, flat, variants
from contract_tests.values import INSTANTS, NO_INSTANTS, NUMBERS, ODD_TEXTS, TEXTS, WRONG_TYPES

Body: TypeAlias = dict[str, Json]

REFUSED = ("required", "type", "null", "enum", "format")
"""What a body can be refused for; so the rules are named."""

_POSITIONS = ((0, 1), (0, 2), (1, 2))
"""Where in a list an item stands, of how many: a careless server looks at the first alone, or at the last."""
_MANY = 20
_ID_LENGTH = 200
"""What any key of a database holds: how long an id may be is no matter of these tests."""


@dataclass(frozen=True)
class Case:
    """A body, and what is due."""

    kind: str
    """One of REFUSED: what it must be refused for. "accepts": it must be accepted. "open": either."""
    place: str
    """The property that it is about, such as `contact.account.addresses[].zip`; `*` for all at once."""
    body: Body


@dataclass(frozen=True)
class Filling:
    """What valid bodies take from elsewhere, such as ids of what exists."""

    names: frozenset[str] = frozenset()
    """The properties at the top that it fills: no case that must be accepted varies them."""
    fill: Callable[[Body], Body] = field(default=lambda body: body)
    """Make of a body that the schema allows one that succeeds."""


@dataclass(frozen=True)
class _Spot:
    """A place in the body."""

    schema: Schema
    name: str
    """The property's; an item of a list has the list's."""
    place: str
    build: Callable[[Json], Body]
    """Make the smallest body with a given value in this place."""
    is_root: bool = False
    is_alone: bool = True
    """False beside other items of a list, where valid values need not be tried once more."""

    def cases(self, kind: str, values: Iterable[Json]) -> Iterator[Case]:
        return (Case(kind, self.place, self.build(value)) for value in values)


class Walk:
    """The cases of an operation, generated from the effective spec.

    Args:
        operation: its operation id.
        new_id: makes an id that was never used, for every property that is one.
        filling: what valid bodies take from elsewhere.

    """

    def __init__(self, operation: str, new_id: Callable[[], str], filling: Filling | None = None) -> None:
        self._schema = body_schema(operation)
        self._new_id = new_id
        self._filling = filling or Filling()

    def smallest(self) -> list[Body]:
        """The smallest valid body of each variant."""
        return [self._object(root) for root in self._roots()]

    def refused(self) -> Iterator[Case]:
        """Bodies that have one fault each."""
        for spot in self._spots():
            if spot.schema["type"] == "object":
                yield from self._incomplete(spot)
            if not spot.is_root:
                yield from spot.cases("type", self._wrapped(spot))
                yield from _faults(spot)

    def accepted(self) -> Iterator[Case]:
        """Bodies that are valid, the fullest among them; those whose acceptance is left open say so."""
        for root in self._roots():
            yield from self._judged([Case("accepts", "", self._object(root)), Case("accepts", "*", self._full(root))])
        for spot in self._spots():
            if not spot.is_root and spot.is_alone and spot.place not in self._filling.names:
                yield from self._judged(spot.cases("accepts", self._values(spot)))

    def _judged(self, cases: Iterable[Case]) -> Iterator[Case]:
        for case in cases:
            body = self._filling.fill(case.body)
            yield Case("open" if is_left_open(body) else case.kind, case.place, body)

    def _roots(self) -> Iterator[_Spot]:
        for variant in variants(self._schema):
            yield _Spot(variant, "", "", _whole, is_root=True)

    def _spots(self) -> Iterator[_Spot]:
        for root in self._roots():
            yield from self._within(root)

    def _within(self, spot: _Spot) -> Iterator[_Spot]:
        yield spot
        schema = spot.schema
        if schema["type"] == "object":
            for name, child in schema["properties"].items():
                place = name if spot.is_root else f"{spot.place}.{name}"
                build = self._with_property(spot, name)
                yield from self._within(_Spot(flat(child), name, place, build, is_alone=spot.is_alone))
        elif schema["type"] == "array":
            for index, count in _POSITIONS:
                item, build = flat(schema["items"]), self._with_item(spot, index, count)
                is_alone = spot.is_alone and count == 1
                yield from self._within(_Spot(item, spot.name, spot.place + "[]", build, is_alone=is_alone))

    def _with_property(self, spot: _Spot, name: str) -> Callable[[Json], Body]:
        return lambda value: spot.build({**self._object(spot), name: value})

    def _with_item(self, spot: _Spot, index: int, count: int) -> Callable[[Json], Body]:
        def build(value: Json) -> Body:
            items = [self._valid(spot.schema["items"], spot.name) for _ in range(count)]
            return spot.build([*items[:index], value, *items[index + 1 :]])

        return build

    def _object(self, spot: _Spot) -> Body:
        """The smallest valid object in this place."""
        properties = spot.schema["properties"]
        body = {name: self._valid(properties[name], name) for name in spot.schema.get("required", ())}
        return self._filling.fill(body) if spot.is_root else body

    def _full(self, root: _Spot) -> Body:
        """The body with every property at every depth, but for those at the top that are filled and not required."""
        properties = root.schema["properties"]
        left_out = self._filling.names - set(root.schema.get("required", ()))
        return {name: self._valid(properties[name], name, full=True) for name in properties if name not in left_out}

    def _valid(self, schema: Schema, name: str, *, full: bool = False) -> Json:
        schema = flat(schema)
        match schema["type"]:
            case "object":
                names = schema["properties"] if full else schema.get("required", ())
                return {inner: self._valid(schema["properties"][inner], inner, full=full) for inner in names}
            case "array":
                return [self._valid(schema["items"], name, full=full)]
            case _:
                return self._new_id() if _is_id(name) else next(iter(_plain_values(schema, name)))

    def _values(self, spot: _Spot) -> Iterator[Json]:
        """Values that are valid in this place, the plainest first."""
        schema = spot.schema
        match schema["type"]:
            case "array":
                for count in (1, 0, 2, _MANY):
                    yield [self._valid(schema["items"], spot.name) for _ in range(count)]
            case "object":
                yield self._valid(schema, spot.name)
            case "string" if _is_id(spot.name):
                yield from map(self._id, (*TEXTS, *ODD_TEXTS))
            case _:
                yield from _plain_values(schema, spot.name)
        if schema.get("nullable"):
            yield None

    def _id(self, text: str) -> str:
        """An id with a text in it; an empty or blank one stays, and is left open."""
        return self._new_id() + text[:_ID_LENGTH] if text.strip() else text

    def _wrapped(self, spot: _Spot) -> list[Json]:
        """What is right but for its wrapping: one item instead of a list, a list of one, an object as text."""
        value = self._valid(spot.schema, spot.name)
        if isinstance(value, list):
            return value
        return [[value], json.dumps(value)] if isinstance(value, dict) else [[value]]

    def _incomplete(self, spot: _Spot) -> Iterator[Case]:
        names: list[str] = spot.schema.get("demanded") or spot.schema.get("required", [])
        for name in names:
            body = {key: value for key, value in self._object(spot).items() if key != name}
            yield Case("required", f"{spot.place}.{name}".lstrip("."), spot.build(body))


def _faults(spot: _Spot) -> Iterator[Case]:
    schema = spot.schema
    yield from spot.cases("type", WRONG_TYPES[schema["type"]])
    if not schema.get("nullable"):
        yield from spot.cases("null", [None])
    if "enum" in schema:
        yield from spot.cases("enum", near_values(schema["enum"]))
    if schema.get("format") == "date-time":
        yield from spot.cases("format", NO_INSTANTS)


def _plain_values(schema: Schema, name: str) -> Iterable[Json]:
    """Values of a schema that is no list, no object and no id, the plainest first."""
    if "enum" in schema:
        return list(schema["enum"])
    if schema.get("format") == "date-time":
        return INSTANTS
    if schema["type"] == "string" and is_left_open({name: TEXTS[0]}):
        return (*INSTANTS, *TEXTS, *ODD_TEXTS)  # a time, though its schema has it as a plain string
    whole = [number for number in NUMBERS if number == int(number)]
    values: dict[str, Iterable[Json]] = {
        "string": (*TEXTS, *ODD_TEXTS),
        "boolean": (True, False),
        "number": NUMBERS,
        "integer": whole,
    }
    return values[schema["type"]]


def thinned(cases: Iterable[Case]) -> list[Case]:
    """The first two cases of each kind in each place: what is plainest, and what is less so."""
    seen: Counter[tuple[str, str]] = Counter()
    kept: list[Case] = []
    for case in cases:
        seen[case.place, case.kind] += 1
        kept += [case] if seen[case.place, case.kind] <= 2 else []
    return kept


@cache
def _is_id(name: str) -> bool:
    return is_left_open({name: ""}) or is_left_open({name: [""]})


def _whole(value: Json) -> Body:
    return cast("Body", value)
