"""The rows that come with an engagement: resolved by external id, changed, cleared, and linked."""

from typing import Any

import pytest

from contract_tests.compare import short
from contract_tests.echo import Echo
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.operations import LINK, NESTED
from contract_tests.rows import Row, new_row, unique_id

ANSWERED = ("account", "opportunity")
"""The rows whose ids an answer may have."""
NAMED = ("account", "contact", "opportunity")
"""The rows that have a name, and of which the page says that an external id alone resolves to them."""


def _check_id(echo: Echo, rule: str, name: str, due: Any, *exchanges: Exchange) -> None:
    """The id that the last answer has is that of the row; it has one, if it was sent the row."""
    found = exchanges[-1].data.get(f"{name}Id")
    message = f"{name}Id is {short(found)}, and {short(due)} is the row that was synced"
    is_due = exchanges[-1].sent.get(name) is not None and echo.answers(f"{name}Id", again=True)
    holds = not is_due or due is None if found is None else found == due or due is None
    echo.gate.check(rule, holds, message, *exchanges)


@pytest.mark.rules("sync.relations.resolve")
@pytest.mark.parametrize("name", ANSWERED)
def test_an_external_id_alone_is_the_same_row_in_an_answer(gate: Gate, echo: Echo, name: str) -> None:
    row = {"externalId": gate.new_id(name)}
    first = echo.sync({"externalId": gate.new_id(), name: {**row, "name": "known"}})
    second = echo.sync({"externalId": gate.new_id(), name: row})
    _check_id(echo, "sync.relations.resolve", name, first.data.get(f"{name}Id"), first, second)
    again = echo.sync({**second.sent})
    _check_id(echo, "sync.relations.resolve", name, second.data.get(f"{name}Id"), second, again)
    other = echo.sync({"externalId": gate.new_id(), name: new_row(name, gate.new_id(name))})
    ids = [exchange.data.get(f"{name}Id") for exchange in (first, other)]
    message = f"two {name}s with different external ids are both {short(ids[0])}"
    gate.check("sync.relations.resolve", ids[0] != ids[1] or None in ids, message, first, other)


@pytest.mark.rules("sync.relations.resolve")
@pytest.mark.parametrize("name", NESTED)
def test_an_external_id_alone_is_the_same_row_when_it_is_linked(
    gate: Gate, echo: Echo, rows: dict[str, Row], name: str
) -> None:
    data_type = name.upper()
    row = {"externalId": gate.new_id(name)}
    data = {"firstName": "known", "lastName": "too"} if name == "lead" else {"name": "known"}
    synced = echo.sync({"externalId": gate.new_id(), name: {**row, **data}})
    before = echo.link(data_type, row["externalId"])
    gate.check("sync.relations.resolve", before.data["id"] != rows[data_type].id, "two rows have one id", before)
    resolved = echo.sync({"externalId": gate.new_id(), name: row})
    after = echo.link(data_type, row["externalId"])
    ids = [exchange.data["id"] for exchange in (before, after)]
    message = f"the {name} was {ids[0]}, and is {ids[1]} after it was sent by its external id alone"
    gate.check("sync.relations.resolve", ids[0] == ids[1], message, synced, before, resolved, after)
    if name in NAMED:
        _check_named(gate, synced, resolved, after)


def _check_named(gate: Gate, synced: Exchange, resolved: Exchange, linked: Exchange) -> None:
    message = (
        f"the name was synced as 'known' and is {linked.data['name']!r} after it was sent by its external id alone"
    )
    gate.check("sync.relations.resolve", linked.data["name"] == "known", message, synced, resolved, linked)


@pytest.mark.rules("sync.relations.resolve")
@pytest.mark.usefixtures("rows")
def test_the_account_of_a_contact_is_an_account(gate: Gate, echo: Echo) -> None:
    account = {"externalId": gate.new_id("account")}
    contact = new_row("contact", gate.new_id("contact"))
    made = echo.sync({"externalId": gate.new_id(), "contact": {**contact, "account": {**account, "name": "known"}}})
    before = echo.link("ACCOUNT", account["externalId"])
    gate.check("sync.relations.resolve", before.data["name"] == "known", "the account has another name", made, before)
    resolved = echo.sync({"externalId": gate.new_id(), "contact": {**contact, "account": account}})
    after = echo.link("ACCOUNT", account["externalId"])
    is_same = before.data["id"] == after.data["id"]
    gate.check("sync.relations.resolve", is_same, "the account is another row", made, before, resolved, after)
    _check_named(gate, made, resolved, after)
    own = echo.sync({"externalId": gate.new_id(), "account": account})
    _check_id(echo, "sync.relations.resolve", "account", before.data["id"], made, before, own)


@pytest.mark.rules("sync.relations.resolve")
@pytest.mark.usefixtures("rows")
def test_rows_of_several_types_with_one_external_id_are_several(gate: Gate, echo: Echo) -> None:
    row = {"externalId": gate.new_id("shared")}
    made = [echo.sync({**row, name: {**row, "name": name}}) for name in NAMED]
    linked = [echo.link(name.upper(), row["externalId"]) for name in NAMED]
    linked.append(echo.link("ENGAGEMENT", row["externalId"]))
    ids = [unique_id(exchange.data["dataType"], exchange.data["id"]) for exchange in linked]
    gate.check("sync.relations.resolve", len({*ids}) == len(ids), "rows of different types have one id", *made, *linked)
    for name, sync, link in zip(NAMED, made, linked, strict=False):
        message = f"the {name} was synced with the name {name!r} and has {link.data['name']!r}"
        gate.check("sync.relations.resolve", link.data["name"] == name, message, sync, link)


@pytest.mark.rules("sync.relations.change")
@pytest.mark.parametrize("name", ANSWERED)
def test_another_row_takes_the_place_of_the_one_before(gate: Gate, echo: Echo, name: str) -> None:
    rows = [{"externalId": gate.new_id(name)} for _ in range(2)]
    made = [echo.sync({"externalId": gate.new_id(), name: new_row(name, row["externalId"])}) for row in rows]
    ids = [exchange.data.get(f"{name}Id") for exchange in made]
    body = {"externalId": gate.new_id()}
    before = echo.sync({**body, name: rows[0]})
    _check_id(echo, "sync.relations.change", name, ids[0], before)
    for number in (1, 0, 0, 1):
        after = echo.sync({**body, name: rows[number]})
        _check_id(echo, "sync.relations.change", name, ids[number], before, after)
        kept = echo.sync(body)
        _check_id(echo, "sync.relations.change", name, ids[number], before, after, kept)
        before = after
    _check_cleared(gate, echo, name, before)
    again = echo.sync({**body, name: rows[0]})
    _check_id(echo, "sync.relations.change", name, ids[0], again)


def _check_cleared(gate: Gate, echo: Echo, name: str, before: Exchange) -> None:
    body = {"externalId": before.sent["externalId"]}
    cleared = echo.sync({**body, name: None})
    for after in (cleared, echo.sync(body)):
        for answered in {f"{name}Id", "account" if name == "account" else f"{name}Id"}:
            message = f"{answered} is {short(after.data.get(answered))} after {name} was null"
            exchanges = (before, cleared, after) if after is not cleared else (before, after)
            gate.check("sync.relations.change", after.data.get(answered) is None, message, *exchanges)


@pytest.mark.rules("sync.relations.change")
def test_account_and_opportunity_change_apart(gate: Gate, echo: Echo) -> None:
    related = {name: new_row(name, gate.new_id(name)) for name in ANSWERED}
    body = {"externalId": gate.new_id()}
    first = echo.sync({**body, **related})
    for name, kept in (ANSWERED, ANSWERED[::-1]):
        for changed in (new_row(name, gate.new_id(name)), None):
            after = echo.sync({**body, **related, name: changed})
            _check_id(echo, "sync.relations.change", kept, first.data.get(f"{kept}Id"), first, after)


@pytest.mark.rules("sync.relations.linkable")
def test_every_row_that_came_with_an_engagement_can_be_linked(gate: Gate, echo: Echo, rows: dict[str, Row]) -> None:
    assert set(rows) == {"ENGAGEMENT", *(name.upper() for name in NESTED)}
    names = {name: new_row(name, gate.new_id(name)) for name in NESTED}
    together = echo.sync({"externalId": gate.new_id(), **names})
    alone = {name: new_row(name, gate.new_id(name)) for name in NESTED}
    synced = [(together, name, row) for name, row in names.items()]
    synced += [(echo.sync({"externalId": gate.new_id(), name: row}), name, row) for name, row in alone.items()]
    synced += [(together, "engagement", {"externalId": together.sent["externalId"]})]

    def check(case: tuple[Exchange, str, dict[str, str]]) -> None:
        sync, name, row = case
        linked = echo.link(name.upper(), row["externalId"])
        by_id = {"dataType": name.upper(), "id": linked.data["id"]}
        again = gate.accept("sync.relations.linkable", LINK, by_id, recording=gate.target.recording_ids[-1])
        named = [again.data[each] for each in ("id", "externalId", "dataType")]
        due = [linked.data["id"], row["externalId"], name.upper()]
        gate.check("sync.relations.linkable", named == due, f"{named} was linked, {due} is due", sync, linked, again)
        known = sync.data["id"] if name == "engagement" else sync.data.get(f"{name}Id")
        message = f"sync answers {short(known)} and link {short(linked.data['id'])} for one {name}"
        gate.check("sync.relations.linkable", known in (None, linked.data["id"]), message, sync, linked)

    gate.each(synced, check)
