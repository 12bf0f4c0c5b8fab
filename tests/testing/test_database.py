import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from siro_client.testing import LocalSiro

from .calls import Caller


def test_a_file_survives_a_restart(tmp_path: Path) -> None:
    database = tmp_path / "siro.sqlite"
    answers: list[object] = []
    for _ in range(2):
        with LocalSiro(database) as siro, httpx.Client(transport=siro.transport, base_url="http://local") as client:
            ours = Caller(client, siro.organization)
            if not answers:
                ours.synced("e", subject="s", account={"name": "A"})
                ours.linked("recording-2", "ENGAGEMENT", "e")
            answer = ours.synced("e")
            answers.append({**answer, "updatedAt": ""})
    assert answers[0] == answers[1]


def test_two_siros_may_share_a_file(tmp_path: Path) -> None:
    database = str(tmp_path / "siro.sqlite")

    def sync(_: int) -> str:
        with LocalSiro(database) as siro, httpx.Client(transport=siro.transport, base_url="http://local") as client:
            return str(Caller(client, siro.organization).synced("e")["id"])

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(sync, range(12)))) == 1


def test_a_foreign_database_is_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no database, but long enough to be looked at as one" * 20)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        LocalSiro(text)
    foreign = tmp_path / "foreign.sqlite"
    with sqlite3.connect(foreign) as db:
        db.execute("CREATE TABLE rows (x)")
    db.close()
    before = foreign.read_bytes()
    with pytest.raises(ValueError, match=r"foreign\.sqlite is not a database of the local Siro"):
        LocalSiro(foreign)
    assert foreign.read_bytes() == before


def test_a_database_of_another_version_is_left_alone(tmp_path: Path) -> None:
    database = tmp_path / "old.sqlite"
    with LocalSiro(database):
        pass
    with sqlite3.connect(database) as db:
        db.execute("PRAGMA user_version = 0")
    db.close()
    before = database.read_bytes()
    with pytest.raises(ValueError, match=r"old\.sqlite is of schema version 0 .* delete it, or name a new file"):
        LocalSiro(database)
    assert database.read_bytes() == before


def test_a_closed_siro_answers_nothing() -> None:
    with LocalSiro() as siro, httpx.Client(transport=siro.transport, base_url="http://local") as client:
        ours = Caller(client, siro.organization)
        ours.synced("e")
        siro.close()
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            ours.sync({"externalId": "e"})


def test_the_end_of_the_block_closes(tmp_path: Path) -> None:
    with LocalSiro(tmp_path / "siro.sqlite") as siro:
        pass
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        siro.reset()
