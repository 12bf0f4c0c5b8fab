"""JSON as RFC 8259 has it: what Python takes for JSON beside it is refused, both ways."""

import json
import math
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | float | bool | None"
_LONGEST_NAME = 40
"""Characters of the name of a property that a message shows."""


def encoded(body: Any) -> bytes:
    """JSON in UTF-8, as RFC 8259 has it.

    Raises:
        ValueError: if it holds what JSON cannot, by the name of the property.
    """
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (ValueError, TypeError, RecursionError) as error:
        told = _told(body, error)
    raise ValueError(told)


def _told(body: Any, error: Exception) -> str:
    try:
        return next(_faults(body), str(error))
    except RecursionError:
        return "it is nested too deeply"


def parsed(content: bytes | str, *, names: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    """What JSON says, with objects as `names` makes them; ValueError if it is none."""
    try:
        return json.loads(content, parse_constant=_refuse_constant, object_pairs_hook=names)
    except RecursionError:
        reason = "it is nested too deeply"
    except json.JSONDecodeError as error:
        reason = f"it is no JSON: {error.msg}, at character {error.pos + 1}"
    except ValueError as error:
        reason = f"it is no JSON: {error}"
    raise ValueError(reason)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON (RFC 8259)")


def _faults(value: Json, place: str = "") -> Iterator[str]:
    """Why a value is no JSON, with its place."""
    if isinstance(value, dict):
        for key, item in value.items():
            is_short = isinstance(key, str) and key.isidentifier() and len(key) <= _LONGEST_NAME  # pyright: ignore[reportUnnecessaryIsInstance] - callers may have no type checker
            within = f"{place}.{key if is_short else repr(key)[:_LONGEST_NAME]}"
            yield from _faults(key, within)
            yield from _faults(item, within)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _faults(item, f"{place}.{number}")
    elif rule := rule_against(value):
        yield f"{place.removeprefix('.')} {rule}"


def rule_against(value: object) -> str | None:
    """Why a value that is neither an object nor an array is no JSON."""
    match value:
        case str():
            surrogate = next((char for char in value if "\ud800" <= char <= "\udfff"), None)
            return f"must be text, and holds a lone surrogate, {surrogate!r} (RFC 8259)" if surrogate else None
        case bool() | int() | None:
            return None
        case float():
            return None if math.isfinite(value) else f"must be a finite number, and is {value} (RFC 8259)"
        case _:
            return f"must be JSON, and is {type(value).__name__}"
