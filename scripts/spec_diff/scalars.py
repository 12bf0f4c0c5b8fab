"""Texts, numbers and the like that tell schemas apart: just inside and just outside of what a schema says."""

import functools
import itertools
import random
import re

from scripts.layout import Json
from scripts.spec_diff.json_schema import FORMATS, validator

LONGEST = 20_000
"""Of arrays and objects that are made; a longer minItems has no sample."""
MANY = 1000
"""More values than this are not tried."""
_LONGEST_TEXT = 1_100_000
"""Of texts, whose bounds are round numbers of bytes as often as not."""

_TEXTS = ("a", "", "A", "0", "12", "abc", "ABC-123", "a b", "\n", "e-1", "+15550100", "$", "a@b.example")
_FORMATTED = {
    "date-time": ("2026-01-31T12:00:00Z", "1999-12-31T23:59:59.5+01:00"),
    "date": ("2026-01-31", "1999-12-31"),
    "time": ("12:00:00Z", "23:59:59.5+01:00"),
    "duration": ("P1D", "PT0.5S"),
    "email": ("a@example.com", "b.c@sub.example.org"),
    "idn-email": ("a@example.com", "b.c@sub.example.org"),
    "hostname": ("example.com", "sub.example.org"),
    "idn-hostname": ("example.com", "sub.example.org"),
    "ipv4": ("192.0.2.1", "198.51.100.255"),
    "ipv6": ("2001:db8::1", "::1"),
    "uri": ("https://example.com/a", "urn:a:b"),
    "iri": ("https://example.com/a", "urn:a:b"),
    "uuid": ("123e4567-e89b-42d3-a456-426614174000", "FFFFFFFF-0000-1000-8000-00000000000A"),
    "json-pointer": ("/a", "/b/0"),
    "byte": ("YQ==", "YWJj"),
}
"""Two of each format, that have little in common."""
_ALL_FORMATTED = tuple(dict.fromkeys(itertools.chain(*zip(*_FORMATTED.values(), strict=True))))
_NUMBERS = (1, 0, -1, 0.5, 2, 2**31, 2**63)

SCALAR_RULES = frozenset(
    {"type", "enum", "format", "pattern", "minLength", "maxLength", "multipleOf"}
    | {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
)
"""What a schema says of texts and numbers."""


def scalars(part: dict[str, Json]) -> list[Json]:
    """Values of the simple types, those first that a part of a schema most likely allows."""
    values: list[Json] = [*array(part.get("enum"))[:MANY]]
    texts: list[str] = [*_TEXTS[:3]]
    if isinstance(form := part.get("format"), str) and form in FORMATS:
        texts = [*_FORMATTED.get(form, ()), *texts]
    else:
        texts += _ALL_FORMATTED
    if isinstance(pattern := part.get("pattern"), str):
        texts = [*matching(pattern), *texts]
    texts += _TEXTS[3:]
    texts += [
        _lengthened(text, length)
        for length in near(part, "minLength", "maxLength", most=_LONGEST_TEXT)
        for text in texts[:2]
    ]
    return [*values, *texts, *_numbers(part), True, False, None]


def first(part: dict[str, Json], values: list[Json]) -> Json:
    """The first of some values that the rules of a part allow, or the first if they allow none."""
    plain = {key: value for key, value in part.items() if key in SCALAR_RULES}
    return next((value for value in values if _allows(plain, value)), values[0] if values else None)


def near(part: dict[str, Json], *keywords: str, most: int = LONGEST) -> list[int]:
    """The sizes at the bounds of a part, and one beside each."""
    sizes = [size for keyword in keywords if isinstance(size := part.get(keyword), int | float) and size < most]
    return sorted({max(0, int(size) + step) for size in sizes for step in (-1, 0, 1)})


def array(value: Json) -> list[Json]:
    """The value, if it is an array."""
    return value if isinstance(value, list) else []


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


def _lengthened(text: str, length: int) -> str:
    return (text or "a")[:length] + (text or "a")[-1] * max(0, length - len(text or "a"))


def _allows(part: dict[str, Json], value: Json) -> bool:
    return validator(part).is_valid(value)


@functools.lru_cache(maxsize=256)
def matching(pattern: str) -> tuple[str, ...]:
    """A few texts that a pattern matches; none if it is no regular expression of Python."""
    known = tuple(text for text in (*_TEXTS, *_ALL_FORMATTED) if _allows({"pattern": pattern}, text))
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
