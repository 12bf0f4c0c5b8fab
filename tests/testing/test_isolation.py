import pytest

from siro_client.testing import LocalSiro

from .calls import Caller, dump


def test_one_external_id_is_two_engagements(ours: Caller, theirs: Caller) -> None:
    account = {"externalId": "a", "name": "ours"}
    mine = ours.synced("e", subject="ours", account=account, engagementUsers=[{"externalId": "u"}])
    others = theirs.synced("e", account={"externalId": "a"})
    assert mine["id"] != others["id"]
    assert mine["accountId"] != others["accountId"]
    assert others["account"] == {"externalId": "a"}
    assert not others.keys() & {"subject", "engagementUsers"}
    assert ours.synced("e")["account"] == account


@pytest.mark.parametrize("data_type", ["ACCOUNT", "ENGAGEMENT"])
def test_a_foreign_row_is_not_found(siro: LocalSiro, ours: Caller, theirs: Caller, data_type: str) -> None:
    theirs.synced("e", account={"externalId": "e"})
    row_id = theirs.linked("other-recording-1", data_type, "e")["id"]
    unknown = ours.link("recording-1", {"dataType": data_type, "id": "unknown"})
    before = dump(siro)
    bodies = [
        {"dataType": data_type, "id": row_id},
        {"dataType": data_type, "id": row_id, "integrationConnectionId": "other-connection-1"},
        {"dataType": data_type, "externalId": "e", "integrationConnectionId": "other-connection-1"},
        {"dataType": data_type, "externalId": "e", "integrationConnectionId": "connection-1"},
    ]
    for body in bodies:
        response = ours.link("recording-1", body)
        assert (response.status_code, response.text) == (404, unknown.text), body
    assert dump(siro) == before


def test_a_foreign_recording_is_not_found(siro: LocalSiro, ours: Caller, theirs: Caller) -> None:
    ours.synced("e")
    theirs.synced("e")
    theirs.linked("other-recording-1", "ENGAGEMENT", "e")
    before = dump(siro)
    foreign = ours.link_to("other-recording-1", "ENGAGEMENT", "e")
    assert foreign.status_code == 404
    assert foreign.text == ours.link_to("unknown", "ENGAGEMENT", "e").text
    assert dump(siro) == before
    assert "recordingId" not in ours.synced("e")


def test_two_local_siros_share_nothing(ours: Caller) -> None:
    ours.synced("e")
    with LocalSiro() as second:
        assert "ENGAGEMENT" not in "".join(line for line in dump(second) if line.startswith("INSERT"))


def test_the_seed_is_readable(siro: LocalSiro) -> None:
    assert siro.organization.recording_ids[0] == "recording-1"
    assert siro.other_organization.recording_ids[7] == "other-recording-8"
    assert siro.organization.integration_connection_id == "connection-1"
    for secret in ("organization-token", "user-token", "client-secret"):
        assert secret not in repr(siro.organization)


def test_reset_returns_to_the_seed(siro: LocalSiro, ours: Caller) -> None:
    seeded = dump(siro)
    ours.synced("e", account={"externalId": "a"})
    ours.linked("recording-1", "ENGAGEMENT", "e")
    assert dump(siro) != seeded
    siro.reset()
    assert dump(siro) == seeded
