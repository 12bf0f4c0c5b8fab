"""The same external id is the same row, another external id another, however near, and however fast."""

from typing import Any

import pytest

from contract_tests.echo import Echo
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.operations import LINK
from contract_tests.rows import Row, new_row

NEAR = [
    *(("a", "A"), ("1", "01"), ("1", "1.0"), ("a b", "ab"), ("a b", "a  b"), ("a", "a "), ("caf\u00e9", "cafe\u0301")),
    *(
        ("e", "\u00e9"),
        ("\u00df", "ss"),
        ("i", "\u0131"),
        ("1", "\uff11"),
        ("A", "%41"),
        (" ", "+"),
        ("/", "\\"),
        ("-", "_"),
    ),
    *(("a", "a."), ("a", "a/"), ("a", "a\n"), ("a", "a'"), ("a", "a#b"), ("a", "a?b"), ("\U0001f642", "\U0001f643")),
    *(("x" * 63, "x" * 64), ("x" * 200, "x" * 199 + "y"), ("%", "%%"), ("a*", "ab"), ("null", ""), ("1e1", "10")),
]


MANY = 150
"""Engagements: more than a page, or a small cache, holds."""


@pytest.mark.rules("sync.upsert.identity")
@pytest.mark.usefixtures("early")
def test_the_same_external_id_is_the_same_engagement(gate: Gate, echo: Echo) -> None:
    body = {"externalId": gate.new_id()}
    first = echo.sync(body)
    for changed in ({}, {"subject": "changed"}, {"account": {"externalId": gate.new_id("account")}}, {"content": None}):
        echo.check_same(first, echo.sync({**body, **changed}))


@pytest.mark.rules("sync.upsert.identity")
def test_near_external_ids_are_different_engagements(gate: Gate, echo: Echo) -> None:
    def check(near: tuple[str, str]) -> None:
        base = gate.new_id()
        texts = zip(near, ("first", "second"), strict=True)
        first, second = (echo.sync({"externalId": base + suffix, "subject": text}) for suffix, text in texts)
        message = f"two external ids are one engagement: {first.sent['externalId']!r}, {second.sent['externalId']!r}"
        gate.check("sync.upsert.identity", first.data["id"] != second.data["id"], message, first, second)
        again = echo.sync({"externalId": base + near[0]})
        echo.check_same(first, again)
        echo.check_gone("sync.upsert.identity", "subject", second.sent["subject"], first, second, again)

    gate.each(NEAR, check)


@pytest.mark.rules("sync.relations.resolve", "sync.answer.ids")
def test_near_external_ids_are_different_rows(gate: Gate, echo: Echo, rows: dict[str, Row]) -> None:
    kinds = [data_type for data_type in rows if data_type != "ENGAGEMENT"]

    def check(near: tuple[str, str]) -> None:
        base = gate.new_id()
        synced = [
            echo.sync({"externalId": gate.new_id(), **{kind.lower(): _row(kind, base + each) for kind in kinds}})
            for each in near
        ]
        for kind in kinds:
            linked = [echo.link(kind, base + each) for each in near]
            ids = [exchange.data["id"] for exchange in linked]
            message = f"two external ids are one {kind}: {base + near[0]!r}, {base + near[1]!r}"
            gate.check("sync.relations.resolve", ids[0] != ids[1], message, *synced, *linked)
            for sync, link in zip(synced, linked, strict=True):
                due = sync.sent[kind.lower()].get("name", link.data["name"])
                message = f"the name was synced as {due!r} and is {link.data['name']!r}"
                gate.check("sync.relations.resolve", link.data["name"] == due, message, *synced, link)

    gate.each(NEAR, check)


def _row(data_type: str, external_id: str) -> dict[str, str]:
    row = new_row(data_type.lower(), external_id)
    return row if "name" not in row else {**row, "name": f"that of {external_id[-20:].strip()!r}"}


def _same_numbers(number: str) -> list[str]:
    """Texts that are the same number, and not the same external id; the first is a row's."""
    return [f"007{number}", f"7{number}", f"07{number}", f"007{number}.0", f"007{number}e0", f"+007{number}"]


@pytest.mark.rules("sync.answer.ids", "sync.upsert.identity", "link.target.unknown")
def test_external_ids_of_digits_are_text(gate: Gate, echo: Echo, request: pytest.FixtureRequest) -> None:
    """Some CRMs have numbers for ids, and one of them is not another because it is the same number."""
    if request.config.getoption("--live"):
        pytest.skip("not checked: --live, where external ids begin with a prefix")
    near = _same_numbers(_digits(gate))
    exchanges = [echo.sync({"externalId": external_id}) for external_id in near]
    ids = {exchange.data["id"] for exchange in exchanges}
    message = f"{len(near)} external ids are {len(ids)} engagements"
    gate.check("sync.upsert.identity", len(ids) == len(near), message, *exchanges)


@pytest.mark.rules("link.target.unknown")
def test_the_same_number_is_not_the_row(
    gate: Gate, echo: Echo, rows: dict[str, Row], request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("--live"):
        pytest.skip("not checked: --live, where external ids begin with a prefix")

    def check(data_type: str) -> None:
        known, *unknown = _same_numbers(_digits(gate))
        name = data_type.lower()
        body = (
            {"externalId": gate.new_id(), name: new_row(name, known)} if name != "engagement" else {"externalId": known}
        )
        synced = echo.sync(body)
        echo.link(data_type, known)
        for each in unknown:
            reference = {"externalId": each, "integrationConnectionId": gate.target.connection}
            linked = gate.put(LINK, {"dataType": data_type, **reference})
            message = f"{each} was never synced, {known} was, and its link is answered {linked.told}"
            gate.check("link.target.unknown", linked.is_refusal, message, synced, linked)

    gate.each(rows, check)


def _digits(gate: Gate) -> str:
    return f"{int(gate.nonce, 16)}{gate.new_id().rpartition('-')[2]}"


@pytest.mark.rules("sync.upsert.identity")
def test_each_of_many_engagements_stays_itself(gate: Gate, echo: Echo) -> None:
    numbers = range(MANY if gate.exhaustive else MANY // 10)
    first = [echo.sync({"externalId": gate.new_id(f"many-{number}"), "subject": str(number)}) for number in numbers]
    known: dict[Any, Exchange] = {}
    for exchange in first:
        other = known.setdefault(exchange.data["id"], exchange)
        gate.check("sync.upsert.identity", other is exchange, "two external ids are one engagement", other, exchange)

    def check(before: Exchange) -> None:
        again = echo.sync({"externalId": before.sent["externalId"]})
        echo.check_same(before, again)
        subject = again.data.get("subject")
        message = f"the subject was synced as {before.sent['subject']!r} and is now {subject!r}"
        gate.check("sync.upsert.identity", subject in (None, before.sent["subject"]), message, before, again)

    gate.each(first, check)
