"""What is repeated, how often, and after how long; what is not repeated is sent once."""

import email.utils
import time

import pytest
from httpx_retries import Retry

from siro_client import (
    InvalidResponseError,
    LinkError,
    RateLimitError,
    ServerError,
    SiroConnectionError,
    SiroError,
    StatusError,
)
from tests.facade.conftest import Waits
from tests.facade.raw_server import RawServer, close_at_once, cut, whole
from tests.facade.wire import call, client, is_success, ok, response, within

REPEATED = (429, 502, 503, 504)


def failing(status: int, *headers: str) -> bytes:
    return response(status, b'{"error": "later"}', *headers)


@pytest.mark.parametrize("status", REPEATED)
def test_a_failure_that_may_pass_is_repeated_until_it_has(kind: str, operation: str, status: int, waits: Waits) -> None:
    act = whole(failing(status), failing(status), failing(status), ok(operation))
    with RawServer(act) as server, client(kind, server.url) as siro:
        got = call(siro.with_raw_response, operation)
        assert is_success(operation, got.data)
        assert (got.attempts, len(server.requests), server.accepted, len(waits)) == (4, 4, 1, 3)
        assert len(set(server.requests)) == 1, "each attempt is the same request"


@pytest.mark.parametrize("status", REPEATED)
def test_a_failure_that_stays_is_the_error_of_its_last_response(
    kind: str, operation: str, status: int, waits: Waits
) -> None:
    act = whole(failing(status), failing(status), response(status, b'{"error": "still"}', "X-Request-Id: third"))
    with RawServer(act) as server, client(kind, server.url, max_retries=2) as siro:
        with pytest.raises(RateLimitError if status == 429 else ServerError, match="still") as caught:
            call(siro, operation)
        assert (caught.value.attempts, caught.value.request_id) == (3, "third")
        assert "(in 3 attempts)" in str(caught.value)
        assert (len(server.requests), len(waits)) == (3, 2)


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 408, 409, 413, 422, 425, 500, 501, 505, 520, 599])
def test_any_other_status_is_final(kind: str, operation: str, status: int, waits: Waits) -> None:
    with RawServer(whole(failing(status), ok(operation))) as server, client(kind, server.url) as siro:
        with pytest.raises(StatusError) as caught:
            call(siro, operation)
        assert (caught.value.status_code, caught.value.attempts, len(server.requests)) == (status, 1, 1)
    assert waits == []


@pytest.mark.parametrize("body", [b"{}", b"[]", b"", b"<html>", b'{"data": {}}'])
def test_a_success_that_the_spec_does_not_allow_is_final(kind: str, operation: str, body: bytes, waits: Waits) -> None:
    with RawServer(whole(response(200, body), ok(operation))) as server, client(kind, server.url) as siro:
        with pytest.raises(InvalidResponseError) as caught:
            call(siro, operation)
        assert (caught.value.attempts, caught.value.content, len(server.requests)) == (1, body, 1)
    assert waits == []


def test_a_link_that_failed_with_status_200_is_final(kind: str, waits: Waits) -> None:
    with RawServer(whole(response(200, b'{"error": "no"}'))) as server, client(kind, server.url) as siro:
        with pytest.raises(LinkError):
            call(siro, "link_recording")
        assert len(server.requests) == 1
    assert waits == []


@pytest.mark.parametrize("status", REPEATED)
def test_no_retries_means_one_attempt(kind: str, operation: str, status: int, waits: Waits) -> None:
    with RawServer(whole(failing(status), ok(operation))) as server, client(kind, server.url, max_retries=0) as siro:
        with pytest.raises(StatusError) as caught:
            call(siro, operation)
        assert (caught.value.attempts, len(server.requests)) == (1, 1)
        # For one call, there may be more.
        assert is_success(operation, call(siro.with_options(max_retries=1), operation))
    assert waits == []


def test_failures_of_all_kinds_count_together(kind: str, operation: str, waits: Waits) -> None:
    script = (close_at_once, cut(ok(operation), 30), whole(failing(503)), close_at_once)
    with RawServer(*script, whole(ok(operation))) as server, client(kind, server.url, max_retries=2) as siro:
        with pytest.raises(ServerError, match="later") as caught:
            call(siro, operation)
        assert (caught.value.attempts, server.accepted, len(waits)) == (3, 3, 2)


def test_waits_double_and_vary(kind: str, operation: str, waits: Waits) -> None:
    every: list[Waits] = []
    with RawServer(whole(failing(503))) as server, client(kind, server.url, max_retries=9, deadline=None) as siro:
        for _ in range(10):
            with pytest.raises(ServerError):
                call(siro, operation)
            every.append(waits.copy())
            waits.clear()
    longest = [min(0.5 * 2**number, 60.0) for number in range(9)]
    for seconds in every:
        assert len(seconds) == 9
        assert all(most / 2 <= each <= most for each, most in zip(seconds, longest, strict=True))
    # Ten clients that failed together do not come back together.
    assert all(len(set(seconds)) > 1 for seconds in list(zip(*every, strict=True))[:7])


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("7", 7, 7),
        (" 7 ", 7, 7),
        ("60", 60, 60),
        ("3600", 60, 60),
        ("9" * 400, 60, 60),
        ("0", 0.25, 0.5),
        ("-5", 0.25, 0.5),
        ("1.5", 0.25, 0.5),
        ("soon", 0.25, 0.5),
        ("", 0.25, 0.5),
        ("\xb2", 0.25, 0.5),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.25, 0.5),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 60, 60),
        ("Fri, 99 Dec 2099 99:99:99 GMT", 0.25, 0.5),
        ("Fri, 31 Dec 99999999999 23:59:59 GMT", 0.25, 60),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_retry_waits_as_retry_after_says(  # noqa: PLR0913, PLR0917 - each is a dimension
    kind: str, operation: str, status: int, header: str, least: float, most: float, waits: Waits
) -> None:
    act = whole(failing(status, f"Retry-After: {header}"), ok(operation))
    with RawServer(act) as server, client(kind, server.url) as siro:
        assert is_success(operation, call(siro, operation))
    assert len(waits) == 1
    assert least <= waits[0] <= most


def test_retry_after_may_be_a_date(kind: str, operation: str, waits: Waits) -> None:
    later = email.utils.formatdate(time.time() + 30, usegmt=True)
    act = whole(failing(429, f"Retry-After: {later}"), ok(operation))
    with RawServer(act) as server, client(kind, server.url) as siro:
        assert is_success(operation, call(siro, operation))
    assert len(waits) == 1
    # Less what the test has taken until then.
    assert 10 < waits[0] <= 30


@pytest.mark.parametrize(("status", "error"), [(429, RateLimitError), (503, ServerError)])
def test_a_wait_beyond_the_deadline_is_not_begun(
    kind: str, operation: str, status: int, error: type[SiroError], waits: Waits
) -> None:
    act = whole(failing(status, "Retry-After: 40", "X-Request-Id: first"), ok(operation))
    with RawServer(act) as server, client(kind, server.url, deadline=20.0) as siro:
        with within(0), pytest.raises(error, match="later") as caught:
            call(siro, operation)
        assert isinstance(caught.value, StatusError)
        assert (caught.value.attempts, caught.value.request_id, len(server.requests)) == (1, "first", 1)
        if isinstance(caught.value, RateLimitError):
            assert caught.value.retry_after == "40"
    assert waits == []


def test_a_connection_that_failed_is_told_where_the_next_wait_is_beyond_the_deadline(
    kind: str, operation: str, waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    def backoff_strategy(_: Retry) -> float:
        return 40.0

    monkeypatch.setattr(Retry, "backoff_strategy", backoff_strategy)
    with (
        RawServer(close_at_once) as server,
        client(kind, server.url, deadline=20.0) as siro,
        within(0),
        pytest.raises(SiroConnectionError, match=r"in 1 attempt: \w*Error"),
    ):
        call(siro, operation)
    assert waits == []
