"""A sync is an upsert: by external id, replacing what is sent again, clearing what is sent as null."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier
from typing import Any

import pytest

from contract_tests import judge
from contract_tests.echo import Echo, differences, instant, is_old, is_ordered, is_same_instant, short
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.rows import Row
from contract_tests.target import LINK, SYNC

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


@pytest.fixture(scope="module")
def echo(gate: Gate) -> Echo:
    return Echo(gate)


@pytest.fixture(scope="module")
def early(gate: Gate, echo: Echo) -> tuple[float, Exchange]:
    """An engagement that was synced before the others, and when."""
    return time.monotonic(), echo.sync({"externalId": gate.new_id("early"), "subject": "first"})


def _check_same(gate: Gate, *exchanges: Exchange) -> None:
    ids = [exchange.data["id"] for exchange in exchanges]
    message = f"one external id is answered as the engagements {ids[0]} and {ids[-1]}"
    gate.check("sync.upsert.identity", ids[0] == ids[-1], message, *exchanges)


def _check_gone(gate: Gate, rule: str, name: str, value: Any, *exchanges: Exchange) -> None:
    """What was replaced, cleared or refused is not what is answered."""
    answered = exchanges[-1].data.get(name)
    gate.check(
        rule,
        not is_old(name, value, answered),
        f"{name} is answered as {short(answered)}, which is stored no more",
        *exchanges,
    )


@pytest.mark.rules("sync.upsert.identity")
@pytest.mark.usefixtures("early")
def test_the_same_external_id_is_the_same_engagement(gate: Gate, echo: Echo) -> None:
    body = {"externalId": gate.new_id()}
    first = echo.sync(body)
    for changed in ({}, {"subject": "changed"}, {"account": {"externalId": gate.new_id("account")}}, {"content": None}):
        _check_same(gate, first, echo.sync({**body, **changed}))


@pytest.mark.rules("sync.upsert.identity")
def test_near_external_ids_are_different_engagements(gate: Gate, echo: Echo) -> None:
    def check(near: tuple[str, str]) -> None:
        base = gate.new_id()
        texts = zip(near, ("first", "second"), strict=True)
        first, second = (echo.sync({"externalId": base + suffix, "subject": text}) for suffix, text in texts)
        message = f"two external ids are one engagement: {first.sent['externalId']!r}, {second.sent['externalId']!r}"
        gate.check("sync.upsert.identity", first.data["id"] != second.data["id"], message, first, second)
        again = echo.sync({"externalId": base + near[0]})
        _check_same(gate, first, again)
        _check_gone(gate, "sync.upsert.identity", "subject", second.sent["subject"], first, second, again)

    gate.each(NEAR, check)


@pytest.mark.rules("sync.upsert.identity")
def test_each_of_many_engagements_stays_itself(gate: Gate, echo: Echo) -> None:
    first = [echo.sync({"externalId": gate.new_id(f"many-{number}"), "subject": str(number)}) for number in range(60)]
    known: dict[Any, Exchange] = {}
    for exchange in first:
        other = known.setdefault(exchange.data["id"], exchange)
        gate.check("sync.upsert.identity", other is exchange, "two external ids are one engagement", other, exchange)

    def check(before: Exchange) -> None:
        again = echo.sync({"externalId": before.sent["externalId"]})
        _check_same(gate, before, again)
        subject = again.data.get("subject")
        message = f"the subject was synced as {before.sent['subject']!r} and is now {subject!r}"
        gate.check("sync.upsert.identity", subject in (None, before.sent["subject"]), message, before, again)

    gate.each(first, check)


@pytest.mark.rules("sync.upsert.replaces")
def test_what_is_sent_again_replaces_what_was_stored(gate: Gate, echo: Echo) -> None:
    def check(change: tuple[str, Any, Any]) -> None:
        name, *values = change
        body = {"externalId": gate.new_id()}
        exchanges = [echo.sync({**body, name: values[0]})]
        for changed in ({name: values[1]}, {}, {"remoteUpdatedAt": "2026-01-02T03:04:05Z"}):
            exchanges.append(echo.sync({**body, **changed}))
            _check_gone(gate, "sync.upsert.replaces", name, values[0], *exchanges[:2], *exchanges[2:][-1:])

    gate.each(CHANGES, check)


@pytest.mark.rules("sync.upsert.replaces")
def test_users_that_are_sent_again_replace_those_before(gate: Gate, echo: Echo) -> None:
    old, new = ({"externalId": gate.new_id("user"), "name": name} for name in ("old", "new"))

    def check(users: list[dict[str, Any]]) -> None:
        body = {"externalId": gate.new_id()}
        first = echo.sync({**body, "engagementUsers": [old, {**new, "name": "before"}]})
        for again in (echo.sync({**body, "engagementUsers": users}), echo.sync(body)):
            # Wherever an entry has it: the form of one is left open.
            stale = json.dumps(old["externalId"]) in json.dumps(again.data.get("engagementUsers"))
            message = f"the user {old['externalId']} is answered, who was replaced"
            gate.check("sync.upsert.replaces", not stale, message, first, again)

    gate.each([[new], []], check)


@pytest.mark.rules("sync.upsert.replaces")
def test_the_data_of_an_account_replace_those_before(gate: Gate, echo: Echo, rows: dict[str, Row]) -> None:
    def check(data_type: str) -> None:
        row = {"externalId": gate.new_id(data_type)}
        names = ["first", "second"]
        synced = [echo.sync({"externalId": gate.new_id(), data_type.lower(): {**row, "name": name}}) for name in names]
        linked = echo.link(data_type, row["externalId"])
        message = f"the name was synced as {names} and is {linked.data['name']!r}"
        gate.check("sync.upsert.replaces", linked.data["name"] == names[1], message, *synced, linked)

    gate.each([kind for kind in rows if kind in ("ACCOUNT", "CONTACT", "OPPORTUNITY")], check)


@pytest.mark.rules("sync.upsert.null")
def test_null_clears(gate: Gate, echo: Echo) -> None:
    def check(name: str) -> None:
        body = {"externalId": gate.new_id()}
        first = echo.sync({**body, name: NULLABLE[name]})
        cleared = echo.sync({**body, name: None})
        _check_same(gate, first, cleared)
        later = echo.sync(body)
        _check_gone(gate, "sync.upsert.null", name, NULLABLE[name], first, cleared, later)
        echo.sync({**body, name: NULLABLE[name]})

    gate.each(NULLABLE, check)


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


def _simultaneously(gate: Gate, bodies: list[dict[str, Any]]) -> list[Exchange]:
    barrier = Barrier(len(bodies))
    requests = [gate.request(SYNC, body) for body in bodies]

    def send(number: int) -> Exchange:
        barrier.wait()
        return gate.send(requests[number], SYNC)

    with ThreadPoolExecutor(len(bodies)) as pool:
        exchanges = list(pool.map(send, range(len(bodies))))
    for exchange in exchanges:
        # A Siro may tell all but one of them that they collided, with 409, and not that it failed.
        gate.check("sync.upsert.race", exchange.status < 500, f"answered {exchange.told}", exchange)
        judge.judge(gate, exchange)
    made = [exchange for exchange in exchanges if exchange.is_success]
    gate.check("sync.upsert.race", bool(made), "no one of simultaneous first syncs succeeds", *exchanges)
    return made


@pytest.mark.rules("sync.upsert.race")
def test_simultaneous_first_syncs_make_one_row(gate: Gate, echo: Echo) -> None:
    def engagement(_: int) -> None:
        body = {"externalId": gate.new_id("race")}
        check("id", [*_simultaneously(gate, [body] * 8), echo.sync(body)])

    def account(_: int) -> None:
        nested = {"account": {"externalId": gate.new_id("account")}}
        known = [echo.sync({"externalId": gate.new_id(), **nested}) for _ in range(2)]
        ids = [exchange.data.get("accountId") for exchange in known]
        # An account that is another one each time says nothing of a race.
        gate.check("sync.relations.resolve", ids[0] == ids[1], f"one account is answered as {ids}", *known)
        nested = {"account": {"externalId": gate.new_id("race")}}
        made = _simultaneously(gate, [{"externalId": gate.new_id(), **nested} for _ in range(8)])
        check("accountId", [*made, echo.sync({"externalId": gate.new_id(), **nested})])

    def check(name: str, exchanges: list[Exchange]) -> None:
        known: dict[Any, Exchange] = {}
        for exchange in exchanges:
            if exchange.data.get(name) is not None:
                known.setdefault(exchange.data[name], exchange)
        message = f"simultaneous first syncs of one external id made {len(known)}"
        gate.check("sync.upsert.race", len(known) < 2, message, *known.values())

    gate.each(range(4), engagement)
    gate.each(range(3), account)


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
            _check_same(gate, first, later)
            _check_gone(gate, "sync.upsert.refused", name, lost, first, refused, later)
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
        first = echo.sync({**body, name: {"externalId": gate.new_id(name)}})
        for related in ({"externalId": gate.new_id(name)}, None):
            for refused in _refusals(gate, {**body, name: related}):
                later = echo.sync(body)
                answered = later.data.get(f"{name}Id")
                message = f"{name}Id is {short(answered)} after a refused sync"
                is_kept = answered in (None, first.data.get(f"{name}Id"))
                gate.check("sync.upsert.refused", is_kept, message, first, refused, later)

    gate.each(("account", "opportunity"), check)


@pytest.mark.rules("sync.upsert.created-at", "sync.upsert.updated-at")
def test_clocks_of_an_engagement_go_forward(gate: Gate, echo: Echo, early: tuple[float, Exchange]) -> None:
    began, first = early
    # Long enough for a clock that counts in seconds; most of it has passed with the tests before.
    time.sleep(max(0.0, began + 1.1 - time.monotonic()))
    body = first.sent
    exchanges = [first, *(echo.sync({**body, **changed}) for changed in ({"subject": "second"}, {}, {"subject": None}))]
    for before, after in pairwise(exchanges):
        old, new = (exchange.data["createdAt"] for exchange in (first, after))
        is_same = old == new or (instant(old) is not None and instant(new) is not None and is_same_instant(old, new))
        gate.check("sync.upsert.created-at", is_same, f"createdAt was {old} and is {new}", first, after)
        old, new = (exchange.data["updatedAt"] for exchange in (before, after))
        gate.check("sync.upsert.updated-at", is_ordered(old, new), f"updatedAt was {old} and is {new}", before, after)
    for exchange in exchanges:
        created, updated = exchange.data["createdAt"], exchange.data["updatedAt"]
        message = f"updatedAt is {updated}, before createdAt, which is {created}"
        gate.check("sync.upsert.updated-at", is_ordered(created, updated), message, exchange)
    old, new = (exchange.data["updatedAt"] for exchange in exchanges[:2])
    has_moved = instant(old) is None or not is_ordered(new, old)
    gate.check("sync.upsert.updated-at", has_moved, f"updatedAt is still {old} after a change", *exchanges[:2])
