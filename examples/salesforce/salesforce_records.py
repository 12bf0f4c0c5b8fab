"""What the CSV files of a Salesforce data export say: rows with their line numbers, record ids, instants and flags.

Reads what the Data Export service writes (`2026-11-21 15:00:00`, `0` and `1`) and what Data Loader writes
(`2026-11-21T15:00:00.000Z`, `false` and `true`): UTF-8 with or without a byte order mark, times in UTC.
"""

import csv
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from siro_openapi.types import UNSET, Unset

Row = dict[str, str]
_ALPHABET = string.ascii_uppercase + "012345"
_SHORT, _LONG = 15, 18


def rows(path: Path) -> Iterator[tuple[int, Row | ValueError]]:
    """Each row with the number of the line on which it begins, or why it is none.

    A description may hold line breaks, so that rows and lines are counted apart.

    Raises OSError at once if the file cannot be opened.
    """
    return _rows(path.open(encoding="utf-8-sig", newline=""))


def _rows(opened: TextIO) -> Iterator[tuple[int, Row | ValueError]]:
    with opened as file:
        reader = csv.reader(file, strict=True)
        header = next(reader, list[str]())
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
                if cells:
                    yield line, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
            except StopIteration:
                return
            except (csv.Error, ValueError) as error:
                yield line, ValueError(f"it does not have the {len(header)} cells that the header names: {error}")


def by_id(path: Path) -> dict[str, Row]:
    """The rows of a file that is joined, by 18 character id; none if the export has no such file."""
    if not path.exists():
        return {}
    found: dict[str, Row] = {}
    for line, row in rows(path):
        try:
            if isinstance(row, ValueError):
                raise row
            found[record_id(row.get("Id", ""))] = row
        except ValueError as error:
            raise ValueError(f"{path.name}, line {line}: {error}") from None
    return found


def record_id(text: str) -> str:
    """The 18 character form of a record id.

    Reports and formulas have 15 characters, the API and exports 18. To Siro, which compares external ids character by
    character, these would be two rows. The last three say which letters are capitals, and tell a spoilt id.
    """
    if len(text) not in (_SHORT, _LONG) or not (text.isascii() and text.isalnum()):
        raise ValueError(f"{text!r} is no record id: it must have 15 or 18 letters and digits")
    suffix = ""
    for start in (0, 5, 10):
        capitals = [character.isupper() for character in text[start : start + 5]]
        suffix += _ALPHABET[sum(is_capital << place for place, is_capital in enumerate(capitals))]
    if len(text) == _LONG and text[_SHORT:].upper() != suffix:
        raise ValueError(f"{text!r} is no record id: a program changed the case of its letters, so export it again")
    return text[:_SHORT] + suffix


def reference(row: Row, column: str) -> str | None:
    """The record that a lookup field names."""
    return record_id(row[column]) if row.get(column) else None


def instant(row: Row, column: str) -> datetime | None:
    """The instant in a cell, which is in UTC unless it says otherwise."""
    if not row.get(column):
        return None
    try:
        moment = datetime.fromisoformat(row[column])
    except ValueError:
        raise ValueError(f"{column} is {row[column]!r}: it must be as 2026-11-21T15:00:00.000Z") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def timestamp(row: Row, column: str) -> str | Unset:
    """The instant in a cell as Siro's string properties take it."""
    moment = instant(row, column)
    return UNSET if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def number(row: Row, column: str) -> float | Unset:
    """The number in a cell."""
    try:
        return float(row[column]) if row.get(column) else UNSET
    except ValueError:
        raise ValueError(f"{column} is {row[column]!r}: it must be a number") from None


def flag(row: Row, column: str) -> bool:
    """Whether a checkbox is ticked."""
    return row.get(column, "").lower() in ("1", "true")


def text(row: Row, column: str) -> str | Unset:
    """The text of a cell. An empty cell is left out, for an empty string would be a value."""
    return row.get(column) or UNSET


def texts(row: Row, *columns: str) -> list[str] | Unset:
    """The texts of those cells that hold one, each once."""
    return list(dict.fromkeys(row[column] for column in columns if row.get(column))) or UNSET
