"""No call outlasts its deadline, however slowly a server answers, and each wait has a bound of its own."""

import functools
import itertools
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import httpcore
import httpx
import pytest
from siro_openapi.models import Engagement

from siro_client import SiroTimeoutError
from siro_client._bounded import CURRENT, bound
from tests.facade.raw_server import Act, RawServer, cut, drip, reluctant, silent, whole
from tests.facade.wire import RESULTS, call, client, is_success, ok, response, within

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def letters() -> Iterator[bytes]:
    return itertools.repeat(b"x")


SLOW: dict[str, Act] = {
    "silence": silent,
    "a status line that drips": drip(b"", letters, 0.05),
    "headers that drip": drip(HEAD + b"X-Long: ", letters, 0.05),
    "headers without end": drip(HEAD, lambda: itertools.repeat(b"X-Another: one\r\n"), 0.05),
    "a body that drips": drip(HEAD + b"Content-Length: 1000\r\n\r\n", letters, 0.05),
    "chunks that drip": drip(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n", lambda: itertools.repeat(b"1\r\nx\r\n"), 0.05
    ),
    "a body without an end that drips": drip(HEAD + b"\r\n", letters, 0.05),
    "one 100-continue after the other": drip(b"", lambda: itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n"), 0.05),
}


@pytest.mark.parametrize("act", SLOW.values(), ids=SLOW)
@pytest.mark.parametrize("max_retries", [0, 3])
def test_a_call_ends_at_its_deadline(kind: str, operation: str, act: Act, max_retries: int) -> None:
    with (
        RawServer(act) as server,
        client(kind, server.url, deadline=0.4, max_retries=max_retries) as siro,
        within(0.4),
        pytest.raises(SiroTimeoutError, match="in 1 attempt") as caught,
    ):
        call(siro, operation)
    assert caught.value.attempts == 1


def test_the_deadline_is_of_all_attempts(kind: str, operation: str) -> None:
    with (
        RawServer(silent) as server,
        client(kind, server.url, timeout=0.05, deadline=1.5, max_retries=100) as siro,
        within(1.5),
        pytest.raises(SiroTimeoutError) as caught,
    ):
        call(siro, operation)
    assert 1 < caught.value.attempts < 10
    assert server.accepted == caught.value.attempts


def test_a_request_that_is_taken_slowly_ends_at_the_deadline(kind: str) -> None:
    large = Engagement(external_id="e-1", content="x" * 30_000_000)
    with (
        RawServer(reluctant(100_000, 0.05)) as server,
        client(kind, server.url, deadline=1.0, max_retries=0) as siro,
        within(1.0),
        pytest.raises(SiroTimeoutError),
    ):
        siro.sync_engagement(large)


def test_a_read_has_a_timeout_of_its_own(kind: str, operation: str) -> None:
    with RawServer(silent) as server, client(kind, server.url, timeout=0.1, max_retries=0) as siro:
        with within(0.1), pytest.raises(SiroTimeoutError, match="ReadTimeout"):
            call(siro, operation)
        with within(0.1), pytest.raises(SiroTimeoutError, match="ReadTimeout"):
            call(siro.with_options(deadline=None), operation)


def test_a_slow_body_is_read_where_each_part_comes_in_time(kind: str, operation: str) -> None:
    body = json.dumps(RESULTS[operation]).encode()
    parts = [body[at : at + 20] for at in range(0, len(body), 20)]
    act = drip(HEAD + b"Content-Length: %d\r\n\r\n" % len(body), parts, 0.05)
    with RawServer(act) as server, client(kind, server.url, timeout=5.0, deadline=30.0, max_retries=0) as siro:
        assert is_success(operation, call(siro, operation))


def test_after_a_timeout_the_request_is_sent_again_over_a_new_connection(
    kind: str, operation: str, waits: list[float]
) -> None:
    late = drip(b"", [ok(operation)], 1.0)
    with RawServer(late, whole(ok(operation))) as server, client(kind, server.url, timeout=0.2) as siro:
        got = call(siro.with_raw_response, operation)
        assert (got.attempts, server.accepted, len(waits)) == (2, 2, 1)
        assert is_success(operation, got.data)


def test_options_for_one_call_leave_the_client_as_it_was(kind: str, operation: str) -> None:
    late = drip(b"", [ok(operation)], 0.5)
    with RawServer(late, late, late) as server, client(kind, server.url, timeout=10.0, max_retries=0) as siro:
        for hasty in (siro.with_options(timeout=0.1), siro.with_options(deadline=0.1)):
            with pytest.raises(SiroTimeoutError):
                call(hasty, operation)
        assert is_success(operation, call(siro, operation))


def test_a_timeout_may_be_given_part_by_part(kind: str, operation: str) -> None:
    parts = httpx.Timeout(10.0, read=0.1)
    with (
        RawServer(silent) as server,
        client(kind, server.url, timeout=parts, max_retries=0) as siro,
        within(0.1),
        pytest.raises(SiroTimeoutError, match="ReadTimeout"),
    ):
        call(siro, operation)


def test_an_error_that_came_in_time_is_told_rather_than_the_deadline(kind: str, operation: str) -> None:
    failing = whole(response(503, b'{"error": "busy"}', "Retry-After: 30"))
    with (
        RawServer(failing, cut(b"", 0)) as server,
        client(kind, server.url, deadline=5.0) as siro,
        within(0),
        pytest.raises(Exception, match="status 503: busy"),
    ):
        call(siro, operation)
    assert server.accepted == 1


def test_a_handshake_a_unix_socket_and_each_piece_that_is_written_are_bounded_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # No server here speaks TLS; what httpcore would call is called as it does.
    bounds: list[float | None] = []
    written: list[tuple[int, float | None]] = []

    class Inner(httpcore.NetworkBackend):
        def start_tls(self, context: str, server_hostname: str, timeout: float | None) -> str:
            bounds.append(timeout)
            return f"{context} with {server_hostname}"

        def connect_unix_socket(self, path: str, timeout: float | None = None, *_: Any, **__: Any) -> Any:
            bounds.append(timeout)
            return path

        def write(self, buffer: bytes, timeout: float | None) -> None:
            written.append((len(buffer), timeout))

    with httpx.Client() as http:
        pool = cast("Any", http)._transport._pool
        monkeypatch.setattr(pool, "_network_backend", Inner())
        bound(http)
        backend = pool._network_backend
        for left in (None, 2.0, 30.0):
            bounded = None if left is None else SimpleNamespace(remaining=functools.partial(float, left))
            monkeypatch.setattr(CURRENT, "call", bounded)
            stream = backend.start_tls("a context", server_hostname="a.example", timeout=5.0)
            assert type(stream) is type(backend), "what comes of it is bounded, too"
            assert stream.encode() == b"a context with a.example"
            backend.connect_unix_socket("/a", 5.0)
            backend.write(bytes(64 * 1024 + 1), 5.0)
    assert bounds == [5.0, 5.0, 2.0, 2.0, 5.0, 5.0]
    assert written == [(size, bounded) for bounded in (5.0, 2.0, 5.0) for size in (64 * 1024, 1)]
