"""Values that tell schemas apart: small valid ones, and those just inside and just outside of what a schema says."""

import json
from collections.abc import Iterator
from itertools import combinations, islice

from scripts.layout import Json
from scripts.spec_diff.json_schema import UNIONS, JsonSchema
from scripts.spec_diff.scalars import LONGEST, MANY, SCALAR_RULES, array, first, near, scalars

_DEEPEST = 12
_EXTRA = "extra"
_LEFT_OUT = 100
"""So many properties are left out, one after the other."""

_PROBES: tuple[Json, ...] = ("a", 1, 0.5, None, True, {}, [])


def minimal(schema: JsonSchema, part: Json, depth: int = 0) -> Json:
    """A small value that a part of a schema most likely allows: of unions the first branch, nothing optional."""
    part = _merged(schema, part)
    if "enum" in part:
        return first(part, [*array(part["enum"])])
    match _kind(part):
        case "object" if depth < _DEEPEST:
            return _object(schema, part, depth)
        case "array" if depth < _DEEPEST:
            return _items(schema, part, _size(part, "minItems"), depth)
        case "object":
            return {}
        case "array":
            return []
        case _:
            return first(part, scalars(part))


def samples(schema: JsonSchema, part: Json) -> list[Json]:
    """Values on both sides of every border of a part of a schema, the shortest first."""
    found: dict[str, Json] = {}
    for view in _views(schema, part):
        for value in (*_PROBES, *scalars(view), *_objects(schema, view), *_arrays(schema, view)):
            found.setdefault(json.dumps(value, sort_keys=True), value)
            if len(found) >= MANY:
                break
    return [found[text] for text in sorted(found, key=lambda text: (len(text), text))]


def around(schema: JsonSchema, part: Json) -> Iterator[dict[str, Json]]:
    """Small objects that a part of a schema may allow, one for each way to read it."""
    yield from (_object(schema, view, 0) for view in _views(schema, part))


def listed(schema: JsonSchema, part: dict[str, Json], item: Json) -> list[Json]:
    """A list that holds an item, as long as it must be: of others if they must differ."""
    size = min(max(_size(part, "minItems"), 1), MANY)
    others = _items(schema, part, size, 0) if part.get("uniqueItems") is True else [item] * size
    return [item, *(other for other in others if other is item or other != item)][:size]


def completed(schema: JsonSchema, part: Json, value: dict[str, Json]) -> dict[str, Json]:
    """An object with what a part of a schema requires of it beside."""
    part = _merged(schema, part)
    properties = _mapping(part.get("properties"))
    missing = [name for name in _names(part) if name not in value]
    return value | {name: minimal(schema, properties.get(name, True)) for name in missing}


def _merged(schema: JsonSchema, part: Json) -> dict[str, Json]:
    return next(iter(_views(schema, part)))


def _views(schema: JsonSchema, part: Json, depth: int = 0) -> Iterator[dict[str, Json]]:
    """The ways to read a schema with unions: all of allOf, and of the others one branch after the other.

    Two branches at once, too: what both allow oneOf refuses, and what stands beside may.
    """
    part = schema.followed(part)
    if not isinstance(part, dict) or depth > _DEEPEST:
        yield {}
        return
    views = [{key: value for key, value in part.items() if key not in UNIONS}]
    for branch in array(part.get("allOf")):
        views = [_united(view, inner) for view in views for inner in _views(schema, branch, depth + 1)][:MANY]
    for keyword in ("anyOf", "oneOf"):
        if branches := array(part.get(keyword)):
            inners = [inner for branch in branches for inner in _views(schema, branch, depth + 1)][:MANY]
            inners += [_united(one, other) for one, other in islice(combinations(inners, 2), MANY)]
            views = [_united(view, inner) for view in views for inner in inners][:MANY]
    yield from views


def _united(one: dict[str, Json], other: dict[str, Json]) -> dict[str, Json]:
    """What two schemas demand together, so far as it is plain; of rules that cannot be told as one, the first."""
    united = {**other, **one}
    for keyword in one.keys() & other.keys():
        first, second = one[keyword], other[keyword]
        match keyword:
            case "properties":
                ours, theirs = _mapping(first), _mapping(second)
                both: dict[str, Json] = {name: {"allOf": [ours[name], theirs[name]]} for name in ours if name in theirs}
                united[keyword] = theirs | ours | both
            case "required":
                united[keyword] = [*array(first), *array(second)]
            case "enum":
                united[keyword] = [value for value in array(first) if value in array(second)]
            case _ if isinstance(first, int | float) and isinstance(second, int | float):
                united[keyword] = min(first, second) if "max" in keyword.lower() else max(first, second)
            case _:
                pass
    return united


def _kind(part: dict[str, Json]) -> str:
    kind = part.get("type")
    if isinstance(kind, list):
        kind = kind[0]
    if isinstance(kind, str):
        return kind
    guesses = {"object": ("properties", "required", "additionalProperties"), "array": ("items", "minItems", "maxItems")}
    return next((kind for kind, keywords in guesses.items() if any(word in part for word in keywords)), "any")


def _object(schema: JsonSchema, part: dict[str, Json], depth: int) -> dict[str, Json]:
    properties = _mapping(part.get("properties"))
    names = list(dict.fromkeys(_names(part)))
    names += [name for name in properties if name not in names][: max(0, _size(part, "minProperties") - len(names))]
    others = part.get("additionalProperties", True)
    names += [f"{_EXTRA}{number}" for number in range(_size(part, "minProperties") - len(names))]
    return {name: minimal(schema, properties.get(name, others), depth + 1) for name in names}


def _objects(schema: JsonSchema, part: dict[str, Json]) -> Iterator[dict[str, Json]]:
    """With and without each property, with one that no one knows, at the borders of each, and of one more and less."""
    if _kind(part) not in ("object", "any"):
        return
    properties = _mapping(part.get("properties"))
    least = _object(schema, part, 0)
    full = least | {name: minimal(schema, inner, 1) for name, inner in properties.items() if inner is not False}
    yield from (least | {name: value} for name, value in full.items() if name in properties)
    for base in (least, full):
        yield base
        yield from ({key: value for key, value in base.items() if key != name} for name in islice(base, _LEFT_OUT))
        for name in (_EXTRA, *properties):
            yield from (base | {name: probe} for probe in _PROBES)
    for name, inner in properties.items():
        for view in _views(schema, inner):
            if not SCALAR_RULES.isdisjoint(view.keys() - {"type"}):
                yield from (full | {name: value} for value in scalars(view))
    for size in near(part, "minProperties", "maxProperties"):
        yield full | {f"{_EXTRA}{number}": "a" for number in range(size - len(full))}
        yield dict([*least.items(), *((name, value) for name, value in full.items() if name not in least)][:size])


def _arrays(schema: JsonSchema, part: dict[str, Json]) -> Iterator[list[Json]]:
    if _kind(part) not in ("array", "any"):
        return
    items = part.get("items", True)
    for size in sorted({0, 1, 2, *near(part, "minItems", "maxItems")}):
        yield _items(schema, part, size, 0)
        yield [minimal(schema, items, 1)] * size
    yield from ([probe] for probe in _PROBES)


def _items(schema: JsonSchema, part: dict[str, Json], size: int, depth: int) -> list[Json]:
    """That many items, all different if there are as many different ones."""
    items = part.get("items", True)
    if size < 2 or part.get("uniqueItems") is not True:  # noqa: PLR2004 - one item is always unique
        return [minimal(schema, items, depth + 1) for _ in range(size)]
    distinct: dict[str, Json] = {}
    allows = schema.part_validator(items).is_valid
    for view in _views(schema, items):
        for value in (minimal(schema, items, depth + 1), *scalars(view), *_numbered(schema, view, size, depth)):
            if len(distinct) < size and allows(value):
                distinct.setdefault(json.dumps(value, sort_keys=True), value)
    return list(distinct.values())


def _numbered(schema: JsonSchema, part: dict[str, Json], size: int, depth: int) -> Iterator[Json]:
    """Values that differ in a number."""
    for number in range(size):
        yield from (f"a{number}", number)
    if _kind(part) == "object":
        least = _object(schema, part, depth + 1)
        for name in (_EXTRA, *_mapping(part.get("properties"))):
            for number in range(size):
                yield from ({**least, name: f"a{number}"}, {**least, name: number})


def _names(part: dict[str, Json]) -> list[str]:
    return [name for name in array(part.get("required")) if isinstance(name, str)]


def _size(part: dict[str, Json], keyword: str) -> int:
    return size if isinstance(size := part.get(keyword), int) and size < LONGEST else 0


def _mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
