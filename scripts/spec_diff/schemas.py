"""Walk two schemas by meaning, and find each thing that differs."""

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from scripts.layout import Json
from scripts.spec_diff.change import Direction, Kind
from scripts.spec_diff.document import MISSING_NODE, Documents, Node, as_object, entries, members, same_value, text_of
from scripts.spec_diff.found import Effect, Found, Step, Steps
from scripts.spec_diff.json_schema import BOUNDS, UNIONS
from scripts.spec_diff.pairing import pair
from scripts.spec_diff.schema import EXAMPLES, PROSE, Reader, Schema

_KINDS = {
    **dict.fromkeys((*BOUNDS, "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), Kind.BOUND_CHANGED),
    "type": Kind.TYPE_CHANGED,
    "nullable": Kind.NULLABLE_CHANGED,
    "format": Kind.FORMAT_CHANGED,
    "pattern": Kind.PATTERN_CHANGED,
    "multipleOf": Kind.MULTIPLE_OF_CHANGED,
    "uniqueItems": Kind.UNIQUE_ITEMS_CHANGED,
    "not": Kind.NOT_CHANGED,
}
_TOLD = {
    **dict.fromkeys(PROSE, Kind.PROSE_CHANGED),
    **dict.fromkeys(EXAMPLES, Kind.EXAMPLE_CHANGED),
    "default": Kind.DEFAULT_CHANGED,
    "deprecated": Kind.DEPRECATED_CHANGED,
    "discriminator": Kind.DISCRIMINATOR_CHANGED,
}
_HIDING = {"readOnly": Kind.READ_ONLY_CHANGED, "writeOnly": Kind.WRITE_ONLY_CHANGED}
_USES = 8
"""How often two components that differ are walked in one body; each place may absorb a change or not."""


class Walk:
    """A walk through the schemas of one body, in one direction."""

    def __init__(self, documents: Documents, direction: Direction) -> None:
        self._documents = documents
        self._reader = Reader(documents)
        self._direction = direction
        self._uses: Counter[tuple[str, str]] = Counter()
        self._open: set[tuple[str, str]] = set()

    def differences(self, old: Node, new: Node, steps: Steps = ()) -> Iterator[Found]:
        """What differs between two schemas, and in what they hold."""
        if self._direction is Direction.REQUEST:
            yield from self._nodes(old, new, steps)
        else:
            yield from (found.turned() for found in self._nodes(new, old, steps))

    def _nodes(self, own: Node, other: Node, steps: Steps) -> Iterator[Found]:
        key = (self._documents.follow(own).pointer, self._documents.follow(other).pointer)
        if key in self._open or self._uses[key] >= _USES or self._reader.same(own, other):
            return
        self._uses[key] += 1
        self._open.add(key)
        yield from self._schemas(self._reader.read(own), self._reader.read(other), steps)
        self._open.remove(key)

    def _schemas(self, own: Schema, other: Schema, steps: Steps) -> Iterator[Found]:
        for keyword in UNIONS:
            if _wrapped(keyword, own, other):
                yield from self._branches(keyword, own, other, steps)
                return
        yield from told(own.told, other.told, steps)
        if _unlike(own, other):
            effect = Effect(own, other.raw, other)
            yield Found(Kind.TYPE_CHANGED, own.at("type"), other.at("type"), steps, effect)
            return
        for keyword, kind in _KINDS.items():
            if not self._same(keyword, own, other):
                yield _rule(kind, keyword, own, other, steps)
        yield from _enums(own, other, steps)
        yield from self._members(own, other, steps)
        yield from self._items(own, other, steps)
        yield from self._unions(own, other, steps)

    def _same(self, keyword: str, own: Schema, other: Schema) -> bool:
        one, two = own.at(keyword), other.at(keyword)
        if keyword == "not" and one.there and two.there:  # a $ref in it may lead to what differs
            return self._reader.same(one, two)
        return same_value(one.value, two.value)

    def _members(self, own: Schema, other: Schema, steps: Steps) -> Iterator[Found]:
        ours, theirs = (dict(members(schema.at("properties"))) for schema in (own, other))
        properties: dict[str, Json] = {name: node.value for name, node in ours.items()}
        opened = not own.at("additionalProperties").there
        spread = [self._spread(schema) for schema in (own, other)]
        named = {entry.value for entry in entries(own.at("required"))}
        for name, node in theirs.items():
            if name in ours:
                yield from self._hidden(name, (own, other), (ours[name], node), steps)
                yield from self._nodes(ours[name], node, (*steps, Step("properties", name)))
                continue
            # Who goes by a page sends and reads no property that it does not list, though it may allow any.
            with_it = own.with_rule("properties", properties | {name: node.value})
            effect = None if opened and name not in named else Effect(own, with_it, other)
            said = (spread[0][name].value, node.value) if name in spread[0] else None
            yield Found(Kind.PROPERTY_ADDED, own.at("properties").at(name), node, steps, effect, said)
        for name, node in ours.items():
            if name not in theirs:
                left: Json = {key: value for key, value in properties.items() if key != name}
                effect = Effect(own, own.with_rule("properties", left), other)
                said = (node.value, spread[1][name].value) if name in spread[1] else None
                yield Found(Kind.PROPERTY_REMOVED, node, other.at("properties").at(name), steps, effect, said)
        yield from _required(own, other, steps)
        yield from self._others(own, other, steps, {*ours, *theirs})

    def _spread(self, schema: Schema) -> dict[str, Node]:
        """The properties that the branches of allOf have."""
        found: dict[str, Node] = {}
        for branch in entries(schema.at("allOf")):
            inner = self._reader.read(branch)
            found |= self._spread(inner) | dict(members(inner.at("properties")))
        return found

    def _hidden(
        self, name: str, schemas: tuple[Schema, Schema], nodes: tuple[Node, Node], steps: Steps
    ) -> Iterator[Found]:
        """A property that is readOnly or writeOnly changes what the object around it may be."""
        own, other = schemas
        ours, theirs = (self._reader.read(node) for node in nodes)
        for keyword, kind in _HIDING.items():
            if not same_value(ours.at(keyword).value, theirs.at(keyword).value):
                properties: dict[str, Json] = {key: node.value for key, node in members(own.at("properties"))}
                properties[name] = ours.with_rule(keyword, theirs.at(keyword).value)
                effect = Effect(own, own.with_rule("properties", properties), other)
                yield Found(kind, ours.at(keyword), theirs.at(keyword), steps, effect)

    def _others(self, own: Schema, other: Schema, steps: Steps, names: set[str]) -> Iterator[Found]:
        keyword = "additionalProperties"
        ours, theirs = own.at(keyword), other.at(keyword)
        if as_object(ours.value) is not None and as_object(theirs.value) is not None:
            name = next(name for number in itertools.count() if (name := f"extra{number or ''}") not in names)
            yield from self._nodes(ours, theirs, (*steps, Step(keyword, name)))
        elif not same_value(ours.value, theirs.value):
            yield _rule(Kind.ADDITIONAL_PROPERTIES_CHANGED, keyword, own, other, steps)

    def _items(self, own: Schema, other: Schema, steps: Steps) -> Iterator[Found]:
        ours, theirs = own.at("items"), other.at("items")
        if ours.there and theirs.there:
            yield from self._nodes(ours, theirs, (*steps, Step("items")))
        elif ours.there or theirs.there:
            yield _rule(Kind.ITEMS_CHANGED, "items", own, other, steps)

    def _unions(self, own: Schema, other: Schema, steps: Steps) -> Iterator[Found]:
        used = [[keyword for keyword in UNIONS if keyword in schema.rules] for schema in (own, other)]
        gone, come = ([keyword for keyword in one if keyword not in two] for one, two in (used, used[::-1]))
        if gone or come:
            rest = {keyword: value for keyword, value in own.raw.items() if keyword not in gone}
            changed = rest | {keyword: other.raw[keyword] for keyword in come}
            sides = own.at((gone or come)[0]), other.at((come or gone)[0])
            yield Found(Kind.UNION_CHANGED, *sides, steps, Effect(own, changed, other))
        for keyword in used[0]:
            if keyword in used[1]:
                yield from self._branches(keyword, own, other, steps)

    def _branches(self, keyword: str, own: Schema, other: Schema, steps: Steps) -> Iterator[Found]:
        """The branches of a union; a schema without a union is its own only branch."""
        ours, theirs = (self._read_branches(keyword, schema) for schema in (own, other))
        values, others = (_branch_values(keyword, schema) for schema in (own, other))
        pairs = pair(self._reader, ours, theirs)
        if (keyword in own.rules) != (keyword in other.rules):
            # What was told of the one schema may be told of the union now, or of the branch that it became.
            tellers = [(own, ours[one], other, theirs[two]) for one, two in pairs.both] or [(own, own, other, other)]
            for first, its_branch, second, their_branch in tellers:
                yield from told(its_branch.told | first.told, their_branch.told | second.told, steps)
            ours, theirs = ([replace(branch, told={}) for branch in branches] for branches in (ours, theirs))
        for one, two in pairs.both:
            step = Step(keyword, own=_index(keyword, own, one), other=_index(keyword, other, two))
            yield from self._schemas(ours[one], theirs[two], (*steps, step))
        rest, beside = (schema.raw if keyword in schema.rules else {} for schema in (own, other))
        for index in pairs.added:
            undone = beside | {keyword: _without(others, index)}
            effect = Effect(own, rest | {keyword: [*values, others[index]]}, other, undone)
            yield Found(Kind.BRANCH_ADDED, MISSING_NODE, _branch_node(keyword, other, index), steps, effect)
        for index in pairs.removed:
            left = _without(values, index)
            # Of a union that was exchanged as a whole nothing is left; then what counts is what it is now.
            undone = beside | {keyword: [*others, values[index]]}
            effect = Effect(own, rest | {keyword: left} if left else other.raw, other, undone)
            yield Found(Kind.BRANCH_REMOVED, _branch_node(keyword, own, index), MISSING_NODE, steps, effect)

    def _read_branches(self, keyword: str, schema: Schema) -> list[Schema]:
        if keyword not in schema.rules:
            return [Schema(schema.node, schema.rules, {})]
        return [self._reader.read(branch) for branch in entries(schema.at(keyword))]


def _without(values: list[Json], index: int) -> list[Json]:
    return [value for number, value in enumerate(values) if number != index]


def _index(keyword: str, schema: Schema, index: int) -> int | None:
    return index if keyword in schema.rules else None


def _branch_node(keyword: str, schema: Schema, index: int) -> Node:
    return schema.at(keyword).at(index) if keyword in schema.rules else Node(schema.node.place, schema.raw)


def _branch_values(keyword: str, schema: Schema) -> list[Json]:
    return [branch.value for branch in entries(schema.at(keyword))] if keyword in schema.rules else [schema.raw]


def told(old: dict[str, Node], new: dict[str, Node], steps: Steps = ()) -> Iterator[Found]:
    """What differs in what is told."""
    for keyword in dict.fromkeys((*new, *old)):
        before, after = old.get(keyword, MISSING_NODE), new.get(keyword, MISSING_NODE)
        if not same_value(before.value, after.value):
            yield Found(_TOLD.get(keyword, Kind.OTHER_CHANGED), before, after, steps)


def _rule(kind: Kind, keyword: str, own: Schema, other: Schema, steps: Steps) -> Found:
    # A type goes with what else is said of its values: between two types the whole schema is another.
    retyped = keyword == "type" and keyword in own.rules and keyword in other.rules
    changed = other.raw if retyped else own.with_rule(keyword, other.at(keyword).value)
    return Found(kind, own.at(keyword), other.at(keyword), steps, Effect(own, changed, other))


def _unlike(own: Schema, other: Schema) -> bool:
    """Whether two schemas are about values of unlike types, so that nothing in one has a place in the other."""
    kinds = own.raw.get("type"), other.raw.get("type")
    if None in kinds:
        return kinds != (None, None) and not (own.rules and other.rules)
    return kinds[0] != kinds[1] and ("object" in kinds or "array" in kinds)


def _wrapped(keyword: str, own: Schema, other: Schema) -> bool:
    """Whether one is nothing but a union and the other has none: a branch was added, or is the only one left."""
    unions = [[key for key in UNIONS if key in schema.rules] for schema in (own, other)]
    if keyword == "allOf" or sorted(unions) != [[], [keyword]]:
        return False
    return [*(own if unions[0] else other).rules] == [keyword] and bool(own.rules and other.rules)


def _enums(own: Schema, other: Schema, steps: Steps) -> Iterator[Found]:
    ours, theirs = own.at("enum"), other.at("enum")
    if not ours.there or not theirs.there:
        if ours.there or theirs.there:
            yield _rule(Kind.ENUM_ADDED if theirs.there else Kind.ENUM_REMOVED, "enum", own, other, steps)
        return
    yield from _listed("enum", (Kind.ENUM_VALUE_ADDED, Kind.ENUM_VALUE_REMOVED), own, other, steps)


def _required(own: Schema, other: Schema, steps: Steps) -> Iterator[Found]:
    yield from _listed("required", (Kind.REQUIRED_ADDED, Kind.REQUIRED_REMOVED), own, other, steps)


def _listed(keyword: str, kinds: tuple[Kind, Kind], own: Schema, other: Schema, steps: Steps) -> Iterator[Found]:
    """The entries of a list without order that came and went."""
    ours, theirs = ({text_of(entry.value): entry for entry in entries(side.at(keyword))} for side in (own, other))
    values: list[Json] = [entry.value for entry in ours.values()]
    for text, entry in theirs.items():
        if text not in ours:
            effect = Effect(own, own.with_rule(keyword, [*values, entry.value]), other)
            yield Found(kinds[0], MISSING_NODE, entry, steps, effect)
    for text, entry in ours.items():
        if text not in theirs:
            left: list[Json] = [one.value for other_text, one in ours.items() if other_text != text]
            yield Found(kinds[1], entry, MISSING_NODE, steps, Effect(own, own.with_rule(keyword, left), other))
