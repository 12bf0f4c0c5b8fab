"""External ids that a CRM may have, however odd: they are accepted, each is a row, and a recording is linked to it."""

from typing import Any

import pytest

from contract_tests.awkward import WORDS
from contract_tests.echo import Echo
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.operations import LINK, NESTED, SYNC
from contract_tests.rows import Row, new_row, unique_id

LONG = (256, 300, 1_000)
"""Characters. A limit of some ten kilobytes for a body is left open; none is for an id."""
SUFFIXES = ("/a?b#c", "%2F%", " a  b ", "\"a' `b`", "\u00e9\u65e5\U0001f642", "&a=b;c+d", "\\a|b", "a@b:c,d")


def _everywhere(external_id: str) -> dict[str, Any]:
    """An engagement whose rows and people all have one external id."""
    row = {"externalId": external_id}
    related: dict[str, Any] = {name: new_row(name, external_id) for name in NESTED}
    related["contact"] |= {"account": related["account"], "owner": row}
    return {**row, **related, "engagementUsers": [row], "engagementType": {**row, "name": "a", "activityType": "CALL"}}


def _apart(external_id: str) -> list[dict[str, Any]]:
    """The same in a body each, none of which is large."""
    whole = _everywhere(external_id)
    return [{"externalId": external_id, name: value} for name, value in whole.items()]


def _check_rows(gate: Gate, echo: Echo, bodies: list[dict[str, Any]], kinds: list[str]) -> Exchange:
    """Sync rows of all types with one external id, and link to each in both ways; the last sync."""
    external_id = str(bodies[0]["externalId"])
    exchanges = [echo.sync(body) for body in bodies]
    echo.check_same(*exchanges)
    linked = [echo.link(kind, external_id, "link.target.external-id") for kind in kinds]
    for kind, link in zip(kinds, linked, strict=True):
        if kind == "ENGAGEMENT":
            found, due = link.data["id"], exchanges[0].data["id"]
            gate.check(
                "link.answer.names", found == due, f"the engagement {due} is linked as {found}", *exchanges, link
            )
        by_id = {"dataType": kind, "id": link.data["id"]}
        again = gate.accept("link.target.id", LINK, by_id, recording=gate.target.recording_ids[-1])
        named = [again.data[name] for name in ("id", "externalId", "dataType")]
        due_names = [link.data["id"], external_id, kind]
        gate.check("link.answer.names", named == due_names, f"{named} was linked, {due_names} is due", link, again)
    ids = [unique_id(link.data["dataType"], link.data["id"]) for link in linked]
    message = "rows of different types have one id"
    gate.check("sync.relations.resolve", len({*ids}) == len(ids), message, *exchanges, *linked)
    return exchanges[-1]


@pytest.mark.rules("link.target.external-id", "sync.upsert.identity", "sync.relations.resolve")
def test_an_external_id_of_any_characters_is_linked(gate: Gate, echo: Echo, rows: dict[str, Row]) -> None:
    gate.each(SUFFIXES, lambda suffix: _check_rows(gate, echo, [_everywhere(gate.new_id() + suffix)] * 2, list(rows)))


@pytest.mark.rules("sync.body.accepts", "sync.upsert.identity", "link.target.external-id")
def test_an_external_id_may_be_long(gate: Gate, echo: Echo, rows: dict[str, Row]) -> None:
    def check(length: int) -> None:
        text = gate.new_id().ljust(length - 1, "x")
        _check_rows(gate, echo, _apart(text + "y"), list(rows))
        first, second = (echo.sync({"externalId": text + last}) for last in "yz")
        message = f"two external ids of {length} characters are one engagement"
        gate.check("sync.upsert.identity", first.data["id"] != second.data["id"], message, first, second)

    gate.each(LONG, check)


@pytest.mark.rules("sync.body.accepts", "sync.upsert.identity", "link.target.external-id")
def test_an_external_id_may_be_any_word(
    gate: Gate, echo: Echo, rows: dict[str, Row], request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("--live"):
        pytest.skip("not checked: --live, where external ids begin with a prefix")
    number = f"{int(gate.nonce, 16)}{gate.new_id().rpartition('-')[2]}"
    known: dict[Any, Exchange] = {}

    def check(external_id: str) -> None:
        found = _check_rows(gate, echo, [_everywhere(external_id)] * 2, list(rows))
        other = known.setdefault(found.data["id"], found)
        message = f"{other.sent['externalId']!r} and {external_id!r} are one engagement"
        gate.check("sync.upsert.identity", other is found, message, other, found)

    gate.each((*WORDS, number, f"9{number}"), check)


@pytest.mark.rules("sync.body.accepts")
def test_an_account_may_come_twice(gate: Gate) -> None:
    def check(data: tuple[dict[str, Any], dict[str, Any]]) -> None:
        row = {"externalId": gate.new_id("account")}
        # Known before: whether an external id alone makes a row is left open.
        gate.accept("sync.body.accepts", SYNC, {"externalId": gate.new_id(), "account": {**row, "name": "known"}})
        own, of_contact = ({**row, **each} for each in data)
        contact = {**new_row("contact", gate.new_id("contact")), "account": of_contact}
        body = {"externalId": gate.new_id(), "contact": contact}
        # Which of two different ones is stored is left open, so what comes back is not compared.
        for sent in ({**body, "account": own}, {**body, "account": own}, body):
            gate.accept("sync.body.accepts", SYNC, sent)

    pairs: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({}, {}),
        ({"name": "a"}, {"name": "a"}),
        ({"name": "a"}, {"name": "b"}),
        ({"name": "a"}, {}),
    ]
    pairs += [({}, {"name": "b"}), ({"latitude": 1}, {"owner": None})]
    gate.each(pairs, check)
