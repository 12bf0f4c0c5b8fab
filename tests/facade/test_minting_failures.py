"""A minting that fails, or takes too long, is told as what it is."""

import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from siro_client import (
    AuthenticationError,
    InvalidResponseError,
    MissingTokenError,
    NotFoundError,
    OAuthApp,
    PermissionDeniedError,
    ServerError,
    Siro,
    SiroConnectionError,
    SiroTimeoutError,
)
from siro_client.testing import Failure, LocalSiro
from tests.facade import wire
from tests.facade.minting import app_of, client, link
from tests.facade.raw_server import RawServer, silent


@pytest.fixture
def local() -> Generator[LocalSiro]:
    with LocalSiro() as local:
        yield local


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
