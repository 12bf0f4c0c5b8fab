"""What is sent again replaces what was stored, and null clears it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests.compare import differences, is_list, is_object, is_old, short
from contract_tests.document import body_schema
from contract_tests.echo import Echo
from contract_tests.gate import Gate
from contract_tests.operations import SYNC
from contract_tests.shapes import Schema, flat

CHANGES: list[tuple[str, Any, Any]] = [
    ("subject", "first", "second"),
    ("content", "first", "second"),
    ("subject", "first", ""),
    ("content", "First", "first"),
    ("direction", "INBOUND", "OUTBOUND"),
    ("direction", "OUTBOUND", "INBOUND"),
    ("startTime", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.500Z"),
    ("startTime", "2026-01-02T03:04:05Z", "2025-01-02T03:04:05Z"),
    ("endTime", "2026-01-02T03:04:05Z", "2027-01-02T03:04:05Z"),
    ("startTimeLocalized", "2026-01-02T03:04:05", "2025-01-02T03:04:05"),
]
NULLABLE = {name: first for name, first, _ in reversed(CHANGES)}


@pytest.mark.rules("sync.upsert.replaces")
def test_what_is_sent_again_replaces_what_was_stored(gate: Gate, echo: Echo) -> None:
    def check(change: tuple[str, Any, Any]) -> None:
        name, *values = change
        body = {"externalId": gate.new_id()}
        exchanges = [echo.sync({**body, name: values[0]})]
        for changed in ({name: values[1]}, {}, {"remoteUpdatedAt": "2026-01-02T03:04:05Z"}):
            exchanges.append(echo.sync({**body, **changed}))
            echo.check_gone("sync.upsert.replaces", name, values[0], *exchanges[:2], *exchanges[2:][-1:])

    gate.each(CHANGES, check)


@pytest.mark.rules("sync.upsert.replaces")
def test_users_that_are_sent_again_replace_those_before(gate: Gate, echo: Echo) -> None:
    old, new, other, last = ({"externalId": gate.new_id("user"), "name": name} for name in ("old", "new", "b", "c"))

    def check(users: list[dict[str, Any]]) -> None:
        body = {"externalId": gate.new_id()}
        first = echo.sync({**body, "engagementUsers": [old, {**new, "name": "before"}]})
        for again in (echo.sync({**body, "engagementUsers": users}), echo.sync(body)):
            # Wherever an entry has it: the form of one is left open.
            stale = json.dumps(old["externalId"]) in json.dumps(again.data.get("engagementUsers"))
            message = f"the user {old['externalId']} is answered, who was replaced"
            gate.check("sync.upsert.replaces", not stale, message, first, again)

    gate.each([[new], [], [new, other], [other, last]], check)


@pytest.mark.rules("sync.upsert.null")
def test_null_clears(gate: Gate, echo: Echo) -> None:
    def check(name: str) -> None:
        body = {"externalId": gate.new_id()}
        first = echo.sync({**body, name: NULLABLE[name]})
        cleared = echo.sync({**body, name: None})
        echo.check_same(first, cleared)
        later = echo.sync(body)
        echo.check_gone("sync.upsert.null", name, NULLABLE[name], first, cleared, later)
        echo.sync({**body, name: NULLABLE[name]})

    gate.each(NULLABLE, check)


@pytest.mark.rules("sync.upsert.null")
def test_null_clears_within_an_account_and_a_user(gate: Gate, echo: Echo) -> None:
    """Seen where they come back whole."""
    values: dict[str, Any] = {"deletedAt": "2026-01-02T03:04:05Z", "owner": {"externalId": gate.new_id("owner")}}

    def check(case: tuple[str, str]) -> None:
        place, name = case
        row = {"externalId": gate.new_id(place), "name": "a name"}

        def body(value: Any) -> dict[str, Any]:
            sent = {**row, name: value}
            return {"externalId": row["externalId"], place: [sent] if place == "engagementUsers" else sent}

        first = echo.sync(body(values[name]))
        cleared = gate.accept("sync.upsert.null", SYNC, body(None))
        later = gate.accept("sync.upsert.null", SYNC, {"externalId": row["externalId"]})
        for exchanges in ((first, cleared), (first, cleared, later)):
            for answered in _objects(exchanges[-1].data.get(place)):
                message = f"{name} of {place} is answered as {short(answered.get(name))}, which null cleared"
                is_cleared = not is_old(name, values[name], answered.get(name))
                gate.check("sync.upsert.null", is_cleared, message, *exchanges)
        echo.sync(body(values[name]))

    properties = body_schema(SYNC.name)["properties"]
    schemas = {"account": properties["account"], "engagementUsers": flat(properties["engagementUsers"])["items"]}
    nullable = [(place, name) for place, schema in schemas.items() for name in _nullable(schema)]
    gate.each([(place, name) for place, name in nullable if name in values], check)


def _objects(answered: Any) -> list[dict[str, Any]]:
    """The account, or the users, as far as they come back as objects."""
    return [each for each in (answered if is_list(answered) else [answered]) if is_object(each)]


def _nullable(schema: Schema) -> Iterator[str]:
    """The properties of an object that may be null."""
    return (name for name, member in flat(schema)["properties"].items() if flat(member).get("nullable"))


@pytest.mark.rules("sync.upsert.null")
def test_null_clears_nothing_else(gate: Gate, echo: Echo) -> None:
    def check(names: tuple[str, str]) -> None:
        body = {"externalId": gate.new_id()}
        cleared, other = names
        value = NULLABLE[other]
        first = echo.sync({**body, cleared: NULLABLE[cleared], other: value})
        sent = echo.sync({**body, cleared: None, other: value})
        # A Siro may answer less to a second sync; what it answers to one is due.
        gone = sent.data.get(other) is None and echo.answers(other, again=True)
        message = f"{other} was sent again beside {cleared} as null, and is gone"
        gate.check("sync.upsert.null", not gone, message, first, sent)
        left_out = echo.sync({**body, cleared: None})
        answered = left_out.data.get(other)
        found = answered is None or not any(differences(value, answered, other))
        gate.check("sync.upsert.null", found, f"{other} is {short(answered)} after {cleared} was null", first, left_out)

    names = list(NULLABLE)
    gate.each([*zip(names, names[1:] + names[:1], strict=True), *zip(names[1:], names, strict=False)], check)
