"""Tests of a made-up integration on the local Siro, which fails on purpose.

    python -m pytest examples/visits

They need `pip install 'siro-client[testing]'`, which brings the fixtures `local_siro`, `siro` and `async_siro`: no
network, no token, and each test has a Siro of its own. `crm_row` and `crm_link` tell what has come of it there.
"""

import asyncio

import pytest

from siro_client import AsyncSiro, AuthenticationError, Siro
from siro_client.testing import Failure, LocalSiro
from visit_outbox import Outbox, Visit, is_refused

KITCHEN = Visit(1, "Harbour Kitchens", "2026-11-21T15:00:00Z", recording_id="recording-1")
ROOF = Visit(2, "Lindqvist", "2026-11-22T14:30:00Z")


@pytest.fixture
def outbox(local_siro: LocalSiro) -> Outbox:
    return Outbox(local_siro.organization.integration_connection_id, [KITCHEN, ROOF])


def subject_in_siro(local_siro: LocalSiro, visit: Visit) -> str | None:
    row = local_siro.crm_row("ENGAGEMENT", f"visit-{visit.number}")
    return str(row["subject"]) if row else None


def test_visits_are_synced_and_recordings_linked(local_siro: LocalSiro, siro: Siro, outbox: Outbox) -> None:
    assert outbox.send(siro) == 2
    assert (outbox.waiting, outbox.refused) == ([], {})
    assert local_siro.requests == {"sync_engagement": 2, "link_recording": 1}
    assert subject_in_siro(local_siro, ROOF) == "Visit to Lindqvist"
    link = local_siro.crm_link("recording-1")
    assert link
    assert (link["dataType"], link["externalId"]) == ("ENGAGEMENT", "visit-1")


def test_a_short_outage_is_not_noticed(local_siro: LocalSiro, siro: Siro, outbox: Outbox) -> None:
    outage = local_siro.fail(Failure(status=503))
    assert outbox.send(siro) == 2
    assert outage.left == 0
    assert local_siro.requests["sync_engagement"] == 3


@pytest.mark.parametrize(
    "failure",
    [Failure(status=429), Failure(status=503), Failure(status=500), Failure(no_answer=True), Failure(cut_after=10)],
    ids=["limited", "unavailable", "broken", "no answer", "cut"],
)
def test_what_fails_for_a_while_waits_and_goes_out_later(
    local_siro: LocalSiro, siro: Siro, outbox: Outbox, failure: Failure
) -> None:
    local_siro.fail(failure)
    assert outbox.send(siro.with_options(max_retries=0)) == 0
    assert outbox.waiting == [KITCHEN, ROOF]
    assert local_siro.requests == {"sync_engagement": 1}
    assert outbox.send(siro) == 2


def test_a_link_that_fails_for_a_while_is_made_later(local_siro: LocalSiro, siro: Siro, outbox: Outbox) -> None:
    local_siro.fail(Failure(status=503, operation="link_recording"))
    assert outbox.send(siro.with_options(max_retries=0)) == 0
    assert outbox.send(siro) == 2
    assert local_siro.requests["link_recording"] == 2


def test_a_malformed_answer_is_no_reason_to_send_again(local_siro: LocalSiro, siro: Siro, outbox: Outbox) -> None:
    local_siro.fail(Failure(status=200, body='{"data": {"id"'))
    assert outbox.send(siro) == 2
    assert local_siro.requests == {"sync_engagement": 2, "link_recording": 1}
    assert subject_in_siro(local_siro, KITCHEN) == "Visit to Harbour Kitchens"


def test_what_siro_refuses_is_set_aside_with_the_reason(local_siro: LocalSiro, siro: Siro, outbox: Outbox) -> None:
    local_siro.fail(Failure(status=422))
    assert outbox.send(siro) == 1
    assert outbox.waiting == []
    assert "status 422" in outbox.refused[KITCHEN.number]
    assert subject_in_siro(local_siro, KITCHEN) is None


def test_a_recording_that_siro_does_not_link_is_told(local_siro: LocalSiro, siro: Siro, outbox: Outbox) -> None:
    local_siro.fail(Failure(status=200, body='{"error": "recording is locked"}', operation="link_recording"))
    assert outbox.send(siro) == 1
    assert "recording is locked" in outbox.refused[KITCHEN.number]
    assert subject_in_siro(local_siro, KITCHEN) == "Visit to Harbour Kitchens"


def test_what_cannot_be_sent_is_set_aside_unsent(local_siro: LocalSiro, siro: Siro, outbox: Outbox) -> None:
    outbox.waiting = [Visit(3, "\ud800", "2026-11-23T09:00:00Z")]
    assert outbox.send(siro) == 0
    assert "subject" in outbox.refused[3]
    assert local_siro.requests == {}


def test_a_wrong_token_stops_the_outbox_and_loses_nothing(local_siro: LocalSiro, outbox: Outbox) -> None:
    with Siro(organization_token="revoked", transport=local_siro.transport) as siro, pytest.raises(AuthenticationError):
        outbox.send(siro)
    assert outbox.waiting == [KITCHEN, ROOF]


def test_a_form_does_not_wait_for_siro(local_siro: LocalSiro, async_siro: AsyncSiro) -> None:
    local_siro.fail(Failure(status=503))
    assert asyncio.run(is_refused(async_siro, KITCHEN)) is False
    local_siro.fail(Failure(status=422))
    assert asyncio.run(is_refused(async_siro, KITCHEN)) is True
    assert local_siro.requests == {"sync_engagement": 2}
