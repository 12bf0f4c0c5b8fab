"""Each token reaches its own origin, and nothing else."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from siro_openapi.client import TokenAuth

from siro_client import AsyncSiro, RedirectError, Siro
from tests.facade import wire
from tests.facade.raw_server import RawServer, whole

CARRIED = ("authorization", "x-siro-auth-token")


def carried(headers: httpx.Headers) -> dict[str, str]:
    return {name: headers[name] for name in CARRIED if name in headers}


@pytest.mark.parametrize(
    ("integrations", "recordings"),
    [
        ("http://127.0.0.1:8001", "http://127.0.0.1:8002"),
        ("http://127.0.0.1:8001", "http://localhost:8001"),
        ("http://localhost:443", "https://localhost"),
        ("https://a.test", "https://b.a.test"),
        ("https://a.test/x", "https://a.test/y"),
        ("https://A.test:443", "https://b.test:444"),
    ],
)
def test_base_urls_that_differ_each_get_their_token_only(kind: str, integrations: str, recordings: str) -> None:
    seen: list[tuple[str, dict[str, str]]] = []

    def respond(request: httpx.Request) -> httpx.Response:
        operation = "link_recording" if request.url.path.endswith("/link") else "sync_engagement"
        seen.append((str(request.url), carried(request.headers)))
        return httpx.Response(200, json=wire.RESULTS[operation])

    options: dict[str, Any] = {"integrations_url": integrations, "recordings_url": recordings, "rate_limit": False}
    siro = wire.KINDS[kind](transport=httpx.MockTransport(respond), **wire.TOKENS, **options)
    for operation in wire.OPERATIONS:
        wire.call(siro, operation)
    siro.close()
    (synced, with_organization_token), (linked, with_user_token) = seen
    assert httpx.URL(synced).host == httpx.URL(integrations).host
    assert httpx.URL(linked).host == httpx.URL(recordings).host
    assert with_organization_token == {"authorization": f"Bearer {wire.TOKENS['organization_token']}"}
    assert with_user_token == {"x-siro-auth-token": wire.TOKENS["user_token"]}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_takes_no_token_along(kind: str, operation: str, status: int) -> None:
    with RawServer(whole(wire.ok(operation))) as elsewhere:
        moved = wire.response(status, b"", f"Location: {elsewhere.url}/v1")
        with (
            RawServer(whole(moved)) as server,
            wire.client(kind, server.url) as siro,
            pytest.raises(RedirectError) as caught,
        ):
            wire.call(siro, operation)
        assert (caught.value.location, caught.value.status_code) == (f"{elsewhere.url}/v1", status)
        assert (len(server.requests), elsewhere.accepted) == (1, 0)


def test_a_client_of_the_callers_that_follows_redirects_does_not_follow_them_here(operation: str) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        assert request.url.host == "127.0.0.1", "nothing goes elsewhere"
        return httpx.Response(307, headers={"location": "https://elsewhere.test"})

    with (
        httpx.Client(transport=httpx.MockTransport(respond), follow_redirects=True) as http_client,
        wire.client("sync", "http://127.0.0.1:1", http_client=http_client) as siro,
        pytest.raises(RedirectError),
    ):
        wire.call(siro, operation)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.siro.ai/v1",
        "https://api.siro.ai:8443/v1",
        "https://evil.test/v1",
        "https://api.siro.ai.evil.test/v1",
        "https://evil.test/@api.siro.ai",
        "https://api.siro.ai@evil.test/v1",
        "https://xapi.siro.ai/v1",
    ],
)
def test_a_request_to_another_origin_carries_no_token(url: str) -> None:
    auth = TokenAuth("https://api.siro.ai", "x-siro-auth-token", "token")
    seen: list[dict[str, str]] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(carried(request.headers))
        return httpx.Response(200)

    with httpx.Client(transport=httpx.MockTransport(respond), auth=auth) as client:
        client.get(url)
        client.get("https://API.siro.ai:443/v1")
    assert seen == [{}, {"x-siro-auth-token": "token"}]


@pytest.mark.parametrize("make", [Siro, AsyncSiro])
@pytest.mark.parametrize("url", ["http://siro.test", "http://10.0.0.1", "http://localhost.siro.test"])
def test_plain_http_is_refused_unless_the_caller_says_so(make: Callable[..., Any], url: str) -> None:
    for argument in ("integrations_url", "recordings_url"):
        with pytest.raises(ValueError, match=f"{argument} must be https, .*allow_http=True allows it"):
            make(**{argument: url})
        assert url in repr(make(**{argument: url}, allow_http=True))
