"""A run against a real organization keeps the pace, and soft-deletes what it stored."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import httpx
import pytest
from pyrate_limiter import Limiter

from contract_tests import live, test_race
from contract_tests.compare import is_object
from contract_tests.gate import PREFIX, Gate
from contract_tests.operations import LINK, SYNC
from contract_tests.target import local


def test_each_token_has_a_pace_of_its_own_below_the_limit_of_siro(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def record(_: Limiter, name: str) -> None:
        asked.append(name)

    monkeypatch.setattr(Limiter, "try_acquire", record)
    hook = live.paced()
    for operation in (LINK, SYNC, SYNC):
        hook(httpx.Request("PUT", "https://siro.invalid", headers=operation.credentials("t")))
    assert asked == ["x-siro-auth-token", "authorization", "authorization"]
    assert live.PACE <= 900


def cleaned_up(gate: Gate, directory: Path) -> list[str]:
    """What is told of a clean-up."""
    told: list[str] = []
    live.clean_up(gate, directory, told.append)
    return told


def bodies(sent: Iterable[httpx.Request]) -> list[dict[str, Any]]:
    """What was sent, without the time of the deletion, which is where it is due."""
    found = [json.loads(request.content) for request in sent]
    for row in [row for body in found for row in (body, *body.values()) if is_object(row)]:
        assert row.pop("deletedAt").endswith("Z")
    return found


@pytest.fixture
def gate() -> Iterator[Gate]:
    with local() as target:
        yield Gate(target)


@pytest.fixture
def sent(gate: Gate) -> list[httpx.Request]:
    """What is sent, from here on."""
    requests: list[httpx.Request] = []
    gate.target.client.event_hooks = {"request": [requests.append]}
    return requests


def test_what_was_stored_is_soft_deleted_and_nothing_else_is_touched(
    gate: Gate, sent: list[httpx.Request], tmp_path: Path
) -> None:
    mine, others = gate.new_id(), "an organization's own"
    for external_id in (mine, others):
        gate.accept("sync.body.accepts", SYNC, {"externalId": external_id})
    gate.refuse("sync.body.required", SYNC, {"subject": "no id"})
    assert gate.record.synced == {(mine, False), (others, False)}
    assert mine.startswith(PREFIX)

    sent.clear()
    told = cleaned_up(gate, tmp_path)
    assert bodies(sent) == [{"externalId": mine}]
    assert told == [
        "clean-up: 1 requests soft-delete what was stored (1 engagements); at 800 a minute, 0.0 minutes",
        "clean-up: 1 requests were sent, which the count of the run leaves out",
        f"not soft-deleted: {others}; all in {tmp_path / 'not-deleted.txt'}",
    ], "an engagement that is not the gate's is told, and left alone"


def test_rows_are_soft_deleted_as_far_as_the_page_lets_them_be(
    gate: Gate, sent: list[httpx.Request], tmp_path: Path
) -> None:
    engagement, account, other_account, contact, lead, opportunity = (gate.new_id() for _ in range(6))
    body = {
        "externalId": engagement,
        "account": {"externalId": account, "name": "a"},
        "contact": {"externalId": contact, "account": {"externalId": other_account, "name": "b"}},
        "lead": {"externalId": lead, "firstName": "c"},
        "opportunity": {"externalId": opportunity, "name": "d"},
    }
    gate.accept("sync.body.accepts", SYNC, body)
    gate.accept("sync.body.accepts", SYNC, {"externalId": engagement, "account": {"name": "without an external id"}})
    gate.accept("sync.body.accepts", SYNC, {"externalId": engagement, "account": {"externalId": "an own"}})

    sent.clear()
    told = cleaned_up(gate, tmp_path)
    whole = {"account": account, "contact": contact, "lead": lead}
    rows = [{kind: {"externalId": name} for kind, name in each.items()} for each in (whole, {"account": other_account})]
    assert bodies(sent) == [{"externalId": engagement}, *({"externalId": engagement, **each} for each in rows)]
    assert "(1 engagements, 2 accounts, 1 contacts, 1 leads)" in told[0]
    assert told[-1].startswith("not soft-deleted: account an own;")


def test_what_the_second_organization_stored_is_deleted_with_its_own_token(
    gate: Gate, sent: list[httpx.Request], tmp_path: Path
) -> None:
    theirs, row = gate.new_id(), gate.new_id()
    gate.accept("sync.body.accepts", SYNC, {"externalId": theirs, "lead": {"externalId": row}}, other=True)

    sent.clear()
    assert "not soft-deleted" not in "".join(cleaned_up(gate, tmp_path))
    assert all(gate.target.is_of_other(deletion, SYNC) for deletion in sent)
    assert bodies(sent) == [{"externalId": theirs}, {"externalId": theirs, "lead": {"externalId": row}}]


def gone(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("gone")


def test_what_cannot_be_deleted_is_told(gate: Gate, tmp_path: Path) -> None:
    stored = [gate.new_id() for _ in range(live.SHOWN + 5)]
    for external_id in stored:
        gate.accept("sync.body.accepts", SYNC, {"externalId": external_id})

    with httpx.Client(transport=httpx.MockTransport(gone)) as gate.target.client:
        told = cleaned_up(gate, tmp_path / "reports")
    file = tmp_path / "reports" / "not-deleted.txt"
    assert file.read_text("utf-8").splitlines() == sorted(stored)
    shown = ", ".join(sorted(stored)[: live.SHOWN])
    assert told[-1] == f"not soft-deleted: {shown} and 5 more; all in {file}"


def test_an_interrupted_clean_up_tells_what_is_left(gate: Gate, tmp_path: Path) -> None:
    first, second, third = stored = [gate.new_id() for _ in range(3)]
    for external_id in stored:
        gate.accept("sync.body.accepts", SYNC, {"externalId": external_id, "lead": {"externalId": external_id}})

    def interrupt(request: httpx.Request) -> httpx.Response:
        if json.loads(request.content)["externalId"] == second:
            raise KeyboardInterrupt
        return httpx.Response(200)

    with httpx.Client(transport=httpx.MockTransport(interrupt)) as gate.target.client:
        told = cleaned_up(gate, tmp_path)
    left = [second, third, *(f"lead {each}" for each in stored)]
    assert told[1:] == [
        "clean-up: interrupted; what it was about to delete is told as left",
        "clean-up: 2 requests were sent, which the count of the run leaves out",
        f"not soft-deleted: {', '.join(left)}; all in {tmp_path / 'not-deleted.txt'}",
    ]
    assert first not in told[-1].split("lead")[0]


def test_an_interrupted_race_keeps_no_one_from_the_clean_up(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(ThreadPoolExecutor):
        def map(self, fn: Callable[..., Any], *_: Any, **__: Any) -> Any:
            self.submit(fn, 0)
            raise KeyboardInterrupt

    barrier = Barrier(2)

    def same(_: int) -> Barrier:
        return barrier

    monkeypatch.setattr(test_race, "ThreadPoolExecutor", Interrupted)
    monkeypatch.setattr(test_race, "Barrier", same)

    def race() -> None:
        with suppress(KeyboardInterrupt):
            test_race.at_once(gate, SYNC, [{"externalId": gate.new_id()}] * 2)

    thread = Thread(target=race, daemon=True)
    thread.start()
    thread.join(5)
    is_waiting = thread.is_alive()
    barrier.abort()
    assert not is_waiting


def test_what_an_earlier_run_left_is_not_told_of_a_later_one(gate: Gate, tmp_path: Path) -> None:
    (tmp_path / live.LEFT).write_text("of an earlier run\n", encoding="utf-8")
    assert cleaned_up(gate, tmp_path) == [], "there is nothing to tell of a run that stored nothing"
    assert not (tmp_path / live.LEFT).exists()


def test_a_run_that_cannot_be_rehearsed_is_told_why() -> None:
    with pytest.raises(RuntimeError, match=r"to tell what this run will send, ended with: .*error: unrecognized"):
        live.rehearse(["contract_tests", "--no-such-option"])


def test_a_forecast_is_of_the_tests_that_were_chosen() -> None:
    told = live.rehearse(["contract_tests/test_auth.py", "-k", "required and link"])
    requests = [int(count.replace(",", "")) for count in re.findall(r"some ([\d,]+) requests", told)]
    assert len(requests) == 2
    assert 0 < max(requests) < 100, "a whole run sends thousands"


def test_a_forecast_has_what_the_clean_up_sends() -> None:
    told = live.rehearse(["contract_tests/test_protocol.py", "--rule", "sync.protocol.parameters"])
    assert re.search(r"\nand then some [1-9]\d* more that soft-delete what was stored; at 800 a minute, ", told)
    told = live.rehearse(["contract_tests/test_auth.py", "-k", "required and link", "--rejections-only"])
    assert "soft-delete" not in told, "nothing is stored"
