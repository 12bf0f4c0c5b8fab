"""A connection that fails, whenever it does, is an error of the tree or is made anew: never a wrong success."""

import json
from collections.abc import Callable

import pytest

from siro_client import SiroConnectionError
from tests.facade.conftest import Waits
from tests.facade.raw_server import Act, RawServer, close_at_once, cut, reset
from tests.facade.wire import RESULTS, call, client, is_success, ok, response

Made = Callable[[str], bytes]


def plain(operation: str) -> bytes:
    return response(200, json.dumps(RESULTS[operation]).encode(), "Connection: close")


def chunked(operation: str) -> bytes:
    body = json.dumps(RESULTS[operation]).encode()
    parts = [body[at : at + 100] for at in range(0, len(body), 100)]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in [*parts, b""])
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + chunks


@pytest.mark.parametrize("made", [plain, chunked])
def test_a_response_cut_at_any_byte_is_a_connection_error(kind: str, operation: str, made: Made) -> None:
    answer = made(operation)
    with (
        RawServer(*(cut(answer, size) for size in range(len(answer) + 1))) as server,
        client(kind, server.url, max_retries=0) as siro,
    ):
        for _ in range(len(answer)):
            with pytest.raises(SiroConnectionError) as caught:
                call(siro, operation)
            assert caught.value.attempts == 1
        assert is_success(operation, call(siro, operation))
        assert server.accepted == len(answer) + 1


@pytest.mark.parametrize("made", [plain, chunked])
def test_a_response_cut_at_any_byte_is_asked_for_again(kind: str, operation: str, made: Made, waits: Waits) -> None:
    answer = made(operation)
    script = [act for size in range(len(answer)) for act in (cut(answer, size), cut(answer, len(answer)))]
    with RawServer(*script) as server, client(kind, server.url, max_retries=1) as siro:
        for _ in range(len(answer)):
            got = call(siro.with_raw_response, operation)
            assert got.attempts == 2
            assert is_success(operation, got.data)
        assert server.accepted == 2 * len(answer) == 2 * len(waits)


@pytest.mark.parametrize(
    "act", [close_at_once, reset(), reset(b"HTTP/1.1 200 OK\r\n"), reset(b"HTTP/1.1 200 OK\r\n\r\n{")]
)
def test_a_connection_closed_or_reset_is_made_anew(kind: str, operation: str, act: Act, waits: Waits) -> None:
    with RawServer(act, act, close_at_once, cut(ok(operation), 1000)) as server:
        with client(kind, server.url, max_retries=1) as siro, pytest.raises(SiroConnectionError) as caught:
            call(siro, operation)
        assert (caught.value.attempts, server.accepted, len(waits)) == (2, 2, 1)
        with client(kind, server.url, max_retries=1) as siro:
            assert is_success(operation, call(siro, operation))


def test_a_refused_connection_is_an_error_that_says_so(kind: str, operation: str, waits: Waits) -> None:
    with RawServer(close_at_once) as server:
        pass
    with client(kind, server.url, max_retries=2) as siro, pytest.raises(SiroConnectionError) as caught:
        call(siro, operation)
    assert (caught.value.attempts, len(waits)) == (3, 2)
    assert f"{operation}: no response from {server.url}/" in str(caught.value)
    assert "in 3 attempts: ConnectError: " in str(caught.value)


def test_a_connection_that_died_while_it_was_idle_is_made_anew(kind: str, operation: str) -> None:
    with RawServer(cut(ok(operation), 1000)) as server, client(kind, server.url, max_retries=1) as siro:
        for _ in range(20):
            assert is_success(operation, call(siro, operation))
        assert server.accepted >= 20
