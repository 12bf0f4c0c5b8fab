"""JSON values that a schema of the effective spec allows, as awkward as they come."""

import datetime as dt
import functools
import json
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from contract_tests.values import NUMBERS, TEXTS
from tests.client_contract import spec

_CEILING = 10**40
NEW = "ADDED_BY_SIRO_LATER"
_ZONES = ("Europe/Amsterdam", "Africa/Monrovia", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
"""Local mean times of odd seconds, half hours, and an hour that comes twice."""


@functools.cache
def texts() -> st.SearchStrategy[str]:
    """Texts that JSON can carry as they are."""
    return st.sampled_from((*TEXTS, "\0", "a\0b", "\ufffe\uffff", "\U0010ffff")) | st.text(max_size=12)


@functools.cache
def numbers() -> st.SearchStrategy[float]:
    """Numbers of JSON, integers beyond 64 bits among them."""
    integers = st.integers(-(2**53), 2**53) | st.integers(-_CEILING, _CEILING)
    return st.sampled_from(NUMBERS) | integers | st.floats(allow_nan=False, allow_infinity=False)


@functools.cache
def anything() -> st.SearchStrategy[Any]:
    """Any JSON value."""
    leaves = st.none() | st.booleans() | numbers() | texts()
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts(), inner, max_size=3), max_leaves=5
    )


@functools.cache
def instants() -> st.SearchStrategy[dt.datetime]:
    """Aware datetimes with offsets of any kind: of minutes, of microseconds, of time zones with a history."""
    day = dt.timedelta(days=1) - dt.timedelta(microseconds=1)
    offsets = st.timedeltas(-day, day) | st.sampled_from((0, 60, -90, 345, 19 * 60 + 32)).map(
        lambda minutes: dt.timedelta(minutes=minutes)
    )
    zones = st.just(dt.UTC) | offsets.map(dt.timezone) | st.sampled_from(_ZONES).map(ZoneInfo)
    # A day off the ends of the calendar, so that the instant is one of UTC too.
    first, last = dt.datetime(1, 1, 3), dt.datetime(9999, 12, 29)  # noqa: DTZ001 - the zone is drawn
    return st.datetimes(first, last, timezones=zones)


def allowed(schema: Any, *, opened: bool = False) -> st.SearchStrategy[Any]:
    """Values that a schema allows, with datetimes where it says `date-time`.

    Args:
        schema: of the effective spec.
        opened: whether enums may have values that are not listed.
    """
    return _allowed(json.dumps(schema), opened)


@functools.cache
def _allowed(written: str, opened: bool) -> st.SearchStrategy[Any]:
    schema: Any = json.loads(written)
    target = spec.resolve(schema)
    wanted = _wanted(target, opened=opened)
    return st.none() | wanted if schema.get("nullable") or target.get("nullable") else wanted


def _wanted(schema: Any, *, opened: bool) -> st.SearchStrategy[Any]:
    if "enum" in schema:
        listed = st.sampled_from(schema["enum"])
        return listed | st.just(NEW) | texts() if opened else listed
    if variants := schema.get("anyOf") or schema.get("oneOf"):
        return st.one_of([allowed(variant, opened=opened) for variant in variants])
    kind = schema.get("type")
    if kind == "object":
        return objects(schema, opened=opened)
    if kind == "array":
        return st.lists(allowed(schema["items"], opened=opened), max_size=3)
    strings = instants() if schema.get("format") == "date-time" else texts()
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "string": strings.filter(bool) if schema.get("minLength") else strings,
        "number": numbers(),
        "integer": numbers().filter(lambda number: number == number // 1),
        "boolean": st.booleans(),
    }
    return kinds.get(kind, anything())


@st.composite
def objects(draw: st.DrawFn, schema: Any, *, opened: bool) -> dict[str, Any]:
    """Objects with some of the optional properties, and now and then with one that no schema lists."""
    properties: dict[str, Any] = schema.get("properties", {})
    optional = [name for name in properties if name not in schema.get("required", ())]
    # One number for all: which are there, none where it shrinks to 0.
    present = draw(st.integers(0, 2 ** len(optional) - 1))
    names = [*schema.get("required", ())]
    names += [name for place, name in enumerate(optional) if present >> place & 1]
    drawn = {name: draw(allowed(properties[name], opened=opened)) for name in names}
    unknown = st.dictionaries(texts(), anything(), min_size=1, max_size=3)
    few = st.one_of([*[st.just(dict[str, Any]())] * 3, unknown])
    others = draw(few if properties else unknown)
    return drawn | {name: value for name, value in others.items() if name not in properties}
