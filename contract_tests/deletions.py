"""What a run stored, and the requests that soft-delete it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any, TypeAlias

from contract_tests.gate import PREFIX, Record
from contract_tests.operations import NESTED, SYNC
from contract_tests.places import places

ENGAGEMENT = "engagement"
Stored: TypeAlias = tuple[str, str, bool]
"""The kind of a row, its external id, and whether it is one of the second organization."""


@dataclass(frozen=True)
class Deletion:
    """A request that soft-deletes."""

    body: dict[str, Any]
    rows: tuple[Stored, ...]
    """What it deletes."""
    other: bool
    """Whether that is of the second organization."""


def deletable() -> list[str]:
    """The kinds of nested rows that the page gives a `deletedAt`."""
    given = {place.path for place in places(SYNC.name)}
    return [kind for kind in NESTED if (kind, "deletedAt") in given]


def stored(record: Record) -> list[Stored]:
    """Every engagement that a run stored, and then every row with an external id that came with one."""
    return [*((ENGAGEMENT, *each) for each in sorted(record.synced)), *sorted(record.nested)]


def deletions(record: Record) -> list[Deletion]:
    """The requests that soft-delete whatever the pages let delete and the gate made up itself."""
    now = datetime.now(tz=UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    mine = [row for row in stored(record) if row[1].startswith(PREFIX)]
    return [deletion for other in (False, True) for deletion in _of([row for row in mine if row[2] is other], now)]


def _of(rows: list[Stored], now: str) -> Iterator[Deletion]:
    engagements = [row for row in rows if row[0] == ENGAGEMENT]
    bodies = [{"externalId": external_id, "deletedAt": now} for _, external_id, _ in engagements]
    for row, body in zip(engagements, bodies, strict=True):
        yield Deletion(body, (row,), row[2])
    # Apart, so that a Siro that refuses to delete a row deletes the engagements. A row is sent with one: any will do.
    kinds = [[row for row in rows if row[0] == kind] for kind in deletable()]
    for group in zip_longest(*kinds) if bodies else ():
        some = tuple(row for row in group if row is not None)
        nested = {kind: {"externalId": external_id, "deletedAt": now} for kind, external_id, _ in some}
        yield Deletion({**bodies[0], **nested}, some, some[0][2])
