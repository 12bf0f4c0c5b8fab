"""What counts as altered or lost, and what the pages leave open."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contract_tests.compare import (
    account_differences,
    account_id_differences,
    differences,
    instant,
    is_old,
    is_ordered,
    is_same_instant,
    short,
    user_differences,
)
from contract_tests.echo import Echo
from contract_tests.gate import Gate, Violation
from contract_tests.target import Target, local
from siro_client.testing._operations import operations

MOMENT = "2026-01-02T03:04:05Z"


@pytest.mark.parametrize(
    "text",
    [
        *(MOMENT, "2026-01-02T03:04:05.000Z", "2026-01-02T05:04:05+02:00", "2026-01-02T05:04:05+0200"),
        *("2026-01-02 03:04:05", "2026-01-02t03:04:05z", "2026-01-02T03:04:05,0003Z"),
    ],
)
def test_an_instant_has_many_forms(text: str) -> None:
    assert is_same_instant(MOMENT, text)


@pytest.mark.parametrize("text", ["2026-01-02T03:04:05.250Z", "2026-01-02T03:04:05+02:00", "2026-01-02T03:04:06Z"])
def test_another_instant_is_told(text: str) -> None:
    assert not is_same_instant(MOMENT, text)


@pytest.mark.parametrize("value", ["1767323045000", "2026-01-02", "17670102T030405", "Fri, 02 Jan 2026", "", 5, None])
def test_what_is_no_instant_in_iso_8601_is_not_compared(value: Any) -> None:
    assert instant(value) is None
    assert is_same_instant(MOMENT, value) is isinstance(value, str)
    assert not is_old("startTime", MOMENT, value)


def test_instants_are_in_order_as_far_as_they_can_be_read() -> None:
    assert is_ordered(MOMENT, MOMENT)
    assert is_ordered("2026-01-02T03:04:05.0004Z", MOMENT)
    assert is_ordered("now", MOMENT)
    assert not is_ordered("2026-01-02T03:04:06Z", MOMENT)


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ("a", "a"),
        (0, 0.0),
        (None, None),
        ([], None),
        ({"deletedAt": MOMENT}, {"deletedAt": "2026-01-02T03:04:05.000+00:00", "more": 1}),
        ({"deletedAt": None}, {}),
        ([{"zip": "1"}], [{"zip": "1", "id": "x"}]),
    ],
)
def test_nothing_is_lost(sent: Any, answered: Any) -> None:
    assert not [*differences(sent, answered, "it")]


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        *(("a", "a "), ("caf\u00e9", "cafe\u0301"), ("", None), (0, None), (0, False), (1, "1"), (0.1, 0.2)),
        *((None, ""), (None, "null"), ([1, 2], [2, 1]), ([1], [1, 1]), ([1], []), ([1], "1")),
        *(({"zip": "1"}, {}), ({"zip": "1"}, None), ({"owner": {"externalId": "1"}}, {"owner": {"externalId": "2"}})),
        ({"deletedAt": MOMENT}, {"deletedAt": None}),
        ({"deletedAt": None}, {"deletedAt": MOMENT}),
    ],
)
def test_what_was_altered_or_lost_is_told(sent: Any, answered: Any) -> None:
    found = next(differences(sent, answered, "it"))
    assert found.startswith("it")


def test_a_message_stays_short() -> None:
    assert len(short("x" * 5_000)) < 100
    assert short("\ud83d") == '"\\ud83d"'


@pytest.mark.parametrize(
    "answered",
    [None, "id", {}, {"id": "1"}, {"externalId": "a"}, {"externalId": "a", "name": "n", "latitude": 1, "id": "1"}],
)
def test_an_account_may_come_back_as_ids_or_whole(answered: Any) -> None:
    assert not [*account_differences({"externalId": "a", "name": "n", "latitude": 1, "owner": None}, answered)]


def test_another_account_is_told() -> None:
    assert [*account_id_differences({"externalId": "a"}, {"externalId": "b"})]
    for answered in (None, "b", {"id": "b"}, {"externalId": "a"}):
        assert not [*account_id_differences({"externalId": "a"}, answered)]


@pytest.mark.parametrize("answered", [{"name": "n"}, {"name": "m", "latitude": 1}, {"owner": {"externalId": "o"}}])
def test_an_account_that_lost_something_is_told(answered: Any) -> None:
    assert [*account_differences({"externalId": "a", "name": "n", "latitude": 1, "owner": None}, answered)]


ADA, BOB = {"externalId": "1", "name": "Ada", "shareOfSale": 0.5}, {"externalId": "2", "deletedAt": None}


@pytest.mark.parametrize(
    "answered",
    [[BOB, ADA], [{"externalId": "2"}, {"externalId": "1", "id": "x"}], ["1", "2"], [{"id": "x"}, {"id": "y"}]],
)
def test_users_may_come_back_in_another_order_or_as_ids(answered: list[Any]) -> None:
    assert not [*user_differences([ADA, BOB], answered)]


@pytest.mark.parametrize(
    "answered", [[], [ADA], [BOB, {"externalId": "1", "name": "Ada"}], [{"name": "Ada"}, {"name": "Bob"}]]
)
def test_users_that_lost_something_are_told(answered: list[Any]) -> None:
    assert [*user_differences([ADA, BOB], answered)]


def _echo(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Echo:
    """An echo of a Siro that answers what is given, beside what it must answer."""

    def respond(request: httpx.Request) -> httpx.Response:
        given = answer(json.loads(request.content))
        required = {"id": "1", "externalId": "e", "engagementType": "t", "organizationId": "o"}
        clocks = {"createdAt": MOMENT, "updatedAt": MOMENT}
        (sync,) = (operation for operation in operations() if operation.name == "sync_engagement")
        # With what the page has come to require since.
        return httpx.Response(200, json=sync.complete({"data": {**required, **clocks, **given}}, {}))

    with local() as target:
        variables = target.variables
    return Echo(Gate(Target(variables, httpx.Client(transport=httpx.MockTransport(respond)))))


Sent = dict[str, Any]
ANSWERS: list[tuple[Callable[[Sent], Sent], str | None]] = [
    (lambda sent: sent, None),
    (lambda sent: {"externalId": sent["externalId"]}, None),
    (lambda sent: {name: sent[name] for name in ("externalId", "content") if name in sent}, None),
    (lambda sent: {**sent, "subject": sent.get("subject", "") + " "}, "sync.answer.text"),
    (lambda sent: sent if sent.get("subject") != "s" else {"externalId": "e"}, "sync.answer.text"),
    (lambda sent: {**sent, "endTime": "2026-01-02T03:04:05-01:00"}, "sync.answer.instants"),
    (lambda sent: {**sent, "externalId": "E"}, "sync.answer.ids"),
    (lambda sent: {**sent, "organizationId": f"of {sent['externalId']}"}, "sync.answer.ids"),
]


@pytest.mark.parametrize(("answer", "rule"), ANSWERS)
def test_an_answer_is_compared_with_what_was_sent(answer: Callable[[Sent], Sent], rule: str | None) -> None:
    body = {"externalId": "e", "subject": "s", "content": "c", "endTime": MOMENT}
    if rule is None:
        _echo(answer).sync(body)
        return
    with pytest.raises(Violation) as caught:
        _echo(answer).sync(body)
    assert caught.value.rule == rule
