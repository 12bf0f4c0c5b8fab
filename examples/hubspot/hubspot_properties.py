"""What the properties of HubSpot's objects hold.

Each is a string, an empty string or null. Instants are ISO 8601 or, in older exports, milliseconds since 1970.
"""

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from siro_openapi.types import UNSET, Unset

Object = Mapping[str, Any]
"""An object of the API: id, properties, archived, and associations where they were asked for; or its properties."""


def instant(values: Object, name: str) -> datetime | None:
    """The instant of a property, which is in UTC unless it says otherwise."""
    if not (value := values.get(name)):
        return None
    try:
        if str(value).isdigit():
            return datetime.fromtimestamp(int(value) / 1000, UTC)
        moment = datetime.fromisoformat(value)
    except (ValueError, OverflowError):
        raise ValueError(f"{name} is {value!r}: it must be as 2026-11-21T15:00:00Z, or milliseconds") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def timestamp(values: Object, name: str) -> str | Unset:
    """The instant of a property as Siro's string properties take it."""
    moment = instant(values, name)
    return UNSET if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def number(values: Object, name: str) -> float | Unset:
    """The number of a property."""
    try:
        return float(values[name]) if values.get(name) else UNSET
    except ValueError:
        raise ValueError(f"{name} is {values[name]!r}: it must be a number") from None


def text(values: Object, name: str) -> str | Unset:
    """The text of a property. An empty one is left out, for an empty string would be a value."""
    return values.get(name) or UNSET


def texts(values: Object, *names: str) -> list[str] | Unset:
    """The texts of those properties that have one, each once."""
    return list(dict.fromkeys(values[name] for name in names if values.get(name))) or UNSET


def joined(values: Object, *names: str) -> str | Unset:
    """The texts of those properties that have one, as one."""
    return " ".join(texts(values, *names) or []) or UNSET


def plain(values: Object, name: str) -> str | Unset:
    """The text of what HubSpot keeps as HTML, a paragraph a line."""
    lines = re.sub(r"</p>|</li>|<br ?/?>", "\n", values.get(name) or "")
    return html.unescape(re.sub(r"<[^>]*>", "", lines)).strip() or UNSET
