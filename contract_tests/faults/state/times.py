"""Timestamps of Siro that move as they must not."""

from datetime import datetime, timedelta

from contract_tests.faults._edits import after
from contract_tests.faults._plant import Call, Fault, Object, Plant
from contract_tests.faults.state._common_state import TWICE

_CREATED = ("sync.upsert.created-at",)


_UPDATED = ("sync.upsert.updated-at",)


def _moved(name: str, since: int, **by: float) -> Plant:
    """Move an instant, further with each sync from a certain one on."""

    def change(data: Object, call: Call) -> Object:
        beyond = call.count(data["id"], name) - since + 1
        moved = datetime.fromisoformat(data[name]) + timedelta(**by) * max(beyond, 0)
        return {**data, name: moved.isoformat()}

    return after("sync", change)


FAULTS = (
    Fault(
        "sync-created-moves",
        "answers a later `createdAt` with each sync",
        _CREATED,
        _moved("createdAt", 2, seconds=1),
        TWICE,
    ),
    Fault(
        "sync-created-moves-third",
        "answers a later `createdAt` from the third sync on",
        _CREATED,
        _moved("createdAt", 3, seconds=1),
        (*TWICE, *TWICE),
    ),
    Fault(
        "sync-created-later",
        "answers a `createdAt` far after `updatedAt`",
        _UPDATED,
        after("sync", lambda data, _: {**data, "createdAt": "2999-01-01T00:00:00Z"}),
        TWICE,
    ),
    Fault(
        "sync-updated-back",
        "answers an earlier `updatedAt` with each sync",
        _UPDATED,
        _moved("updatedAt", 2, minutes=-1),
        TWICE,
    ),
    Fault(
        "sync-updated-before-created",
        "answers an `updatedAt` before `createdAt`",
        _UPDATED,
        _moved("updatedAt", 1, hours=-1),
        TWICE,
    ),
)
