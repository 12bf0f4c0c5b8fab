"""The keywords that narrow a value: which there are, and values near to where each of them divides."""

import random
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import jsonschema_rs

from contract_tests.document import Json, json_schema
from contract_tests.shapes import ANNOTATIONS, Schema
from contract_tests.values import FORMATS, NUMBERS, TEXTS

KINDS = {
    "minLength": "length",
    "maxLength": "length",
    "pattern": "pattern",
    "minimum": "bounds",
    "maximum": "bounds",
    "multipleOf": "bounds",
    "minItems": "items",
    "maxItems": "items",
    "uniqueItems": "items",
    "minProperties": "closed",
    "maxProperties": "closed",
    "additionalProperties": "closed",
    "not": "choice",
    "oneOf": "choice",
    "anyOf": "choice",
    "required": "required",
    "type": "type",
    "nullable": "null",
    "enum": "enum",
    "format": "format",
}
"""What a body is refused for that breaks a keyword."""
_STRUCTURE = {"properties", "items", "exclusiveMinimum", "exclusiveMaximum", "demanded"}
_LOOSE = {"float", "double", "password", "binary"}
"""Formats that no JSON value breaks."""
_OF = {"string": ("minLength", "maxLength", "pattern"), "number": ("minimum", "maximum", "multipleOf")}
_MOST, _LONG = 2_000_000, 5_000
"""Characters that a case may have to exceed a bound, and those that one which is to be accepted may have."""


def stop_at_unknown(schema: Schema, pointer: str) -> None:
    """Let no rule of the effective spec be skipped.

    Raises:
        NotImplementedError: the schema has a keyword, or a format, that no case is known for.

    """
    for keyword in sorted(schema.keys() - ANNOTATIONS - _STRUCTURE - KINDS.keys()):
        if not keyword.startswith("x-"):
            raise NotImplementedError(f"no case for keyword {keyword} at {pointer}: teach {__name__}")
    try:
        jsonschema_rs.Draft202012Validator({"pattern": schema.get("pattern", "")})
    except ValueError:
        raise NotImplementedError(f"no case for the pattern {schema['pattern']!r} at {pointer}: it is none") from None
    form = schema.get("format")
    if form is not None and form not in FORMATS and form not in _LOOSE:
        raise NotImplementedError(f"no case for format {form} at {pointer}: teach contract_tests/values.py")


def said(schema: Schema) -> Iterator[str]:
    """The keywords of a schema that a string or a number can break, beside its type and its enum."""
    kind = "number" if schema["type"] == "integer" else schema["type"]
    yield from (keyword for keyword in _OF.get(kind, ()) if keyword in schema)
    if schema.get("format") in FORMATS and schema["format"] != "date-time":
        yield "format"


def is_narrow(schema: Schema) -> bool:
    """Whether there are values of its type that a schema forbids."""
    return any(True for _ in said(schema))


def breaking(schema: Schema, keyword: str) -> list[Json]:
    """Values that one keyword of a schema forbids, and nothing else in it; the nearest to valid ones first."""
    pair = {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}.get(keyword)
    others = {name: value for name, value in schema.items() if name not in (keyword, pair)}
    whole, without = _compiled(schema), _compiled(others)
    if keyword == "format":
        pool: Iterable[Json] = FORMATS[schema["format"]][1]
    elif schema["type"] == "string":
        pool = [*_edges(schema, [*_texts(schema), *_texts(others)], _MOST), *TEXTS]
    else:
        pool = [*_bounds(schema), *NUMBERS]
    return [value for value in _unique(pool) if without.is_valid(value) and not whole.is_valid(value)][:12]


def allowed(schema: Schema) -> list[Json]:
    """Values of a string or a number that a schema allows, the plainest first."""
    if schema["type"] == "string":
        pool: Iterable[Json] = [*_texts(schema), *_fitted(schema, _texts(schema)[:3] or ["x"], _LONG)]
    elif schema.get("format") in FORMATS:
        pool = [*FORMATS[schema["format"]][0], *_bounds(schema)]
    else:
        pool = [*NUMBERS, *_bounds(schema)]
    whole = _compiled(schema)
    return [value for value in _unique(pool) if whole.is_valid(value)]


def is_allowed(schema: Schema, value: Json) -> bool:
    """Whether a schema allows a value; one that is no Unicode, none does that narrows its values."""
    try:
        return bool(_compiled(schema).is_valid(value))
    except ValueError:
        return False


def _compiled(schema: Schema) -> jsonschema_rs.Validator:
    kept = {name: value for name, value in schema.items() if name not in ("demanded", "x-typed")}
    return jsonschema_rs.Draft202012Validator(json_schema(kept), validate_formats=True)


def _unique(values: Iterable[Json]) -> list[Json]:
    return list({(type(value), value): value for value in values if isinstance(value, (str, int, float))}.values())


def _edges(schema: Schema, texts: list[str], longest: int) -> Iterator[str]:
    """Texts near to others, and as long as the bounds of a schema divide."""
    near = [*texts[:2], *texts[-1:], "x"]
    yield from _fitted(schema, near, longest)
    for text in near:
        yield from (f"{text}!", f"!{text}", text[:-1], text[1:], text + text, text.swapcase(), f" {text}")
    yield from texts


def _fitted(schema: Schema, texts: list[str], longest: int) -> Iterator[str]:
    lengths = [schema[keyword] + step for keyword in ("minLength", "maxLength") if keyword in schema for step in _STEPS]
    for text in texts:
        for length in lengths:
            if text and 0 <= length <= longest:
                more = "a" * (length - len(text))
                yield from ((text * (length // len(text) + 1))[:length], more + text, text + more)


_STEPS = (0, -1, 1)


def _texts(schema: Schema) -> list[str]:
    if "pattern" in schema:
        return _matching(schema["pattern"], schema.get("minLength", 0), schema.get("maxLength", _LONG))
    form = str(schema.get("format"))
    return [str(text) for text in FORMATS[form][0]] if form in FORMATS else list(TEXTS)


@cache
def _matching(pattern: str, shortest: int, longest: int) -> list[str]:
    """Texts that match a pattern, the plainest that there is first; none if Python knows no such pattern."""
    # Here, since importing it takes longer than all that a list of cases needs.
    from hypothesis import Phase, find, settings  # noqa: PLC0415
    from hypothesis import strategies as st  # noqa: PLC0415
    from hypothesis.errors import NoSuchExample, Unsatisfiable  # noqa: PLC0415

    quiet = settings(
        database=None,
        max_examples=200,
        phases=[Phase.generate, Phase.shrink],
    )
    matcher = jsonschema_rs.Draft202012Validator({"pattern": pattern, "minLength": shortest, "maxLength": longest})
    found: list[str] = []
    for _ in range(3):
        try:
            strategy = st.from_regex(pattern).filter(lambda text: text.isprintable() and matcher.is_valid(text))
            text = find(strategy, lambda text: text not in found, settings=quiet, random=random.Random(0))  # noqa: S311
        except (NoSuchExample, Unsatisfiable):
            break
        except (ValueError, NotImplementedError):  # re.error is a ValueError
            break
        found.append(text)
    return found


def _bounds(schema: Schema) -> Iterator[Json]:
    step: Any = schema.get("multipleOf", 1)
    bounds = [schema[keyword] for keyword in ("minimum", "maximum") if keyword in schema]
    for bound in [*bounds, 0]:
        first = (bound // step) * step
        yield from (bound, bound - 1, bound + 1, bound - 0.5, bound + 0.5)
        yield from (first, first + step, first - step, first + step / 2, first + 1)
    if len(bounds) == len(_BOTH):
        yield sum(bounds) / 2
        yield int(sum(bounds) / 2)


_BOTH = ("minimum", "maximum")
