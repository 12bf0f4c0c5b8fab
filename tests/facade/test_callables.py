"""A callable that returns the user token: asked for each request, and its failures are its own."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from siro_client import AuthenticationError, Siro
from tests.facade import wire

URL = "http://127.0.0.1:1"


def always(status: int, seen: list[str]) -> httpx.MockTransport:
    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["x-siro-auth-token"])
        return httpx.Response(status, json=wire.RESULTS["link_recording"])

    return httpx.MockTransport(respond)


def numbered() -> Callable[[], str]:
    numbers = iter(range(1, 10_000))
    return lambda: f"token-{next(numbers):05}"


Form = Callable[[Callable[[], str]], Callable[[], Any]]


def plain(source: Callable[[], str]) -> Callable[[], Any]:
    return source


def awaited(source: Callable[[], str]) -> Callable[[], Any]:
    async def later() -> str:
        await asyncio.sleep(0)
        return source()

    return later


@pytest.fixture(params=[("sync", plain), ("async", plain), ("async", awaited)], ids=["sync", "async", "awaited"])
def way(request: pytest.FixtureRequest) -> tuple[str, Form]:
    taken: tuple[str, Form] = request.param
    return taken


@pytest.fixture
def kind(way: tuple[str, Form]) -> str:
    return way[0]


@pytest.fixture
def form(way: tuple[str, Form]) -> Form:
    return way[1]


def test_it_is_asked_for_each_request_and_for_no_other_operation(kind: str, form: Form) -> None:
    seen: list[str] = []
    with wire.client(kind, URL, transport=always(200, seen), user_token=form(numbered())) as siro:
        wire.call(siro, "link_recording")
        wire.call(siro, "link_recording")
    assert seen == ["token-00001", "token-00002"]


@pytest.mark.usefixtures("waits")
def test_it_is_asked_again_for_each_attempt(kind: str, form: Form) -> None:
    seen: list[str] = []
    with (
        wire.client(kind, URL, transport=always(503, seen), user_token=form(numbered()), max_retries=2) as siro,
        pytest.raises(Exception, match="503"),
    ):
        wire.call(siro, "link_recording")
    assert seen == ["token-00001", "token-00002", "token-00003"]


def test_after_a_401_it_is_asked_for_another_token_once(kind: str, form: Form) -> None:
    seen: list[str] = []
    with (
        wire.client(kind, URL, transport=always(401, seen), user_token=form(numbered())) as siro,
        pytest.raises(AuthenticationError),
    ):
        wire.call(siro, "link_recording")
    assert seen == ["token-00001", "token-00002"]


def test_a_token_that_was_refused_is_not_sent_again(kind: str, form: Form) -> None:
    seen: list[str] = []
    with (
        wire.client(kind, URL, transport=always(401, seen), user_token=form(lambda: "the-same-token")) as siro,
        pytest.raises(AuthenticationError),
    ):
        wire.call(siro, "link_recording")
    assert seen == ["the-same-token"]


class VaultClosedError(Exception):
    pass


@pytest.mark.parametrize("error", [VaultClosedError, KeyError, TimeoutError, httpx.ConnectError])
def test_what_it_raises_comes_out_as_it_is(kind: str, form: Form, error: type[Exception]) -> None:
    raised = error("the vault is closed")

    def fails() -> str:
        raise raised

    seen: list[str] = []
    with (
        wire.client(kind, URL, transport=always(200, seen), user_token=form(fails)) as siro,
        pytest.raises(error) as caught,
    ):
        wire.call(siro, "link_recording")
    assert caught.value is raised
    assert (caught.value.__cause__, caught.value.__context__, seen) == (None, None, [])
    assert "in fails" in "".join(traceback.format_exception(caught.value)), "it says where"


@pytest.mark.parametrize(
    ("token", "message"),
    [
        (None, "the user token must be a string, and the callable returned NoneType"),
        (b"token", "the user token must be a string, and the callable returned bytes"),
        ("", "the user token is empty"),
        ("a b", "the user token holds a blank"),
        ("token\r\nX-Evil: 1", "the user token holds a blank, a line break"),
    ],
)
def test_what_is_no_token_is_refused_and_nothing_is_sent(kind: str, form: Form, token: Any, message: str) -> None:
    seen: list[str] = []
    with (
        wire.client(kind, URL, transport=always(200, seen), user_token=form(lambda: token)) as siro,
        pytest.raises(ValueError, match=message),
    ):
        wire.call(siro, "link_recording")
    assert seen == []


def test_many_threads_may_ask_at_once() -> None:
    seen: list[str] = []
    source = numbered()
    with (
        Siro(user_token=source, transport=always(200, seen), rate_limit=False) as siro,
        ThreadPoolExecutor(8) as threads,
    ):

        def linked(_: int) -> object:
            return wire.call(siro, "link_recording")

        assert len(list(threads.map(linked, range(400)))) == 400
    assert len(set(seen)) == 400


def test_a_siro_refuses_one_that_is_asynchronous() -> None:
    async def later() -> str:
        return "token"

    def given() -> Awaitable[str]:
        made = later()
        made.close()
        return made

    with (
        Siro(user_token=given, transport=always(200, [])) as siro,
        pytest.raises(ValueError, match="must be a string, and the callable returned coroutine"),
    ):
        wire.call(siro, "link_recording")
