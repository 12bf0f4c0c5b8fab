"""What a test can ask a local Siro of what its program has stored there."""

import pytest

from siro_client.testing import LocalSiro

from .calls import Caller


def test_a_row_is_told_as_it_was_synced(siro: LocalSiro, ours: Caller) -> None:
    account = {"externalId": "a", "name": "Acme", "phoneNumbers": ["+49 221 12"]}
    contact = {"externalId": "c", "name": "Ada", "account": account}
    ours.synced("e", subject="Visit", content=None, contact=contact, account={"name": "nameless"})
    assert siro.crm_row("ENGAGEMENT", "e") == {
        "externalId": "e",
        "subject": "Visit",
        "content": None,
        "contact": {"externalId": "c"},
        "account": {"name": "nameless"},
    }
    assert siro.crm_row("CONTACT", "c") == {"externalId": "c", "name": "Ada", "account": {"externalId": "a"}}
    assert siro.crm_row("ACCOUNT", "a") == account


def test_a_row_is_told_as_all_syncs_have_left_it(siro: LocalSiro, ours: Caller) -> None:
    ours.synced("e", subject="first", content="kept", lead={"externalId": "l", "firstName": "Ada"})
    ours.synced("e", subject="second", lead=None)
    assert siro.crm_row("ENGAGEMENT", "e") == {"externalId": "e", "subject": "second", "content": "kept"}


def test_of_what_was_never_synced_there_is_no_row(siro: LocalSiro, ours: Caller, theirs: Caller) -> None:
    theirs.synced("e")
    assert siro.crm_row("ENGAGEMENT", "e") is None
    ours.synced("e")
    assert siro.crm_row("ACCOUNT", "e") is None
    assert siro.crm_row("ENGAGEMENT", "e") == {"externalId": "e"}


def test_a_data_type_that_there_is_not_is_told(siro: LocalSiro) -> None:
    with pytest.raises(ValueError, match="data_type is 'engagement': give one of ACCOUNT, "):
        siro.crm_row("engagement", "e")


def test_a_link_is_told_as_the_last_one_left_it(siro: LocalSiro, ours: Caller, theirs: Caller) -> None:
    recording = siro.organization.recording_ids[0]
    assert siro.crm_link(recording) is None
    synced = ours.synced("e", lead={"externalId": "l", "firstName": "Ada"})
    ours.linked(recording, "LEAD", "l")
    ours.link(recording, {"dataType": "ENGAGEMENT", "id": synced["id"], "trigger": "CRM_DEEPLINK"}).raise_for_status()
    told = {"dataType": "ENGAGEMENT", "id": synced["id"], "externalId": "e", "trigger": "CRM_DEEPLINK"}
    assert siro.crm_link(recording) == told
    theirs.synced("e")
    their_recording = siro.other_organization.recording_ids[0]
    theirs.linked(their_recording, "ENGAGEMENT", "e")
    assert siro.crm_link(their_recording) is None
