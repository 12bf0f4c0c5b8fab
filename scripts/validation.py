# The same for every document; what follows `is_date_time` in siro_openapi/validators.py, scripts/validators.py writes.
"""Whether a body is what the OpenAPI document allows.

`REQUESTS` checks what an operation sends, `RESPONSES` the JSON body of its success, both by operation id; one that has
no JSON body is not in there. A request is held to every word of the document. A response may have values that an enum
does not list, since Siro adds to them. What JSON itself forbids, such as NaN, is not looked for.
"""

import calendar
import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
Check: TypeAlias = Callable[[Any, Path], None]
Table: TypeAlias = Mapping[str, Callable[[object], None]]

REQUIRED = "is required"
LEFT_OUT = "must be left out"
_LONGEST = 40
_EXACT_BITS = 64
_DATE_TIME = re.compile(
    r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.\d+)?"
    r"(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))",
    re.ASCII | re.IGNORECASE,
)
_DAY = 24 * 60
"""Minutes."""


class ValidationError(ValueError):
    """The first thing in a body that the OpenAPI document does not allow."""

    def __init__(self, path: Path, rule: str, shown: str | None = None) -> None:
        super().__init__(path, rule, shown)
        self.path = path
        """Where: property names and array indexes, from the root of the body; empty for the body as a whole."""
        self.rule = rule
        """What the value would have to be, such as `must be a string`."""
        self.shown = shown
        """The value, in short and for a person; None where there is none to show."""

    def __str__(self) -> str:
        return f"{_dotted(self.path) or 'the body'}: {_told(self)}"


def _told(error: ValidationError) -> str:
    return error.rule if error.shown is None else f"{error.rule}, and is {error.shown}"


def wrong(value: Any, rule: str, *path: str | int) -> ValidationError:
    """Return the error for a value at a path."""
    return ValidationError(path, rule, _shown(value))


def _dotted(path: Path) -> str:
    """A path in one line, whatever the names in it are: `rows[0].name`."""
    parts = (f".{part}" if isinstance(part, str) and part.isidentifier() else f"[{_shown(part)}]" for part in path)
    return "".join(parts).removeprefix(".")


def _shown(value: Any) -> str:
    """A value in one short line."""
    if isinstance(value, str):
        return repr(value[:_LONGEST]) + "..." * (len(value) > _LONGEST)
    if value is None or isinstance(value, float) or (isinstance(value, int) and value.bit_length() <= _EXACT_BITS):
        return json.dumps(value)
    kind = type(value).__name__
    told = {
        "dict": "an object",
        "list": "an array",
        "int": "a large integer",
        "datetime": "a datetime, whose isoformat() is one",
    }
    return told.get(kind, f"a Python {kind}")


def any_of(value: Any, at: Path, *variants: Check) -> None:
    """Check that a value fits a variant of a union."""
    errors: list[ValidationError] = []
    for variant in variants:
        try:
            variant(value, at)
        except ValidationError as error:
            errors.append(error.with_traceback(None))  # which would hold this frame, and the frame the error
        else:
            return
    raise _closest(at, errors)


def one_of(value: Any, at: Path, *variants: Check) -> None:
    """Check that a value fits one variant of a union, and no other."""
    errors: list[ValidationError] = []
    for variant in variants:
        try:
            variant(value, at)
        except ValidationError as error:
            errors.append(error.with_traceback(None))
    fits = len(variants) - len(errors)
    if not fits:
        raise _closest(at, errors)
    if fits > 1:
        raise wrong(value, f"must fit exactly one of {len(variants)} variants and fits {fits}", *at)


def _closest(at: Path, errors: list[ValidationError]) -> ValidationError:
    """Of the variants of a union, say why the one that was meant does not fit; of each, where that is not clear."""
    nearness = max(_nearness(at, error) for error in errors)
    likely = [error for error in errors if _nearness(at, error) == nearness]
    reasons = list(dict.fromkeys(f"{_dotted(error.path[len(at) :])} {error.rule}".strip() for error in likely))
    if len(reasons) == 1:
        return likely[0]
    return ValidationError(at, f"either {', or '.join(reasons)}", None if nearness else likely[0].shown)


def _nearness(at: Path, error: ValidationError) -> int:
    """How likely a variant of a union was meant.

    Hardly if the value is of another type, or has a property that the variant excludes; rather if it lacks one that the
    variant requires; most if all that is wrong is a value in it.
    """
    inner = error.path[len(at) :]
    if not inner:
        return 0
    return {LEFT_OUT: 1, REQUIRED: 2}.get(error.rule, 3) if len(inner) == 1 else 3


def none_of(value: Any, at: Path, excluded: Check, rule: str) -> None:
    """Check that a value does not fit what is excluded."""
    try:
        excluded(value, at)
    except ValidationError:
        return
    raise wrong(value, rule, *at)


def is_number(value: Any) -> bool:
    """Whether JSON would call a value a number, which True is not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_integer(value: Any) -> bool:
    """Whether JSON would call a value an integer, which 1.0 is."""
    return value.is_integer() if isinstance(value, float) else is_number(value)


def is_one_of(value: Any, *options: Any) -> bool:
    """Whether a value is one of an enum that has more than strings."""
    return _known(value) in map(_known, options)


def is_unique(values: list[Any]) -> bool:
    """Whether no two items are the same to JSON, to which 1 and 1.0 are, and 1 and true are not."""
    return len({_known(value) for value in values}) == len(values)


def _known(value: Any) -> Any:
    """A value that is equal to another one's, and hashed alike, where JSON calls the two equal."""
    members: Any = value
    if isinstance(value, dict):
        return frozenset((name, _known(member)) for name, member in members.items())
    if isinstance(value, (list, tuple)):
        return tuple(map(_known, members))
    return (bool, value) if isinstance(value, bool) else value


def is_multiple(value: float, of: float) -> bool:
    """Whether a number is a multiple of another, both as they are written in JSON: 0.3 is one of 0.1."""
    from fractions import Fraction  # noqa: PLC0415 - loads much that other bodies need not

    return math.isfinite(value) and (Fraction(str(value)) / Fraction(str(of))).denominator == 1


def is_date(value: str) -> bool:
    """Whether a text is a full-date of RFC 3339, and a day that there was or will be."""
    return is_date_time(f"{value}T00:00:00Z")


def is_date_time(value: str) -> bool:
    """Whether a text is a date-time of RFC 3339: with an offset, and of a day and a time that there can be.

    A leap second is one only at the end of a day of UTC.
    """
    if not (match := _DATE_TIME.fullmatch(value)):
        return False
    year, month, day, hour, minute = map(int, match.groups()[:5])
    if day > calendar.monthrange(year, month)[1]:
        return False
    second, sign, hours, minutes = match.groups("0")[5:]
    offset = 60 * int(hours) + int(minutes)
    utc = 60 * hour + minute + (offset if sign == "-" else -offset)
    return second != "60" or utc % _DAY == _DAY - 1
