"""No secret in what is constructed, shown, copied or pickled."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from siro_client import Answer, AsyncSiro, OAuthApp, Siro
from siro_client._secret import Secret
from siro_client._tokens import prepare_mint
from tests.facade import wire
from tests.facade.sentinels import VAULT, is_told, leaks, minting

KINDS: list[Any] = [Siro, AsyncSiro]


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest) -> Any:
    return request.param


UNSENDABLE: list[Callable[[], Any]] = [
    lambda: VAULT.unsendable_token,
    lambda: VAULT.user_token + "\n",
    lambda: "\r\n" + VAULT.user_token,
    lambda: VAULT.user_token + "\x00",
    lambda: VAULT.user_token + "é",
    VAULT.user_token.encode,
    lambda: [VAULT.user_token],
    lambda: "",
    lambda: 5,
]


@pytest.mark.parametrize("token", UNSENDABLE)
def test_a_token_that_no_header_can_carry_is_refused_and_not_shown(make: Any, token: Callable[[], Any]) -> None:
    refused: list[tuple[str, Callable[[], object]]] = [
        ("the organization token", lambda: make(organization_token=token())),
        ("the user token", lambda: make(user_token=token())),
        ("the client secret", lambda: OAuthApp("client-1", token(), "user-1")),
    ]
    for name, construct in refused:
        with pytest.raises(ValueError, match=f"{name} .*: give it as Siro shows it, with nothing around it") as caught:
            construct()
        assert leaks(caught.value) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"integrations_url": "http://example.test"},
        {"recordings_url": "https://a:b"},
        {"recordings_url": "https://api.siro.ai?x=1"},
        {"timeout": object()},
        {"deadline": -1},
        {"max_retries": -1},
        {"product": "a\nb"},
        {"transport": 1, "http_client": 2},
        {"no_such_option": 1},
    ],
)
@pytest.mark.parametrize("source", ["token", "app", "callable"])
def test_an_option_that_is_wrong_is_told_without_the_tokens(make: Any, wrong: dict[str, Any], source: str) -> None:
    environ = Silent(
        SIRO_ORGANIZATION_TOKEN=VAULT.organization_token,
        SIRO_CLIENT_ID="client-1",
        SIRO_CLIENT_SECRET=VAULT.client_secret,
        SIRO_USER_ID="user-1",
    )
    constructed: list[Callable[[], object]] = [
        lambda: make(**VAULT.tokens(source), **wrong),
        lambda: make.from_env(environ, **wrong),
    ]
    for construct in constructed:
        with pytest.raises((ValueError, TypeError)) as caught:
            construct()
        assert leaks(caught.value) == []


class Silent(dict[str, str]):
    """An environment that the locals of a test may hold."""

    def __repr__(self) -> str:
        return "<environment>"


@pytest.mark.parametrize("variable", ["SIRO_ORGANIZATION_TOKEN", "SIRO_USER_TOKEN", "SIRO_CLIENT_SECRET"])
def test_an_environment_that_is_wrong_is_not_shown(make: Any, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIRO_CLIENT_ID", "client-1")
    monkeypatch.setenv("SIRO_USER_ID", "user-1")
    monkeypatch.setenv("SIRO_ORGANIZATION_TOKEN", VAULT.organization_token)
    monkeypatch.setenv(variable, VAULT.unsendable_token)
    with pytest.raises(ValueError, match="holds a blank") as caught:
        make.from_env()
    assert leaks(caught.value) == []


@pytest.mark.parametrize("source", ["token", "app", "callable"])
def test_nothing_shows_a_secret_and_no_client_is_copied_or_pickled(kind: str, source: str) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return minting(request) or httpx.Response(200, json=wire.RESULTS["link_recording"])

    transport = httpx.MockTransport(respond)
    with wire.client(kind, "http://127.0.0.1:1", transport=transport, **VAULT.tokens(source)) as siro:
        wire.call(siro, "link_recording")
        real = getattr(siro, "_siro", siro)
        shared = real._shared
        shown: list[Any] = [
            real,
            real.with_options(deadline=1),
            real.with_raw_response,
            shared,
            vars(shared),
            vars(real),
        ]
        shown += [shared.tokens, vars(shared.tokens), shared.wires]
        for each in shown:
            assert not is_told(f"{each!r} {each!s}")
        for each in (real, real.with_options(deadline=1), real.with_raw_response, shared.tokens):
            for copied in (pickle.dumps, copy.deepcopy):
                with pytest.raises(TypeError, match=r"is not pickled|cannot pickle") as caught:
                    copied(each)
                assert leaks(caught.value) == []


def test_an_app_and_a_secret_show_nothing_and_are_not_pickled() -> None:
    app, secret = VAULT.app(), Secret(VAULT.user_token)
    assert repr(app) == "OAuthApp(client_id='client-1', client_secret=<secret>, user_id='user-1')"
    assert (repr(secret), str(secret), f"{secret}") == ("<secret>",) * 3
    assert not is_told(repr(prepare_mint(app)))
    for each in (app, secret):
        for copied in (pickle.dumps, copy.deepcopy):
            with pytest.raises(TypeError, match="a secret is not pickled"):
                copied(each)


def test_an_answer_shows_neither_headers_nor_body() -> None:
    shown = Answer("sync_engagement", "PUT", "http://x.test", 400, {"a": VAULT.user_token}, b"", 1)
    assert not is_told(repr(shown))


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("", "s", "u"), "client_id"),
        ((".", "s", "u"), "client_id"),
        (("..", "s", "u"), "client_id"),
        (("c", "s", ""), "user_id"),
        (("c", "s", "\ud800"), "user_id"),
        (("c", "s", 5), "user_id"),
        ((None, "s", "u"), "client_id"),
    ],
)
def test_an_app_that_could_not_be_asked_for_is_refused(arguments: Any, name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must be the id as Siro shows it"):
        OAuthApp(*arguments)
