"""What is stored, as far as the answers of both operations show it."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from contract_tests.fuzzing import bodies
from contract_tests.leeway import is_left_open
from contract_tests.rows import PREFIX, Row
from contract_tests.target import LINK, SYNC, Target

ECHOED = ("externalId", "subject", "content", "direction", "startTimeLocalized")
"""What an answer repeats to the character. Times may be written otherwise, and may be left out as all else may."""

engagements = bodies(SYNC).filter(lambda body: not is_left_open({**body, "externalId": "given"}))


@settings(max_examples=60)
@given(engagements, engagements, st.uuids(version=4).map(str))
def test_sync_is_an_upsert(target: Target, first: dict[str, Any], second: dict[str, Any], name: str) -> None:
    stored = [_sync(target, {**body, "externalId": PREFIX + name}) for body in (first, second)]

    assert stored[0]["id"] == stored[1]["id"], "the same external id is another engagement"
    created, updated = ([_instant(data[name]) for data in stored] for name in ("createdAt", "updatedAt"))
    assert created[0] == created[1], "createdAt moved"
    assert updated[0] <= updated[1], "updatedAt went back"
    assert stored[0]["organizationId"] == stored[1]["organizationId"]


@settings(max_examples=60)
@given(engagements, st.uuids(version=4).map(str), st.booleans())
def test_what_was_synced_can_be_linked(
    target: Target, rows: dict[str, Row], body: dict[str, Any], name: str, by_id: bool
) -> None:
    external_id = PREFIX + name
    stored = _sync(target, {**body, "externalId": external_id})
    ids = {"externalId": external_id, "integrationConnectionId": target.connection}
    response = target.send(
        LINK,
        {"dataType": "ENGAGEMENT", **({"id": stored["id"]} if by_id else ids)},
        recording=target.recording_ids[-1],
    )

    assert response.status_code == 200, f"{external_id} was synced and cannot be linked: {response.text}"
    data = response.json()["data"]
    assert (data["id"], data["externalId"], data["dataType"]) == (stored["id"], external_id, "ENGAGEMENT")
    assert rows["ENGAGEMENT"].id != data["id"]


@settings(max_examples=60)
@given(engagements, st.uuids(version=4).map(str), st.uuids(version=4).map(str))
def test_another_external_id_is_another_engagement(target: Target, body: dict[str, Any], name: str, other: str) -> None:
    assume(name != other)
    first, second = (_sync(target, {**body, "externalId": PREFIX + each}) for each in (name, other))
    assert first["id"] != second["id"]


def _sync(target: Target, body: dict[str, Any]) -> dict[str, Any]:
    """Sync, and check that the answer is about what was sent."""
    response = target.send(SYNC, body)
    assert response.status_code == 200, f"what the spec allows is refused: {response.status_code} {response.text}"
    data: dict[str, Any] = response.json()["data"]
    for name in ECHOED:
        if name in data and body.get(name) is not None:
            assert data[name] == body[name], f"{name} was sent as {body[name]!r} and came back as {data[name]!r}"
    return data


def _instant(text: str) -> datetime:
    """An instant; the pages leave its textual form open, and a form that is not ISO 8601 cannot be compared."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
