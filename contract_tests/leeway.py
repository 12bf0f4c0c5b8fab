"""What the pages leave open, so that a server may accept or refuse it (never with 5xx, never by altering it)."""

import json

from contract_tests.document import Json

_LARGE = 10_000
"""Bytes of a body. A size limit of some ten kilobytes is allowed."""
_BOUNDS = {"latitude": 90, "longitude": 180}
IDS = {"id", "externalId", "integrationConnectionId", "mergedToExternalId", "engagementTypeId"}


def is_left_open(body: Json) -> bool:
    """Whether a body that the effective spec allows may be refused all the same."""
    return len(json.dumps(body)) > _LARGE or _is_odd(body)


def _is_odd(value: Json, name: str = "") -> bool:
    match value:
        case dict():
            return any(_is_odd(key) or _is_odd(inner, key) for key, inner in value.items())
        case list():
            return any(_is_odd(inner, "externalId" if name == "mergedFromExternalIds" else "") for inner in value)
        case str():
            return (name in IDS and not value.strip()) or any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value)
        case int() | float():
            return abs(value) > _BOUNDS.get(name, float("inf"))
        case _:
            return False
