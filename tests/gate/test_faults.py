"""The faults and variants that the gate is scored on are what they say."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest

from contract_tests.faults import FAMILIES, FAULTS, TABLES, VARIANTS, Fault, Variant
from contract_tests.faults._probes import SUITE, VALID, Probe, link, sync, to
from contract_tests.faults.variants import VARIANTS as EVERY_VARIANT
from contract_tests.rules import table
from siro_client.testing import LocalSiro, _rows

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let time stand still but for a second a request, so that answers can be compared."""
    monkeypatch.setattr(_rows, "now", lambda: next(_CLOCK[0]))


_CLOCK: list[Iterator[str]] = []


def _ticks() -> Iterator[str]:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return ((start + timedelta(seconds=second)).isoformat().replace("+00:00", ".000Z") for second in count())


def answers(probes: Sequence[Probe], planted: Fault | Variant | None = None) -> list[httpx.Response]:
    """Ask a fresh local Siro."""
    _CLOCK[:] = [_ticks()]
    with LocalSiro() as siro:
        if planted:
            planted.plant(siro)
        answered: list[httpx.Response] = []
        with httpx.Client(transport=siro.transport) as client:
            for probe in probes:
                answered.append(client.send(probe.request(siro, answered)))
        return answered


def comparable(answered: Sequence[httpx.Response]) -> list[Any]:
    """What of the answers must be the same in two runs: ids of rows are numbered in the order in which they come."""
    numbers: dict[str, str] = {}

    def number(found: re.Match[str]) -> str:
        return numbers.setdefault(found[0], f"row {len(numbers)}")

    return [(answer.status_code, _headers(answer), _canonical(_UUID.sub(number, answer.text))) for answer in answered]


def _headers(answer: httpx.Response) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in answer.headers.items() if name != "content-length")


def _canonical(text: str) -> str:
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        return text


def test_names_are_unique_and_lines_are_one() -> None:
    faults = [fault for family in TABLES.values() for fault in family]
    names = Counter([*(fault.name for fault in faults), *(variant.name for variant in EVERY_VARIANT)])
    lines = Counter(
        [*((fault.operation, fault.says) for fault in faults), *(("", each.says) for each in EVERY_VARIANT)]
    )

    assert [name for name, often in names.items() if often > 1] == []
    assert [line for line, often in lines.items() if often > 1] == []
    assert all(says and "\n" not in says for _, says in lines)


def test_there_are_enough_of_every_family_and_of_both_operations() -> None:
    assert len(FAULTS) >= 130
    assert len(VARIANTS) >= 24
    for family in FAMILIES:
        operations = {fault.operation for fault in FAULTS.values() if fault.family == family}
        assert operations == ({"link"} if family == "link rule" else {"link", "sync"}), family


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_breaks_rules_that_there_are(fault: Fault) -> None:
    assert fault.breaks
    assert [rule for rule in fault.breaks if rule not in table()] == []


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if not fault.together])
def test_a_fault_is_not_equivalent(name: str) -> None:
    fault = FAULTS[name]
    probes = fault.witness or SUITE

    assert comparable(answers(probes, fault)) != comparable(answers(probes))


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.together])
def test_a_fault_of_simultaneous_requests_is_not_equivalent(name: str) -> None:
    fault = FAULTS[name]

    async def ask(siro: LocalSiro) -> list[str]:
        async with httpx.AsyncClient(transport=siro.transport) as client:
            sent = [client.send(probe.request(siro, ())) for probe in fault.witness]
            return [answer.json()["data"]["id"] for answer in await asyncio.gather(*sent)]

    _CLOCK[:] = [_ticks()]
    with LocalSiro() as plain, LocalSiro() as faulty:
        fault.plant(faulty)
        assert len(set(asyncio.run(ask(plain)))) == 1
        assert len(set(asyncio.run(ask(faulty)))) > 1


_ODD: tuple[Any, ...] = (5, "\ud800", [5], {})
_ROWS = ("account", "contact", "lead", "opportunity", "engagementType")
_IN_ROWS: tuple[dict[str, Any], ...] = (
    {"externalId": 5},
    {"externalId": "\ud800"},
    {"externalId": {}, "mergedToExternalId": []},
    {"externalId": "a", "mergedToExternalId": {}, "mergedFromExternalIds": 5, "addresses": [5], "phoneNumbers": 5},
    {"externalId": None, "mergedFromExternalIds": [None], "owner": 5, "name": 5, "emailAddresses": [[]]},
)
STRANGE = (
    *(sync(dict.fromkeys((*_ROWS, "engagementUsers", "subject", "content", "startTime"), odd)) for odd in _ODD),
    *(sync({"account": row, "contact": {"externalId": "c", "account": row}, "lead": row}) for row in _IN_ROWS),
    sync({"engagementUsers": [5, {"externalId": 5}], "startTimeLocalized": [], "deletedAt": {}, "direction": 5}),
    sync({"startTime": "", "endTime": "", "startTimeLocalized": "", "account": {}, "subject": ""}),
    *(sync({"externalId": odd}) for odd in (*_ODD, None, "")),
    *(link({"dataType": odd, "id": odd}) for odd in _ODD),
    *(link(to(odd, odd, odd), recording="%0A") for odd in _ODD),
    *(Probe(operation, raw=raw) for operation in ("link", "sync") for raw in (b"", b"[", b"null", b"\xff")),
    *(Probe(operation, {}, token=False, method="POST", query="?a=%ff") for operation in ("link", "sync")),
)


@pytest.mark.parametrize("planted", [*FAULTS.values(), *VARIANTS.values()], ids=[*FAULTS, *VARIANTS])
def test_a_strange_request_does_not_end_it(planted: Fault | Variant) -> None:
    operation = planted.operation if isinstance(planted, Fault) else ""

    answers([probe for probe in STRANGE if operation in ("", probe.operation)], planted)


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_a_variant_answers_200_to_what_is_valid(variant: Variant) -> None:
    assert [answer.status_code for answer in answers(VALID, variant)] == [200] * len(VALID)
