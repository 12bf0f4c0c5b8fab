"""Raw responses, and clients made of others with other options."""

import json
from typing import Any

import httpx
import pytest
from siro_openapi.models import DataType

import siro_client
from siro_client import Attempt
from tests.facade import wire
from tests.facade.scripted import client, scripted, success
from tests.facade.sentinels import VAULT, is_told


@pytest.mark.usefixtures("waits")
def test_a_raw_response_has_what_came_beside_the_result(kind: str, operation: str) -> None:
    with client(kind, scripted(503)) as siro:
        raw = getattr(siro.with_raw_response, operation)(*arguments(operation))
    assert wire.is_success(operation, raw.data)
    assert (raw.status_code, raw.attempts, raw.request_id) == (200, 2, "r-7")
    assert raw.headers["content-type"] == "application/json"
    assert raw.content == httpx.Response(200, json=wire.RESULTS[operation]).content


def arguments(operation: str) -> tuple[Any, ...]:
    if operation == "sync_engagement":
        return (wire.ENGAGEMENT,)
    return "r-1", siro_client.SiroId("1"), DataType.LEAD


def test_a_raw_response_has_the_body_as_it_came_and_headers_without_a_token(kind: str) -> None:
    def respond(_: httpx.Request) -> httpx.Response:
        body = {"data": {**wire.RESULTS["sync_engagement"]["data"], "subject": VAULT.user_token}}
        return httpx.Response(200, json=body, headers={"x-request-id": VAULT.organization_token})

    with client(kind, respond, **VAULT.tokens()) as siro:
        raw = siro.with_raw_response.sync_engagement(wire.ENGAGEMENT)
        assert json.loads(raw.content)["data"]["subject"] == raw.data.data.subject == VAULT.user_token
        raw.data.data.subject = "what the caller asked for may be anything"
        assert not is_told(repr(raw) + repr(raw.headers))


@pytest.mark.usefixtures("waits")
def test_options_hold_for_the_clone_only_and_the_rest_is_shared(kind: str) -> None:
    told: list[Attempt] = []
    with client(kind, scripted(503, 503, 503), on_request=told.append, **VAULT.tokens("app")) as siro:
        with pytest.raises(siro_client.ServerError):
            wire.call(siro.with_options(max_retries=0), "link_recording")
        wire.call(siro, "link_recording")
        assert [each.operation for each in told].count("mint_user_token") == 1
        assert len(told) == 5
        with pytest.raises(ValueError, match="deadline must be a positive number"):
            siro.with_options(deadline=0)
        with pytest.raises(ValueError, match="timeout must be a positive number"):
            siro.with_options(timeout=0)


def test_options_of_a_clone_are_those_it_was_made_of_but_for_what_is_given(kind: str) -> None:
    seen: list[dict[str, float]] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"])
        return success(request)

    with client(kind, respond, timeout=7, deadline=None) as siro:
        for each in (siro, siro.with_options(timeout=httpx.Timeout(3, connect=1)), siro.with_options(deadline=2)):
            wire.call(each, "sync_engagement")
    assert seen[0] == {"connect": 7, "read": 7, "write": 7, "pool": 7}
    assert seen[1] == {"connect": 1, "read": 3, "write": 3, "pool": 3}
    assert all(0 < value <= 2 for value in seen[2].values())


def test_closing_a_clone_closes_the_client(kind: str) -> None:
    with client(kind) as siro:
        clone = siro.with_options(deadline=1)
        clone.close() if kind == "sync" else clone.aclose()
        with pytest.raises(siro_client.ClosedError):
            wire.call(siro, "sync_engagement")
