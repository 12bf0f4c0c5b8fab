"""The rows that come with an engagement keep what they were synced with, whole, and outlive what referred to them."""

from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests.awkward import ACCOUNT
from contract_tests.compare import account_differences, is_object, short
from contract_tests.echo import Echo
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.operations import NESTED, SYNC
from contract_tests.rows import Row, new_row

MANY = 130
"""Rows of each type: more than a page, or a small cache, holds."""
FULL = {name: values[0] for name, values in ACCOUNT.items() if name != "deletedAt"}


@pytest.mark.rules("sync.answer.account", "sync.upsert.replaces")
def test_an_account_comes_back_as_it_was_sent_last(gate: Gate, echo: Echo) -> None:
    """The same account of the same engagement, with one value after the other of each property."""

    def check(name: str) -> None:
        beside = {"phoneNumbers": ["1"]} if name == "name" else {"name": "Acme"}
        body, account = {"externalId": gate.new_id()}, {"externalId": gate.new_id("account"), **beside}
        values = ACCOUNT[name]
        empty: list[Any] = [[]] if isinstance(values[0], list) else []
        for value in [*values, *empty, *values[:1]]:
            echo.sync({**body, "account": {**account, name: value}})

    gate.each(ACCOUNT, check)


@pytest.mark.rules("sync.relations.resolve")
def test_an_external_id_alone_is_the_account_with_all_that_it_has(gate: Gate, echo: Echo) -> None:
    def check(place: str) -> None:
        account = {"externalId": gate.new_id("account"), **FULL}
        contact = {**new_row("contact", gate.new_id("contact")), "account": account}
        body: dict[str, Any] = {"contact": contact} if place == "contact" else {"account": account}
        made = echo.sync({"externalId": gate.new_id(), **body})
        alone = {"externalId": account["externalId"]}
        again: dict[str, Any] = {"account": alone}
        if place == "account":
            echo.sync({"externalId": gate.new_id(), "contact": {**contact, "account": alone}})
        resolved = echo.sync({"externalId": gate.new_id(), **again})
        found = next(_altered(account, resolved), "")
        gate.check("sync.relations.resolve", not found, found, made, resolved)

    gate.each(["account", "contact"], check)


def _altered(account: dict[str, Any], resolved: Exchange) -> Iterator[str]:
    answered = resolved.data.get("account")
    if is_object(answered):
        yield from account_differences(account, answered)


@pytest.mark.rules("sync.relations.linkable")
@pytest.mark.parametrize("name", NESTED)
def test_a_row_outlives_what_referred_to_it(gate: Gate, echo: Echo, rows: dict[str, Row], name: str) -> None:
    """Only a merge is said to take a row away."""
    assert name.upper() in rows

    def check(later: dict[str, Any]) -> None:
        body, row = {"externalId": gate.new_id()}, new_row(name, gate.new_id(name))
        made = echo.sync({**body, name: row})
        before = echo.link(name.upper(), row["externalId"])
        echo.link("ENGAGEMENT", body["externalId"])
        echo.sync({**body, **later})
        after = echo.link(name.upper(), row["externalId"])
        message = f"the {name} was {before.data['id']}, and is {after.data['id']} since its engagement changed"
        is_same = before.data["id"] == after.data["id"]
        gate.check("sync.relations.linkable", is_same, message, made, before, after)

    changes: list[dict[str, Any]] = [{name: new_row(name, gate.new_id(name))}, {name: None}]
    gate.each([*changes, {"deletedAt": "2026-01-02T03:04:05Z"}], check)


@pytest.mark.rules("sync.upsert.replaces")
def test_a_link_tells_the_name_that_a_row_has_now(gate: Gate, echo: Echo, rows: dict[str, Row]) -> None:
    def check(data_type: str) -> None:
        row = {"externalId": gate.new_id(data_type)}
        exchanges: list[Exchange] = []
        for name in ("first", "second"):
            body = {"externalId": gate.new_id(), data_type.lower(): {**row, "name": name}}
            exchanges += [echo.sync(body), echo.link(data_type, row["externalId"])]
            found = exchanges[-1].data["name"]
            message = f"the name was synced as {name!r} and is {found!r}"
            gate.check("sync.upsert.replaces", found == name, message, *exchanges)

    gate.each([kind for kind in rows if kind in ("ACCOUNT", "CONTACT", "OPPORTUNITY")], check)


@pytest.mark.rules("link.answer.names")
@pytest.mark.usefixtures("rows")
def test_a_contact_has_a_name_of_its_own(gate: Gate, echo: Echo) -> None:
    account = {"externalId": gate.new_id("account"), "name": "the account"}
    contact = {"externalId": gate.new_id("contact"), "name": "the contact", "account": account}
    made = echo.sync({"externalId": gate.new_id(), "contact": contact})
    for data_type, row in (("CONTACT", contact), ("ACCOUNT", account)):
        linked = echo.link(data_type, str(row["externalId"]))
        message = f"the name was synced as {row['name']!r} and is {short(linked.data['name'])}"
        gate.check("link.answer.names", linked.data["name"] == row["name"], message, made, linked)


@pytest.mark.rules("sync.upsert.refused")
def test_a_refused_merge_moves_no_reference(gate: Gate, echo: Echo) -> None:
    def check(fault: dict[str, Any]) -> None:
        before, survivor = (
            echo.sync({"externalId": gate.new_id(), "account": new_row("account", gate.new_id("account"))})
            for _ in range(2)
        )
        ids = [str(exchange.sent["account"]["externalId"]) for exchange in (before, survivor)]
        for account in (
            {"externalId": ids[0], "mergedToExternalId": ids[1]},
            {"externalId": ids[1], "mergedFromExternalIds": [ids[0]]},
        ):
            refused = gate.refuse("sync.body.type", SYNC, {"externalId": gate.new_id(), "account": account, **fault})
            after = echo.sync({"externalId": before.sent["externalId"]})
            found = after.data.get("accountId")
            message = f"accountId is {short(found)} after a refused merge"
            is_kept = found in (None, before.data.get("accountId"))
            gate.check("sync.upsert.refused", is_kept, message, before, survivor, refused, after)

    faults: list[dict[str, Any]] = [{"subject": 5}, {"engagementUsers": "none"}]
    gate.each(faults, check)


@pytest.mark.rules("sync.relations.resolve")
@pytest.mark.usefixtures("rows")
def test_each_of_many_rows_stays_itself(gate: Gate, echo: Echo) -> None:
    def sync() -> dict[str, dict[str, str]]:
        rows = {name: new_row(name, gate.new_id(f"many-{name}")) for name in NESTED}
        gate.accept("sync.body.accepts", SYNC, {"externalId": gate.new_id(), **rows})
        return rows

    first = [sync() for _ in range(2)]
    before = {(number, name): _link(echo, rows, name) for number, rows in enumerate(first) for name in rows}
    for _ in range(MANY if gate.exhaustive else MANY // 10):
        sync()
    for (number, name), known in before.items():
        after = _link(echo, first[number], name)
        message = f"the {name} was {known.data['id']}, and is {after.data['id']} after {MANY} others were synced"
        gate.check("sync.relations.resolve", known.data["id"] == after.data["id"], message, known, after)


def _link(echo: Echo, rows: dict[str, dict[str, str]], name: str) -> Exchange:
    return echo.link(name.upper(), rows[name]["externalId"])
