"""What a sync answers is what was sent."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.awkward import ACCOUNT, AWKWARD, LOCALIZED, MOMENTS, SUFFIXES, USERS
from contract_tests.compare import INSTANTS
from contract_tests.echo import Echo
from contract_tests.gate import Gate

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@pytest.mark.rules("sync.answer.ids")
def test_an_external_id_comes_back_to_the_character(gate: Gate, echo: Echo) -> None:
    gate.each(SUFFIXES, lambda suffix: echo.sync({"externalId": gate.new_id() + suffix}))


@pytest.mark.rules("sync.answer.text")
@pytest.mark.parametrize("name", ["subject", "content"])
def test_a_text_comes_back_to_the_character(gate: Gate, echo: Echo, name: str) -> None:
    gate.each(AWKWARD, lambda text: echo.sync({"externalId": gate.new_id(), name: text}))


@pytest.mark.rules("sync.answer.text")
def test_a_direction_and_a_localized_time_come_back_to_the_character(gate: Gate, echo: Echo) -> None:
    cases = [("direction", value) for value in ("INBOUND", "OUTBOUND")]
    cases += [("startTimeLocalized", value) for value in LOCALIZED]
    gate.each(cases, lambda case: echo.sync({"externalId": gate.new_id(), case[0]: case[1]}))


@pytest.mark.rules("sync.answer.text")
def test_escapes_of_json_are_the_characters_that_they_stand_for(gate: Gate, echo: Echo) -> None:
    texts = ["caf\u00e9", "\U0001f642", "\x7f\u2028", "</b>", "\x01"]
    gate.each(texts, lambda text: echo.sync({"externalId": gate.new_id(), "subject": text}, escaped=True))


@pytest.mark.rules("sync.answer.text")
@given(name=st.sampled_from(["subject", "content"]), text=st.text(max_size=200))
def test_any_text_comes_back_to_the_character(gate: Gate, echo: Echo, name: str, text: str) -> None:
    echo.sync({"externalId": gate.new_id(), name: text})


@pytest.mark.rules("sync.answer.instants")
@pytest.mark.parametrize("name", INSTANTS)
def test_a_time_comes_back_as_the_same_instant(gate: Gate, echo: Echo, name: str) -> None:
    gate.each(MOMENTS, lambda moment: echo.sync({"externalId": gate.new_id(), name: moment}))


@pytest.mark.rules("sync.answer.instants")
@settings(max_examples=min(settings().max_examples, 25))
@given(
    name=st.sampled_from(INSTANTS),
    moment=st.datetimes(datetime(1600, 1, 1), datetime(9000, 1, 1), timezones=OFFSETS),  # noqa: DTZ001 - bounds
)
def test_any_time_comes_back_as_the_same_instant(gate: Gate, echo: Echo, name: str, moment: datetime) -> None:
    echo.sync({"externalId": gate.new_id(), name: moment.isoformat()})


@pytest.mark.rules("sync.answer.text", "sync.answer.instants")
def test_properties_that_come_together_are_not_exchanged(gate: Gate, echo: Echo) -> None:
    pairs = [("subject", "content"), ("startTime", "endTime"), ("startTime", "startTimeLocalized")]
    values = ["2026-01-02T03:04:05Z", "2026-01-02T05:06:07Z"]
    gate.each(pairs, lambda pair: echo.sync({"externalId": gate.new_id(), **dict(zip(pair, values, strict=True))}))


@pytest.mark.rules("sync.answer.text", "sync.answer.instants", "sync.answer.users", "sync.answer.account")
def test_everything_comes_back_from_each_sync(echo: Echo) -> None:
    body = echo.everything()
    for _ in range(3):
        echo.sync(body)


@pytest.mark.rules("sync.answer.users")
def test_users_come_back_whole(gate: Gate, echo: Echo) -> None:
    def check(users: list[dict[str, Any]]) -> None:
        # A name of its own shows whether users come back with their data, or as ids.
        named = [{"externalId": gate.new_id("User"), "name": "Ada", **user} for user in users]
        echo.sync({"externalId": gate.new_id(), "engagementUsers": named})

    gate.each(USERS, check)


@pytest.mark.rules("sync.answer.account")
def test_an_account_comes_back_whole(gate: Gate, echo: Echo) -> None:
    def check(case: tuple[str, Any]) -> None:
        name, value = case
        # As with users: an account may come back as ids, and this tells.
        beside = {"phoneNumbers": ["1"]} if name == "name" else {"name": "Acme"}
        account = {"externalId": gate.new_id("account"), **beside, name: value}
        echo.sync({"externalId": gate.new_id(), "account": account})

    gate.each([(name, value) for name, values in ACCOUNT.items() for value in values], check)


@pytest.mark.rules("sync.answer.account")
def test_an_account_comes_back_with_all_that_it_has(gate: Gate, echo: Echo) -> None:
    account = {name: values[0] for name, values in ACCOUNT.items() if name != "deletedAt"}
    echo.sync({"externalId": gate.new_id(), "account": {"externalId": gate.new_id("account"), **account}})
