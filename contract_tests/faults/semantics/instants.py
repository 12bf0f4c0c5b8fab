"""Instants that are answered as others."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from contract_tests.faults._edits import after
from contract_tests.faults._plant import Call, Fault, Object, Plant
from contract_tests.faults._probes import sync
from contract_tests.faults.semantics._common import told

_INSTANTS = ("sync.answer.instants",)


def _instant(change: Callable[[datetime], datetime], *names: str) -> Plant:
    def to(value: str) -> str:
        try:
            return change(datetime.fromisoformat(value)).isoformat()
        except ValueError:
            return value

    return told(to, *names)


def _in_summer_time(instant: datetime) -> datetime:
    return instant + timedelta(hours=1) if 3 < instant.month < 11 else instant


def _both_from_start(data: Object, _: Call) -> Object:
    return {**data, "endTime": data["startTime"]} if "startTime" in data and "endTime" in data else data


FAULTS = (
    Fault(
        "sync-drops-offset",
        "takes an instant with an offset as UTC",
        _INSTANTS,
        _instant(lambda instant: instant.replace(tzinfo=UTC), "startTime", "endTime"),
    ),
    Fault(
        "sync-shifts-end",
        "answers `endTime` an hour late",
        _INSTANTS,
        _instant(lambda instant: instant + timedelta(hours=1), "endTime"),
    ),
    Fault(
        "sync-shifts-summer",
        "answers instants between April and October an hour late",
        _INSTANTS,
        _instant(_in_summer_time, "startTime", "endTime"),
    ),
    Fault(
        "sync-cuts-milliseconds",
        "answers `startTime` in whole seconds",
        _INSTANTS,
        _instant(lambda instant: instant.replace(microsecond=0), "startTime"),
    ),
    Fault(
        "sync-cuts-seconds",
        "answers `endTime` in whole minutes",
        _INSTANTS,
        _instant(lambda instant: instant.replace(second=0, microsecond=0), "endTime"),
        (sync({"endTime": "2026-01-01T00:00:59Z"}),),
    ),
    Fault("sync-ends-at-start", "answers `startTime` as `endTime` too", _INSTANTS, after("sync", _both_from_start)),
)
