"""What a sync answers, and what a link tells of a row, is what was sent."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.compare import INSTANTS
from contract_tests.echo import Echo
from contract_tests.gate import PREFIX, Gate
from contract_tests.rows import Row
from contract_tests.values import EVERYDAY

AWKWARD = [
    *(
        "",
        " ",
        "  blanks at both ends  ",
        "\ttab\t",
        "line\nline\n",
        "line\r\nline",
        "\r",
        "\x85\xa0\u2028\u2029\u3000",
    ),
    *(
        "\x01\x08\x0b\x0c\x1b\x1f",
        "\x7f\x80\x9f",
        "caf\u00e9",
        "cafe\u0301",
        "\u212b \ufb01 \uff11 \u00bd",
        "stra\u00dfe I\u0130i\u0131",
    ),
    *(
        "\U0001f642",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467",
        "\U0010ffff\uffff\ufffd",
        "\ufeffmark",
        "\u202eright to left \u05e9",
    ),
    *(
        "\u65e5\u672c\u8a9e",
        "zero\u200bwidth\u00ad",
        "<b>bold</b> & <br/>",
        "&lt;&amp;&#39;",
        "<script>alert(1)</script>",
    ),
    *(
        "100 % %s %d %n",
        "%41%20%25",
        "a+b",
        "${x} {{y}} {0} #{z}",
        'say "so"',
        "it's",
        "'; DROP TABLE rows; --",
        "\\",
        "\\n \\u0041 \\\\",
    ),
    *(
        "/ // \\/",
        "`id`",
        "null",
        "None",
        "undefined",
        "true",
        "0",
        "-0",
        "007",
        "1e3",
        "1.10",
        "NaN",
        "[]",
        '{"a": 1}',
        "=1+1",
    ),
    *(
        "2026-01-02T03:00:00+02:00",
        "a  b",
        "UPPER lower",
        "a.",
        "x" * 255,
        "x" * 256,
        "x" * 1_001,
        "x" * 5_000,
        "\u00e9" * 1_500,
    ),
    *EVERYDAY,
    # What may be refused, yet never altered.
    *("a\0b", "\ud83d", "x" * 70_000),
]
LOCALIZED = [
    *(
        "2026-01-02T03:04:05",
        "2026-01-02T03:04",
        "2026-01-02 03:04:05",
        "2026-01-02T03:04:05.000",
        "2026-03-29T02:30:00",
    ),
    *("2026-01-02T03:04:05Z", "2026-01-02T23:30:00-11:00", "2026-01-02", "1/2/2026 3:04 PM", "1969-12-31T23:59:59"),
]
MOMENTS = [
    *("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.250Z", "2026-01-02T03:04:05.123456Z", "2026-01-02T03:04:05.999Z"),
    *(
        "2026-01-02T03:04:05+02:00",
        "2026-01-02T01:00:00+05:45",
        "2026-12-31T23:30:00-12:00",
        "2026-01-01T00:30:00+14:00",
    ),
    *("2026-03-29T02:30:00+01:00", "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00", "2024-02-29T23:59:59Z"),
    *("1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "1901-12-13T20:45:51Z", "1600-02-29T12:00:00Z"),
    *("2000-01-01T00:00:00Z", "2038-01-19T03:14:08Z", "2106-02-07T06:28:16Z", "9999-12-31T23:59:59Z"),
]
SUFFIXES = [
    *(
        "A",
        "001",
        "1.0",
        "a b",
        "a  b",
        " ",
        "\u00e9",
        "e\u0301",
        "\u00df",
        "\uff11",
        "\U0001f642",
        "'",
        '"',
        "/",
        "\\",
        "..",
        "?",
        "#",
    ),
    *("%", "%41", "+", "&", "<i>", ";", ",", "a\tb", "a\nb", "x" * 200, "null", "@example.com", "{}", "$1", "*"),
]
ADDRESS = {"country": "DE", "street": "Stra\u00dfe 1\n2. Stock", "city": "K\u00f6ln", "state": "NW", "zip": "05067"}
ACCOUNT: dict[str, list[Any]] = {
    "name": ["Acme", " Acme, Inc. ", "O'Neil \U0001f642", "", "x" * 1_001],
    "latitude": [52.5200066, 0, -33.5, 90],
    "longitude": [13.4049541, 0, -179.999999, 180],
    "addresses": [[ADDRESS], [ADDRESS, {**ADDRESS, "zip": ""}, {**ADDRESS, "street": "Weg 3"}], [ADDRESS] * 12],
    "phoneNumbers": [["+49 (221) 12-34"], ["2", "1", "1", "007"], [str(number) for number in range(30)]],
    "emailAddresses": [["Ada@Example.com"], ["b@example.com", "a+x@example.com"]],
    "lastActivityAt": ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.250+02:00", "1969-12-31T23:59:59Z"],
    "deletedAt": ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.250-05:00", None],
    "owner": [{"externalId": "Owner 7"}, None],
}
USERS: list[list[dict[str, Any]]] = [
    [{}],
    [{"name": "Ada Lovelace"}],
    [{"name": "  O'Neil \U0001f642 "}],
    [{"name": "x" * 1_001}],
    [{"email": "Ada.Lovelace+crm@Example.com"}],
    *([{"shareOfSale": share}] for share in (0, 0.5, 1, 0.1, 0.3333333333, 1.25)),
    *([{"deletedAt": moment}] for moment in ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.250+02:00", None)),
    [{"name": "Ada"}, {"name": "Ada"}],
    [{"externalId": f"{PREFIX}{near}"} for near in ("a", "A", "a ", "007", "7", "a%", "\u00e9", "e\u0301")],
    [{"name": "Ada", "email": "office@example.com"}, {"name": "Bob", "email": "office@example.com"}],
    [{"name": "Ada", "shareOfSale": 0.25}, {"email": "b@example.com", "shareOfSale": 0.75}, {}],
    [{"name": f"user {number}", "shareOfSale": 0.05} for number in range(20)],
]
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
NAMES = [text for text in AWKWARD if text.strip() and "\0" not in text and text != "\ud83d" and len(text) < 300]


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


@pytest.mark.rules("link.answer.names")
def test_a_link_tells_the_name_that_the_row_was_synced_with(gate: Gate, echo: Echo, rows: dict[str, Row]) -> None:
    def check(case: tuple[str, str]) -> None:
        data_type, name = case
        row = {"externalId": gate.new_id(data_type), "name": name}
        synced = echo.sync({"externalId": gate.new_id(), data_type.lower(): row})
        linked = echo.link(data_type, row["externalId"])
        message = f"the name was synced as {name!r} and came back as {linked.data['name']!r}"
        gate.check("link.answer.names", linked.data["name"] == name, message, synced, linked)

    assert set(rows) > {"ACCOUNT", "CONTACT", "OPPORTUNITY"}
    cases = [("ACCOUNT", name) for name in NAMES]
    cases += [(kind, name) for kind in ("CONTACT", "OPPORTUNITY") for name in NAMES]
    gate.each(cases, check)
