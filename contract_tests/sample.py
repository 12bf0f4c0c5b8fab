"""Valid values of schemas, and objects and lists that one keyword forbids."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from contract_tests.constraints import allowed, is_allowed, is_narrow
from contract_tests.document import Json
from contract_tests.leeway import IDS, TIMES
from contract_tests.near import near_values
from contract_tests.shapes import ANY, Schema, flat, variants
from contract_tests.values import INSTANTS, NUMBERS, ODD_TEXTS, TEXTS

UNKNOWN = "contractTest"
"""A property that no page has."""
_MANY = 20
_ID_LENGTH = 200
"""What any key of a database holds: how long an id may be is no matter of these tests."""
_NO_TIMES = 4
"""Texts that are no time, of a property that is an instant by its description: whichever, it is left open."""
_ANYTHING: tuple[Json, ...] = ("text", 5, 0.5, True, [], {}, None)


def members(schema: Schema) -> dict[str, Schema]:
    """The properties of an object, one that the page does not name included where their schema is said."""
    others: Any = schema.get("additionalProperties")
    unnamed: dict[str, Schema] = {UNKNOWN: others} if isinstance(others, dict) and others else {}
    return {**schema.get("properties", {}), **unnamed}


def demanded(schema: Schema) -> list[str]:
    """The properties that an object must have, whatever the branch of a union."""
    names: list[str] = schema["demanded"] if "demanded" in schema else schema.get("required", [])
    return names


class Sample:
    """Values that a schema allows.

    Args:
        new_id: makes an id that was never used, for every property that is one.

    """

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id

    def of(self, schema: Schema, name: str, *, full: bool = False) -> Json:
        """The plainest valid value; full: with every property at every depth."""
        schema = variants(schema)[0]
        match schema["type"]:
            case "object":
                return self._object(schema, full=full)
            case "array":
                return self.items(schema, name, max(1, schema.get("minItems", 0)), full=full)
            case "string" if _is_id(name) and "enum" not in schema:
                return self._id(schema)
            case _:
                return next(iter(_scalars(schema, name)))

    def _object(self, schema: Schema, *, full: bool) -> dict[str, Json]:
        inner, required = members(schema), schema.get("required", ())
        if full and len(excluded := schema.get("not", {}).get("required", [])) > 1:
            inner.pop(excluded[-1], None)
        names = list(inner) if full else [name for name in inner if name in required]
        names = list(dict.fromkeys([*required, *names])) if not full else names
        names += [name for name in required if name not in names]
        names += [name for name in inner if name not in names][: max(0, schema.get("minProperties", 0) - len(names))]
        names += [f"{UNKNOWN}{number}" for number in range(schema.get("minProperties", 0) - len(names))]
        kept = names[: max(schema.get("maxProperties", len(names)), len(required))]
        return {name: self.of(inner.get(name, {}), name, full=full) for name in kept}

    def items(self, schema: Schema, name: str, count: int, *, full: bool = False) -> list[Json]:
        """So many valid items, each another one if the schema says so; fewer if there are no more."""
        inner = schema.get("items", {})
        count = min(count, schema.get("maxItems", count))
        if not schema.get("uniqueItems"):
            return [self.of(inner, name, full=full) for _ in range(count)]
        found: list[Json] = []
        for value in itertools.chain((self.of(inner, name, full=full),), *self._more(inner, name)):
            if value not in found:
                found.append(value)
            if len(found) >= count:
                break
        return found[:count]

    def _more(self, schema: Schema, name: str) -> Iterator[Iterable[Json]]:
        for variant in variants(schema):
            yield self.values(variant, name)
            if variant["type"] == "object":
                smallest = self._object(variant, full=False)
                for inner, child in members(variant).items():
                    yield [{**smallest, inner: value} for each in variants(child) for value in self.values(each, inner)]

    def values(self, schema: Schema, name: str) -> Iterator[Json]:
        """Values that are valid, the plainest first, of a schema without unions."""
        match schema["type"]:
            case "array":
                counts = [schema.get("minItems", 0), schema.get("maxItems", 0)]
                wanted = [count for count in dict.fromkeys((1, 0, 2, _MANY, *counts)) if count <= 10 * _MANY]
                lists = [self.items(schema, name, count) for count in wanted if count >= counts[0]]
                yield from (each for number, each in enumerate(lists) if each not in lists[:number] or _is_id(name))
            case "object":
                yield self.of(schema, name)
            case "string" if _is_id(name) and "enum" not in schema:
                yield from self._ids(schema)
            case _:
                yield from _scalars(schema, name)
        if schema.get("nullable"):
            yield None

    def _id(self, schema: Schema) -> str:
        ours = self._new_id()
        if not is_narrow(schema) or is_allowed(schema, ours):
            return ours
        return str(next(iter(_scalars(schema, "an id"))))

    def _ids(self, schema: Schema) -> Iterator[str]:
        """Ids with texts in them; an empty or blank one stays, and is left open."""
        for text in (*TEXTS, *ODD_TEXTS):
            found = self._new_id() + text[:_ID_LENGTH] if text.strip() else text
            if not is_narrow(schema) or is_allowed(schema, found):
                yield found
        if is_narrow(schema):
            yield self._id(schema)

    def wrong_objects(self, schema: Schema, keyword: str, smallest: Json) -> Iterator[Json]:
        """Objects that a keyword forbids."""
        valid: dict[str, Json] = smallest if isinstance(smallest, dict) else {}
        match keyword:
            case "additionalProperties":
                others: list[Json] = ["text", None, {}]
                yield from ({**valid, UNKNOWN: value} for value in others)
            case "minProperties":
                yield dict(list(valid.items())[: schema["minProperties"] - 1])
                yield {}
            case "maxProperties":
                yield {**valid, **{f"{UNKNOWN}{number}": "text" for number in range(schema["maxProperties"] + 1)}}
                full = self._object({**schema, "maxProperties": 10_000}, full=True)
                yield dict(list({**valid, **full}.items())[: schema["maxProperties"] + 1])
            case "not":
                excluded = self.of({"type": "object", **flat(schema["not"])}, "")
                yield {**valid, **excluded} if isinstance(excluded, dict) else excluded
            case _:
                raise NotImplementedError(keyword)

    def no_choice(self, branches: Sequence[Schema]) -> Iterator[Json]:
        """What fits no branch, and what fits two."""
        smallest = [self.of(branch, "") for branch in branches]
        objects = [value for value in smallest if isinstance(value, dict)]
        for branch, value in zip(branches, smallest, strict=True):
            own = [name for name in branch.get("required", ()) if name not in demanded(branch)]
            if isinstance(value, dict):
                yield from ({key: inner for key, inner in value.items() if key != name} for name in own)
                yield {key: inner for key, inner in value.items() if key not in own}
                listed = {name: flat(each).get("enum", []) for name, each in members(branch).items() if name in value}
                yield from ({**value, name: near} for name, enum in listed.items() for near in near_values(enum)[:2])
        yield from ({**one, **other} for one, other in itertools.combinations(objects, 2))
        if not objects:
            yield from (*smallest, *_ANYTHING)

    def wrong_lists(self, schema: Schema, keyword: str, name: str) -> Iterator[Json]:
        """Lists that a keyword forbids."""
        plain = {key: value for key, value in schema.items() if key not in ("minItems", "maxItems")}
        match keyword:
            case "minItems":
                yield self.items(plain, name, schema["minItems"] - 1)
                yield []
            case "maxItems":
                yield self.items(plain, name, schema["maxItems"] + 1)
            case _:
                others = self.items(plain, name, max(1, schema.get("minItems", 0) - 1))
                yield [*others, others[0]]
                yield [others[-1], *others]


def _scalars(schema: Schema, name: str) -> Iterable[Json]:
    """Values of a schema that is no list, no object and no id, the plainest first."""
    if "enum" in schema:
        return [value for value in schema["enum"] if value is not None]
    if schema["type"] == ANY:
        return _ANYTHING
    if is_narrow(schema):
        return allowed(schema) or [_none(schema, name)]
    if schema.get("format") == "date-time":
        return INSTANTS
    if schema["type"] == "string" and name in TIMES:
        return (*INSTANTS, *TEXTS[:_NO_TIMES], *ODD_TEXTS)
    whole = [number for number in NUMBERS if number == int(number)]
    values: dict[str, Iterable[Json]] = {
        "string": (*TEXTS, *ODD_TEXTS),
        "boolean": (True, False),
        "number": NUMBERS,
        "integer": whole,
    }
    return values[schema["type"]]


def _none(schema: Schema, name: str) -> Any:
    said = {key: value for key, value in schema.items() if not key.startswith("x-") and key != "description"}
    raise NotImplementedError(
        f"no value of {name or 'the body'} is known that {said} allows: teach contract_tests/constraints.py"
    )


def _is_id(name: str) -> bool:
    return name in IDS or name == "mergedFromExternalIds"
