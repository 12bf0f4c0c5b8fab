"""Merges: references move from the row that is gone to its survivor.

What becomes of the row itself is left open, and so is what a merge with a row that was never synced does.
"""

from typing import Any

import pytest

from contract_tests.compare import short
from contract_tests.echo import Echo
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.operations import LINK, NESTED, SYNC
from contract_tests.rows import MERGED, Row, new_row


class Accounts:
    """Accounts with an engagement each, which refers to it."""

    def __init__(self, gate: Gate, echo: Echo) -> None:
        self.gate = gate
        self.echo = echo
        first = self.refer()
        later = echo.sync({"externalId": first.sent["externalId"]})
        # Whether the account stays where it is left out, which the page leaves open.
        self.keeps = later.data.get("accountId") is not None

    def refer(self, account: str | None = None) -> Exchange:
        """Sync a new engagement that refers to an account, a new one by default."""
        row = {"externalId": account} if account else new_row("account", self.gate.new_id("account"))
        return self.echo.sync({"externalId": self.gate.new_id(), "account": row})

    def merge(self, account: str, **how: Any) -> Exchange:
        """Sync an account with what it was merged to or from, with a new engagement."""
        body = {"externalId": self.gate.new_id(), "account": {"externalId": account, **how}}
        return self.gate.put(SYNC, body)

    def check(self, rule: str, before: Exchange, survivors: list[Exchange], *merges: Exchange) -> None:
        """The engagement refers to one of the survivors now; to whatever row, if none are named."""
        after = self.echo.sync({"externalId": before.sent["externalId"]})
        exchanges = (before, *survivors, *merges, after)
        found = after.data.get("accountId")
        due = [survivor.data.get("accountId") for survivor in survivors]
        message = f"accountId is {short(found)}, and the merge moved the reference to {short(due)}"
        is_moved = not due or found in due if found is not None else not self.keeps
        self.gate.check(rule, is_moved or None in due, message, *exchanges)
        account = after.data.get("account")
        if survivors and isinstance(account, dict) and "externalId" in account:
            names = [survivor.sent["account"]["externalId"] for survivor in survivors]
            message = f"the account has the external id {short(account['externalId'])}, and {short(names)} is due"
            self.gate.check(rule, account["externalId"] in names, message, *exchanges)
        is_same = after.data["id"] == before.data["id"]
        self.gate.check("sync.upsert.identity", is_same, "the engagement is another one after a merge", *exchanges)


def _name(exchange: Exchange) -> str:
    return str(exchange.sent["account"]["externalId"])


@pytest.fixture(scope="module")
def accounts(gate: Gate, echo: Echo) -> Accounts:
    return Accounts(gate, echo)


@pytest.mark.rules("sync.merge.to")
def test_references_move_to_the_row_that_another_was_merged_to(gate: Gate, accounts: Accounts) -> None:
    gone, also_gone, survivor, bystander = (accounts.refer() for _ in range(4))
    second = accounts.refer(_name(gone))
    merge = accounts.merge(_name(gone), mergedToExternalId=_name(survivor))
    gate.check("sync.body.accepts", merge.is_success, f"a merge is answered {merge.told}", merge)
    for engagement in (gone, second, survivor):
        accounts.check("sync.merge.to", engagement, [survivor], merge)
    accounts.check("sync.merge.to", bystander, [bystander], merge)
    # The engagement that brings the merge along had the reference before.
    body = {"externalId": also_gone.sent["externalId"]}
    account = {"externalId": _name(also_gone), "mergedToExternalId": _name(survivor)}
    merge = gate.accept("sync.body.accepts", SYNC, {**body, "account": account})
    accounts.check("sync.merge.to", also_gone, [survivor, also_gone], merge)


@pytest.mark.rules("sync.merge.from")
@pytest.mark.parametrize("count", [1, 12])
def test_references_move_from_the_rows_that_were_merged(gate: Gate, accounts: Accounts, count: int) -> None:
    survivor, bystander = accounts.refer(), accounts.refer()
    gone = [accounts.refer() for _ in range(count)]
    gone += [accounts.refer(_name(each)) for each in gone]
    merge = accounts.merge(_name(survivor), mergedFromExternalIds=[_name(each) for each in gone[:count]])
    gate.check("sync.body.accepts", merge.is_success, f"a merge is answered {merge.told}", merge)
    ids = [exchange.data.get("accountId") for exchange in (survivor, merge)]
    message = f"the survivor is answered as {short(ids[1])}, and was {short(ids[0])}"
    gate.check("sync.merge.from", ids[0] == ids[1] or None in ids, message, survivor, merge)
    gate.each([*gone, survivor], lambda each: accounts.check("sync.merge.from", each, [survivor], merge))
    accounts.check("sync.merge.from", bystander, [bystander], merge)


@pytest.mark.rules("sync.merge.to", "sync.merge.from")
def test_an_account_of_a_contact_is_merged_too(gate: Gate, accounts: Accounts) -> None:
    def check(rule: str) -> None:
        gone, survivor = accounts.refer(), accounts.refer()
        account: dict[str, Any] = {"externalId": _name(gone), "mergedToExternalId": _name(survivor)}
        if rule == "sync.merge.from":
            account = {"externalId": _name(survivor), "mergedFromExternalIds": [_name(gone)]}
        contact = {**new_row("contact", gate.new_id("contact")), "account": account}
        merge = gate.accept("sync.body.accepts", SYNC, {"externalId": gate.new_id(), "contact": contact})
        accounts.check(rule, gone, [survivor], merge)

    gate.each(["sync.merge.to", "sync.merge.from"], check)


@pytest.mark.rules("sync.merge.to", "sync.merge.from")
def test_references_move_along_a_chain(accounts: Accounts) -> None:
    first, second, last = (accounts.refer() for _ in range(3))
    merges = [accounts.merge(_name(first), mergedToExternalId=_name(second))]
    accounts.check("sync.merge.to", first, [second], *merges)
    merges.append(accounts.merge(_name(second), mergedToExternalId=_name(last)))
    for engagement in (first, second, last):
        accounts.check("sync.merge.to", engagement, [last], *merges)
    first, second, last = (accounts.refer() for _ in range(3))
    merges = [accounts.merge(_name(second), mergedFromExternalIds=[_name(first)])]
    merges.append(accounts.merge(_name(last), mergedFromExternalIds=[_name(second)]))
    for engagement in (first, second, last):
        accounts.check("sync.merge.from", engagement, [last], *merges)


@pytest.mark.rules("sync.merge.to", "sync.merge.from")
def test_a_circle_of_merges_ends(accounts: Accounts) -> None:
    first, second = accounts.refer(), accounts.refer()
    merges = [accounts.merge(_name(first), mergedToExternalId=_name(second))]
    merges.append(accounts.merge(_name(second), mergedToExternalId=_name(first)))
    accounts.check("sync.merge.to", first, [], *merges)
    accounts.check("sync.merge.to", second, [], *merges)
    merges.append(accounts.merge(_name(first), mergedFromExternalIds=[_name(second)]))
    accounts.check("sync.merge.from", first, [], *merges)
    both = accounts.merge(_name(first), mergedToExternalId=_name(second), mergedFromExternalIds=[_name(second)])
    accounts.check("sync.merge.from", second, [], *merges, both)


@pytest.mark.rules("sync.merge.to", "sync.merge.from")
def test_a_merge_with_itself_or_with_no_row_moves_no_reference(gate: Gate, accounts: Accounts) -> None:
    def check(rule: str, how: str, *merged: str) -> None:
        before = accounts.refer()
        names = merged or (_name(before),)
        merge = accounts.merge(_name(before), **{how: names[0] if how == "mergedToExternalId" else list(names)})
        accounts.check(rule, before, [before], merge)

    check("sync.merge.to", "mergedToExternalId")
    check("sync.merge.from", "mergedFromExternalIds")
    check("sync.merge.from", "mergedFromExternalIds", gate.new_id("unknown"), gate.new_id("unknown"))
    lost = accounts.refer()
    merge = accounts.merge(_name(lost), mergedToExternalId=gate.new_id("unknown"))
    accounts.check("sync.merge.to", lost, [], merge)


@pytest.mark.rules("sync.merge.to", "sync.merge.from")
@pytest.mark.parametrize("name", MERGED)
def test_the_survivor_stays_itself(gate: Gate, echo: Echo, rows: dict[str, Row], name: str) -> None:
    data_type = name.upper()

    def check(rule: str) -> None:
        gone, survivor = ({"externalId": gate.new_id(name)} for _ in range(2))
        made = echo.sync({"externalId": gate.new_id(), name: {**survivor, **_named(name, "survivor")}})
        echo.sync({"externalId": gate.new_id(), name: {**gone, **_named(name, "gone")}})
        ids = [echo.link(data_type, row["externalId"]).data["id"] for row in (survivor, gone)]
        merged: dict[str, Any] = {**gone, "mergedToExternalId": survivor["externalId"]}
        if rule == "sync.merge.from":
            merged = {**survivor, **_named(name, "survivor"), "mergedFromExternalIds": [gone["externalId"]]}
        merge = gate.accept("sync.body.accepts", SYNC, {"externalId": gate.new_id(), name: merged})
        # The recording was linked to the row that is gone, and can be linked anew.
        after = echo.link(data_type, survivor["externalId"], rule)
        is_same = after.data["id"] == ids[0] and (name == "lead" or after.data["name"] == "survivor")
        message = f"after the merge the survivor is answered as {short(after.data)}"
        gate.check(rule, is_same, message, made, merge, after)
        body = {"externalId": gone["externalId"], "integrationConnectionId": gate.target.connection}
        linked = gate.put(LINK, {"dataType": data_type, **body}, recording=gate.target.recording_ids[-1])
        found = linked.data["id"] if linked.is_success else ids[1]
        gate.check(rule, found in ids, f"the merged {name} is linked as {short(found)}", made, merge, linked)

    assert data_type in rows
    gate.each(["sync.merge.to", "sync.merge.from"], check)


def _named(name: str, value: str) -> dict[str, str]:
    return {"firstName": value} if name == "lead" else {"name": value}


@pytest.mark.rules("sync.merge.to", "sync.merge.from")
@pytest.mark.parametrize("name", MERGED)
def test_rows_of_other_types_are_untouched(gate: Gate, echo: Echo, rows: dict[str, Row], name: str) -> None:
    ids = [gate.new_id("shared"), gate.new_id("shared")]
    for external_id in ids:
        echo.sync({"externalId": external_id, **{each: new_row(each, external_id) for each in NESTED}})
    others = [data_type for data_type in rows if data_type != name.upper()]
    before = [echo.link(data_type, ids[0]) for data_type in others]
    merged = {"externalId": ids[0], "mergedToExternalId": ids[1]}
    merge = gate.accept("sync.body.accepts", SYNC, {"externalId": gate.new_id(), name: merged})
    for known in before:
        after = echo.link(known.data["dataType"], ids[0], "sync.merge.to")
        message = f"the {known.data['dataType']} is another row after the {name} with its external id was merged"
        gate.check("sync.merge.to", after.data["id"] == known.data["id"], message, known, merge, after)
