from typing import Any

import pytest

from siro_client.testing import LocalSiro

from .calls import Caller, dump

DATA_TYPES = ["ACCOUNT", "CONTACT", "LEAD", "OPPORTUNITY", "ENGAGEMENT"]


def sync_all(caller: Caller, **properties: Any) -> dict[str, Any]:
    nested = {name: {"externalId": "x", **properties} for name in ("account", "contact", "lead", "opportunity")}
    return caller.synced("x", **nested)


@pytest.mark.parametrize("data_type", DATA_TYPES)
def test_both_pointers_reach_the_same_row(ours: Caller, data_type: str) -> None:
    sync_all(ours)
    by_external_id = ours.linked("recording-1", data_type, "x")
    assert by_external_id.keys() == {"id", "externalId", "dataType", "name", "lastActivityAt"}
    assert (by_external_id["externalId"], by_external_id["dataType"]) == ("x", data_type)
    by_id = ours.link("recording-1", {"dataType": data_type, "id": by_external_id["id"], "trigger": "CRM_DEEPLINK"})
    assert by_id.json() == {"data": by_external_id}


@pytest.mark.parametrize("data_type", DATA_TYPES)
@pytest.mark.parametrize("other", DATA_TYPES)
def test_the_data_type_must_match(siro: LocalSiro, ours: Caller, data_type: str, other: str) -> None:
    sync_all(ours)
    row_id = ours.linked("recording-1", data_type, "x")["id"]
    before = dump(siro)
    response = ours.link("recording-2", {"dataType": other, "id": row_id})
    assert response.status_code == (200 if data_type == other else 404)
    assert (dump(siro) == before) == (data_type != other)


@pytest.mark.parametrize(
    ("recording_id", "body", "error"),
    [
        (
            "unknown",
            {"dataType": "ENGAGEMENT", "externalId": "e", "integrationConnectionId": "connection-1"},
            "Recording",
        ),
        ("%20recording-1", {"dataType": "ENGAGEMENT", "externalId": "e", "integrationConnectionId": "c"}, "Recording"),
        (
            "recording-1",
            {"dataType": "ENGAGEMENT", "externalId": "x", "integrationConnectionId": "connection-1"},
            "ENG",
        ),
        ("recording-1", {"dataType": "ENGAGEMENT", "externalId": "e ", "integrationConnectionId": "connection-1"}, "E"),
        ("recording-1", {"dataType": "ENGAGEMENT", "externalId": "E", "integrationConnectionId": "connection-1"}, "E"),
        ("recording-1", {"dataType": "ENGAGEMENT", "externalId": "e", "integrationConnectionId": "unknown"}, "ENG"),
        ("recording-1", {"dataType": "ENGAGEMENT", "externalId": "e", "integrationConnectionId": " "}, "ENG"),
        ("recording-1", {"dataType": "ACCOUNT", "externalId": "e", "integrationConnectionId": "connection-1"}, "ACC"),
        ("recording-1", {"dataType": "ENGAGEMENT", "id": "e"}, "ENG"),
        ("recording-1", {"dataType": "ENGAGEMENT", "id": ""}, "ENG"),
    ],
    ids=str,
)
def test_the_unknown_is_not_found(
    siro: LocalSiro, ours: Caller, recording_id: str, body: dict[str, str], error: str
) -> None:
    ours.synced("e")
    before = dump(siro)
    response = ours.link(recording_id, body)
    assert response.status_code == 404
    assert response.json().keys() == {"error"}
    assert response.json()["error"].startswith(error)
    assert dump(siro) == before


def test_an_id_with_a_connection_is_accepted(ours: Caller) -> None:
    row_id = ours.synced("e")["id"]
    for connection in ("connection-1", "", "unknown"):
        body = {"dataType": "ENGAGEMENT", "id": row_id, "integrationConnectionId": connection}
        assert ours.link("recording-1", body).status_code == 200


@pytest.mark.parametrize(
    ("nested", "data_type", "name"),
    [
        ({"account": {"externalId": "x", "name": "A"}}, "ACCOUNT", "A"),
        ({"account": {"externalId": "x", "name": ""}}, "ACCOUNT", ""),
        ({"account": {"externalId": "x"}}, "ACCOUNT", "x"),
        ({"contact": {"externalId": "x", "name": "C"}}, "CONTACT", "C"),
        ({"opportunity": {"externalId": "x", "name": "O"}}, "OPPORTUNITY", "O"),
        ({"lead": {"externalId": "x", "firstName": "F", "lastName": "L"}}, "LEAD", "F L"),
        ({"lead": {"externalId": "x", "firstName": "F", "lastName": ""}}, "LEAD", "F"),
        ({"lead": {"externalId": "x", "lastName": "L"}}, "LEAD", "L"),
        ({"lead": {"externalId": "x", "firstName": ""}}, "LEAD", ""),
        ({"lead": {"externalId": "x", "name": 5}}, "LEAD", "x"),
        ({"subject": "S"}, "ENGAGEMENT", "S"),
        ({"subject": ""}, "ENGAGEMENT", ""),
        ({"subject": None}, "ENGAGEMENT", "x"),
        ({"name": 5}, "ENGAGEMENT", "x"),
    ],
    ids=str,
)
def test_the_name_is_the_rows(ours: Caller, nested: dict[str, Any], data_type: str, name: str) -> None:
    ours.synced("x", **nested)
    assert ours.linked("recording-1", data_type, "x")["name"] == name


@pytest.mark.parametrize("data_type", DATA_TYPES)
def test_the_last_activity_is_as_sent_or_the_update(ours: Caller, data_type: str) -> None:
    updated_at = sync_all(ours)["updatedAt"]
    assert ours.linked("recording-1", data_type, "x")["lastActivityAt"] == updated_at
    sync_all(ours, lastActivityAt="yesterday")
    if data_type != "ENGAGEMENT":
        assert ours.linked("recording-1", data_type, "x")["lastActivityAt"] == "yesterday"


def test_an_unknown_property_of_an_engagement_is_not_its_last_activity(ours: Caller) -> None:
    updated_at = ours.synced("e", lastActivityAt=5)["updatedAt"]
    assert ours.linked("recording-1", "ENGAGEMENT", "e")["lastActivityAt"] == updated_at


def test_an_account_without_external_id_is_linked_by_id(ours: Caller) -> None:
    account_id = ours.synced("e", account={"latitude": 1})["accountId"]
    data = ours.link("recording-1", {"dataType": "ACCOUNT", "id": account_id}).json()["data"]
    assert (data["id"], data["externalId"], data["name"]) == (account_id, "", "")


def test_a_linked_engagement_reports_its_recording(ours: Caller) -> None:
    assert "recordingId" not in ours.synced("e")
    ours.linked("recording-1", "ENGAGEMENT", "e")
    assert ours.synced("e")["recordingId"] == "recording-1"
    assert "recordingId" not in ours.synced("other")


def test_a_new_link_clears_the_prior(ours: Caller) -> None:
    ours.synced("e", account={"externalId": "a"})
    ours.synced("f")
    ours.linked("recording-1", "ENGAGEMENT", "e")
    ours.linked("recording-1", "ENGAGEMENT", "f")
    assert "recordingId" not in ours.synced("e")
    assert ours.synced("f")["recordingId"] == "recording-1"
    ours.linked("recording-1", "ACCOUNT", "a")
    assert "recordingId" not in ours.synced("f")


def test_a_refused_link_keeps_the_prior(ours: Caller) -> None:
    ours.synced("e")
    ours.linked("recording-1", "ENGAGEMENT", "e")
    assert ours.link_to("recording-1", "ENGAGEMENT", "unknown").status_code == 404
    assert ours.synced("e")["recordingId"] == "recording-1"


def test_repeating_a_link_is_safe(siro: LocalSiro, ours: Caller) -> None:
    ours.synced("e")
    first = ours.linked("recording-1", "ENGAGEMENT", "e")
    before = dump(siro)
    assert ours.linked("recording-1", "ENGAGEMENT", "e") == first
    assert len(dump(siro)) == len(before)
    assert ours.synced("e")["recordingId"] == "recording-1"


def test_of_several_recordings_the_last_is_reported(ours: Caller) -> None:
    ours.synced("e")
    for recording_id in ("recording-3", "recording-1", "recording-2", "recording-1"):
        ours.linked(recording_id, "ENGAGEMENT", "e")
        assert ours.synced("e")["recordingId"] == recording_id
