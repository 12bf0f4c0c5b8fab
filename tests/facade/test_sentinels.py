"""The search for secrets finds them wherever they may be told."""

import logging
from collections.abc import Callable

import httpx
import pytest

from tests.facade.sentinels import SPELLINGS, VAULT, echoing, leaks, logged


def as_text() -> None:
    raise ValueError(f"no such token: {VAULT.user_token}")


def as_note() -> None:
    error = ValueError("no such token")
    error.add_note(VAULT.client_secret)
    raise error


def as_local() -> None:
    token = VAULT.organization_token
    raise ValueError(f"a token of {len(token)} characters")


def as_hidden_context() -> None:
    try:
        as_local()
    except ValueError:
        raise KeyError("token") from None


def as_cause() -> None:
    try:
        as_text()
    except ValueError as error:
        raise RuntimeError("failed") from error


def as_request() -> None:
    httpx.Client(transport=httpx.MockTransport(lambda _: 1 / 0), headers={"a": "b"}).get("http://localhost")  # type: ignore[arg-type]


class BytesError(Exception):
    def __init__(self) -> None:
        super().__init__()

    def __reduce__(self) -> tuple[type[bytes], tuple[bytes]]:
        return bytes, (VAULT.minted_token.encode(),)


def as_pickle() -> None:
    raise BytesError


@pytest.mark.parametrize(
    ("plant", "places"),
    [
        (as_text, "repr str args traceback locals pickle"),
        (as_note, "vars traceback locals pickle"),
        (as_local, "locals"),
        (as_hidden_context, "locals"),
        (as_cause, "repr str args traceback locals pickle"),
        (as_request, "has a frame of httpx"),
        (as_pickle, "pickle"),
    ],
)
def test_a_secret_is_found_in_an_error(plant: Callable[[], None], places: str) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - each of its own kind
        plant()
    found = " ".join(leaks(caught.value))
    assert all(place in found for place in ([places] if "frame" in places else places.split()))


def test_an_error_without_secrets_has_no_leaks() -> None:
    with pytest.raises(ValueError, match="nothing") as caught:
        raise ValueError("nothing")
    assert leaks(caught.value) == []


def test_a_secret_is_found_in_a_log() -> None:
    def record(message: str, *args: object) -> logging.LogRecord:
        return logging.LogRecord("x", logging.DEBUG, "x.py", 1, message, args, None)

    assert logged([record("nothing"), record("token %s", 1)]) == []
    assert len(logged([record(VAULT.user_token), record("token %s", VAULT.client_secret)])) == 2


@pytest.mark.parametrize("place", ["text", "content-type", "x-request-id", "location", "retry-after"])
def test_what_echoes_says_the_secrets(place: str) -> None:
    response = echoing(400, [VAULT.user_token])
    told = response.text if place == "text" else response.headers[place]
    assert place == "content-type" or any(spelling(VAULT.user_token) in told for spelling in SPELLINGS)
    assert VAULT.user_token in response.json()["error"]
