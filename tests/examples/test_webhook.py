"""The webhook: what it links, and what it answers to an event for each way in which Siro fails."""

import asyncio
import hashlib
import hmac
import json
import logging
import time
from dataclasses import dataclass, field

import httpx
import pytest
from siro_openapi.models import Engagement

import siro_client
from link_webhook import ANSWERS, MAX_AGE, answer_to, app
from siro_client import Siro, SiroError
from siro_client.testing import Failure

from .conftest import Served

SECRET = "secret-of-the-webhook"
EVENT = {"recordingId": "recording-1", "objectType": "ENGAGEMENT", "crmId": "visit-1"}


@dataclass
class Sender:
    """Somebody who calls the webhook, once for each event, while the application lives."""

    secret: str = SECRET
    age: float = 0
    signed: list[str] = field(default_factory=list[str])

    def send(self, *events: object) -> list[httpx.Response]:
        return asyncio.run(self._send(events))

    async def _send(self, events: tuple[object, ...]) -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://webhook") as client,
        ):
            return [await self._post(client, event) for event in events]

    async def _post(self, client: httpx.AsyncClient, event: object) -> httpx.Response:
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        timestamp = str(int(time.time() - self.age))
        signature = hmac.new(self.secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        self.signed.append(signature)
        headers = {"x-timestamp": timestamp, "x-signature": signature}
        return await client.post("/links", content=body, headers=headers)


@pytest.fixture(autouse=True)
def synced(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", SECRET)
    organization = served.local.organization
    with Siro(organization_token=organization.organization_token, transport=served.local.transport) as siro:
        siro.sync_engagement(Engagement("visit-1", subject="Kitchen, first visit"))


def test_a_recording_is_linked(served: Served) -> None:
    (response,) = Sender().send(EVENT)
    assert (response.status_code, response.json()) == (200, {"linked": "Kitchen, first visit"})
    assert served.bodies == [
        {
            "dataType": "ENGAGEMENT",
            "externalId": "visit-1",
            "integrationConnectionId": "connection-1",
            "trigger": "CRM_DEEPLINK",
        }
    ]
    assert served.local.requests["link_recording"] == 1


def test_all_events_share_one_client(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIRO_USER_TOKEN")  # so that the client mints one for the OAuth app, and keeps it
    assert [response.status_code for response in Sender().send(EVENT, EVENT, EVENT)] == [200, 200, 200]
    assert served.local.minted == 1


@pytest.mark.parametrize(
    "sender",
    [Sender(secret="guessed"), Sender(age=MAX_AGE + 60), Sender(age=-MAX_AGE - 60)],
    ids=["guessed", "too old", "too new"],
)
def test_what_is_not_signed_in_time_is_refused(served: Served, sender: Sender) -> None:
    (response,) = sender.send(EVENT)
    assert response.status_code == 401
    assert served.bodies == []


@pytest.mark.parametrize("headers", [{}, {"x-timestamp": "now"}, {"x-timestamp": "\u00b2", "x-signature": "\u00e9"}])
def test_what_is_not_signed_at_all_is_refused(served: Served, headers: dict[str, str]) -> None:
    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://webhook") as client,
        ):
            raw = [(name.encode(), value.encode()) for name, value in headers.items()]
            return await client.post("/links", json=EVENT, headers=raw)

    assert asyncio.run(post()).status_code == 401
    assert served.bodies == []


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (b"{", "body"),
        ({**EVENT, "objectType": "HOUSE"}, "objectType"),
        ({"objectType": "LEAD"}, "crmId, recordingId"),
        ({**EVENT, "crmId": ""}, "external_id"),
        ({**EVENT, "recordingId": ".."}, "would change the path"),
    ],
)
def test_an_event_that_is_wrong_is_told_and_not_sent(served: Served, event: object, told: str) -> None:
    (response,) = Sender().send(event)
    assert response.status_code == 422
    assert told in response.json()["detail"]
    assert served.bodies == []


@pytest.mark.parametrize(
    ("failure", "status", "retry_after"),
    [
        (Failure(status=429, times=2), 503, "60"),
        (Failure(status=429, headers={"Retry-After": "1"}, times=2), 503, "1"),
        (Failure(status=503, times=2), 503, "10"),
        (Failure(status=500), 503, "10"),
        (Failure(no_answer=True, times=2), 503, "10"),
        (Failure(status=404), 404, None),
        (Failure(status=409), 409, None),
        (Failure(status=422), 422, None),
        (Failure(status=400), 422, None),
        (Failure(status=200, body='{"error": "the recording is locked"}'), 422, None),
        (Failure(status=200, body='{"data"'), 202, None),
        (Failure(status=401), 500, None),
        (Failure(status=403), 500, None),
        (Failure(status=307, headers={"Location": "https://elsewhere.example"}), 500, None),
    ],
    ids=lambda value: f"{value.status}{value.body!s}" if isinstance(value, Failure) else None,
)
def test_each_failure_has_its_answer(served: Served, failure: Failure, status: int, retry_after: str | None) -> None:
    planned = served.local.fail(failure)
    (response,) = Sender().send(EVENT)
    assert (response.status_code, response.headers.get("retry-after")) == (status, retry_after)
    assert planned.left == 0
    assert served.local.requests["link_recording"] == failure.times


def test_a_short_outage_is_not_noticed(served: Served) -> None:
    served.local.fail(Failure(status=503))
    (response,) = Sender().send(EVENT)
    assert response.status_code == 200


def test_a_row_that_is_not_synced_is_told(served: Served) -> None:
    (response,) = Sender().send({**EVENT, "crmId": "visit-2"})
    assert response.status_code == 404
    assert "was the CRM row synced before" in response.json()["detail"]
    assert served.local.requests["link_recording"] == 1


def test_without_a_token_the_sender_is_not_blamed(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SIRO_USER_TOKEN", "SIRO_CLIENT_ID"):
        monkeypatch.delenv(name)
    (response,) = Sender().send(EVENT)
    assert (response.status_code, "retry-after" in response.headers) == (500, False)
    assert served.bodies == []


def test_every_error_was_thought_of() -> None:
    """An error that siro_client adds is to be put into the table, or here."""
    ours = {"AuthenticationError", "ClosedError", "MissingTokenError", "PermissionDeniedError", "RedirectError"}
    errors = {name: kind for name in siro_client.__all__ if _is_error(kind := getattr(siro_client, name))}
    nearest = {name: next(one for one in kind.__mro__ if one in ANSWERS) for name, kind in errors.items()}
    assert {name for name, kind in nearest.items() if kind is SiroError} == ours | {"SiroError", "StatusError"}


def test_no_secret_is_told_or_logged(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    served.local.fail(Failure(status=401, body=f'{{"error": "{served.local.organization.user_token} is wrong"}}'))
    sender = Sender()
    responses = sender.send(EVENT, {**EVENT, "crmId": "visit-2"}, EVENT)
    assert [response.status_code for response in responses] == [500, 404, 200]
    assert served.headers[0]["x-siro-auth-token"] == served.local.organization.user_token
    told = caplog.text + "".join(response.text for response in responses)
    assert "status 404" in caplog.text
    for secret in (SECRET, *sender.signed, served.local.organization.user_token):
        assert secret not in told


def test_a_failure_that_is_ours_is_logged_as_an_error(caplog: pytest.LogCaptureFixture) -> None:
    answer_to(siro_client.MissingTokenError("link_recording", "user token", "user_token", "SIRO_USER_TOKEN"))
    answer_to(siro_client.SiroTimeoutError("link_recording", "PUT", "https://siro.example", "late", 1))
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


def _is_error(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, SiroError)
