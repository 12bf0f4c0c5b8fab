"""The request schema of an operation, property by property at every depth: what must be refused, and what accepted.

Each case begins from the smallest body that is valid and holds the property. A body that must be refused has exactly
one fault. What the pages leave open (leeway.py) is neither, and is told apart.
"""

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias, cast

import jsonschema_rs

from contract_tests.constraints import KINDS, breaking, said, stop_at_unknown
from contract_tests.document import Json, body_pointer, body_schema, enum_texts, pointer, validator
from contract_tests.leeway import is_left_open, names_unknown_row
from contract_tests.near import near_values
from contract_tests.sample import Sample, demanded, members
from contract_tests.shapes import ANY, Schema, variants
from contract_tests.transplant import transplanted
from contract_tests.values import NO_INSTANTS, WRONG_TYPES

Body: TypeAlias = dict[str, Json]

REFUSED = tuple(dict.fromkeys(KINDS.values()))
"""What a body can be refused for; so the rules are named."""

_DEEPEST = 50
_POSITIONS = ((0, 1), (0, 2), (1, 2))
_BESIDE = 3
"""Of the faults of one kind in an item of a list: so many where others stand beside it, which is a matter of place."""


class Constraint(NamedTuple):
    """One thing that the effective spec demands of a request."""

    pointer: str
    """Where in the document, references written out and the branches of a union taken for one."""
    keyword: str


@dataclass(frozen=True)
class Case:
    """A body, and what is due."""

    kind: str
    """One of REFUSED: what it must be refused for. "accepts": it must be accepted. "open": either."""
    place: str
    """The property that it is about, such as `contact.account.addresses[].zip`; `*` for all at once."""
    body: Body
    constraint: Constraint | None = None
    """What it breaks, if it must be refused."""


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
    pointer: str
    build: Callable[[Json], Body]
    """Make the smallest body with a given value in this place."""
    is_root: bool = False
    is_alone: bool = True
    """False beside other items of a list, where valid values need not be tried once more."""
    branches: tuple[Schema, ...] = ()
    """If the schema is the first branch of a union: all of them."""

    def cases(self, keyword: str, values: Iterable[Json]) -> Iterator[Case]:
        constraint = Constraint(self.pointer, keyword)
        values = values if self.is_alone else itertools.islice(values, _BESIDE)
        return (Case(KINDS[keyword], self.place, self.build(value), constraint) for value in values)


class Walk:
    """The cases of an operation, generated from the effective spec.

    Args:
        operation: its operation id.
        new_id: makes an id that was never used, for every property that is one.
        filling: what valid bodies take from elsewhere.

    """

    def __init__(self, operation: str, new_id: Callable[[], str], filling: Filling | None = None) -> None:
        self._schema = body_schema(operation)
        self._pointer = body_pointer(operation)
        self._valid_one = Sample(new_id)
        self._filling = filling or Filling()

    def smallest(self) -> list[Body]:
        """The smallest valid body of each variant."""
        return [self._object(root) for root in self._roots()]

    def constraints(self) -> list[Constraint]:
        """What the effective spec demands of a body, as far as a value can break it."""
        return list(dict.fromkeys(each for spot in self._spots() for each in _constraints(spot)))

    def refused(self) -> Iterator[Case]:
        """Bodies that have one fault each.

        Raises:
            NotImplementedError: no value is known that breaks a constraint of the effective spec.

        """
        constraints = self.constraints()
        whole = validator(self._schema)
        decided: set[Constraint | None] = set()
        for spot in self._spots():
            for keyword in _said(spot):
                for case in self._faults(spot, keyword):
                    # What one branch of a union forbids, another may allow.
                    if not whole.is_valid(case.body):
                        decided.add(case.constraint)
                        yield case
        yield from self._refused_beside_all(whole)
        if left := [constraint for constraint in constraints if constraint not in decided]:
            pointer, keyword = left[0]
            raise NotImplementedError(
                f"no case for keyword {keyword} at {pointer}: teach contract_tests/constraints.py"
            )

    def _refused_beside_all(self, whole: jsonschema_rs.Validator) -> Iterator[Case]:
        """A fault of each constraint in the fullest body, at the end of lists that are long."""
        for root in self._roots():
            full = self._filling.fill(self._full(root))
            for spot in self._within(root):
                for keyword in _said(spot):
                    for case in itertools.islice(self._faults(spot, keyword), 1):
                        body = transplanted(case.body, full, case.place)
                        if not whole.is_valid(body):
                            yield replace(case, body=body)

    def _faults(self, spot: _Spot, keyword: str) -> Iterable[Case]:
        if keyword == "required":
            return self._incomplete(spot)
        return spot.cases(keyword, self._wrong(spot, keyword))

    def _wrong(self, spot: _Spot, keyword: str) -> Iterable[Json]:
        schema = spot.schema
        match keyword:
            case "type":
                return [*self._wrapped(spot), *WRONG_TYPES[schema["type"]]]
            case "nullable":
                return [None]
            case "enum":
                return near_values(schema["enum"], enum_texts())
            case "format" if schema["format"] == "date-time":
                return NO_INSTANTS
            case "oneOf" | "anyOf":
                values = self._valid_one.no_choice(spot.branches)
                return self._filled(values) if spot.is_root else values
            case _:
                return self._narrowly_wrong(spot, keyword)

    def _narrowly_wrong(self, spot: _Spot, keyword: str) -> Iterable[Json]:
        schema = spot.schema
        if schema["type"] == "object" or keyword == "not":
            return self._valid_one.wrong_objects(schema, keyword, self._object(spot))
        if schema["type"] == "array":
            return self._valid_one.wrong_lists(schema, keyword, spot.name)
        return breaking(schema, keyword)

    def accepted(self) -> Iterator[Case]:
        """Bodies that are valid, the fullest among them; those whose acceptance is left open say so."""
        for root in self._roots():
            yield from self._judged([Case("accepts", "", self._object(root)), Case("accepts", "*", self._full(root))])
        for spot in self._spots():
            if not spot.is_root and spot.is_alone and spot.place not in self._filling.names:
                values = self._valid_one.values(spot.schema, spot.name)
                yield from self._judged(Case("accepts", spot.place, spot.build(value)) for value in values)

    def _judged(self, cases: Iterable[Case]) -> Iterator[Case]:
        for case in cases:
            body = self._filling.fill(case.body)
            is_open = is_left_open(body) or names_unknown_row(body)
            yield Case("open" if is_open else case.kind, case.place, body)

    def _roots(self) -> Iterator[_Spot]:
        chosen = variants(self._schema)
        for number, variant in enumerate(chosen):
            if variant["type"] != "object":
                raise NotImplementedError(f"no case for a body that is no object at {self._pointer}: teach {__name__}")
            branches = tuple(chosen) if number == 0 and len(chosen) > 1 else ()
            yield _Spot(variant, "", "", self._pointer, _whole, is_root=True, branches=branches)

    def _spots(self) -> Iterator[_Spot]:
        for root in self._roots():
            yield from self._within(root)

    def _within(self, spot: _Spot) -> Iterator[_Spot]:
        schema = spot.schema
        stop_at_unknown(schema, spot.pointer)
        if spot.pointer.count("/") > _DEEPEST:
            raise NotImplementedError(
                f"no case for a schema that holds itself at {spot.pointer[:200]}: teach {__name__}"
            )
        yield spot
        if schema["type"] == "object":
            for name, child in members(schema).items():
                place = name if spot.is_root else f"{spot.place}.{name}"
                where = pointer("properties", name) if name in schema.get("properties", {}) else "/additionalProperties"
                beside = _Spot({}, name, place, spot.pointer + where, self._with_property(spot, name))
                yield from self._each(child, replace(beside, is_alone=spot.is_alone))
        elif schema["type"] == "array" and "items" in schema:
            for number, (index, count) in enumerate(_positions(schema)):
                build = self._with_item(spot, index, count)
                item = _Spot({}, spot.name, spot.place + "[]", spot.pointer + "/items", build)
                yield from self._each(schema["items"], replace(item, is_alone=spot.is_alone and number == 0))

    def _each(self, schema: Schema, spot: _Spot) -> Iterator[_Spot]:
        """The place with each branch of its schema."""
        try:
            chosen = variants(schema)
        except NotImplementedError as error:
            raise NotImplementedError(f"{error} (at {spot.pointer})") from None
        for number, variant in enumerate(chosen):
            branches = tuple(chosen) if number == 0 and len(chosen) > 1 else ()
            yield from self._within(replace(spot, schema=variant, branches=branches))

    def _filled(self, bodies: Iterable[Json]) -> Iterator[Json]:
        return (cast("Json", self._filling.fill(cast("Body", body))) for body in bodies)

    def _with_property(self, spot: _Spot, name: str) -> Callable[[Json], Body]:
        return lambda value: spot.build({**self._object(spot), name: value})

    def _with_item(self, spot: _Spot, index: int, count: int) -> Callable[[Json], Body]:
        def build(value: Json) -> Body:
            if spot.schema.get("uniqueItems"):
                others = self._valid_one.items({**spot.schema, "maxItems": count + 1}, spot.name, count + 1)
                items = [item for item in others if item != value][: count - 1]
                return spot.build([*items[:index], value, *items[index:]])
            items = self._valid_one.items(spot.schema, spot.name, count)
            return spot.build([*items[:index], value, *items[index + 1 :]])

        return build

    def _object(self, spot: _Spot) -> Body:
        """The smallest valid object in this place."""
        body = cast("Body", self._valid_one.of(spot.schema, spot.name))
        return self._filling.fill(body) if spot.is_root else body

    def _full(self, root: _Spot) -> Body:
        """The body with every property at every depth, but for those at the top that are filled and not required."""
        required = root.schema.get("required", ())
        whole = cast("Body", self._valid_one.of(root.schema, "", full=True))
        return {name: value for name, value in whole.items() if name in required or name not in self._filling.names}

    def _wrapped(self, spot: _Spot) -> list[Json]:
        """What is right but for its wrapping: one item instead of a list, a list of one, an object as text."""
        value = self._valid_one.of(spot.schema, spot.name)
        if isinstance(value, list):
            return value
        return [[value], json.dumps(value)] if isinstance(value, dict) else [[value]]

    def _incomplete(self, spot: _Spot) -> Iterator[Case]:
        for name in demanded(spot.schema):
            body = {key: value for key, value in self._object(spot).items() if key != name}
            place = f"{spot.place}.{name}".lstrip(".")
            yield Case("required", place, spot.build(body), _required(spot, name))


def _constraints(spot: _Spot) -> Iterator[Constraint]:
    for keyword in _said(spot):
        if keyword == "required":
            yield from (_required(spot, name) for name in demanded(spot.schema))
        else:
            yield Constraint(spot.pointer, keyword)


def _required(spot: _Spot, name: str) -> Constraint:
    return Constraint(spot.pointer + pointer("properties", name), "required")


def _said(spot: _Spot) -> Iterator[str]:
    """The keywords of a place that a value can break."""
    schema = spot.schema
    if schema["type"] == "object":
        yield from (keyword for keyword in ("required",) if demanded(schema))
        yield from (keyword for keyword in ("minProperties", "maxProperties") if schema.get(keyword))
        yield from (keyword for keyword in ("additionalProperties",) if schema.get(keyword) is False)
    if spot.branches and not any(branch["type"] == ANY for branch in spot.branches):
        yield schema["x-union"]
    # Within a union, what a branch excludes is the choice between them.
    yield from (keyword for keyword in ("not",) if keyword in schema and "x-union" not in schema)
    if spot.is_root or schema["type"] == ANY:
        return
    if "x-typed" in schema:
        yield "type"
        yield from () if schema.get("nullable") else ("nullable",)
    yield from (keyword for keyword in ("enum",) if keyword in schema)
    yield from (keyword for keyword in ("format",) if schema.get(keyword) == "date-time")
    if "enum" not in schema:
        yield from said(schema)
    if schema["type"] == "array":
        yield from (keyword for keyword in ("minItems", "maxItems", "uniqueItems") if schema.get(keyword))


def _positions(schema: Schema) -> Iterator[tuple[int, int]]:
    """Where in a list an item stands, of how many: a careless server looks at the first alone, or at the last."""
    least, most = schema.get("minItems", 0), schema.get("maxItems", 2)
    for index, count in dict.fromkeys(
        (min(index, most - 1), max(least, min(count, most))) for index, count in _POSITIONS
    ):
        if most > 0:
            yield index, count


def thinned(cases: Iterable[Case]) -> list[Case]:
    """The first case of each kind in each place, which is the plainest; of what must be accepted, two."""
    seen: Counter[tuple[str, str, str]] = Counter()
    kept: list[Case] = []
    for case in cases:
        key = case.place, case.kind, case.constraint.keyword if case.constraint else ""
        seen[key] += 1
        kept += [case] if seen[key] <= (2 if case.kind == "accepts" else 1) else []
    return kept


def _whole(value: Json) -> Body:
    return cast("Body", value)
