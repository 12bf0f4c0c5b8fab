"""Failures as httpx meets them, in-process and over HTTP, sync and async."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from siro_client.testing import Failure, LocalSiro, serve

from .calls import SYNC_URL, Caller, dump

HEADERS = {"authorization": "Bearer local-organization-token"}
Put = Callable[..., httpx.Response]


def put_sync(siro: LocalSiro, url: str | None) -> Put:
    def put(external_id: str = "e", read: float | None = 30) -> httpx.Response:
        transport = None if url else siro.transport
        with httpx.Client(transport=transport, base_url=url or "http://local") as client:
            timeout = httpx.Timeout(30, read=read)
            return client.put(SYNC_URL, headers=HEADERS, json={"externalId": external_id}, timeout=timeout)

    return put


def put_async(siro: LocalSiro, url: str | None) -> Put:
    async def put(external_id: str, read: float | None) -> httpx.Response:
        transport = None if url else siro.transport
        async with httpx.AsyncClient(transport=transport, base_url=url or "http://local") as client:
            timeout = httpx.Timeout(30, read=read)
            return await client.put(SYNC_URL, headers=HEADERS, json={"externalId": external_id}, timeout=timeout)

    def run(external_id: str = "e", read: float | None = 30) -> httpx.Response:
        return asyncio.run(put(external_id, read))

    return run


@pytest.fixture(params=["in-process", "served"])
def url(siro: LocalSiro, request: pytest.FixtureRequest) -> Generator[str | None]:
    if request.param == "in-process":
        yield None
    else:
        with serve(siro) as root_url:
            yield root_url


@pytest.fixture(params=[put_sync, put_async])
def put(siro: LocalSiro, url: str | None, request: pytest.FixtureRequest) -> Put:
    made: Put = request.param(siro, url)
    return made


@pytest.fixture(autouse=True)
def quiet(capfd: pytest.CaptureFixture[str]) -> Generator[None]:
    yield
    assert capfd.readouterr() == ("", "")


def engagements(siro: LocalSiro) -> int:
    return sum("INSERT" in line and "'ENGAGEMENT'" in line for line in dump(siro))


def test_a_status_with_headers_comes_as_often_as_planned(siro: LocalSiro, put: Put) -> None:
    planned = siro.fail(Failure(status=429, headers={"Retry-After": "7"}, times=3))
    answers = [put() for _ in range(4)]
    assert [answer.status_code for answer in answers] == [429, 429, 429, 200]
    assert answers[0].headers["retry-after"] == "7"
    assert answers[0].headers["content-type"].startswith("text/plain")
    assert (planned.left, siro.requests) == (0, {"sync_engagement": 4})


@pytest.mark.parametrize("status", [302, 400, 401, 409, 422, 429, 500, 502, 503, 504, 520])
def test_a_refused_request_has_no_effect(siro: LocalSiro, put: Put, status: int) -> None:
    siro.fail(Failure(status=status))
    assert put().status_code == status
    assert engagements(siro) == 0


@pytest.mark.parametrize(
    ("failure", "content", "content_type"),
    [
        (Failure(status=200, body='{"data": {"id"'), b'{"data": {"id"', "application/json"),
        (Failure(status=200, body="[]"), b"[]", "application/json"),
        (Failure(status=200, body="<p>", headers={"Content-Type": "text/html"}), b"<p>", "text/html"),
        (Failure(status=200, body=b"\xff\x00"), b"\xff\x00", "application/json"),
        (Failure(status=200), b"", "application/json"),
        (Failure(status=204), b"", None),
    ],
)
def test_a_malformed_success_has_its_effect(
    siro: LocalSiro, put: Put, failure: Failure, content: bytes, content_type: str | None
) -> None:
    siro.fail(failure)
    answer = put()
    assert (answer.status_code, answer.content) == (failure.status, content)
    assert answer.headers.get("content-type") == content_type
    assert engagements(siro) == 1


def test_no_answer_comes_and_the_request_had_its_effect(siro: LocalSiro, put: Put) -> None:
    siro.fail(Failure(no_answer=True))
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        put()
    assert engagements(siro) == 1
    assert put().status_code == 200
    assert engagements(siro) == 1


def test_no_answer_comes_and_the_request_had_none(siro: LocalSiro, put: Put) -> None:
    siro.fail(Failure(status=503, no_answer=True))
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        put()
    assert engagements(siro) == 0


@pytest.mark.parametrize("cut_after", [0, 1, 20, 1_000_000])
def test_the_true_answer_breaks_off(siro: LocalSiro, put: Put, cut_after: int) -> None:
    siro.fail(Failure(cut_after=cut_after))
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        put()
    assert engagements(siro) == 1
    assert put().status_code == 200


def test_what_comes_before_the_cut_can_be_read(siro: LocalSiro, url: str | None) -> None:
    siro.fail(Failure(status=503, body="x" * 100_000, cut_after=70_000))
    received: list[bytes] = []
    transport = None if url else siro.transport
    with (
        httpx.Client(transport=transport, base_url=url or "http://local") as client,
        client.stream("PUT", SYNC_URL, headers=HEADERS, json={}) as response,
    ):
        assert (response.status_code, response.headers["content-length"]) == (503, "100000")
        with pytest.raises(httpx.RemoteProtocolError):
            received.extend(response.iter_bytes())
    assert b"".join(received) == b"x" * 70_000


def test_a_delay_is_waited_for(siro: LocalSiro, put: Put) -> None:
    siro.fail(Failure(delay=0.2))
    started = time.monotonic()
    assert put().json()["data"]["externalId"] == "e"
    assert time.monotonic() - started >= 0.19


def test_a_delay_beyond_the_timeout_is_a_timeout_after_the_effect(siro: LocalSiro, put: Put) -> None:
    siro.fail(Failure(delay=3600))
    started = time.monotonic()
    with pytest.raises(httpx.ReadTimeout):
        put(read=0.3)
    assert time.monotonic() - started < 30
    assert engagements(siro) == 1


def test_a_delay_may_end_in_a_failure(siro: LocalSiro, put: Put) -> None:
    siro.fail(Failure(status=503, delay=0.1))
    siro.fail(Failure(delay=0.1, no_answer=True))
    assert put(read=None).status_code == 503
    with pytest.raises(httpx.RemoteProtocolError):
        put()


def test_failures_come_in_the_order_of_their_planning(siro: LocalSiro, put: Put) -> None:
    first = siro.fail(Failure(status=503, times=2))
    second = siro.fail(Failure(status=500))
    assert (first.left, second.left) == (2, 1)
    assert [put().status_code for _ in range(4)] == [503, 503, 500, 200]


def test_a_delay_does_not_hold_up_others_in_the_loop(siro: LocalSiro) -> None:
    async def both() -> list[str]:
        ended: list[str] = []

        async def put(external_id: str) -> None:
            await client.put(SYNC_URL, headers=HEADERS, json={"externalId": external_id})
            ended.append(external_id)

        async with httpx.AsyncClient(transport=siro.transport, base_url="http://local") as client:
            slow = asyncio.create_task(put("slow"))
            await asyncio.sleep(0)
            await put("fast")
            await slow
        return ended

    siro.fail(Failure(delay=0.5))
    assert asyncio.run(both()) == ["fast", "slow"]


@pytest.mark.parametrize("failure", [Failure(no_answer=True), Failure(cut_after=3)])
def test_httpx_own_asgi_transport_meets_a_cut_too(siro: LocalSiro, failure: Failure) -> None:
    async def put() -> None:
        transport = httpx.ASGITransport(siro.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://local") as client:
            await client.put(SYNC_URL, headers=HEADERS, json={"externalId": "e"})

    siro.fail(failure)
    with pytest.raises(httpx.RemoteProtocolError):
        asyncio.run(put())


def test_an_operation_fails_alone(siro: LocalSiro, ours: Caller) -> None:
    planned = siro.fail(Failure(status=503, operation="link_recording"))
    ours.synced("e")
    assert planned.left == 1
    assert ours.link_to("recording-1", "ENGAGEMENT", "e").status_code == 503
    assert ours.link_to("recording-1", "ENGAGEMENT", "e").status_code == 200
    assert siro.requests == {"sync_engagement": 1, "link_recording": 2}


def test_minting_fails_too(siro: LocalSiro, ours: Caller) -> None:
    siro.fail(Failure(status=401, operation="mint_user_token"))
    ours.synced("e")
    url = "/api-externalApi/v1/core/oauth/apps/local-client/access-token"
    body = {"clientSecret": "local-client-secret", "userId": "local-user", "scope": "write"}
    answers = [ours.client.post(url, headers=ours.sync_headers, json=body).status_code for _ in range(2)]
    assert (answers, siro.minted, siro.requests["mint_user_token"]) == ([401, 201], 1, 2)


def test_what_is_no_operation_neither_fails_nor_counts(siro: LocalSiro, ours: Caller) -> None:
    planned = siro.fail(Failure(status=503))
    assert ours.client.put("/unrouted").status_code == 404
    assert ours.client.get(SYNC_URL).status_code == 405
    assert (planned.left, siro.requests) == (1, {})


def test_reset_forgets_what_was_planned_and_asked(siro: LocalSiro, ours: Caller) -> None:
    ours.synced("e")
    siro.fail(Failure(status=503, times=5))
    siro.reset()
    assert siro.requests == {}
    ours.synced("e")


def test_the_count_is_a_copy(siro: LocalSiro) -> None:
    siro.requests["sync_engagement"] += 1
    assert siro.requests["sync_engagement"] == 0


def test_threads_share_a_plan(siro: LocalSiro, ours: Caller) -> None:
    def put(_: int) -> int:
        return ours.sync({"externalId": "e"}).status_code

    planned = siro.fail(Failure(status=503, times=40))
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(put, range(100)))
    assert (answers.count(503), answers.count(200), planned.left) == (40, 60, 0)
    assert siro.requests["sync_engagement"] == 100


def test_a_delay_does_not_keep_the_server_from_stopping(siro: LocalSiro) -> None:
    siro.fail(Failure(delay=3600))
    started = time.monotonic()
    with ThreadPoolExecutor(1) as threads:
        with serve(siro) as root_url:
            answer = threads.submit(put_sync(siro, root_url), read=60)
            while not siro.requests:
                time.sleep(0.01)
        assert answer.result().status_code == 200
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("cut_after", [None, 40_000_000])
def test_a_client_that_does_not_read_does_not_keep_the_server_from_stopping(
    siro: LocalSiro, cut_after: int | None
) -> None:
    siro.fail(Failure(status=200, body="x" * 50_000_000, cut_after=cut_after))
    with contextlib.ExitStack() as stack, serve(siro) as root_url:
        url = httpx.URL(root_url)
        connection = stack.enter_context(socket.create_connection((url.host, url.port or 0)))
        connection.sendall(f"PUT {SYNC_URL} HTTP/1.1\r\nHost: local\r\nContent-Length: 0\r\n\r\n".encode())
        assert connection.recv(9) == b"HTTP/1.1 "
        started = time.monotonic()
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({}, "nothing would fail"),
        ({"delay": 0.0}, "nothing would fail"),
        ({"status": 100}, "status is 100, and must be from 200 to 599"),
        ({"status": 600}, "status is 600"),
        ({"body": "x"}, "say with which status"),
        ({"headers": {"a": "b"}, "delay": 1}, "say with which status"),
        ({"status": 204, "body": "x"}, "status 204 has none"),
        ({"status": 503, "headers": {"Content-Length": "3"}}, "headers has Content-Length, which is added"),
        ({"status": 503, "headers": {"a b": "c"}}, "headers has 'a b': 'c', which HTTP cannot carry"),
        ({"status": 503, "headers": {"a": "b\r\nc: d"}}, "HTTP cannot carry"),
        ({"status": 503, "headers": {"a": " b"}}, "HTTP cannot carry"),
        ({"delay": -1}, "delay is -1"),
        ({"delay": float("nan")}, "delay is nan"),
        ({"delay": float("inf")}, "delay is inf"),
        ({"cut_after": -1}, "cut_after is -1"),
        ({"cut_after": 1, "no_answer": True}, "exclude each other"),
        ({"cut_after": 0, "status": 204}, "status 204 is empty"),
        ({"no_answer": True, "times": 0}, "times is 0"),
    ],
)
def test_a_failure_that_cannot_be_is_refused(changes: dict[str, Any], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        Failure(**changes)


def test_an_operation_that_is_none_cannot_fail(siro: LocalSiro) -> None:
    known = "link_recording, mint_user_token, sync_engagement"
    with pytest.raises(ValueError, match=f"operation is 'sync', and must be one of {known}"):
        siro.fail(Failure(no_answer=True, operation="sync"))


def test_the_rest_of_a_plan_can_be_called_off(siro: LocalSiro, ours: Caller) -> None:
    planned = siro.fail(Failure(status=503, times=10))
    assert ours.sync({"externalId": "e"}).status_code == 503
    assert (planned.failure.status, planned.left) == (503, 9)
    planned.left = 0
    ours.synced("e")
