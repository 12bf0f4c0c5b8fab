"""A run against a real organization keeps the pace, and soft-deletes what it stored."""

import json
import re

import httpx
import pytest
from pyrate_limiter import Limiter

from contract_tests import live
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


def test_what_was_stored_is_soft_deleted_and_nothing_else_is_touched() -> None:
    with local() as target:
        gate = Gate(target)
        mine, others = gate.new_id(), "an organization's own"
        for external_id in (mine, others):
            gate.accept("sync.body.accepts", SYNC, {"externalId": external_id})
        gate.refuse("sync.body.required", SYNC, {"subject": "no id"})
        assert gate.record.synced == {(mine, False), (others, False)}

        sent: list[bytes] = []

        def record(request: httpx.Request) -> None:
            sent.append(request.content)

        target.client.event_hooks = {"request": [record]}
        assert live.clean_up(gate) == [others], "an engagement that is not the gate's is told, and left alone"
        (deletion,) = [json.loads(content) for content in sent]
        assert (deletion["externalId"], set(deletion)) == (mine, {"externalId", "deletedAt"})
        assert mine.startswith(PREFIX)


def test_what_the_second_organization_stored_is_deleted_with_its_own_token() -> None:
    with local() as target:
        gate = Gate(target)
        theirs = gate.new_id()
        gate.accept("sync.body.accepts", SYNC, {"externalId": theirs}, other=True)
        sent: list[httpx.Request] = []
        target.client.event_hooks = {"request": [sent.append]}
        assert live.clean_up(gate) == []
        (deletion,) = sent
        assert target.is_of_other(deletion, SYNC)
        assert json.loads(deletion.content)["externalId"] == theirs


def test_what_cannot_be_deleted_is_told() -> None:
    with local() as target:
        gate = Gate(target)
        mine = gate.new_id()
        gate.accept("sync.body.accepts", SYNC, {"externalId": mine})

        def gone(_: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("gone")

        with httpx.Client(transport=httpx.MockTransport(gone)) as gate.target.client:
            assert live.clean_up(gate) == [mine]


def test_a_run_that_cannot_be_rehearsed_is_told_why() -> None:
    with pytest.raises(RuntimeError, match=r"to tell what this run will send, ended with: .*error: unrecognized"):
        live.rehearse(["contract_tests", "--no-such-option"])


def test_a_forecast_is_of_the_tests_that_were_chosen() -> None:
    told = live.rehearse(["contract_tests/test_auth.py", "-k", "required and link"])
    requests = [int(count.replace(",", "")) for count in re.findall(r"some ([\d,]+) requests", told)]
    assert len(requests) == 2
    assert 0 < max(requests) < 100, "a whole run sends thousands"
