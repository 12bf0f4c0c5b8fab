"""Engagements as lines of JSON: each line is an engagement, or an error that says why it is none."""

import codecs
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from siro_openapi import models

from siro_client._errors import SiroError, StatusError
from siro_client._json import parsed
from siro_client._prepare import prepare_sync

if TYPE_CHECKING:
    from siro_openapi.models import Engagement


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


def _json(line: Line) -> Any:
    try:
        text = line.content.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8, at byte {error.start}: save the file as UTF-8") from None
    return parsed(text)


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
