"""No secret in what a failing call raises or logs, whatever comes back."""

import asyncio
import contextlib
import logging
import pickle
import ssl
from collections.abc import Callable, Generator, Iterator
from typing import Any

import httpx
import pytest

from siro_client import InvalidResponseError, SiroError, TransportError
from tests.facade import wire
from tests.facade.sentinels import VAULT, echoing, leaks, logged, minting

URL = "http://127.0.0.1:1"
STATUSES = [200, 201, 204, 302, 307, 400, 401, 403, 404, 409, 413, 415, 418, 422, 429, 500, 502, 503, 504, 520]
SOURCES = ["token", "app", "callable"]
Respond = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test does, no logger tells a secret, at any level."""
    caplog.set_level(logging.DEBUG)
    yield
    assert logged(caplog.get_records("call")) == []


@contextlib.contextmanager
def client(kind: str, respond: Respond, source: str = "token", **options: Any) -> Generator[Any]:
    transport = httpx.MockTransport(respond)
    with wire.client(kind, URL, transport=transport, max_retries=0, **VAULT.tokens(source), **options) as siro:
        yield siro


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("status", STATUSES)
def test_what_a_response_says_again_is_told_without_the_secrets(
    kind: str, operation: str, source: str, status: int
) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return minting(request) or echoing(status, VAULT.used(source, operation))

    with client(kind, respond, source) as siro, pytest.raises(SiroError) as caught:
        wire.call(siro, operation)
    assert leaks(caught.value) == []
    told: Any = caught.value
    assert told.content.count(b"<secret>") >= 4, "it is what was said that is told"
    assert "set-cookie" not in told.answer.headers, "whatever it is, it is a secret"
    pickle.dumps(told)


def errors(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for each in kind.__subclasses__():
        yield from errors(each)


@pytest.mark.parametrize("asked", ["call", "minting"])
@pytest.mark.parametrize(
    "error", [*errors(httpx.HTTPError), httpx.InvalidURL, OSError, RuntimeError, TimeoutError, ssl.SSLError]
)
def test_no_transport_error_tells_a_secret(kind: str, operation: str, asked: str, error: type[Exception]) -> None:
    source = "app" if asked == "minting" else "token"

    def respond(request: httpx.Request) -> httpx.Response:
        held: list[object] = [request.headers, VAULT.used(source, operation)]
        if asked == "minting" and operation == "link_recording":
            assert minting(request), "nothing is linked without a token"
            held.append(request.content)
        message = f"gone while {VAULT.used(source, 'sync_engagement')} was sent"
        if issubclass(error, httpx.HTTPStatusError):
            raise error(message, request=request, response=httpx.Response(500, request=request))
        raise error(message)

    with client(kind, respond, source) as siro, pytest.raises(TransportError, match=r"<secret>|the deadline") as caught:
        wire.call(siro, operation)
    assert leaks(caught.value) == []
    pickle.dumps(caught.value)
    minted = asked == "minting" and operation == "link_recording"
    assert caught.value.operation == ("mint_user_token" if minted else operation)


@pytest.mark.parametrize("status", [status for status in STATUSES if not 200 <= status < 300])
def test_a_minting_that_is_refused_tells_no_secret(kind: str, status: int) -> None:
    def respond(_: httpx.Request) -> httpx.Response:
        return echoing(status, VAULT.used("app", "sync_engagement"))

    with client(kind, respond, "app") as siro, pytest.raises(SiroError) as caught:
        wire.call(siro, "link_recording")
    assert leaks(caught.value) == []
    told: Any = caught.value
    assert (told.operation, told.status_code) == ("mint_user_token", status)


@pytest.mark.parametrize(
    "body",
    [
        lambda: {"accessToken": VAULT.unsendable_token},
        lambda: {"accessToken": VAULT.minted_token + "\n"},
        lambda: {"accessToken": [VAULT.minted_token]},
        lambda: {"token": VAULT.minted_token},
        lambda: {"data": {"accessToken": VAULT.minted_token}},
        lambda: [VAULT.minted_token],
        lambda: VAULT.minted_token,
    ],
)
def test_a_minting_whose_answer_is_none_does_not_show_the_token_in_it(kind: str, body: Callable[[], Any]) -> None:
    def respond(_: httpx.Request) -> httpx.Response:
        return httpx.Response(201, json=body(), headers={"x-token": VAULT.minted_token})

    with client(kind, respond, "app") as siro, pytest.raises(InvalidResponseError, match="accessToken") as caught:
        wire.call(siro, "link_recording")
    assert leaks(caught.value) == []
    assert (caught.value.operation, caught.value.status_code) == ("mint_user_token", 201)


def test_a_callable_that_returns_no_token_does_not_show_what_it_returned(kind: str) -> None:
    def respond(_: httpx.Request) -> httpx.Response:
        raise AssertionError("nothing may be sent")

    async def later() -> str:
        return VAULT.unsendable_token

    given: list[Callable[[], object]] = [
        lambda: VAULT.unsendable_token,
        lambda: VAULT.user_token + "\n",
        VAULT.user_token.encode,
        lambda: [VAULT.user_token],
        *([later] if kind == "async" else []),
    ]
    for each in given:
        arguments = {"organization_token": None, "user_token": each}
        with (
            wire.client(kind, URL, transport=httpx.MockTransport(respond), **arguments) as siro,
            pytest.raises(ValueError, match="the user token") as caught,
        ):
            wire.call(siro, "link_recording")
        assert leaks(caught.value) == []


@pytest.mark.parametrize("kind_of_error", [KeyboardInterrupt, SystemExit, asyncio.CancelledError])
def test_what_ends_the_program_tells_no_secret(kind: str, operation: str, kind_of_error: type[BaseException]) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        held = request.headers
        raise kind_of_error(f"after {len(held)} headers")

    with client(kind, respond) as siro, pytest.raises(kind_of_error) as caught:
        wire.call(siro, operation)
    assert leaks(caught.value) == []


def test_a_closed_client_and_a_missing_token_tell_no_secret(kind: str) -> None:
    with client(kind, lambda _: httpx.Response(500)) as siro:
        with pytest.raises(SiroError):
            wire.call(siro, "sync_engagement")
        siro.close() if kind == "sync" else siro.aclose()
        with pytest.raises(SiroError, match="closed") as caught:
            wire.call(siro, "sync_engagement")
        assert leaks(caught.value) == []
    with (
        wire.client(kind, URL, user_token=VAULT.app(), organization_token=None) as siro,
        pytest.raises(SiroError, match="mint_user_token needs the organization token") as caught,
    ):
        wire.call(siro, "link_recording")
    assert leaks(caught.value) == []
