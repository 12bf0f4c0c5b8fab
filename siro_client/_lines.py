"""Engagements as lines of JSON: each line is an engagement, or an error that says why it is none."""

import codecs
import difflib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from siro_openapi import models

from siro_client._errors import SiroError, StatusError
from siro_client._json import parsed
from siro_client._prepare import prepare_sync

if TYPE_CHECKING:
    from siro_openapi.models import Engagement


_GZIP = b"\x1f\x8b"
_SHOWN = 20
"""Characters of a line that is none."""
_ALIKE = 0.75
"""How much a name is like the one that may be meant, by difflib."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of input, as it came."""

    number: int
    """From 1."""
    content: bytes = field(repr=False)
    """Without what ends it."""

    @property
    def text(self) -> str:
        """The line as text; what is no UTF-8 stays as lone surrogates."""
        return self.content.decode(errors="surrogateescape")


def lines(source: Iterable[bytes]) -> Iterator[Line]:
    """The lines that are not blank; a byte order mark before the first is dropped."""
    for number, content in enumerate(source, start=1):
        stripped = (content.removeprefix(codecs.BOM_UTF8) if number == 1 else content).strip()
        if stripped:
            yield Line(number, stripped)


def parse_line(line: Line) -> "Engagement":
    """The engagement of a line, which can be sent as it is.

    Raises:
        ValueError: if it is none; the message names the property and the rule.
    """
    from siro_openapi import validators  # noqa: PLC0415 - as costly as it is long

    body = _json(line)
    validators.REQUESTS["sync_engagement"](body)
    try:
        engagement = models.Engagement.from_dict(body)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"it is no engagement: {type(error).__name__}: {error}") from None
    prepare_sync(engagement)
    return engagement


def undocumented(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """The properties of an engagement that Siro's page does not have, and for each the one that may be meant, or ""."""
    names = [field.name for field in getattr(type(value), "__attrs_attrs__", ())]
    documented = [_camel(name) for name in names]
    for name, documented_name in zip(names, documented, strict=True):
        held = getattr(value, name)
        if name == "additional_properties":
            for other in held:
                yield place + other, next(iter(difflib.get_close_matches(_camel(other), documented, 1, _ALIKE)), "")
        else:
            for each in cast("list[object]", held) if isinstance(held, list) else [held]:
                yield from undocumented(each, f"{place}{documented_name}.")


def _camel(name: str) -> str:
    return re.sub("_([a-z])", lambda found: found[1].upper(), name.rstrip("_"))


def _json(line: Line) -> Any:
    if line.content.startswith(_GZIP):
        raise ValueError("it is compressed by gzip: expand the file first")
    try:
        text = line.content.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8, at byte {error.start}: save the file as UTF-8") from None
    if not text.startswith("{"):
        begins = repr(text[:_SHOWN])
        raise ValueError(f'a line must be one JSON object, such as {{"externalId": "e-1"}}, and begins with {begins}')
    return parsed(text, names=_unique)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, none of whose values is lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f"the name {twice!r} stands twice in an object")
    return found


def error_as_text(line: Line, error: SiroError | ValueError) -> str:
    """An error of a line for a person: one line."""
    return f"line {line.number}: {type(error).__name__}: {' '.join(str(error).split())}"


def error_as_json(line: Line, error: SiroError | ValueError) -> str:
    """An error of a line as a line of JSON, with that line itself, as it came, under `input`."""
    told: dict[str, Any] = {"line": line.number, "reason": str(error), "kind": type(error).__name__}
    if isinstance(error, StatusError):
        told["status"] = error.status_code
        if error.issues:
            told["issues"] = [{"path": one.path, "message": one.message, "code": one.code} for one in error.issues]
    try:
        body: Any = _json(line)
    except ValueError:
        told["input"] = line.text
        return json.dumps(told)
    external_id = cast("dict[str, Any]", body).get("externalId") if isinstance(body, dict) else None
    if isinstance(external_id, str | int):  # 1e999 would be no JSON
        told["externalId"] = external_id
    # The very text: a number keeps its digits.
    return f'{json.dumps(told)[:-1]}, "input": {line.text}}}'
