"""Each rule of the pages' request schemas: broken alone it is refused where it is broken, kept it is accepted."""

from itertools import chain
from typing import Any

import pytest

from siro_client.testing import LocalSiro

from .calls import Caller, dump
from .page_schema import Case, cases, request_schema

SYNC = list(cases(request_schema("sync-an-engagement"), {"externalId": "e"}))
BY_ID: dict[str, Any] = {"dataType": "ACCOUNT", "id": "i"}
BY_EXTERNAL_ID: dict[str, Any] = {"dataType": "ACCOUNT", "externalId": "x", "integrationConnectionId": "connection-1"}
LINK = [
    case
    for case in chain(
        cases(request_schema("put-recording-crm-link"), BY_ID),
        cases(request_schema("put-recording-crm-link"), BY_EXTERNAL_ID),
    )
    if not ("id" in case.body and "externalId" in case.body) and case.body.get("integrationConnectionId") != ""
]


def test_the_rules_are_many() -> None:
    assert len(SYNC) > 900
    assert len(LINK) > 150


def test_sync_keeps_every_rule(siro: LocalSiro, ours: Caller) -> None:
    before = dump(siro)
    for case in SYNC:
        response = ours.sync(case.body)
        if case.code is None:
            assert response.status_code == 200, (case, response.text)
            siro.reset()
        else:
            assert_refused_at(case, response.status_code, response.json())
        assert dump(siro) == before, case


def test_link_keeps_every_rule(siro: LocalSiro, ours: Caller) -> None:
    before = dump(siro)
    for case in LINK:
        response = ours.link("recording-1", case.body)
        if case.code is None:
            assert response.status_code == 404, (case, response.text)
        else:
            assert_refused_at(case, response.status_code, response.json())
        assert dump(siro) == before, case


def assert_refused_at(case: Case, status: int, body: dict[str, Any]) -> None:
    assert status == 422, case
    assert body["name"] == "ZodError"
    assert body.keys() == {"issues", "name"}
    assert [(issue["path"], issue["code"]) for issue in body["issues"]] == [([*case.path], case.code)], case
    assert all(issue.keys() - {"expected", "received"} == {"code", "path", "message"} for issue in body["issues"])


@pytest.mark.parametrize("case", [case for case in SYNC if case.code is None and case.path[0] == "account"], ids=str)
def test_an_account_comes_back_as_sent(ours: Caller, case: Case) -> None:
    answer = ours.sync(case.body).json()["data"]
    assert answer.get("account") == case.body["account"] or "mergedToExternalId" in case.body["account"]


def test_of_several_faults_each_is_told(ours: Caller) -> None:
    account: dict[str, Any] = {"addresses": [{"country": "c", "state": 5}], "deletedAt": "never", "owner": {}}
    issues = ours.sync({"direction": 5, "account": account}).json()["issues"]
    assert {(*issue["path"], issue["message"]) for issue in issues} == {
        ("externalId", "Required"),
        ("direction", "Expected string, received number"),
        ("account", "addresses", 0, "street", "Required"),
        ("account", "addresses", 0, "city", "Required"),
        ("account", "addresses", 0, "state", "Expected string, received number"),
        ("account", "addresses", 0, "zip", "Required"),
        ("account", "deletedAt", "Invalid date-time"),
        ("account", "owner", "externalId", "Required"),
    }
