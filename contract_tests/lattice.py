"""What the page says must become of a link body, for each way in which its three ids can be there or not.

"The API rejects the body if you send both `id` and `externalId`, neither, or `externalId` without a non-empty
`integrationConnectionId`." What it leaves open is whether an empty or a blank string counts as sent. So every reading
is tried, for `id` and for `externalId` apart: what they agree upon is due, and where they do not, it is open.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

KINDS = ("absent", "valid", "unknown", "empty", "blank", "null")
"""The plainest first: with -x, what is told is the sharpest case of a fault, and not that it takes null too."""
LINKED = "linked"
OPEN = "open"
PAGE_RULES = ("both", "neither", "connection")
"""Of what the page's sentence rejects."""

_READINGS = ({"absent", "empty", "blank"}, {"absent", "empty"}, {"absent"})
"""Which kinds count as not sent."""


@dataclass(frozen=True)
class Cell:
    """A kind of value for each of the three ids."""

    id: str
    external_id: str
    connection: str

    @property
    def kinds(self) -> dict[str, str]:
        """By the names of the properties."""
        return {"id": self.id, "externalId": self.external_id, "integrationConnectionId": self.connection}

    @property
    def verdicts(self) -> list[str]:
        """What is due in each reading: LINKED, OPEN, or the last part of the rule for which it must be refused."""
        return [_verdict(self, *readings) for readings in itertools.product(_READINGS, repeat=2)]

    @property
    def due(self) -> str:
        """What is due.

        Where the readings agree to refuse and not why, the one with the fewest ids sent tells best what a server did
        that accepted the body: it cannot have used an empty id.
        """
        verdicts = self.verdicts
        if all(verdict == LINKED for verdict in verdicts):
            return LINKED
        return OPEN if {LINKED, OPEN} & set(verdicts) else verdicts[0]

    @property
    def is_certain(self) -> bool:
        """Whether every reading says the same."""
        return len(set(self.verdicts)) == 1

    @property
    def needs_rows(self) -> bool:
        """Whether it says less, or links, where there are no rows to point at."""
        return "valid" in (self.id, self.external_id) or self.due in (LINKED, OPEN)


def cells() -> Iterator[Cell]:
    """The whole lattice."""
    return (Cell(*kinds) for kinds in itertools.product(KINDS, repeat=3))


def _verdict(cell: Cell, no_id: set[str], no_external_id: set[str]) -> str:
    if "null" in cell.kinds.values():
        return "null"  # none of the three is nullable
    has_id, has_external_id = cell.id not in no_id, cell.external_id not in no_external_id
    if has_id and has_external_id:
        return "both"
    if has_id:
        return _by_id(cell)
    return _by_external_id(cell) if has_external_id else "neither"


def _by_id(cell: Cell) -> str:
    if cell.id == "unknown":
        return "unknown"
    # Beside an id, the page advises against a connection, and does not list it among what is rejected.
    return LINKED if cell.id == "valid" and cell.connection == "absent" else OPEN


def _by_external_id(cell: Cell) -> str:
    if cell.connection in ("absent", "empty"):
        return "connection"
    if "unknown" in (cell.external_id, cell.connection) or cell.connection == "blank":
        return "unknown"  # a blank connection is not empty, and no connection either
    # An empty external id may be that of a row that was synced so.
    return LINKED if cell.external_id == "valid" else OPEN
