"""CRM rows: found, upserted, related to each other, and merged."""

import json
import sqlite3
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias, cast

from siro_client.testing._json import JsonObject, dump

DataType: TypeAlias = Literal["ACCOUNT", "CONTACT", "LEAD", "OPPORTUNITY", "ENGAGEMENT"]
Relation: TypeAlias = Literal["account", "contact", "lead", "opportunity"]


@dataclass(frozen=True)
class Row:
    """One CRM row.

    `fields` holds what was sent for it, without its external id and without other rows.
    """

    id: str
    external_id: str | None
    fields: JsonObject
    created_at: str
    updated_at: str


class Rows:
    """The rows of one integration connection, within one transaction."""

    def __init__(self, db: sqlite3.Connection, integration_connection_id: str) -> None:
        self._db = db
        self._connection_id = integration_connection_id
        self._now = now()

    def find(self, data_type: DataType, external_id: str) -> str | None:
        """Return the id of a row that was synced before."""
        query = "SELECT id FROM rows WHERE integration_connection_id = ? AND data_type = ? AND external_id = ?"
        return _first(self._db, query, self._connection_id, data_type, external_id)

    def upsert(self, data_type: DataType, external_id: str, given: JsonObject) -> str:
        """Make a row, or change of a row that was synced before what is given; return its id."""
        known = self.find(data_type, external_id)
        return self.create(data_type, external_id, given) if known is None else self.update(known, given)

    def create(self, data_type: DataType, external_id: str | None, fields: JsonObject) -> str:
        """Make a row and return its id."""
        row_id = str(uuid.uuid4())
        values = (row_id, self._connection_id, data_type, external_id, dump(fields), self._now, self._now)
        self._db.execute("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        return row_id

    def update(self, row_id: str, given: JsonObject) -> str:
        """Change what is given, keep the rest, and return the id. The time of the update never goes back."""
        fields = {**get(self._db, row_id).fields, **given}
        change = "UPDATE rows SET fields = ?, updated_at = max(updated_at, ?) WHERE id = ?"
        self._db.execute(change, (dump(fields), self._now, row_id))
        return row_id

    def relate(self, row_id: str, name: Relation, target_id: str | None) -> None:
        """Make `target_id` the account (contact, ...) of a row; None leaves the row without one."""
        if target_id is None:
            self._db.execute("DELETE FROM relations WHERE row_id = ? AND name = ?", (row_id, name))
        else:
            self._db.execute("INSERT OR REPLACE INTO relations VALUES (?, ?, ?)", (row_id, name, target_id))

    def nameless_account_of(self, row_id: str) -> str | None:
        """Return the id of a row's account if that account has no external id."""
        query = """
            SELECT target_id FROM relations JOIN rows ON rows.id = target_id
            WHERE row_id = ? AND name = 'account' AND external_id IS NULL"""
        return _first(self._db, query, row_id)

    def migrate(self, from_id: str, to_id: str) -> None:
        """Let whatever refers to one row refer to another: relations of any row, and links of recordings."""
        self._db.execute("UPDATE relations SET target_id = ? WHERE target_id = ?", (to_id, from_id))
        self._db.execute("UPDATE links SET row_id = ? WHERE row_id = ?", (to_id, from_id))


def now() -> str:
    """Return the present instant as Siro's timestamps have it; as text they sort in the order of time."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def get(db: sqlite3.Connection, row_id: str) -> Row:
    """Return a row that is known to exist."""
    query = "SELECT id, external_id, fields, created_at, updated_at FROM rows WHERE id = ?"
    row_id, external_id, fields, created_at, updated_at = db.execute(query, (row_id,)).fetchone()
    return Row(row_id, external_id, cast("JsonObject", json.loads(fields)), created_at, updated_at)


def relations_of(db: sqlite3.Connection, row_id: str) -> dict[Relation, str]:
    """Return the ids of the rows that a row is related to."""
    return dict(db.execute("SELECT name, target_id FROM relations WHERE row_id = ?", (row_id,)))


def _first(db: sqlite3.Connection, query: str, *parameters: str) -> str | None:
    found = db.execute(query, parameters).fetchone()
    return None if found is None else str(found[0])
