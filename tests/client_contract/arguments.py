"""From what is meant to arguments of the client, and to the JSON that it has to arrive as."""

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import Any

from siro_openapi import models
from siro_openapi.types import UNSET

from tests.client_contract import spec
from tests.generated import oracle

_FIRST = dt.datetime(1, 1, 1)  # noqa: DTZ001 - what is counted from, in any zone


class NoMeaningError(Exception):
    """No JSON says what an argument holds, so that it must not be sent."""


@dataclass(frozen=True)
class Odd:
    """An argument that is given as it is, whatever is due in its place."""

    value: Any


@dataclass(frozen=True)
class Either:
    """What is empty and no list may arrive as an empty array, where an array of models is due."""

    value: Any
    other: Any


@dataclass(frozen=True)
class Instant:
    """An instant, however it is written: what has passed since the year 1 in UTC."""

    passed: dt.timedelta

    @classmethod
    def of(cls, moment: dt.datetime) -> "Instant":
        offset = moment.utcoffset()
        if offset is None:
            raise NoMeaningError
        return cls(moment.replace(tzinfo=None) - _FIRST - offset)

    @classmethod
    def read(cls, text: str) -> "Instant":
        """Read RFC 3339, by no library that wrote it."""
        form = r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:Z|([+-])(\d\d):(\d\d))"
        match = re.fullmatch(form, text, re.ASCII)
        assert match, f"{text!r} is no date-time of RFC 3339"
        *parts, fraction, sign, hours, minutes = match.groups()
        year, month, day, *clock = map(int, parts)
        days = dt.date(year, month, day) - _FIRST.date()
        hour, minute, second = clock
        local = dt.timedelta(days.days, second, int((fraction or "").ljust(6, "0")), hours=hour, minutes=minute)
        offset = dt.timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        return cls(local + offset if sign == "-" else local - offset)


def attribute(model: str, name: str) -> str:
    """What a property is called on a model: as in JSON, in the spelling of Python."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return plain if plain in attributes(model) else plain + "_"


def attributes(model: str) -> set[str]:
    """The attributes of a model that stand for a property."""
    return {field.name for field in getattr(models, model).__attrs_attrs__} - {"additional_properties"}


def engagement(meant: Any) -> models.Engagement:
    """The model that says what is meant; what is `Odd` is put where it stands."""
    made: models.Engagement = _model("Engagement", meant)
    return made


def _model(name: str, meant: dict[str, Any]) -> Any:
    schema = oracle.shipped()["components"]["schemas"][name]
    known = {key: _argument(schema["properties"][key], meant[key]) for key in schema["properties"].keys() & meant}
    model = getattr(models, name)(**{attribute(name, key): value for key, value in known.items()})
    model.additional_properties = {key: _given(value) for key, value in meant.items() if key not in known}
    return model


def _argument(schema: Any, meant: Any) -> Any:
    target, name = spec.resolve(schema), spec.component(schema)
    if isinstance(meant, list) and "items" in target:
        return [_argument(target["items"], item) for item in meant]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(meant, dict) and name is not None:
        return _model(name, meant)  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(meant, str) and name is not None and "enum" in target:
        return getattr(models, name)(meant)
    return _given(meant)


def _given(meant: Any) -> Any:
    """What is `Odd` within a value that no schema describes."""
    if isinstance(meant, Odd):
        return meant.value
    if isinstance(meant, dict):
        return {key: _given(item) for key, item in meant.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(meant, list):
        return [_given(item) for item in meant]  # pyright: ignore[reportUnknownVariableType]
    return meant


def expected(meant: Any) -> Any:  # noqa: PLR0911 - one for each kind
    """The JSON that has to arrive, with an `Instant` for each datetime.

    Raises:
        NoMeaningError: if there is none.
    """
    match meant:
        case Odd("" | {} as empty) if not empty:
            return Either(empty, [])
        case Odd():
            return expected(meant.value)
        case dt.datetime():
            return Instant.of(meant)
        case dict():
            return {_key(key): expected(item) for key, item in meant.items() if not _is_left_out(item)}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case list() | tuple():
            return [expected(item) for item in meant]  # pyright: ignore[reportUnknownVariableType]
        case str():
            return str(meant)
        case float() if meant - meant != 0:  # infinite, or none
            raise NoMeaningError
        case None | bool() | int() | float():
            return meant
        case _ if hasattr(meant, "to_dict"):
            return expected(meant.to_dict())
        case _:
            raise NoMeaningError


def _key(key: object) -> str:
    """The name of a property; that of a number or None is what json makes of it."""
    if isinstance(key, str):
        return str(key)
    if key is None or (isinstance(key, int | float) and key - key == 0):
        return json.dumps(key)
    raise NoMeaningError


def _is_left_out(value: Any) -> bool:
    return value is UNSET or (isinstance(value, Odd) and value.value is UNSET)


def same(arrived: Any, wanted: Any) -> bool:
    """Whether JSON is what was meant: to the character, the type and the instant."""
    match wanted:
        case Either():
            return same(arrived, wanted.value) or same(arrived, wanted.other)
        case Instant():
            return isinstance(arrived, str) and Instant.read(arrived) == wanted
        case dict():
            return (
                isinstance(arrived, dict)
                and arrived.keys() == wanted.keys()  # pyright: ignore[reportUnknownMemberType]
                and all(same(arrived[key], value) for key, value in wanted.items())  # pyright: ignore[reportUnknownVariableType]
            )
        case list():
            return (
                isinstance(arrived, list)
                and len(arrived) == len(wanted)  # pyright: ignore[reportUnknownArgumentType]
                and all(map(same, arrived, wanted))  # pyright: ignore[reportUnknownArgumentType]
            )
        case _:
            return type(arrived) is type(wanted) and arrived == wanted
