"""Every error pickles: what comes back is of its class, says the same, and has the same attributes."""

import pickle

import pytest

from siro_client import (
    ClosedError,
    InvalidResponseError,
    LinkError,
    MissingTokenError,
    SiroConnectionError,
    SiroError,
    SiroTimeoutError,
)
from siro_client._answer import Answer
from siro_client._errors import status_error

URL = "https://siro.invalid/v1/core/recordings/r-1/link"


def answer(status: int, content: bytes = b'{"error": "no"}', problem: str | None = None) -> Answer:
    headers = {"x-request-id": "q-1", "retry-after": "7", "location": "https://elsewhere.invalid/"}
    return Answer("link_recording", "PUT", URL, status, headers, content, 2, problem)


ERRORS: list[SiroError] = [
    MissingTokenError("link_recording", "user token", "user_token", "SIRO_USER_TOKEN"),
    ClosedError("link_recording"),
    ClosedError("link_recording", "the event loop is closed"),
    SiroConnectionError("link_recording", "PUT", URL, "refused", 3),
    SiroTimeoutError("link_recording", "PUT", URL, "30 s are over", 1),
    *(status_error(answer(status)) for status in (302, 400, 401, 403, 404, 409, 413, 415, 418, 422, 429, 500, 503)),
    status_error(answer(502, problem="the body is longer than 10 MB")),
    InvalidResponseError(answer(200), "data is missing"),
    LinkError(answer(200, b'{"error": "locked", "details": {"by": "admin"}}')),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_pickles_whole(error: SiroError) -> None:
    twin = pickle.loads(pickle.dumps(error))
    assert type(twin) is type(error)
    assert (str(twin), twin.args) == (str(error), error.args)
    assert vars(twin) == vars(error)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_the_arguments_of_an_error_are_those_that_make_it_anew(error: SiroError) -> None:
    assert str(type(error)(*error.args)) == str(error)
