"""The database: its tables, and one transaction for each request."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Literal, NamedTuple

from siro_client.testing._seed import seed

_APPLICATION_ID = 0x5349524F  # "SIRO"
_SCHEMA_VERSION = 1
"""To be raised whenever a table changes."""

_TABLES = {
    "organizations": "id TEXT PRIMARY KEY",
    # `expires_at` is in seconds of the store's clock; only minted tokens have it.
    "tokens": """
        kind TEXT NOT NULL CHECK (kind IN ('organization', 'user')),
        token TEXT NOT NULL,
        organization_id TEXT NOT NULL REFERENCES organizations,
        scope TEXT NOT NULL CHECK (scope IN ('read', 'write')),
        expires_at REAL,
        PRIMARY KEY (kind, token)""",
    "oauth_apps": """
        id TEXT PRIMARY KEY,
        secret TEXT NOT NULL,
        organization_id TEXT NOT NULL REFERENCES organizations""",
    "users": "id TEXT PRIMARY KEY, organization_id TEXT NOT NULL REFERENCES organizations",
    "integration_connections": "id TEXT PRIMARY KEY, organization_id TEXT NOT NULL REFERENCES organizations",
    "recordings": "id TEXT PRIMARY KEY, organization_id TEXT NOT NULL REFERENCES organizations",
    # `fields` holds as JSON what was sent, without the external id and without other rows. Only an account may lack
    # an external id, and SQLite holds nulls to be distinct in UNIQUE.
    "rows": """
        id TEXT PRIMARY KEY,
        integration_connection_id TEXT NOT NULL REFERENCES integration_connections,
        data_type TEXT NOT NULL CHECK (data_type IN ('ACCOUNT', 'CONTACT', 'LEAD', 'OPPORTUNITY', 'ENGAGEMENT')),
        external_id TEXT,
        fields TEXT NOT NULL,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        UNIQUE (integration_connection_id, data_type, external_id)""",
    # "engagement X has account Y": row_id is X, name is account, target_id is Y.
    "relations": """
        row_id TEXT NOT NULL REFERENCES rows,
        name TEXT NOT NULL CHECK (name IN ('account', 'contact', 'lead', 'opportunity')),
        target_id TEXT NOT NULL REFERENCES rows,
        PRIMARY KEY (row_id, name)""",
    "links": """
        sequence INTEGER PRIMARY KEY,
        recording_id TEXT NOT NULL UNIQUE REFERENCES recordings,
        row_id TEXT NOT NULL REFERENCES rows,
        link_trigger TEXT""",
}
_INDEXES = ("relations (target_id)", "links (row_id)")


class Token(NamedTuple):
    """What a valid token opens."""

    organization_id: str
    scope: str


class Store:
    """The state of one local Siro, for any number of threads."""

    def __init__(self, database: str | os.PathLike[str], clock: Callable[[], float] = time.time) -> None:
        """Open the database, and make and seed it when it is new.

        Raises:
            ValueError: the file holds another program's database, or that of another version of the local Siro.
            sqlite3.Error: the file cannot be opened, or is no database.

        """
        self.clock = clock
        self._lock = threading.Lock()
        self._db = sqlite3.connect(database, timeout=30, isolation_level=None, check_same_thread=False)
        try:
            # A database for tests need not survive a power cut; without fsync it is some hundred times faster.
            self._db.execute("PRAGMA synchronous = OFF")
            self._db.execute("PRAGMA foreign_keys = ON")
            with self.transaction() as db:
                if _is_new(db, database):
                    _create(db)
                    seed(db)
        except BaseException:
            self._db.close()
            raise

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """Run one request's changes: all of them are kept, or none if an exception leaves the block."""
        with self._lock:
            # IMMEDIATE, since a deferred transaction of another process on the same file could fail halfway.
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def token(self, kind: Literal["organization", "user"], token: str) -> Token | None:
        """Return what a token of this kind opens, unless it is unknown or has expired."""
        query = """
            SELECT organization_id, scope FROM tokens
            WHERE kind = ? AND token = ? AND (expires_at IS NULL OR expires_at > ?)"""
        with self._lock:
            found = self._db.execute(query, (kind, token, self.clock())).fetchone()
        return None if found is None else Token(*found)

    def reset(self) -> None:
        """Return to the freshly seeded state."""
        with self.transaction() as db:
            for table in reversed(_TABLES):
                db.execute(f"DELETE FROM {table}")  # noqa: S608 - a name from this file
            seed(db)

    def close(self) -> None:
        """Close the database. Closing twice is harmless."""
        with self._lock:
            self._db.close()


def _is_new(db: sqlite3.Connection, database: str | os.PathLike[str]) -> bool:
    if db.execute("PRAGMA application_id").fetchone()[0] == _APPLICATION_ID:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version != _SCHEMA_VERSION:
            message = (
                f"{os.fspath(database)} is of schema version {version} of the local Siro, and this one reads "
                f"{_SCHEMA_VERSION}: delete it, or name a new file"
            )
            raise ValueError(message)
        return False
    if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        message = f"{os.fspath(database)} is not a database of the local Siro: name a new file"
        raise ValueError(message)
    return True


def _create(db: sqlite3.Connection) -> None:
    for table, columns in _TABLES.items():
        db.execute(f"CREATE TABLE {table} ({columns})")
    for index in _INDEXES:
        db.execute(f"CREATE INDEX {index.partition(' ')[0]}_by_target ON {index}")
    db.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
