"""A merge moves every reference of its type, and leaves whatever else there is of what refers."""

from typing import Any

import pytest

from contract_tests.compare import is_object, short
from contract_tests.echo import PROPERTIES, Echo
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.operations import NESTED, SYNC
from contract_tests.rows import MERGED, new_row

_OPEN = ("updatedAt", "account")
"""An identical sync may move the one, and the other may tell when its row was synced last."""
_PLAIN = 5
"""Engagements that have nothing but the reference, beside those of a kind."""


class Referrers:
    """Engagements of every kind that refer to rows: one external id, which a row of each type has.

    What a sync of the external id alone keeps is left open, and so is what it answers. That is learned from an
    engagement of the same kind, whose rows are in no merge.
    """

    def __init__(self, gate: Gate, echo: Echo) -> None:
        self.gate = gate
        self.echo = echo
        is_linkable = not gate.target.missing("SIRO_RECORDING_IDS", "SIRO_INTEGRATION_CONNECTION_ID")
        self.kinds = [*self._bodies("unused"), *(["with a recording"] if is_linkable else [])]
        self.kept = {kind: self._learn(kind) for kind in self.kinds}

    def _bodies(self, shared: str) -> dict[str, dict[str, Any]]:
        everything = self.echo.everything()
        texts = {name: everything[name] for name in ("subject", "content", "direction")}
        times = {name: everything[name] for name in ("startTime", "startTimeLocalized", "endTime")}
        rows = {name: {"externalId": shared} for name in NESTED}
        return {
            "plain": {},
            "with texts": texts,
            "with times": times,
            "with an opportunity": {"opportunity": rows["opportunity"]},
            "with users": {"engagementUsers": everything["engagementUsers"]},
            "with an account of its contact": {"contact": {**rows["contact"], "account": rows["account"]}},
            "deleted": {"deletedAt": "2026-01-02T03:04:05Z"},
            "of that external id": {"externalId": shared, "subject": "a subject"},
            "with everything": {**texts, **times, **rows, "engagementUsers": everything["engagementUsers"]},
        }

    def sync(self, kind: str, shared: str, *names: str) -> Exchange:
        """Sync a new engagement that refers to the row, of each of these types, that has an external id."""
        rows = {name: {"externalId": shared} for name in names}
        body: dict[str, Any] = {"externalId": self.gate.new_id(), **rows, **self._bodies(shared).get(kind, {})}
        synced = self.echo.sync(body)
        if kind == "with a recording":
            self.echo.link("ENGAGEMENT", body["externalId"])
            synced = self.echo.sync(body)
        return synced

    def introduce(self, shared: str) -> None:
        """Sync a row of each type: whether an external id alone makes one is left open."""
        self.echo.sync({"externalId": self.gate.new_id(), **{name: new_row(name, shared) for name in NESTED}})

    def again(self, before: Exchange) -> Exchange:
        """Sync the engagement by its external id alone."""
        return self.echo.sync({"externalId": before.sent["externalId"]})

    def _learn(self, kind: str) -> list[str]:
        shared = self.gate.new_id("kept")
        self.introduce(shared)
        before = self.sync(kind, shared, "account")
        after = self.again(before)
        return [each for each in PROPERTIES if each not in _OPEN and before.data.get(each) == after.data.get(each)]

    def check(self, rule: str, kind: str, before: Exchange, survivor: Exchange, merge: Exchange) -> None:
        """The engagement has the survivor's account now, if it is one that it had before, and all else as it was."""
        after = self.again(before)
        exchanges = (before, survivor, merge, after)
        for name in self.kept[kind]:
            due = survivor.data.get(name) if name == "accountId" else before.data.get(name)
            found = after.data.get(name)
            message = f"{name} of an engagement, {kind}, is {short(found)} after the merge, and {short(due)} is due"
            self.gate.check(rule, found == due or (name == "accountId" and due is None), message, *exchanges)
        account = after.data.get("account")
        if is_object(account) and "externalId" in account:
            due, found = survivor.sent["account"]["externalId"], account["externalId"]
            message = f"the account of an engagement, {kind}, has the external id {short(found)}, not {short(due)}"
            self.gate.check(rule, found == due, message, *exchanges)


@pytest.fixture(scope="module")
def referrers(gate: Gate, echo: Echo) -> Referrers:
    return Referrers(gate, echo)


@pytest.mark.rules("sync.merge.to", "sync.merge.from")
@pytest.mark.parametrize("name", MERGED)
@pytest.mark.parametrize("rule", ["sync.merge.to", "sync.merge.from"])
def test_a_merge_moves_every_reference_and_nothing_else(gate: Gate, referrers: Referrers, rule: str, name: str) -> None:
    gone, survivor = gate.new_id("gone"), gate.new_id("survivor")
    for external_id in (gone, survivor):
        referrers.introduce(external_id)
    kinds = [*referrers.kinds, *["plain"] * (_PLAIN if name == "account" else 0)]
    # The rows of both external ids are of every type; those of another type than the merge's stay where they are.
    before = [(kind, referrers.sync(kind, gone, *{"account", name})) for kind in kinds]
    rows = [referrers.sync("plain", external_id, *NESTED) for external_id in (gone, survivor)]
    row: dict[str, Any] = {"externalId": gone, "mergedToExternalId": survivor}
    if rule == "sync.merge.from":
        # What a merge with a row that was never synced does is left open, but not what becomes of the others.
        row = {"externalId": survivor, "mergedFromExternalIds": [gate.new_id("unknown"), gone]}
    merge = gate.put(SYNC, {"externalId": gate.new_id(), name: row})
    is_due = merge.is_success or rule == "sync.merge.to"
    gate.check("sync.body.accepts", is_due, f"a merge is answered {merge.told}", merge)
    moved = rows[1] if name == "account" and merge.is_success else rows[0]
    gate.each(before, lambda each: referrers.check(rule, *each, moved, merge))


@pytest.mark.rules("sync.merge.to", "sync.merge.from")
@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("name", MERGED)
def test_a_row_that_is_merged_with_itself_survives(gate: Gate, echo: Echo, name: str) -> None:
    """Whether it is refused is left open: the row is the survivor either way."""

    def check(rule: str) -> None:
        row: dict[str, Any] = {"externalId": gate.new_id(name)}
        made = echo.sync({"externalId": gate.new_id(), name: new_row(name, row["externalId"])})
        before = echo.link(name.upper(), row["externalId"])
        how = {"mergedToExternalId": row["externalId"]}
        merged = how if rule == "sync.merge.to" else {"mergedFromExternalIds": [row["externalId"]]}
        merge = gate.put(SYNC, {"externalId": gate.new_id(), name: {**row, **merged}})
        echo.link("ENGAGEMENT", made.sent["externalId"])
        after = echo.link(name.upper(), row["externalId"], rule)
        ids = [linked.data["id"] for linked in (before, after)]
        message = f"the {name} was {ids[0]}, and is {ids[1]} after it was merged with itself"
        gate.check(rule, ids[0] == ids[1], message, made, before, merge, after)

    gate.each(["sync.merge.to", "sync.merge.from"], check)
