"""Two organizations: neither sees nor links what is the other's."""

import json
from typing import Any

import pytest

from contract_tests.compare import is_old, short
from contract_tests.echo import Echo
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.operations import LINK, NESTED, SYNC
from contract_tests.rows import Row, new_row
from contract_tests.target import OTHER

CONTENT = {"subject": "of the one", "content": "seen by nobody else", "direction": "INBOUND"}
JSON = {"Content-Type": "application/json"}
TIMES = {"startTime": "2026-01-02T03:04:05Z", "startTimeLocalized": "2026-01-02T05:04:05"}


@pytest.fixture(autouse=True)
def only_with_another_organization(gate: Gate) -> None:
    # Not by way of its rows: where organizations are mixed up, they cannot be had.
    if missing := gate.target.missing(*OTHER):
        pytest.skip(f"not checked: needs {', '.join(missing)}")


def _sync_other(gate: Gate, body: dict[str, Any]) -> Exchange:
    return gate.accept("sync.upsert.isolation", SYNC, body, other=True)


def _check_apart(gate: Gate, ours: Exchange, theirs: Exchange, *names: str) -> None:
    for name in names:
        mine, other = (exchange.data.get(name) for exchange in (ours, theirs))
        message = f"two organizations are answered the same {name}, {short(mine)}"
        gate.check("sync.upsert.isolation", mine is None or mine != other, message, ours, theirs)


@pytest.mark.rules("sync.upsert.isolation")
def test_one_external_id_is_an_engagement_in_each_organization(gate: Gate, echo: Echo) -> None:
    body: dict[str, Any] = {"externalId": gate.new_id("shared")}
    ours = echo.sync({**body, **CONTENT, **TIMES})
    theirs = _sync_other(gate, body)
    _check_apart(gate, ours, theirs, "id", "organizationId")
    for name, value in ours.sent.items():
        message = f"{name} of one organization is answered to the other"
        answered = theirs.data.get(name)
        is_seen = name != "externalId" and is_old(name, value, answered)
        gate.check("sync.upsert.isolation", not is_seen, message, ours, theirs)
    _sync_other(gate, {**body, "subject": "of the other", "content": None})
    again = echo.sync(body)
    is_same = ours.data["id"] == again.data["id"]
    gate.check("sync.upsert.isolation", is_same, "the engagement is another one now", ours, theirs, again)
    for name, value in CONTENT.items():
        message = f"{name} is {short(again.data.get(name))} after the other organization synced the same external id"
        gate.check("sync.upsert.isolation", again.data.get(name) in (None, value), message, ours, theirs, again)


@pytest.mark.rules("sync.upsert.isolation")
@pytest.mark.usefixtures("rows")
def test_one_external_id_is_a_row_in_each_organization(gate: Gate, echo: Echo) -> None:
    shared = {name: {"externalId": gate.new_id(name)} for name in NESTED}
    new = {name: new_row(name, row["externalId"]) for name, row in shared.items()}
    ours = echo.sync({"externalId": gate.new_id(), **new, "account": {**shared["account"], "name": "of the one"}})
    theirs = _sync_other(gate, {"externalId": gate.new_id(), **shared})
    _check_apart(gate, ours, theirs, "accountId", "opportunityId")
    message = "what one organization named its account is answered to the other, which sent an external id alone"
    gate.check("sync.upsert.isolation", b"of the one" not in theirs.content, message, ours, theirs)
    renamed = {"account": {**shared["account"], "name": "of the other"}}
    theirs = _sync_other(gate, {"externalId": gate.new_id(), **new, **renamed})
    for name, row in shared.items():
        linked = echo.link(name.upper(), row["externalId"])
        reference = {"externalId": row["externalId"], "integrationConnectionId": gate.target.other_connection}
        body = {"dataType": name.upper(), **reference}
        other = gate.accept(
            "link.target.external-id", LINK, body, recording=gate.target.other_recording_ids[-1], other=True
        )
        _check_apart(gate, linked, other, "id")
        if name == "account":
            message = f"the account has the name {linked.data['name']!r}, and was synced as 'of the one'"
            gate.check("sync.upsert.isolation", linked.data["name"] == "of the one", message, ours, theirs, linked)
            message = f"the account has the name {other.data['name']!r}, and was synced as 'of the other'"
            gate.check("sync.upsert.isolation", other.data["name"] == "of the other", message, ours, theirs, other)


@pytest.mark.rules("sync.upsert.isolation")
def test_no_user_of_another_organization_is_answered(gate: Gate, echo: Echo) -> None:
    body = {"externalId": gate.new_id("shared")}
    user = {"externalId": gate.new_id("user"), "name": "of the other"}
    theirs = _sync_other(gate, {**body, "engagementUsers": [user]})
    for sent in ({**body, "engagementUsers": [{"externalId": gate.new_id("user"), "name": "of the one"}]}, body):
        ours = echo.sync(sent)
        message = f"the user {user['externalId']} of another organization is answered"
        is_seen = json.dumps(user["externalId"]) in json.dumps(ours.data.get("engagementUsers"))
        gate.check("sync.upsert.isolation", not is_seen, message, theirs, ours)


@pytest.mark.rules("sync.auth.kind")
def test_the_user_token_of_another_organization_syncs_nothing(gate: Gate) -> None:
    token = gate.target.variables["SIRO_OTHER_USER_TOKEN"]
    headers = {**SYNC.credentials(token), **JSON}
    if token not in (gate.target.variables[name] for name in (SYNC.token_variable, "SIRO_OTHER_ORGANIZATION_TOKEN")):
        exchange = gate.put(SYNC, {"externalId": gate.new_id()}, headers=headers)
        message = f"must be answered 401 or 403, and is answered {exchange.told}"
        gate.check("sync.auth.kind", exchange.status in (401, 403), message, exchange)


@pytest.mark.rules("link.auth.kind")
def test_no_organization_token_links(gate: Gate, rows: dict[str, Row], other_rows: dict[str, Row]) -> None:
    def check(case: tuple[Row, str, str]) -> None:
        row, token, recording = case
        headers = {**LINK.credentials(token), **JSON}
        exchange = gate.put(LINK, row.by_external_id, recording=recording, headers=headers)
        message = f"must be answered 401 or 403, and is answered {exchange.told}"
        gate.check("link.auth.kind", exchange.status in (401, 403), message, exchange)

    variables, target = gate.target.variables, gate.target
    cases = [
        (rows["ACCOUNT"], variables["SIRO_ORGANIZATION_TOKEN"], target.recording_ids[-1]),
        (other_rows["ACCOUNT"], variables["SIRO_OTHER_ORGANIZATION_TOKEN"], target.other_recording_ids[-1]),
    ]
    if len(set(target.tokens)) == len(target.tokens):
        gate.each(cases, check)


@pytest.mark.rules("sync.upsert.isolation")
def test_a_merge_moves_no_reference_of_another_organization(gate: Gate, echo: Echo) -> None:
    gone, survivor = gate.new_id("account"), gate.new_id("account")
    body = {"externalId": gate.new_id()}
    ours = echo.sync({**body, "account": new_row("account", gone)})
    for name in (gone, survivor):
        _sync_other(gate, {"externalId": gate.new_id(), "account": new_row("account", name)})
    account = {"externalId": gone, "mergedToExternalId": survivor}
    theirs = _sync_other(gate, {"externalId": gate.new_id(), "account": account})
    again = echo.sync(body)
    is_kept = again.data.get("accountId") in (None, ours.data.get("accountId"))
    gate.check("sync.upsert.isolation", is_kept, "another organization's merge moved it", ours, theirs, again)


@pytest.mark.rules("link.state.isolation")
def test_no_row_of_another_organization_is_linked(gate: Gate, rows: dict[str, Row], other_rows: dict[str, Row]) -> None:
    def check(case: tuple[Row, str, bool]) -> None:
        row, connection, other = case
        recording = (gate.target.other_recording_ids if other else gate.target.recording_ids)[-1]
        by_external_id = {**row.by_external_id, "integrationConnectionId": connection}
        for body in (row.by_id, by_external_id):
            gate.refuse("link.state.isolation", LINK, body, recording=recording, other=other)

    connections = gate.target.connection, gate.target.other_connection
    cases = [(row, connection, False) for row in other_rows.values() for connection in connections]
    cases += [(row, connection, True) for row in rows.values() for connection in connections]
    gate.each(cases, check)


@pytest.mark.rules("link.state.isolation")
def test_a_connection_of_another_organization_leads_to_no_row(
    gate: Gate, rows: dict[str, Row], other_rows: dict[str, Row]
) -> None:
    def check(case: tuple[Row, str, bool]) -> None:
        row, connection, other = case
        recording = (gate.target.other_recording_ids if other else gate.target.recording_ids)[-1]
        body = {**row.by_external_id, "integrationConnectionId": connection}
        gate.refuse("link.state.isolation", LINK, body, recording=recording, other=other)

    cases = [(row, gate.target.other_connection, False) for row in rows.values()]
    gate.each([*cases, *((row, gate.target.connection, True) for row in other_rows.values())], check)


@pytest.mark.rules("link.state.isolation")
def test_no_recording_of_another_organization_is_linked(
    gate: Gate, rows: dict[str, Row], other_rows: dict[str, Row]
) -> None:
    def check(case: tuple[Row, str, bool]) -> None:
        row, recording, other = case
        for body in (row.by_id, row.by_external_id):
            gate.refuse("link.state.isolation", LINK, body, recording=recording, other=other)

    # The caller's own row, and one of the organization that the recording belongs to.
    every = [*rows.values(), *other_rows.values()]
    cases = [(row, gate.target.other_recording_ids[-1], False) for row in every]
    gate.each([*cases, *((row, gate.target.recording_ids[-1], True) for row in every)], check)


@pytest.mark.rules("link.state.isolation")
@pytest.mark.usefixtures("rows")
def test_what_another_organization_tries_leaves_the_link(gate: Gate, echo: Echo, other_rows: dict[str, Row]) -> None:
    recording = gate.target.recording_ids[-1]
    engagement = gate.new_id()
    first = echo.sync({"externalId": engagement})
    link = echo.link("ENGAGEMENT", engagement)
    before = echo.sync({"externalId": engagement})
    body = other_rows["ENGAGEMENT"].by_id
    refused = gate.refuse("link.state.isolation", LINK, body, recording=recording, other=True)
    after = echo.sync({"externalId": engagement})
    message = "recordingId changed with what another organization was refused"
    is_kept = before.data.get("recordingId") == after.data.get("recordingId")
    gate.check("link.state.isolation", is_kept, message, first, link, refused, after)
