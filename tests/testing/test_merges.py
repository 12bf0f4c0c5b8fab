"""The sentence: "Will migrate all existing references from this Account to the surviving Account."."""

from typing import Any

import pytest

from siro_client.testing import LocalSiro

from .calls import Caller, database
from .test_sync import relations

DATA_TYPES = ["account", "contact", "lead"]


def sync_row(ours: Caller, engagement: str, data_type: str, external_id: str, **properties: Any) -> dict[str, Any]:
    return ours.synced(engagement, **{data_type: {"externalId": external_id, **properties}})


def target(siro: LocalSiro, engagement: str, data_type: str) -> str:
    (found,) = (to for owner, name, to in relations(siro) if (owner, name) == (f"ENGAGEMENT {engagement}", data_type))
    return found


@pytest.mark.parametrize("data_type", DATA_TYPES)
def test_merged_to_moves_what_exists(siro: LocalSiro, ours: Caller, data_type: str) -> None:
    sync_row(ours, "e1", data_type, "old")
    sync_row(ours, "e2", data_type, "kept")
    sync_row(ours, "trigger", data_type, "old", mergedToExternalId="survivor")
    assert [target(siro, e, data_type) for e in ("e1", "e2", "trigger")] == ["survivor", "kept", "survivor"]


@pytest.mark.parametrize("data_type", DATA_TYPES)
def test_merged_from_moves_what_exists(siro: LocalSiro, ours: Caller, data_type: str) -> None:
    for number in ("1", "2", "3"):
        sync_row(ours, f"e{number}", data_type, number)
    sync_row(ours, "trigger", data_type, "survivor", mergedFromExternalIds=["1", "3", "never synced", "survivor"])
    assert [target(siro, f"e{number}", data_type) for number in ("1", "2", "3")] == ["survivor", "2", "survivor"]


@pytest.mark.parametrize("data_type", DATA_TYPES)
def test_links_of_recordings_move(siro: LocalSiro, ours: Caller, data_type: str) -> None:
    sync_row(ours, "e", data_type, "old")
    ours.linked("recording-1", data_type.upper(), "old")
    sync_row(ours, "e", data_type, "old", mergedToExternalId="survivor")
    query = "SELECT recording_id, external_id FROM links JOIN rows ON rows.id = row_id"
    with database(siro) as db:
        assert list(db.execute(query)) == [("recording-1", "survivor")]


def test_the_engagement_answers_the_survivor(ours: Caller) -> None:
    survivor = ours.synced("e0", account={"externalId": "b", "name": "B"})["accountId"]
    ours.synced("e1", account={"externalId": "a", "name": "A"})
    merging = ours.synced("e2", account={"externalId": "a", "mergedToExternalId": "b"})
    for answer in (merging, ours.synced("e1"), ours.synced("e2")):
        assert (answer["accountId"], answer["account"]) == (survivor, {"externalId": "b", "name": "B"})


def test_a_survivor_that_was_never_synced_is_made(ours: Caller) -> None:
    answer = ours.synced("e", account={"externalId": "a", "mergedToExternalId": "new"})
    assert answer["account"] == {"externalId": "new"}
    assert ours.linked("recording-1", "ACCOUNT", "new")["id"] == answer["accountId"]


def test_the_merged_row_stays(ours: Caller) -> None:
    account = {"externalId": "a", "name": "A"}
    first = ours.synced("e", account=account)
    ours.synced("e", account={"externalId": "a", "mergedToExternalId": "b"})
    assert ours.linked("recording-1", "ACCOUNT", "a")["id"] == first["accountId"]
    assert ours.linked("recording-1", "ACCOUNT", "a")["name"] == "A"


def test_relations_of_contacts_and_opportunities_move(siro: LocalSiro, ours: Caller) -> None:
    ours.synced(
        "e",
        account={"externalId": "a"},
        contact={"externalId": "c", "account": {"externalId": "a"}},
        opportunity={"externalId": "o", "copyEngagementRelationships": True},
    )
    ours.synced("other", account={"externalId": "a", "mergedToExternalId": "b"})
    ours.synced("other", account=None, contact={"externalId": "d", "mergedFromExternalIds": ["c"]})
    assert relations(siro) == {
        ("ENGAGEMENT e", "account", "b"),
        ("ENGAGEMENT e", "contact", "d"),
        ("ENGAGEMENT e", "opportunity", "o"),
        ("OPPORTUNITY o", "account", "b"),
        ("OPPORTUNITY o", "contact", "d"),
        ("CONTACT c", "account", "b"),
        ("ENGAGEMENT other", "contact", "d"),
    }


def test_what_is_copied_in_the_request_of_a_merge_moves_too(siro: LocalSiro, ours: Caller) -> None:
    opportunity = {"externalId": "o", "copyEngagementRelationships": True}
    ours.synced("e", account={"externalId": "a", "mergedToExternalId": "b"}, opportunity=opportunity)
    assert ("OPPORTUNITY o", "account", "b") in relations(siro)


def test_the_account_of_a_contact_merges_too(siro: LocalSiro, ours: Caller) -> None:
    ours.synced("e", account={"externalId": "a"})
    ours.synced("f", contact={"externalId": "c", "account": {"externalId": "a", "mergedToExternalId": "b"}})
    assert target(siro, "e", "account") == "b"
    assert ("CONTACT c", "account", "b") in relations(siro)


def test_only_the_same_data_type_merges(siro: LocalSiro, ours: Caller) -> None:
    ours.synced("e", account={"externalId": "x"}, contact={"externalId": "x"}, lead={"externalId": "x"})
    ours.synced("f", lead={"externalId": "x", "mergedToExternalId": "y"})
    assert [target(siro, "e", data_type) for data_type in DATA_TYPES] == ["x", "x", "y"]


def test_only_the_same_connection_merges(ours: Caller, theirs: Caller) -> None:
    theirs.synced("e", account={"externalId": "a"})
    ours.synced("e", account={"externalId": "a", "mergedToExternalId": "b"})
    ours.synced("e", account={"externalId": "c", "mergedFromExternalIds": ["a"]})
    assert theirs.synced("e")["account"] == {"externalId": "a"}


def test_a_self_merge_changes_nothing(siro: LocalSiro, ours: Caller) -> None:
    ours.synced("e", account={"externalId": "a", "mergedToExternalId": "a", "mergedFromExternalIds": ["a", "a"]})
    assert target(siro, "e", "account") == "a"


def test_a_chain_ends_at_its_last_survivor(siro: LocalSiro, ours: Caller) -> None:
    for external_id in "abc":
        ours.synced(external_id, account={"externalId": external_id})
    for merged, survivor in ("ab", "bc", "cd"):
        ours.synced("trigger", account={"externalId": merged, "mergedToExternalId": survivor})
    assert {target(siro, engagement, "account") for engagement in ("a", "b", "c", "trigger")} == {"d"}


def test_a_cycle_ends_and_loses_nothing(siro: LocalSiro, ours: Caller) -> None:
    for external_id in "abc":
        ours.synced(external_id, account={"externalId": external_id})
    for merged, survivor in ("ab", "bc", "ca"):
        ours.synced("trigger", account={"externalId": merged, "mergedToExternalId": survivor})
    assert {target(siro, engagement, "account") for engagement in ("a", "b", "c", "trigger")} == {"a"}


def test_one_request_may_merge_both_ways(siro: LocalSiro, ours: Caller) -> None:
    for external_id in "abc":
        ours.synced(external_id, account={"externalId": external_id})
    merge = {"externalId": "a", "mergedFromExternalIds": ["b", "c"], "mergedToExternalId": "c"}
    ours.synced("trigger", account=merge)
    assert {target(siro, engagement, "account") for engagement in ("a", "b", "c", "trigger")} == {"c"}


def test_an_account_without_external_id_merges(ours: Caller) -> None:
    answer = ours.synced("e", account={"name": "A", "mergedToExternalId": "b"})
    assert answer["account"] == {"externalId": "b"}
    assert ours.synced("e")["account"] == {"externalId": "b"}


def test_a_merge_moves_only_what_exists(ours: Caller) -> None:
    ours.synced("e", account={"externalId": "a", "mergedToExternalId": "b"})
    assert ours.synced("later", account={"externalId": "a"})["account"]["externalId"] == "a"
    assert ours.synced("e")["account"] == {"externalId": "b"}
