"""A body is read to 10 MiB and no further, whatever its length is, or is said to be; memory stays bounded."""

import gzip
import tracemalloc
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from siro_client import InvalidResponseError, ServerError
from tests.facade.raw_server import RawServer, endless, whole
from tests.facade.wire import call, client, response

MIB = 1024 * 1024
HEAD = "HTTP/1.1 {} Reason\r\nContent-Type: application/json\r\n{}\r\n"
PART = b" " * 65536
CHUNK = b"10000\r\n" + PART + b"\r\n"
ENDLESS = {
    "50 MB": ("Content-Length: 50000000\r\n", PART),
    "a length beyond all numbers": (f"Content-Length: {'9' * 19}\r\n", PART),
    "no length": ("", PART),
    "chunks without end": ("Transfer-Encoding: chunked\r\n", CHUNK),
    "chunks without end, said to be short": ("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", CHUNK),
    "gzip without end": ("Content-Encoding: gzip\r\n", PART),
}


@contextmanager
def little_memory(mebibytes: int) -> Generator[None, None, None]:
    """What is done needs no more than so much at any time."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < mebibytes * MIB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("headers", "part"), ENDLESS.values(), ids=ENDLESS)
@pytest.mark.parametrize("status", [200, 500])
def test_a_body_that_is_too_long_is_read_no_further(
    kind: str, operation: str, headers: str, part: bytes, status: int
) -> None:
    error = InvalidResponseError if status == 200 else ServerError
    with (
        RawServer(endless(HEAD.format(status, headers).encode(), part)) as server,
        client(kind, server.url) as siro,
        little_memory(48),
    ):
        with pytest.raises(error, match="the body is longer than 10 MiB") as caught:
            call(siro, operation)
        assert server.accepted == 1
    assert len(caught.value.content) == 64 * 1024
    # What was on its way in buffers when the client closed.
    assert server.sent < 40 * MIB


def test_a_body_within_the_cap_is_read_whole(kind: str, operation: str) -> None:
    body = b'{"error": "' + b"x" * (9 * MIB) + b'"}'
    with RawServer(whole(response(500, body))) as server, client(kind, server.url) as siro:
        with pytest.raises(ServerError) as caught:
            call(siro, operation)
        assert caught.value.content == body
        assert len(str(caught.value)) < 500
        # The connection is good for another request, and is used for it.
        with pytest.raises(ServerError):
            call(siro, operation)
        assert server.accepted == 1


def test_what_would_expand_is_not_expanded(kind: str, operation: str) -> None:
    bomb = gzip.compress(bytes(100 * MIB))
    with (
        RawServer(whole(response(200, bomb, "Content-Encoding: gzip"))) as server,
        client(kind, server.url) as siro,
        little_memory(8),
        pytest.raises(InvalidResponseError, match=r"the body is encoded \(gzip\)"),
    ):
        call(siro, operation)


@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "in chunks"])
@pytest.mark.parametrize("over", [0, 1])
def test_the_cap_is_exact(kind: str, operation: str, *, chunked: bool, over: int) -> None:
    body = b" " * (10 * MIB + over)
    answer = (
        HEAD.format(500, "Transfer-Encoding: chunked\r\n").encode() + b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
        if chunked
        else response(500, body)
    )
    with RawServer(whole(answer)) as server, client(kind, server.url, max_retries=0) as siro:
        with pytest.raises(ServerError) as caught:
            call(siro, operation)
        assert ("the body is longer than 10 MiB" in str(caught.value)) == bool(over)
        assert len(caught.value.content) == (64 * 1024 if over else len(body))
