"""The generated operations as a low-level client: sync and async, safe with tokens, clear about odd answers."""

import asyncio
import pickle
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from siro_openapi import AuthenticatedClient, Client, errors, models
from siro_openapi.api.integrations import sync_engagement
from siro_openapi.api.recordings import link_recording

from siro_client.testing import LocalSiro

TOKEN = "sentinel-token"
BODY = models.Engagement(external_id="e-1")


def empty(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={})


def client(answer: Callable[[httpx.Request], httpx.Response] = empty, **arguments: Any) -> AuthenticatedClient:
    """A client whose requests are answered here."""
    transport = httpx.MockTransport(answer)
    return AuthenticatedClient(
        base_url="https://siro.invalid/api", token=TOKEN, httpx_args={"transport": transport}, **arguments
    )


def answering(status: int, **content: Any) -> AuthenticatedClient:
    return client(lambda _: httpx.Response(status, **content))


def test_both_operations_sync_and_async() -> None:
    with LocalSiro() as siro:
        arguments: dict[str, Any] = {"httpx_args": {"transport": siro.transport}}
        integrations = AuthenticatedClient(
            "http://localhost/api-externalApi", token=siro.organization.organization_token, **arguments
        )
        recordings = AuthenticatedClient(
            *("http://localhost",),
            token=siro.organization.user_token,
            prefix="",
            auth_header_name="x-siro-auth-token",
            **arguments,
        )
        synced = sync_engagement.sync(client=integrations, body=BODY)
        # On the day that Siro refuses it, this is what `make update` shows of why.
        told = sync_engagement.sync_detailed(client=integrations, body=BODY).content
        assert isinstance(synced, models.SyncResult), told
        again = asyncio.run(sync_engagement.asyncio(client=integrations, body=BODY))
        assert isinstance(again, models.SyncResult)
        assert again.data.id == synced.data.id

        target = models.LinkById(data_type=models.DataType.ENGAGEMENT, id=synced.data.id)
        linked = link_recording.sync("recording-1", client=recordings, body=target)
        told = link_recording.sync_detailed("recording-1", client=recordings, body=target).content
        assert isinstance(linked, models.LinkResult), told
        assert linked == asyncio.run(link_recording.asyncio("recording-1", client=recordings, body=target))


def test_the_token_goes_to_its_own_origin_only_and_into_no_repr_or_pickle() -> None:
    seen: dict[str, str | None] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        seen[request.url.host] = request.headers.get("authorization")
        if request.url.host == "siro.invalid":
            return httpx.Response(307, headers={"location": "https://foreign.invalid/"})
        return httpx.Response(200, json={})

    careless = client(answer, follow_redirects=True, headers={"x-other": TOKEN}, cookies={"c": TOKEN})
    with pytest.raises(errors.InvalidResponse):
        sync_engagement.sync(client=careless, body=BODY)
    assert seen == {"siro.invalid": f"Bearer {TOKEN}", "foreign.invalid": None}
    assert TOKEN not in repr(careless)
    assert TOKEN not in repr(careless.get_httpx_client().auth)
    with pytest.raises(TypeError, match="may hold a token"):
        pickle.dumps(careless)
    with pytest.raises(TypeError, match="holds a token"):
        pickle.dumps(careless.get_httpx_client().auth)


def test_two_clients_made_with_one_dict_of_headers_do_not_share_it() -> None:
    headers = {"x-caller": "me"}
    first = Client("https://one.invalid", headers=headers)
    second = AuthenticatedClient("https://two.invalid", headers=headers, token=TOKEN)
    second.get_httpx_client()
    second.headers["x-more"] = "1"
    assert first.headers == headers == {"x-caller": "me"}
    more = first.with_headers({"x-more": "1"}).with_cookies({"c": "1"}).with_timeout(httpx.Timeout(1))
    assert (more.headers, more.cookies, more.timeout) == (
        {"x-caller": "me", "x-more": "1"},
        {"c": "1"},
        httpx.Timeout(1),
    )
    assert (first.headers, first.cookies, first.timeout) == (headers, {}, httpx.Timeout(30, connect=5))


def test_the_timeout_is_finite() -> None:
    timeout = client().get_httpx_client().timeout
    assert (timeout.connect, timeout.read, timeout.write, timeout.pool) == (5, 30, 30, 30)


def test_threads_share_one_httpx_client() -> None:
    shared, made = client(), set[int]()
    barrier = threading.Barrier(8)

    def get() -> None:
        barrier.wait()
        made.add(id(shared.get_httpx_client()))

    threads = [threading.Thread(target=get) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_closing_is_idempotent_and_makes_nothing() -> None:
    unused = client()
    unused.close()
    used = client()
    used.get_httpx_client()
    used.close()
    used.close()
    assert used.get_httpx_client().is_closed
    asyncio.run(used.aclose())


@pytest.mark.parametrize("recording", ["", ".", ".."])
def test_an_id_that_would_change_the_path_is_refused(recording: str) -> None:
    body = models.LinkById(data_type=models.DataType.LEAD, id="1")
    with pytest.raises(ValueError, match="would change the path"):
        link_recording.sync(recording, client=client(), body=body)


def test_other_ids_are_one_segment_of_the_path() -> None:
    paths: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.raw_path)
        return httpx.Response(404, json={"error": "no such recording"})

    body = models.LinkById(data_type=models.DataType.LEAD, id="1")
    link_recording.sync("../a b/%2e?x#y", client=client(answer), body=body)
    assert paths == [b"/api/v1/core/recordings/..%2Fa%20b%2F%252e%3Fx%23y/link"]


@pytest.mark.parametrize(
    ("status", "content", "parsed"),
    [
        (401, {"json": {"error": "no"}}, models.ErrorBody("no")),
        (404, {"json": {"code": 404, "message": "no"}}, models.GatewayError(404, "no")),
        (422, {"json": {"issues": [], "name": "ZodError"}}, models.ZodError("ZodError", [])),
        (422, {"json": {"error": "no"}}, models.ErrorBody("no")),
        (418, {"json": {"error": "no"}}, models.ErrorBody("no")),
        (429, {"text": "slow down"}, "slow down"),
        (500, {"json": {"error": "no"}}, models.ErrorBody("no")),
        (502, {"html": "<html>"}, None),
        (520, {"text": "unknown"}, None),
        (403, {"text": "forbidden"}, None),
        (400, {"json": [1]}, None),
        (400, {"content": b"\xff"}, None),
    ],
)
def test_an_error_is_read_as_declared_or_left_unread(status: int, content: dict[str, Any], parsed: object) -> None:
    response = sync_engagement.sync_detailed(client=answering(status, **content), body=BODY)
    assert (response.status_code, response.parsed) == (status, parsed)


@pytest.mark.parametrize(
    "content",
    [
        {"html": "<html>"},
        {"json": {}},
        {"json": {"data": None}},
        {"json": {"data": {"id": "1"}}},
        {"json": [1]},
        {"json": None},
        {"content": b'{"data": {"id'},
        {"content": b"\xff\xfe"},
        {"content": b"[" * 100_000},
        {"content": b""},
    ],
)
def test_a_success_that_cannot_be_read_is_an_error_of_its_own(content: dict[str, Any]) -> None:
    unreadable = answering(200, **content)
    with pytest.raises(errors.InvalidResponse) as caught:
        sync_engagement.sync(client=unreadable, body=BODY)
    twin = pickle.loads(pickle.dumps(caught.value))
    assert (twin.status_code, twin.content, str(twin)) == (200, caught.value.content, str(caught.value))
    with pytest.raises(errors.InvalidResponse):
        link_recording.sync("1", client=unreadable, body=models.LinkById(data_type=models.DataType.LEAD, id="1"))


@pytest.mark.parametrize("status", [201, 204, 302])
def test_an_undeclared_status_is_an_error_unless_told_otherwise(status: int) -> None:
    with pytest.raises(errors.UnexpectedStatus, match=f"status {status} is not declared"):
        sync_engagement.sync(client=answering(status), body=BODY)
    lenient = answering(status)
    lenient.raise_on_unexpected_status = False
    response = sync_engagement.sync_detailed(client=lenient, body=BODY)
    assert (response.status_code, response.parsed) == (status, None)


def test_a_link_that_failed_with_status_200_is_a_link_failure() -> None:
    body = models.LinkById(data_type=models.DataType.LEAD, id="1")
    failed = answering(200, json={"error": "no", "details": {"why": None}})
    parsed = link_recording.sync("1", client=failed, body=body)
    assert isinstance(parsed, models.LinkFailure)
    assert parsed.to_dict() == {"error": "no", "details": {"why": None}}
