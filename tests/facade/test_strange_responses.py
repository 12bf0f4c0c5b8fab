"""What servers, gateways and proxies answer apart from what the pages have: each is the error that says so."""

import gzip
import json
from typing import Any

import httpx
import pytest

from siro_client import (
    InvalidResponseError,
    NotFoundError,
    RedirectError,
    ServerError,
    SiroConnectionError,
    SiroError,
    StatusError,
)
from tests.facade.raw_server import RawServer, cut, whole
from tests.facade.wire import RESULTS, call, client, is_success, response

HTML = b"<html><body><h1>Bad\r\nGateway</h1></body></html>"


def ended_by_the_close(beginning: str, body: bytes) -> bytes:
    return f"{beginning}\r\nContent-Type: application/json\r\n\r\n".encode() + body


def told(operation: str, kind: str, answer: bytes) -> SiroError:
    """The error that a response becomes after one attempt."""
    with RawServer(cut(answer, len(answer))) as server, client(kind, server.url) as siro:
        with pytest.raises(SiroError) as caught:
            call(siro, operation)
        assert server.accepted == 1
    return caught.value


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (response(200, HTML, content_type="text/html"), InvalidResponseError, "it comes as text/html"),
        (response(200, HTML), InvalidResponseError, "it is no JSON"),
        (response(200, b""), InvalidResponseError, "it is no JSON"),
        (response(200, b'{"data": {"id": "1"'), InvalidResponseError, "it is no JSON"),
        (response(200, b"[]"), InvalidResponseError, "must be an object, and is an array"),
        (response(200, b"null"), InvalidResponseError, "must be an object, and is null"),
        (response(200, b'{"data": []}'), InvalidResponseError, "data: must be an object, and is an array"),
        (response(200, b'{"data": NaN}'), InvalidResponseError, "NaN is no number of JSON"),
        (response(200, b'{"data": "\xff"}'), InvalidResponseError, "it is no JSON"),
        (response(200, b'{"data": ' + b"9" * 5000 + b"}"), InvalidResponseError, "it is no JSON"),
        (response(200, b"[" * 200_000), InvalidResponseError, "it is nested too deeply"),
        (response(200, b"[" * 200_000 + b"]" * 200_000), InvalidResponseError, "it is nested too deeply"),
        (response(200, b"{}", content_type=None), InvalidResponseError, "it comes as no media type"),
        (response(201, b"{}"), InvalidResponseError, "the pages document no success but 200"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", InvalidResponseError, "the pages document no success but 200"),
        (response(404, HTML, content_type="text/html"), NotFoundError, "status 404: <html>"),
        (response(500, b"[" * 200_000), ServerError, "status 500: [[[["),
        (response(520, HTML, content_type="text/html"), ServerError, "status 520: <html><body><h1>Bad Gateway"),
        (response(599), ServerError, "status 599: the body says nothing that is documented"),
        (response(999), StatusError, "status 999: "),
        (response(304), RedirectError, "status 304, which points to nowhere"),
    ],
)
def test_a_response_that_is_no_success(
    kind: str, operation: str, answer: bytes, error: type[SiroError], message: str
) -> None:
    caught = told(operation, kind, answer)
    assert type(caught) is error
    assert message in str(caught)
    assert "\n" not in str(caught)


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"<html></html>\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Nul: \x00\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: rot13\r\n\r\n{}",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Another: one\r\n" * 20_000 + b"\r\n",
        b"\r\n" * 100_000,
    ],
)
def test_what_is_not_http_is_a_connection_error(kind: str, operation: str, answer: bytes) -> None:
    with (
        RawServer(cut(answer, len(answer))) as server,
        client(kind, server.url, max_retries=0) as siro,
        pytest.raises(SiroConnectionError) as caught,
    ):
        call(siro, operation)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


def harmless(body: bytes) -> dict[str, bytes]:
    """Responses that hold the body in ways that HTTP and JSON allow."""
    chunks = b"1;extension=1\r\n{\r\n%x\r\n%b\r\n0\r\nX-Trailer: 1\r\n\r\n" % (len(body) - 1, body[1:])
    return {
        "HTTP/1.0": ended_by_the_close("HTTP/1.0 200 OK", body),
        "no length": ended_by_the_close("HTTP/1.1 200 OK", body),
        "no reason": ended_by_the_close("HTTP/1.1 200 ", body),
        "chunks with an extension and a trailer": ended_by_the_close(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", chunks
        ),
        "chunks beside a length": ended_by_the_close(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3", chunks
        ),
        "100 and 103 before it": (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + response(200, body)
        ),
        "a byte order mark": response(200, b"\xef\xbb\xbf" + body),
        "blanks around it": response(200, b"\r\n\t " + body + b" \r\n"),
        "a charset": response(200, body, content_type="Application/JSON; charset=utf-8"),
        "headers twice": response(200, body, "X-Request-Id: a", "X-Request-Id: b", "Set-Cookie: a=1", "Set-Cookie: b"),
        "the same length twice": response(200, body, f"Content-Length: {len(body)}"),
        "headers that are not ASCII": response(200, body, "X-Name: caf\xe9"),
        "headers that are not ASCII, and no length": ended_by_the_close("HTTP/1.0 200 OK\r\nX-Name: caf\u00e9", body),
        "identity": response(200, body, "Content-Encoding: identity"),
        "90 kB of headers": response(200, body, "X-Long: " + "x" * 90_000),
    }


@pytest.mark.parametrize("name", harmless(b"{}"))
def test_a_response_that_is_told_in_another_way_is_a_success(kind: str, operation: str, name: str) -> None:
    answer = harmless(json.dumps(RESULTS[operation], ensure_ascii=False).encode())[name]
    with RawServer(cut(answer, len(answer))) as server, client(kind, server.url, max_retries=0) as siro:
        assert is_success(operation, call(siro, operation))


def test_an_encoding_that_was_not_asked_for_is_not_decoded(kind: str, operation: str) -> None:
    packed = gzip.compress(json.dumps(RESULTS[operation]).encode())
    for status, error in ((200, InvalidResponseError), (500, ServerError)):
        caught = told(operation, kind, response(status, packed, "Content-Encoding: gzip"))
        assert type(caught) is error
        assert "the body is encoded (gzip), which was not asked for" in str(caught)
    # It says gzip, and is none.
    caught = told(operation, kind, response(200, b"{}", "Content-Encoding: gzip"))
    assert isinstance(caught, InvalidResponseError)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_says_where_it_points(kind: str, operation: str, status: int) -> None:
    with RawServer(whole(response(200, b"{}"))) as other:
        caught = told(operation, kind, response(status, b"", f"Location: {other.url}/elsewhere"))
        assert isinstance(caught, RedirectError)
        assert caught.location == f"{other.url}/elsewhere"
        assert caught.location in str(caught)
    assert other.accepted == 0


def test_a_redirect_to_the_same_server_is_not_followed_either(kind: str, operation: str) -> None:
    act = whole(response(307, b"", "Location: /v2"))
    with (
        RawServer(act) as server,
        client(kind, server.url) as siro,
        pytest.raises(RedirectError, match="points to /v2"),
    ):
        call(siro, operation)
    assert len(server.requests) == 1


@pytest.mark.parametrize("nowhere", ["http://[::/", "https://a:b", "//\xff\xfe", "x" * 70_000])
def test_a_redirect_to_what_is_no_url_says_where_it_points(kind: str, operation: str, nowhere: str) -> None:
    answer = response(302, b"", f"Location: {nowhere}", "Connection: close")
    with RawServer(whole(answer)) as server, client(kind, server.url) as siro:
        with pytest.raises(RedirectError, match="status 302, which points to") as caught:
            call(siro, operation)
        assert caught.value.location == nowhere
        assert caught.value.answer.headers["location"] == nowhere
        assert len(str(caught.value)) < 500
        assert len(server.requests) == 1


def test_a_redirect_to_nowhere_is_an_error_of_the_tree_for_a_client_of_the_callers(kind: str, operation: str) -> None:
    make: Any = {"sync": httpx.Client, "async": httpx.AsyncClient}[kind]
    answer = response(302, b"", "Location: http://[::/", "Connection: close")
    with (
        RawServer(whole(answer)) as server,
        client(kind, server.url, max_retries=0, http_client=make()) as siro,
        pytest.raises(SiroError, match="location"),
    ):
        call(siro, operation)


def test_cookies_of_one_host_do_not_reach_the_other(kind: str) -> None:
    answer = response(500, b"{}", "Set-Cookie: session=1; Domain=siro.ai", "Set-Cookie: here=1")
    with RawServer(whole(answer)) as integrations, RawServer(whole(answer)) as recordings:
        with client(kind, integrations.url, recordings_url=recordings.url.replace("127.0.0.1", "localhost")) as siro:
            for operation in RESULTS:
                with pytest.raises(ServerError):
                    call(siro, operation)
        assert b"cookie:" not in recordings.requests[0].lower()
