"""The generated models: what they keep, what they send, and what they make of what Siro may send one day."""

import copy
import datetime as dt
import pickle
from typing import Any

import pytest
from siro_openapi import models
from siro_openapi.types import UNSET, Unset

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)

ENGAGEMENT = models.Engagement(
    external_id="e-1",
    subject=None,
    direction=models.Direction.INBOUND,
    deleted_at=NOON,
    account=models.Account(external_id="a-1", owner=models.Owner(external_id="o-1")),
    engagement_users=[models.EngagementUser(external_id="u-1", share_of_sale=0.5)],
)
SENT = {
    "externalId": "e-1",
    "subject": None,
    "direction": "INBOUND",
    "deletedAt": "2026-11-21T12:00:00+00:00",
    "account": {"externalId": "a-1", "owner": {"externalId": "o-1"}},
    "engagementUsers": [{"externalId": "u-1", "shareOfSale": 0.5}],
}


def test_what_is_left_out_is_not_sent_and_none_is_sent_as_null() -> None:
    assert ENGAGEMENT.to_dict() == SENT


def test_what_is_sent_reads_back() -> None:
    assert models.Engagement.from_dict(SENT) == ENGAGEMENT


@pytest.mark.parametrize(
    "name",
    [
        *("direction", "content", "subject", "start_time", "start_time_localized", "end_time", "remote_created_at"),
        *("remote_updated_at", "deleted_at", "engagement_type_id", "engagement_type", "account", "opportunity"),
        *("lead", "contact"),
    ],
)
def test_null_clears_every_nullable_property(name: str) -> None:
    cleared: dict[str, Any] = {name: None}
    engagement = models.Engagement(external_id="e-1", **cleared)
    (sent,) = (value for key, value in engagement.to_dict().items() if key != "externalId")
    assert sent is None
    assert getattr(models.Engagement.from_dict(engagement.to_dict()), name) is None


@pytest.mark.parametrize("how", ["copy", "deepcopy", "pickle"])
def test_a_copy_and_a_pickle_are_as_good_as_the_model(how: str) -> None:
    twin = pickle.loads(pickle.dumps(ENGAGEMENT)) if how == "pickle" else getattr(copy, how)(ENGAGEMENT)
    assert twin == ENGAGEMENT
    assert twin.content is UNSET
    assert twin.to_dict() == SENT


def test_unset_is_one_object_that_is_false_and_says_what_it_is() -> None:
    assert isinstance(UNSET, Unset)
    assert not UNSET
    assert repr(UNSET) == "UNSET"


def test_an_enum_value_that_siro_adds_later_is_readable() -> None:
    data = {"id": "1", "externalId": "x", "dataType": "PROSPECT", "name": "n", "lastActivityAt": "t", "new": [1]}
    linked = models.LinkedObject.from_dict(data)
    assert linked.data_type == "PROSPECT"
    assert linked.data_type.value == "PROSPECT"
    assert isinstance(linked.data_type, models.DataType)
    assert not linked.data_type.is_known
    assert linked["new"] == [1]
    assert linked.to_dict() == data
    twin = pickle.loads(pickle.dumps(copy.deepcopy(linked)))
    assert twin == linked
    assert not twin.data_type.is_known


def test_a_known_enum_value_is_the_member_and_a_typing_error_is_an_error() -> None:
    assert models.DataType.read("LEAD") is models.DataType.LEAD
    assert models.DataType.LEAD.is_known
    assert pickle.loads(pickle.dumps(models.DataType.LEAD)) is models.DataType.LEAD
    assert copy.deepcopy(models.DataType.LEAD) is models.DataType.LEAD
    with pytest.raises(ValueError, match="LAED"):
        models.DataType("LAED")
    with pytest.raises(TypeError, match="must be a string"):
        models.DataType.read(5)  # type: ignore[arg-type]


def test_a_naive_datetime_is_refused_by_name_and_an_odd_offset_becomes_utc() -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(ValueError, match="deleted_at must have a timezone"):
        models.Engagement(external_id="e-1", deleted_at=naive).to_dict()
    odd = NOON.astimezone(dt.timezone(dt.timedelta(seconds=1172)))
    assert models.Engagement(external_id="e-1", deleted_at=odd).to_dict()["deletedAt"] == "2026-11-21T12:00:00+00:00"


def test_every_listed_model_loads_and_no_other_does() -> None:
    for name in models.__all__:
        assert getattr(models, name).__name__ == name
    assert set(models.__all__) <= set(dir(models))
    with pytest.raises(AttributeError, match="Nonesuch"):
        _ = models.Nonesuch


@pytest.mark.parametrize("wrong", ["", "ab", {}, set[str]()])
def test_what_is_no_list_of_models_is_refused_by_name(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"^engagement_users must be a list, and is "):
        models.Engagement(external_id="e-1", engagement_users=wrong).to_dict()
    with pytest.raises(ValueError, match=r"^addresses must be a list, and is "):
        models.Account(external_id="a-1", addresses=wrong).to_dict()
    assert models.Account(external_id="a-1", addresses=()).to_dict()["addresses"] == []  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - no list, and as good
