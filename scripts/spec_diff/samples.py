"""Values that tell schemas apart: small valid ones, and those just inside and just outside of what a schema says."""

import functools
import json
import random
import re
from collections.abc import Iterator
from itertools import combinations, islice

from scripts.layout import Json
from scripts.spec_diff.json_schema import FORMATS, UNIONS, JsonSchema, validator

_DEEPEST = 12
LONGEST = 20_000
"""Of arrays and objects that are made; a longer minItems has no sample."""
_LONGEST_TEXT = 1_100_000
"""Of texts, whose bounds are round numbers of bytes as often as not."""
MANY = 1000
"""More values than this are not tried."""
_EXTRA = "extra"

_TEXTS = ("a", "", "A", "0", "12", "abc", "ABC-123", "a b", "\n", "e-1", "+15550100", "$", "a@b.example")
_FORMATTED = {
    "date-time": "2026-01-31T12:00:00Z",
    "date": "2026-01-31",
    "time": "12:00:00Z",
    "duration": "P1D",
    "email": "a@example.com",
    "idn-email": "a@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/a",
    "iri": "https://example.com/a",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
    "json-pointer": "/a",
    "byte": "YQ==",
}
_NUMBERS = (1, 0, -1, 0.5, 2, 2**31, 2**63)
_PROBES: tuple[Json, ...] = ("a", 1, 0.5, None, True, {}, [])


def minimal(schema: JsonSchema, part: Json, depth: int = 0) -> Json:
    """A small value that a part of a schema most likely allows: of unions the first branch, nothing optional."""
    part = _merged(schema, part)
    if "enum" in part:
        return _first(part, [*_array(part["enum"])])
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
            return _first(part, _scalars(part))


def samples(schema: JsonSchema, part: Json) -> list[Json]:
    """Values on both sides of every border of a part of a schema, the shortest first."""
    found: dict[str, Json] = {}
    for view in _views(schema, part):
        for value in (*_PROBES, *_scalars(view), *_objects(schema, view), *_arrays(schema, view)):
            found.setdefault(json.dumps(value, sort_keys=True), value)
            if len(found) >= MANY:
                break
    return [found[text] for text in sorted(found, key=lambda text: (len(text), text))]


def completed(schema: JsonSchema, part: Json, value: dict[str, Json]) -> dict[str, Json]:
    """An object with what a part of a schema requires of it beside."""
    part = _merged(schema, part)
    properties = _mapping(part.get("properties"))
    missing = [name for name in _names(part) if name not in value]
    return value | {name: minimal(schema, properties.get(name, True)) for name in missing}


@functools.lru_cache(maxsize=256)
def matching(pattern: str) -> tuple[str, ...]:
    """A few texts that a pattern matches; none if it is no regular expression of Python."""
    known = tuple(text for text in _TEXTS + tuple(_FORMATTED.values()) if _allows({"pattern": pattern}, text))
    if known:
        return known[:2]
    # Imported here: it takes longer than comparing does, and few specs have such patterns.
    from hypothesis import Phase, find, settings, strategies  # noqa: PLC0415
    from hypothesis.errors import HypothesisException  # noqa: PLC0415

    quiet = settings(max_examples=50, database=None, deadline=None, derandomize=True, phases=[Phase.generate])
    seeded = random.Random(0)  # noqa: S311 - no secret: the same text in every run
    try:
        texts = strategies.from_regex(pattern)
        return (find(texts, lambda text: _allows({"pattern": pattern}, text), settings=quiet, random=seeded),)
    except (HypothesisException, ValueError, RecursionError, re.error):  # a pattern of ECMA may be none of Python
        return ()


def _merged(schema: JsonSchema, part: Json) -> dict[str, Json]:
    return next(iter(_views(schema, part)))


def _views(schema: JsonSchema, part: Json, depth: int = 0) -> Iterator[dict[str, Json]]:
    """The ways to read a schema with unions: all of allOf, and of the others one branch after the other.

    Of oneOf two branches at once, too, since what both allow it refuses.
    """
    part = schema.followed(part)
    if not isinstance(part, dict) or depth > _DEEPEST:
        yield {}
        return
    views = [{key: value for key, value in part.items() if key not in UNIONS}]
    for branch in _array(part.get("allOf")):
        views = [_united(view, inner) for view in views for inner in _views(schema, branch, depth + 1)][:MANY]
    for keyword in ("anyOf", "oneOf"):
        if branches := _array(part.get(keyword)):
            inners = [inner for branch in branches for inner in _views(schema, branch, depth + 1)][:MANY]
            if keyword == "oneOf":
                inners += [_united(one, other) for one, other in islice(combinations(inners, 2), MANY)]
            views = [_united(view, inner) for view in views for inner in inners][:MANY]
    yield from views


def _united(one: dict[str, Json], other: dict[str, Json]) -> dict[str, Json]:
    united = {**other, **one}
    for keyword in ("properties",):
        if keyword in one and keyword in other:
            united[keyword] = _mapping(other[keyword]) | _mapping(one[keyword])
    if "required" in one and "required" in other:
        united["required"] = [*_array(one["required"]), *_array(other["required"])]
    return united


def _kind(part: dict[str, Json]) -> str:
    kind = part.get("type")
    if isinstance(kind, list):
        kind = kind[0]
    if isinstance(kind, str):
        return kind
    guesses = {"object": ("properties", "required", "additionalProperties"), "array": ("items", "minItems", "maxItems")}
    return next((kind for kind, keywords in guesses.items() if any(word in part for word in keywords)), "any")


def _first(part: dict[str, Json], values: list[Json]) -> Json:
    plain = {key: value for key, value in part.items() if key in _SCALAR_RULES}
    return next((value for value in values if _allows(plain, value)), values[0] if values else None)


_SCALAR_RULES = frozenset(
    {"type", "enum", "format", "pattern", "minLength", "maxLength", "multipleOf"}
    | {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
)


def _allows(part: dict[str, Json], value: Json) -> bool:
    return validator(part).is_valid(value)


def _scalars(part: dict[str, Json]) -> list[Json]:
    values: list[Json] = [*_array(part.get("enum"))[:MANY]]
    texts: list[str] = [*_TEXTS[:3]]
    if isinstance(form := part.get("format"), str) and form in FORMATS:
        texts = [_FORMATTED.get(form, "a"), *texts]
    else:
        texts += [*_FORMATTED.values()]
    if isinstance(pattern := part.get("pattern"), str):
        texts = [*matching(pattern), *texts]
    texts += _TEXTS[3:]
    texts += [
        _lengthened(text, length)
        for length in _near(part, "minLength", "maxLength", most=_LONGEST_TEXT)
        for text in texts[:2]
    ]
    return [*values, *texts, *_numbers(part), True, False, None]


def _lengthened(text: str, length: int) -> str:
    return (text or "a")[:length] + (text or "a")[-1] * max(0, length - len(text or "a"))


def _near(part: dict[str, Json], *keywords: str, most: int = LONGEST) -> list[int]:
    sizes = [size for keyword in keywords if isinstance(size := part.get(keyword), int | float) and size < most]
    return sorted({max(0, int(size) + step) for size in sizes for step in (-1, 0, 1)})


def _numbers(part: dict[str, Json]) -> list[Json]:
    keywords = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    bounds = [bound for keyword in keywords if isinstance(bound := part.get(keyword), (int, float))]
    steps: list[int | float] = [-1, 0, 1, -0.5, 0.5]
    numbers: list[int | float] = [*_NUMBERS]
    if isinstance(unit := part.get("multipleOf"), (int, float)) and unit > 0:
        steps += [-unit, unit]
        bounds = [*bounds, *(bound // unit * unit for bound in bounds), unit]
        numbers += [unit, 2 * unit, 3 * unit, unit / 2]
    return [*numbers, *(bound + step for bound in bounds for step in steps)]


def _object(schema: JsonSchema, part: dict[str, Json], depth: int) -> dict[str, Json]:
    properties = _mapping(part.get("properties"))
    names = list(dict.fromkeys(_names(part)))
    names += [name for name in properties if name not in names][: max(0, _size(part, "minProperties") - len(names))]
    others = part.get("additionalProperties", True)
    names += [f"{_EXTRA}{number}" for number in range(_size(part, "minProperties") - len(names))]
    return {name: minimal(schema, properties.get(name, others), depth + 1) for name in names}


def _objects(schema: JsonSchema, part: dict[str, Json]) -> Iterator[dict[str, Json]]:
    """With and without each property, with one that no one knows, and of one property more and less than is allowed."""
    if _kind(part) not in ("object", "any"):
        return
    properties = _mapping(part.get("properties"))
    least = _object(schema, part, 0)
    full = least | {name: minimal(schema, inner, 1) for name, inner in properties.items() if inner is not False}
    yield from (least | {name: value} for name, value in full.items())
    for base in (least, full):
        yield base
        yield from ({key: value for key, value in base.items() if key != name} for name in base)
        for name in (_EXTRA, *properties):
            yield from (base | {name: probe} for probe in _PROBES)
    for size in _near(part, "minProperties", "maxProperties"):
        yield full | {f"{_EXTRA}{number}": "a" for number in range(size - len(full))}
        yield dict([*least.items(), *((name, value) for name, value in full.items() if name not in least)][:size])


def _arrays(schema: JsonSchema, part: dict[str, Json]) -> Iterator[list[Json]]:
    if _kind(part) not in ("array", "any"):
        return
    items = part.get("items", True)
    for size in sorted({0, 1, 2, *_near(part, "minItems", "maxItems")}):
        yield _items(schema, part, size, 0)
        yield [minimal(schema, items, 1)] * size
    yield from ([probe] for probe in _PROBES)


def _items(schema: JsonSchema, part: dict[str, Json], size: int, depth: int) -> list[Json]:
    """That many items, all different if there are as many different ones."""
    items = part.get("items", True)
    if size < 2 or part.get("uniqueItems") is not True:  # noqa: PLR2004 - one item is always unique
        return [minimal(schema, items, depth + 1) for _ in range(size)]
    distinct: dict[str, Json] = {}
    for view in _views(schema, items):
        for value in [minimal(schema, items, depth + 1), *_scalars(view), *(f"a{number}" for number in range(size))]:
            if _allows({key: rule for key, rule in view.items() if key in _SCALAR_RULES}, value):
                distinct.setdefault(json.dumps(value, sort_keys=True), value)
    return list(distinct.values())[:size]


def _names(part: dict[str, Json]) -> list[str]:
    return [name for name in _array(part.get("required")) if isinstance(name, str)]


def _size(part: dict[str, Json], keyword: str) -> int:
    return size if isinstance(size := part.get(keyword), int) and size < LONGEST else 0


def _array(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
