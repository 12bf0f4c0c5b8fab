"""What the pages leave open, so that a server may accept or refuse it (never with 5xx, never by altering it)."""

import json
import re

from contract_tests.document import Json
from contract_tests.operations import NESTED

_LARGE = 10_000
"""Bytes of a body. A size limit of some ten kilobytes is allowed."""
_BOUNDS = {"latitude": 90, "longitude": 180}
IDS = {"id", "externalId", "integrationConnectionId", "mergedToExternalId", "engagementTypeId"}

TIMES = {
    *("startTime", "startTimeLocalized", "endTime", "remoteCreatedAt", "remoteUpdatedAt", "lastActivityAt", "closedAt"),
}
"""Plain strings by their schema, instants by their descriptions: a server may refuse a text that is no time."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""What many databases cannot hold: NUL, and surrogates, which are no characters."""


def is_left_open(body: Json) -> bool:
    """Whether a body that the effective spec allows may be refused all the same."""
    return len(json.dumps(body)) > _LARGE or _is_odd(body)


def names_unknown_row(body: Json) -> bool:
    """Whether a body with new external ids refers to rows that were never synced.

    "Supplying just an externalId will resolve to an already-synced account", say the pages: what becomes of one that
    was not synced is left open, and so is a merge with one.
    """
    match body:
        case dict():
            rows = [row for name, row in body.items() if name in NESTED and isinstance(row, dict)]
            is_alone = any(row.keys() == {"externalId"} for row in rows)
            merges = bool(body.get("mergedToExternalId") or body.get("mergedFromExternalIds"))
            return is_alone or merges or any(names_unknown_row(inner) for inner in body.values())
        case list():
            return any(names_unknown_row(item) for item in body)
        case _:
            return False


def _is_odd(value: Json, name: str = "") -> bool:
    if name in TIMES and isinstance(value, str) and not _TIME.match(value):
        return True
    match value:
        case dict():
            return any(_is_odd(key) or _is_odd(inner, key) for key, inner in value.items())
        case list():
            return any(_is_odd(inner, "externalId" if name == "mergedFromExternalIds" else "") for inner in value)
        case str():
            return (name in IDS and not value.strip()) or _NO_TEXT.search(value) is not None
        case int() | float():
            return abs(value) > _BOUNDS.get(name, float("inf"))
        case _:
            return False
