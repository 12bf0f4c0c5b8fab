from typing import Any

import pytest

from siro_client.testing import LocalSiro, _rows

from .calls import Caller, database, dump


def test_an_engagement_comes_back_as_the_page_says(ours: Caller) -> None:
    answer = ours.synced("e")
    assert answer.keys() >= {"id", "externalId", "engagementType", "createdAt", "updatedAt", "organizationId"}
    assert not answer.keys() & {"direction", "subject", "content", "startTime", "endTime", "account", "recordingId"}
    assert answer["externalId"] == "e"
    assert answer["organizationId"] == "local-organization"
    assert answer["engagementType"] == "Engagement"


def test_what_is_sent_comes_back_as_sent(ours: Caller) -> None:
    sent: dict[str, Any] = {
        "direction": "INBOUND",
        "subject": "Roof",
        "content": "",
        "startTime": "2024-01-01 10:00",
        "startTimeLocalized": "at ten",
        "endTime": "2024-01-01T11:00:00+02:00",
        "engagementUsers": [{"externalId": "u", "shareOfSale": 0.5, "deletedAt": None, "more": 1}, {"externalId": "u"}],
        "account": {
            "externalId": "a",
            "latitude": 1.25,
            "addresses": [{"country": "", "street": "s", "city": "c", "state": "t", "zip": "z"}],
            "owner": None,
            "unknown": {"x": []},
        },
    }
    answer = ours.synced("e", **sent)
    assert {name: answer[name] for name in sent} == sent


def test_a_second_sync_updates_the_same_engagement(ours: Caller) -> None:
    first = ours.synced("e", subject="one", content="kept")
    second = ours.synced("e", subject="two")
    assert (second["id"], second["createdAt"]) == (first["id"], first["createdAt"])
    assert (second["subject"], second["content"]) == ("two", "kept")
    assert ours.synced("E")["id"] != first["id"]


def test_the_update_never_goes_back(ours: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ours.synced("e")
    with monkeypatch.context() as context:
        context.setattr(_rows, "now", lambda: "1999-01-01T00:00:00.000Z")
        assert ours.synced("new")["createdAt"].startswith("1999")
        assert ours.synced("e")["updatedAt"] == first["updatedAt"]
    new = ours.synced("new")
    assert new["createdAt"] < "2000" < new["updatedAt"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("direction", "OUTBOUND"),
        ("subject", "s"),
        ("content", "c"),
        ("startTime", "s"),
        ("startTimeLocalized", "l"),
        ("endTime", "e"),
    ],
)
def test_null_clears_and_omission_keeps(ours: Caller, name: str, value: str) -> None:
    ours.synced("e", **{name: value})
    assert ours.synced("e")[name] == value
    assert name not in ours.synced("e", **{name: None})
    assert name not in ours.synced("e")


def test_the_engagement_type_is_its_name(ours: Caller) -> None:
    visit = {"name": "Visit", "activityType": "MEETING"}
    assert ours.synced("e", engagementType=visit)["engagementType"] == "Visit"
    assert ours.synced("e")["engagementType"] == "Visit"
    assert ours.synced("e", engagementType={**visit, "name": ""})["engagementType"] == ""
    assert ours.synced("e", engagementType=None)["engagementType"] == "Engagement"


def test_the_id_of_a_type_overrides_the_object(ours: Caller) -> None:
    visit = {"name": "Visit", "activityType": "MEETING"}
    assert ours.synced("e", engagementType=visit, engagementTypeId="t-1")["engagementType"] == "t-1"
    assert ours.synced("e", engagementTypeId=None)["engagementType"] == "Visit"


def test_users_are_replaced(ours: Caller) -> None:
    ours.synced("e", engagementUsers=[{"externalId": "u"}, {"externalId": "v"}])
    assert ours.synced("e")["engagementUsers"] == [{"externalId": "u"}, {"externalId": "v"}]
    assert ours.synced("e", engagementUsers=[{"externalId": "w"}])["engagementUsers"] == [{"externalId": "w"}]
    assert ours.synced("e", engagementUsers=[])["engagementUsers"] == []


def test_an_external_id_alone_resolves_to_the_synced_account(ours: Caller) -> None:
    first = ours.synced("e1", account={"externalId": "a", "name": "A", "latitude": 1})
    second = ours.synced("e2", account={"externalId": "a"})
    assert second["accountId"] == first["accountId"]
    assert second["account"] == {"externalId": "a", "name": "A", "latitude": 1}
    third = ours.synced("e3", account={"externalId": "a", "latitude": 2, "deletedAt": None})
    assert third["account"] == {"externalId": "a", "name": "A", "latitude": 2, "deletedAt": None}
    assert ours.synced("e1")["account"] == third["account"]


def test_an_unknown_external_id_makes_an_account(ours: Caller) -> None:
    answer = ours.synced("e", account={"externalId": "new"})
    assert answer["account"] == {"externalId": "new"}
    assert ours.linked("recording-1", "ACCOUNT", "new")["id"] == answer["accountId"]


@pytest.mark.parametrize("name", ["account", "opportunity"])
def test_null_takes_the_relation_and_leaves_the_row(ours: Caller, name: str) -> None:
    first = ours.synced("e", **{name: {"externalId": "x"}})
    assert ours.synced("e")[f"{name}Id"] == first[f"{name}Id"]
    assert not ours.synced("e", **{name: None}).keys() & {name, f"{name}Id"}
    assert ours.linked("recording-1", name.upper(), "x")["id"] == first[f"{name}Id"]


def test_another_account_replaces_the_first(ours: Caller) -> None:
    first = ours.synced("e", account={"externalId": "a"}, opportunity={"externalId": "o"})
    second = ours.synced("e", account={"externalId": "b"}, opportunity={"externalId": "p"})
    assert second["account"] == {"externalId": "b"}
    assert first["accountId"] != second["accountId"]
    assert first["opportunityId"] != second["opportunityId"]


def test_every_nested_row_can_be_linked_afterwards(ours: Caller) -> None:
    ours.synced(
        "x",
        account={"externalId": "x"},
        contact={"externalId": "x", "account": {"externalId": "y"}},
        lead={"externalId": "x"},
        opportunity={"externalId": "x"},
    )
    data_types = ["ACCOUNT", "CONTACT", "LEAD", "OPPORTUNITY", "ENGAGEMENT"]
    assert len({ours.linked("recording-1", data_type, "x")["id"] for data_type in data_types}) == 5
    assert ours.linked("recording-1", "ACCOUNT", "y")["externalId"] == "y"


def test_an_account_without_external_id_belongs_to_its_engagement(ours: Caller) -> None:
    first = ours.synced("e1", account={"name": "A"})
    assert first["account"] == {"name": "A"}
    again = ours.synced("e1", account={"latitude": 1})
    assert (again["accountId"], again["account"]) == (first["accountId"], {"name": "A", "latitude": 1})
    assert ours.synced("e2", account={"name": "A"})["accountId"] != first["accountId"]
    named = ours.synced("e1", account={"externalId": "", "name": "B"})
    assert named["account"] == {"externalId": "", "name": "B"}
    assert ours.synced("e1", account={"name": "C"})["account"] == {"name": "C"}


def test_where_both_accounts_are_one_row_the_engagements_is_answered(ours: Caller) -> None:
    answer = ours.synced(
        "e",
        account={"externalId": "a", "name": "ours"},
        contact={"externalId": "c", "account": {"externalId": "a", "name": "theirs", "latitude": 1}},
    )
    assert answer["account"] == {"externalId": "a", "name": "ours", "latitude": 1}


def relations(siro: LocalSiro) -> set[tuple[str, str, str]]:
    query = """
        SELECT owner.data_type || ' ' || owner.external_id, name, target.external_id FROM relations
        JOIN rows AS owner ON owner.id = row_id JOIN rows AS target ON target.id = target_id"""
    with database(siro) as db:
        return set(db.execute(query))


def test_a_contact_has_its_own_account(siro: LocalSiro, ours: Caller) -> None:
    ours.synced("e", contact={"externalId": "c", "account": {"externalId": "a"}})
    assert relations(siro) == {("ENGAGEMENT e", "contact", "c"), ("CONTACT c", "account", "a")}
    ours.synced("e", contact={"externalId": "c"})
    assert ("CONTACT c", "account", "a") in relations(siro)
    ours.synced("e", contact={"externalId": "c", "account": None})
    assert relations(siro) == {("ENGAGEMENT e", "contact", "c")}
    ours.synced("e", contact=None, lead={"externalId": "l"})
    assert relations(siro) == {("ENGAGEMENT e", "lead", "l")}


def test_relationships_are_copied_to_the_opportunity_when_true(siro: LocalSiro, ours: Caller) -> None:
    ours.synced("e", account={"externalId": "a"}, contact={"externalId": "c"}, engagementUsers=[{"externalId": "u"}])
    engagement = {("ENGAGEMENT e", "account", "a"), ("ENGAGEMENT e", "contact", "c")}
    opportunity = ("ENGAGEMENT e", "opportunity", "o")
    ours.synced("e", opportunity={"externalId": "o", "copyEngagementRelationships": False})
    assert relations(siro) == {*engagement, opportunity}
    ours.synced("e", opportunity={"externalId": "o", "copyEngagementRelationships": True})
    copied = {("OPPORTUNITY o", "account", "a"), ("OPPORTUNITY o", "contact", "c")}
    assert relations(siro) == {*engagement, opportunity, *copied}
    assert any('"engagementUsers":[{"externalId":"u"}]' in line for line in dump(siro) if "'OPPORTUNITY','o'" in line)


def test_a_refused_sync_writes_nothing_of_its_rows(siro: LocalSiro, ours: Caller) -> None:
    ours.synced("e", account={"externalId": "a", "name": "A"})
    before = dump(siro)
    body = {"externalId": "e", "account": {"externalId": "a", "name": "B"}, "lead": {"externalId": 5}}
    assert ours.sync(body).status_code == 422
    assert dump(siro) == before


def test_a_transaction_that_fails_halfway_is_rolled_back(
    siro: LocalSiro, ours: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LookupError

    before = dump(siro)
    monkeypatch.setattr("siro_client.testing._sync._answer", fail)
    with pytest.raises(LookupError):
        ours.sync({"externalId": "e", "account": {"externalId": "a"}})
    assert dump(siro) == before
