"""From every state of a row that the schema allows to every other: each sync is accepted, and the row stays itself."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import pytest

from contract_tests.echo import Echo
from contract_tests.gate import Gate
from contract_tests.operations import SYNC
from contract_tests.places import Choice, Place, body_of, places, states
from contract_tests.rows import Row, new_row

T = TypeVar("T")

EARLY, LATE, LATER = "2025-03-04T05:06:07Z", "2026-03-04T05:06:07Z", "2027-03-04T05:06:07Z"
DELETED: dict[str, Any] = {"deletedAt": LATE}
LIVES: list[list[dict[str, Any]]] = [
    [DELETED, {}, DELETED, DELETED, {"deletedAt": None}, DELETED, {"subject": "again"}, {"deletedAt": LATER}],
    [{}, {"deletedAt": LATER}, {"deletedAt": EARLY}, {"deletedAt": None}, {}],
    [{"engagementType": {"name": "a type", "activityType": "CALL"}}, {"engagementTypeId": "a-type"}, {}],
    [{"engagementTypeId": "a-type"}, {"engagementType": {"name": "a type", "activityType": "CALL"}}, {}],
]
"""What is sent of one engagement, one sync after another."""


def tour(states: Sequence[T]) -> Iterator[T]:
    """Every state directly after every other, each pair once."""
    for number, state in enumerate(states):
        for other in states[number + 1 :]:
            yield from (state, other)
    yield from states[:1]


@pytest.mark.rules("sync.body.accepts", "sync.upsert.identity")
def test_a_property_turns_from_each_value_to_each_other(gate: Gate, echo: Echo) -> None:
    def check(place: Place) -> None:
        base = gate.new_id()
        found = states(place, base)
        choices: list[Choice] = [{place.path: state} for state in tour(found)]
        _live(echo, [body_of(SYNC.name, base, choice) for choice in choices])

    gate.each([place for place in places(SYNC.name) if len(states(place, "")) > 1], check)


@pytest.mark.rules("sync.body.accepts", "sync.upsert.identity")
def test_times_go_forward_and_back(gate: Gate, echo: Echo) -> None:
    base = gate.new_id()
    times = [place.path for place in places(SYNC.name) if place.is_time]
    moments = (LATE, EARLY, LATER, LATER, LATE)
    _live(echo, [body_of(SYNC.name, base, dict.fromkeys(times, moment)) for moment in moments])


@pytest.mark.rules("sync.body.accepts", "sync.upsert.identity")
def test_an_engagement_outlives_its_deletion_and_its_types(gate: Gate, echo: Echo) -> None:
    def check(life: list[dict[str, Any]]) -> None:
        body = {"externalId": gate.new_id()}
        _live(echo, [{**body, **sent} for sent in life])

    gate.each(LIVES, check)


@pytest.mark.rules("sync.body.accepts", "sync.upsert.identity")
@pytest.mark.usefixtures("rows")
def test_an_engagement_that_is_linked_may_change(gate: Gate, echo: Echo) -> None:
    body = {"externalId": gate.new_id()}
    first = echo.sync({**body, "startTime": EARLY, "endTime": LATE})
    echo.link("ENGAGEMENT", body["externalId"])
    types: list[dict[str, Any]] = [
        {"engagementType": {"name": "a type", "activityType": kind}} for kind in ("MEETING", "CALL")
    ]
    moved: list[dict[str, Any]] = [{"startTime": LATER}, {"startTime": None, "endTime": EARLY}]
    for changed in (*moved, *types, DELETED, {"deletedAt": None}):
        echo.check_same(first, echo.sync({**body, **changed}))


@pytest.mark.rules("sync.relations.resolve")
def test_a_row_outlives_its_deletion(gate: Gate, echo: Echo, rows: dict[str, Row]) -> None:
    deletable = {place.path[0] for place in places(SYNC.name) if place.name == "deletedAt" and len(place.path) == 2}

    def check(data_type: str) -> None:
        row = new_row(data_type.lower(), gate.new_id(data_type))
        lives: list[dict[str, Any]] = [DELETED, {}, DELETED, {"deletedAt": None}]
        exchanges = [echo.sync({"externalId": gate.new_id(), data_type.lower(): row})]
        exchanges.append(echo.link(data_type, row["externalId"]))
        bodies = [{"externalId": gate.new_id(), data_type.lower(): {**row, **changed}} for changed in lives]
        exchanges += [echo.sync(body) for body in bodies]
        # Between, whether a row can be linked that is deleted, or may still be, is left open.
        exchanges.append(echo.link(data_type, row["externalId"]))
        ids = [exchange.data["id"] for exchange in (exchanges[1], exchanges[-1])]
        message = f"the row was {ids[0]}, and is {ids[1]} after a soft delete was taken back"
        gate.check("sync.relations.resolve", ids[0] == ids[1], message, *exchanges)

    gate.each([kind for kind in rows if kind.lower() in deletable], check)


def _live(echo: Echo, bodies: list[dict[str, Any]]) -> None:
    """Sync the states of one engagement, each accepted and the same engagement as before."""
    first, *later = bodies
    before = echo.sync(first)
    for body in later:
        after = echo.sync(body)
        echo.check_same(before, after)
        before = after
