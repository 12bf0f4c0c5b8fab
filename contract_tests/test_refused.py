"""A refused sync leaves no trace: neither in the engagement, nor in the rows that came with it."""

from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests.compare import ACCOUNT_DATA, USER_DATA, is_list, is_object, short
from contract_tests.echo import PROPERTIES, Echo
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.operations import LINK, SYNC
from contract_tests.rows import Row, new_row

FAULTY: list[tuple[str, dict[str, Any]]] = [
    ("sync.body.type", {"direction": 5}),
    ("sync.body.enum", {"direction": "SIDEWAYS"}),
    ("sync.body.required", {"engagementUsers": [{"name": "no id"}]}),
    ("sync.body.required", {"opportunity": {}}),
    ("sync.body.type", {"contact": {"externalId": "unused", "latitude": "1"}}),
    ("sync.body.format", {"deletedAt": "no date"}),
]


def _refusals(gate: Gate, body: dict[str, Any]) -> Iterator[Exchange]:
    """A body refused in each way: for a fault in a property that it does not have, and without a token."""
    for rule, fault in FAULTY:
        if not fault.keys() & body.keys():
            yield gate.refuse(rule, SYNC, {**body, **fault})
    yield gate.refuse("sync.auth.required", SYNC, body, headers={"Content-Type": "application/json"})


@pytest.mark.rules("sync.upsert.refused")
def test_a_refused_sync_leaves_the_engagement_as_it_was(gate: Gate, echo: Echo) -> None:
    def check(change: tuple[str, Any, Any]) -> None:
        name, stored, lost = change
        body = {"externalId": gate.new_id()}
        first = echo.sync({**body, name: stored})
        for refused in _refusals(gate, {**body, name: lost}):
            later = echo.sync(body)
            echo.check_same(first, later)
            echo.check_gone("sync.upsert.refused", name, lost, first, refused, later)
            first = echo.sync({**body, name: stored})

    gate.each([("subject", "first", "second"), ("startTime", "2026-01-02T03:04:05Z", "2025-01-02T03:04:05Z")], check)


@pytest.mark.rules("sync.upsert.refused")
def test_a_refused_sync_stores_no_row(gate: Gate, rows: dict[str, Row]) -> None:
    def check_not_stored(data_type: str, external_id: str, *refused: Exchange) -> None:
        body = {"dataType": data_type, "externalId": external_id, "integrationConnectionId": gate.target.connection}
        linked = gate.put(LINK, body)
        rule = "sync.upsert.refused" if refused else "link.target.unknown"
        message = f"{data_type} {external_id} was never stored, and is linked: {linked.told}"
        gate.check(rule, linked.is_refusal, message, *refused, linked)

    def check(data_type: str) -> None:
        # A Siro that links to what nobody ever sent says nothing of what was refused.
        check_not_stored(data_type, gate.new_id("unknown"))
        row = {"externalId": gate.new_id(data_type)}
        nested = {"externalId": gate.new_id(), data_type.lower(): row}
        for refused in _refusals(gate, row if data_type == "ENGAGEMENT" else nested):
            check_not_stored(data_type, row["externalId"], refused)

    gate.each(rows, check)


@pytest.mark.rules("sync.upsert.refused")
def test_a_refused_sync_leaves_the_rows_that_came_with_it_as_they_were(
    gate: Gate, echo: Echo, rows: dict[str, Row]
) -> None:
    def check(data_type: str) -> None:
        row = {"externalId": gate.new_id(data_type)}
        body = {"externalId": gate.new_id()}
        stored = echo.sync({**body, data_type.lower(): {**row, "name": "kept"}})
        for refused in _refusals(gate, {**body, data_type.lower(): {**row, "name": "lost"}}):
            linked = echo.link(data_type, row["externalId"])
            message = "the name came with a refused sync, and is answered"
            gate.check("sync.upsert.refused", linked.data["name"] != "lost", message, stored, refused, linked)

    gate.each([kind for kind in rows if kind in ("ACCOUNT", "CONTACT", "OPPORTUNITY")], check)


@pytest.mark.rules("sync.upsert.refused")
def test_a_refused_sync_leaves_the_account_and_the_opportunity(gate: Gate, echo: Echo) -> None:
    def check(name: str) -> None:
        body = {"externalId": gate.new_id()}
        first = echo.sync({**body, name: new_row(name, gate.new_id(name))})
        for related in ({"externalId": gate.new_id(name)}, None):
            for refused in _refusals(gate, {**body, name: related}):
                later = echo.sync(body)
                answered = later.data.get(f"{name}Id")
                message = f"{name}Id is {short(answered)} after a refused sync"
                is_kept = answered in (None, first.data.get(f"{name}Id"))
                gate.check("sync.upsert.refused", is_kept, message, first, refused, later)

    gate.each(("account", "opportunity"), check)


@pytest.mark.rules("sync.upsert.refused", "sync.upsert.created-at")
def test_a_refused_sync_changes_nothing_that_is_answered(gate: Gate, echo: Echo) -> None:
    """Compared are answers to the same sync; it may move `updatedAt` itself, so that tells nothing of a refused one."""
    stored, other = echo.everything(), echo.everything()
    other |= {name: f"{other[name]} that is lost" for name in ("subject", "content")}
    other |= {"direction": "INBOUND", "startTime": "2025-01-02T03:00:00Z", "endTime": None, "startTimeLocalized": None}
    body = {"externalId": stored["externalId"]}
    echo.sync(stored)

    def check(case: tuple[str, dict[str, Any]]) -> None:
        rule, fault = case
        before = echo.sync(body)
        how: dict[str, Any] = {} if fault else {"headers": {"Content-Type": "application/json"}}
        refused = gate.refuse(rule, SYNC, {**other, **body, **fault}, **how)
        after = echo.sync(body)
        told = [_told(exchange.data) for exchange in (before, after)]
        for name in told[0]:
            found, due = (each[name] for each in reversed(told))
            message = f"{name} is {short(found)} after a refused sync, and was {short(due)}"
            # Any sync could have moved it: what was refused need not be what did.
            broken = "sync.upsert.created-at" if name == "createdAt" else "sync.upsert.refused"
            gate.check(broken, found == due, message, before, refused, after)

    gate.each([*FAULTY, ("sync.auth.required", {})], check)


def _told(data: dict[str, Any]) -> dict[str, Any]:
    """What the page has an answer tell, without what a Siro may tell beside: of a user's row, when it was synced."""
    account, users = data.get("account"), data.get("engagementUsers")
    parts = {
        "account": _of(account, ACCOUNT_DATA),
        "engagementUsers": sorted((_of(user, USER_DATA) for user in users), key=repr) if is_list(users) else [],
    }
    return {name: data.get(name) for name in PROPERTIES if name != "updatedAt"} | parts


def _of(row: Any, names: tuple[str, ...]) -> Any:
    return {name: row.get(name) for name in ("externalId", *names)} if is_object(row) else row
