"""The sentence: "The API rejects the body if you send both `id` and `externalId`, neither, or `externalId` without a
non-empty `integrationConnectionId`."
"""

import itertools
from typing import Any

import pytest

from siro_client.testing import LocalSiro, _validation

from .calls import Caller, dump

PRESENT: dict[str, tuple[Any, ...]] = {
    "id": (..., "", "i", None),
    "externalId": (..., "", "x", None),
    "integrationConnectionId": (..., "", "connection-1", None),
}
BODIES: list[dict[str, Any]] = [
    {"dataType": "ACCOUNT"} | {name: value for name, value in zip(PRESENT, values, strict=True) if value is not ...}
    for values in itertools.product(*PRESENT.values())
]


def breaks_the_sentence(body: dict[str, Any]) -> bool:
    if ("id" in body) == ("externalId" in body):
        return True
    return "externalId" in body and not body.get("integrationConnectionId")


VIOLATING = [body for body in BODIES if breaks_the_sentence(body)]


def test_the_grid_holds_both_kinds() -> None:
    assert (len(BODIES), len(VIOLATING)) == (64, 49)


@pytest.mark.parametrize("body", VIOLATING, ids=str)
def test_a_violating_body_is_refused(siro: LocalSiro, ours: Caller, body: dict[str, Any]) -> None:
    before = dump(siro)
    assert ours.link("recording-1", body).status_code == 422
    assert dump(siro) == before


@pytest.mark.parametrize("body", VIOLATING, ids=str)
@pytest.mark.parametrize("switched_off", ["link_rule_issues", "specification_issues"])
def test_either_check_refuses_alone(
    ours: Caller, monkeypatch: pytest.MonkeyPatch, body: dict[str, Any], switched_off: str
) -> None:
    def no_issues(*_: object) -> list[object]:
        return []

    monkeypatch.setattr(_validation, switched_off, no_issues)
    response = ours.link("recording-1", body)
    assert response.status_code == 422
    assert response.json()["issues"]


@pytest.mark.parametrize("body", [body for body in BODIES if body not in VIOLATING], ids=str)
def test_no_other_body_is_refused_for_the_sentence(ours: Caller, body: dict[str, Any]) -> None:
    nulls = None in body.values()
    assert ours.link("recording-1", body).status_code == (422 if nulls else 404)


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        ({"id": "i", "externalId": "x"}, ["id"], "Send exactly one of id and externalId, not both"),
        ({}, ["id"], "Send exactly one of id and externalId"),
        (
            {"externalId": "x", "integrationConnectionId": ""},
            ["integrationConnectionId"],
            "externalId needs a non-empty integrationConnectionId",
        ),
    ],
)
def test_the_issue_tells_the_sentence(ours: Caller, body: dict[str, Any], path: list[str], message: str) -> None:
    response = ours.link("recording-1", body | {"dataType": "ACCOUNT"})
    assert response.json() == {"issues": [{"code": "custom", "path": path, "message": message}], "name": "ZodError"}


@pytest.mark.parametrize("pointer", [{"id": "i"}, {"externalId": "x", "integrationConnectionId": "c"}], ids=str)
def test_other_issues_are_those_of_the_variant_that_was_meant(ours: Caller, pointer: dict[str, str]) -> None:
    body = {**pointer, "dataType": "DEAL", "trigger": 5}
    issues = ours.link("recording-1", body).json()["issues"]
    assert {(issue["code"], *issue["path"]) for issue in issues} == {
        ("invalid_enum_value", "dataType"),
        ("invalid_type", "trigger"),
    }
    (data_type,) = ours.link("recording-1", pointer).json()["issues"]
    assert (data_type["path"], data_type["message"], data_type["received"]) == (["dataType"], "Required", "undefined")
    assert "'OPPORTUNITY'" in data_type["expected"]
