"""Where user tokens come from, and how often Siro is asked for one; against the local Siro."""

import asyncio
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from siro_openapi.models import DataType

from siro_client import (
    AsyncSiro,
    AuthenticationError,
    InvalidResponseError,
    MissingTokenError,
    NotFoundError,
    OAuthApp,
    PermissionDeniedError,
    ServerError,
    Siro,
    SiroConnectionError,
    SiroId,
    SiroTimeoutError,
)
from siro_client.testing import Failure, LocalSiro, environment, serve
from tests.facade import wire
from tests.facade.raw_server import RawServer, silent

HOUR = 3600


@pytest.fixture
def local() -> Generator[LocalSiro]:
    with LocalSiro() as local:
        yield local


def app_of(local: LocalSiro, **changed: str) -> OAuthApp:
    organization = local.organization
    ours = {name: getattr(organization, name) for name in ("client_id", "client_secret", "user_id")}
    return OAuthApp(**{**ours, **changed})


def options(local: LocalSiro, **changed: Any) -> dict[str, Any]:
    return {
        "integrations_url": "http://127.0.0.1:1/api-externalApi",
        "transport": local.transport,
        "organization_token": local.organization.organization_token,
        "user_token": app_of(local),
        **changed,
    }


@contextmanager
def client(kind: str, local: LocalSiro, **changed: Any) -> Generator[Any]:
    with wire.client(kind, "http://127.0.0.1:1", **options(local, **changed)) as siro:
        yield siro


def link(siro: Any, local: LocalSiro) -> Any:
    """Link a recording to an engagement that was synced."""
    synced = siro.sync_engagement(wire.ENGAGEMENT)
    return siro.link_recording(local.organization.recording_ids[0], SiroId(synced.data.id), DataType.ENGAGEMENT)


def test_a_user_token_is_minted_once_and_kept(kind: str, local: LocalSiro) -> None:
    with client(kind, local) as siro:
        assert link(siro, local).data.data_type is DataType.ENGAGEMENT
        link(siro.with_options(max_retries=0), local)
    assert (local.minted, local.requests["link_recording"]) == (1, 2)


def test_a_token_is_minted_when_it_is_needed_and_not_before(kind: str, local: LocalSiro) -> None:
    with client(kind, local) as siro:
        siro.sync_engagement(wire.ENGAGEMENT)
    assert local.requests["mint_user_token"] == 0


def test_many_threads_wait_for_one_minting(local: LocalSiro) -> None:
    local.fail(Failure(delay=0.2, operation="mint_user_token"))
    with serve(local) as url, Siro.from_env(app_environment(local, url)) as siro:
        row = siro.sync_engagement(wire.ENGAGEMENT).data.id
        barrier = threading.Barrier(16)

        def linked(_: int) -> object:
            barrier.wait()
            return siro.link_recording(local.organization.recording_ids[0], SiroId(row), DataType.ENGAGEMENT)

        with ThreadPoolExecutor(16) as threads:
            assert len(list(threads.map(linked, range(16)))) == 16
            assert local.minted == 1
            local.expire_user_tokens()
            assert len(list(threads.map(linked, range(16)))) == 16
    assert local.minted == 2


def test_many_tasks_wait_for_one_minting(local: LocalSiro) -> None:
    async def main(url: str) -> None:
        async with AsyncSiro.from_env(app_environment(local, url)) as siro:
            row = (await siro.sync_engagement(wire.ENGAGEMENT)).data.id

            async def linked() -> object:
                return await siro.link_recording(local.organization.recording_ids[0], SiroId(row), DataType.ENGAGEMENT)

            await asyncio.gather(*[linked() for _ in range(16)])
            assert local.minted == 1
            local.expire_user_tokens()
            await asyncio.gather(*[linked() for _ in range(16)])

    local.fail(Failure(delay=0.2, operation="mint_user_token"))
    with serve(local) as url:
        asyncio.run(main(url))
    assert local.minted == 2


def app_environment(local: LocalSiro, url: str) -> dict[str, str]:
    return {**environment(local, url), "SIRO_USER_TOKEN": ""}


def test_the_environment_may_name_an_app_and_a_token_goes_before_it(local: LocalSiro) -> None:
    variables = app_environment(local, "http://127.0.0.1:1")
    with Siro.from_env(variables, transport=local.transport) as siro:
        link(siro, local)
    assert local.minted == 1
    with Siro.from_env(
        {**variables, "SIRO_USER_TOKEN": local.organization.user_token}, transport=local.transport
    ) as siro:
        link(siro, local)
    assert local.minted == 1
    for name in ("SIRO_CLIENT_ID", "SIRO_CLIENT_SECRET", "SIRO_USER_ID"):
        with (
            Siro.from_env({**variables, name: ""}, transport=local.transport) as siro,
            pytest.raises(MissingTokenError, match="link_recording needs the user token"),
        ):
            link(siro, local)


@pytest.mark.parametrize(("hours", "minted"), [(0, 1), (15.8, 1), (15.9, 2), (16, 2), (40, 2)])
def test_a_token_is_minted_anew_shortly_before_it_expires(
    kind: str, local: LocalSiro, monkeypatch: pytest.MonkeyPatch, hours: float, minted: int
) -> None:
    ahead = 0.0
    monkeypatch.setattr(
        f"siro_client._{'sync' if kind == 'sync' else 'async'}.time",
        SimpleNamespace(monotonic=lambda: time.monotonic() + ahead),
    )
    monkeypatch.setattr("siro_client._tokens.time", SimpleNamespace(monotonic=lambda: time.monotonic() + ahead))
    with client(kind, local) as siro:
        link(siro, local)
        ahead = hours * HOUR
        link(siro, local)
        link(siro, local)
    assert local.minted == minted
    assert local.requests["link_recording"] == 3, "none was refused"


def test_an_expired_token_is_minted_anew_and_the_request_repeated_once(kind: str, local: LocalSiro) -> None:
    with client(kind, local, max_retries=0) as siro:
        link(siro, local)
        local.expire_user_tokens()
        raw = siro.with_raw_response.link_recording(
            local.organization.recording_ids[0],
            SiroId(siro.sync_engagement(wire.ENGAGEMENT).data.id),
            DataType.ENGAGEMENT,
        )
    assert (raw.status_code, raw.attempts) == (200, 2)
    assert (local.minted, local.requests["link_recording"]) == (2, 3)


def test_a_server_that_always_says_401_is_asked_twice(kind: str, local: LocalSiro) -> None:
    local.fail(Failure(status=401, operation="link_recording", times=100))
    with client(kind, local) as siro:
        for call in (1, 2):
            with pytest.raises(AuthenticationError, match=r"link_recording: status 401: .*in 2 attempts") as caught:
                link(siro, local)
            assert caught.value.attempts == 2
            assert (local.requests["link_recording"], local.minted) == (2 * call, 1 + call)


def test_a_token_that_was_given_is_not_tried_twice(kind: str, local: LocalSiro) -> None:
    local.fail(Failure(status=401, times=100))
    with client(kind, local, user_token="revoked", organization_token="revoked") as siro:
        for operation in wire.OPERATIONS:
            with pytest.raises(AuthenticationError, match="status 401") as caught:
                wire.call(siro, operation)
            assert caught.value.attempts == 1
    assert local.requests == {"sync_engagement": 1, "link_recording": 1}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"client_secret": "wrong"}, AuthenticationError),
        ({"client_id": "wrong"}, NotFoundError),
        ({"user_id": "wrong"}, NotFoundError),
    ],
)
def test_an_app_that_is_wrong_is_told_as_a_minting_that_failed(
    kind: str, local: LocalSiro, wrong: dict[str, str], error: type[Exception]
) -> None:
    with client(kind, local, user_token=app_of(local, **wrong)) as siro:
        with pytest.raises(error) as caught:
            link(siro, local)
        assert str(caught.value).startswith("mint_user_token: status 40")
    assert local.requests == {"sync_engagement": 1, "mint_user_token": 1}


def test_minting_without_an_organization_token_says_that_it_is_missing(kind: str, local: LocalSiro) -> None:
    with (
        client(kind, local, organization_token=None) as siro,
        pytest.raises(MissingTokenError, match="mint_user_token needs the organization token"),
    ):
        wire.call(siro, "link_recording")
    assert not local.requests


@pytest.mark.parametrize(
    ("failure", "error", "attempts"),
    [
        ({"status": 401}, AuthenticationError, 1),
        ({"status": 403}, PermissionDeniedError, 1),
        ({"status": 500}, ServerError, 1),
        ({"status": 503}, ServerError, 4),
        ({"status": 201, "body": "{}"}, InvalidResponseError, 1),
        ({"status": 204}, InvalidResponseError, 1),
        ({"no_answer": True}, SiroConnectionError, 4),
    ],
)
@pytest.mark.usefixtures("waits")
def test_a_minting_that_fails_is_told_once_as_what_it_is(
    kind: str, local: LocalSiro, failure: dict[str, Any], error: type[Exception], attempts: int
) -> None:
    local.fail(Failure(operation="mint_user_token", times=100, **failure))
    with client(kind, local) as siro, pytest.raises(error) as caught:
        wire.call(siro, "link_recording")
    told: Any = caught.value
    assert (told.operation, told.method, told.attempts) == ("mint_user_token", "POST", attempts)
    assert local.requests == {"mint_user_token": attempts}, "and nothing is linked"


@pytest.mark.usefixtures("waits")
def test_a_minting_is_repeated_like_any_request(kind: str, local: LocalSiro) -> None:
    local.fail(Failure(status=503, operation="mint_user_token", times=2))
    with client(kind, local) as siro:
        link(siro, local)
    assert (local.requests["mint_user_token"], local.requests["link_recording"]) == (3, 1)


def test_the_deadline_of_a_call_holds_over_its_minting(kind: str) -> None:
    with (
        RawServer(silent) as server,
        wire.client(kind, server.url, user_token=OAuthApp("c", "s", "u"), deadline=0.5) as siro,
        wire.within(0.5),
        pytest.raises(SiroTimeoutError),
    ):
        wire.call(siro, "link_recording")


def test_the_deadline_of_a_call_holds_while_another_thread_mints() -> None:
    minting, over = threading.Event(), threading.Event()

    def respond(_: httpx.Request) -> httpx.Response:
        minting.set()
        over.wait(30)
        return httpx.Response(500)

    app = OAuthApp("c", "s", "u")
    with Siro(organization_token="o", user_token=app, transport=httpx.MockTransport(respond), rate_limit=False) as siro:

        def fails() -> None:
            with pytest.raises(ServerError):
                wire.call(siro, "link_recording")

        with ThreadPoolExecutor(1) as threads:
            first = threads.submit(fails)
            minting.wait(30)
            with wire.within(0.2), pytest.raises(SiroTimeoutError, match="another thread was minting"):
                wire.call(siro.with_options(deadline=0.2), "link_recording")
            over.set()
            first.result(30)


def test_a_minting_asks_for_a_token_that_may_write(kind: str) -> None:
    asked: list[tuple[str, str, bytes, dict[str, str]]] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append((request.method, str(request.url), request.content, dict(request.headers)))
        if len(asked) == 1:
            return httpx.Response(201, json={"accessTokenId": "1", "accessToken": "minted"})
        return httpx.Response(200, json=wire.RESULTS["link_recording"])

    app = OAuthApp("a/b c", "secret", "user-1")
    with wire.client(kind, "http://127.0.0.1:1/x", transport=httpx.MockTransport(respond), user_token=app) as siro:
        wire.call(siro, "link_recording")
    (method, url, body, headers), (_, _, _, linked) = asked
    assert (method, url) == ("POST", "http://127.0.0.1:1/x/v1/core/oauth/apps/a%2Fb%20c/access-token")
    assert body == b'{"clientSecret":"secret","userId":"user-1","scope":"write"}'
    assert headers["authorization"] == f"Bearer {wire.TOKENS['organization_token']}"
    assert (linked["x-siro-auth-token"], "authorization" in linked) == ("minted", False)
    assert "x-siro-auth-token" not in headers
