"""The journal of bulk runs: what Siro acknowledged, so that a run that died goes on where it was."""

import hashlib
import json
import os
import sqlite3
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from siro_client._json import encoded

if TYPE_CHECKING:
    from siro_openapi.models import Engagement

_APPLICATION_ID = int.from_bytes(b"Siro")
_VERSION = 1
_SCHEMA = f"""
CREATE TABLE acknowledged (
    external_id TEXT, occurrence INTEGER, digest BLOB NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (external_id, occurrence)
) WITHOUT ROWID;
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = {_VERSION};
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """An engagement as the journal knows it."""

    external_id: str
    """The CRM's id of the engagement."""
    occurrence: int
    """How many of this external id came before it in the run."""
    digest: bytes
    """SHA-256 of where it goes and of the request body."""
    is_known: bool
    """Siro has acknowledged it, and nothing that is sent by this run undoes it."""


class Journal:
    """What Siro acknowledged, in an SQLite file: external ids, digests of bodies and times; no bodies and no tokens.

    A run with the journal of an earlier one skips what that one has synced. Give it the same engagements in the same
    order; what has changed since is sent again, and what is new is sent. Where an external id comes several times, each
    counts, so that a part of them is not for the journal of the whole. A journal belongs to one organization; what
    another host has acknowledged, such as a local Siro, counts for nothing.

    While it is open, nothing else in the process may open its file, not even to copy it: POSIX gives up SQLite's lock
    on a file as soon as any handle on it is closed.

    It may be used from any number of threads, but by one run at a time. What is recorded survives the death of the
    process.

    Args:
        path: of the file, which is made if it is missing.

    Raises:
        ValueError: the file is something else; it is left as it is.
        OSError: the file cannot be opened; BlockingIOError if another process or journal has it open.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self._is_running = False
        self._target = b""
        self._path = os.fspath(path)
        try:
            db = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise OSError(f"cannot open the journal {self._path!r}: {error}") from None
        try:
            _prepare(db, self._path)
        except BaseException:
            db.close()
            raise
        self._db = db

    def begin(self, target: str = "") -> None:
        """Begin a run: count the occurrences of each external id from 0.

        Args:
            target: the base URL that the run sends to.

        Raises:
            BlockingIOError: another run has begun and not ended.
        """
        with self._lock:
            if self._is_running:
                raise BlockingIOError(_in_use(self._path))
            # In a file of SQLite's own rather than in memory, which then stays flat however many rows there are.
            self._execute("DROP TABLE IF EXISTS temp.run")
            self._execute(
                "CREATE TEMP TABLE run (external_id TEXT PRIMARY KEY, seen INTEGER, sent INTEGER) WITHOUT ROWID"
            )
            self._is_running = True
            self._target = target.rstrip("/").encode()

    def end(self) -> None:
        """End the run."""
        self._is_running = False

    def enter(self, engagement: "Engagement") -> Entry | None:
        """Look up the next engagement of the run; None if it cannot be sent as it is."""
        try:
            # As it is sent, where a name that is a number is a string; in one order, whatever a dict's may be.
            body = json.dumps(json.loads(encoded(engagement.to_dict())), sort_keys=True, separators=(",", ":"))
            external_id = engagement.external_id
            external_id.encode()
        except (AttributeError, TypeError, ValueError, LookupError, OverflowError, RecursionError):
            return None
        digest = hashlib.sha256(self._target + b"\n" + body.encode()).digest()
        with self._lock:
            return self._enter(external_id, digest)

    def _enter(self, external_id: str, digest: bytes) -> Entry:
        execute = self._execute
        run = execute("SELECT seen, sent FROM temp.run WHERE external_id = ?", (external_id,)).fetchone()
        occurrence, sent = run or (0, False)
        key = (external_id, occurrence)
        row = execute("SELECT digest FROM acknowledged WHERE external_id = ? AND occurrence = ?", key).fetchone()
        is_known = not sent and row == (digest,)
        if not is_known and not sent:
            # From here on Siro may hold what is sent now: neither this nor what came after it is certain any more.
            execute("DELETE FROM acknowledged WHERE external_id = ? AND occurrence >= ?", key)
        execute("INSERT OR REPLACE INTO temp.run VALUES (?, ?, ?)", (external_id, occurrence + 1, not is_known))
        return Entry(external_id, occurrence, digest, is_known)

    def record(self, entry: Entry) -> None:
        """Record that Siro has acknowledged an engagement."""
        values = (entry.external_id, entry.occurrence, entry.digest, time.time())
        with self._lock:
            self._execute("INSERT OR REPLACE INTO acknowledged VALUES (?, ?, ?, ?)", values)

    def __len__(self) -> int:
        with self._lock:
            count: int = self._execute("SELECT count(*) FROM acknowledged").fetchone()[0]
        return count

    def _execute(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        if self._db is None:
            raise RuntimeError(f"the journal {self._path!r} is closed: open it anew with Journal(path)")
        try:
            return self._db.execute(statement, values)
        except sqlite3.Error as error:
            raise OSError(f"cannot use the journal {self._path!r}: {error}; what it holds is kept") from None

    def close(self) -> None:
        """Close the file; calling again does nothing."""
        with self._lock:
            db, self._db = self._db, None
        if db is not None:
            db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _prepare(db: sqlite3.Connection, path: str) -> None:
    """Lock the file for as long as it is open, and see to its tables."""
    try:
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("PRAGMA temp_store = FILE")
        db.execute("BEGIN EXCLUSIVE")
        refusal = _refusal(db)
        if refusal:
            raise ValueError(f"{path!r} is {refusal}; name another file for the journal")
        db.execute("COMMIT")
        # What is committed survives the end of the process without a flush to disk for each row.
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise BlockingIOError(_in_use(path)) from None
        raise OSError(f"cannot use the journal {path!r}: {error}") from None
    except sqlite3.DatabaseError as error:
        raise ValueError(f"{path!r} is no journal ({error}); name another file for the journal") from None


def _in_use(path: str) -> str:
    return f"the journal {path!r} is in use: let that run end first, or give each its own journal"


def _refusal(db: sqlite3.Connection) -> str | None:
    """What the file is, if it is no journal that this version can use."""
    application_id = db.execute("PRAGMA application_id").fetchone()[0]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if application_id == _APPLICATION_ID:
        return None if version == _VERSION else f"a journal of version {version}, and this siro-client knows {_VERSION}"
    if application_id or db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        return "a database of another program"
    for statement in _SCHEMA.split(";"):
        db.execute(statement)
    return None
