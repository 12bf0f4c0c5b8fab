"""The facade: each operation to its host with its token, models in and out, one small tree of errors."""

import asyncio
import inspect
import pickle
import traceback
from collections.abc import Callable
from typing import Any, cast

import httpx
import pytest
from siro_openapi import models
from siro_openapi.models import DataType, Engagement, LinkTrigger

import siro_client
from siro_client import (
    AsyncSiro,
    AuthenticationError,
    ConflictError,
    ExternalId,
    InvalidResponseError,
    LinkError,
    MissingTokenError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    RequestError,
    ServerError,
    Siro,
    SiroError,
    SiroId,
    StatusError,
    TransportError,
)
from siro_client.testing import LocalSiro

ENGAGEMENT = Engagement(external_id="e-1", subject="Visit")
TOKENS: dict[str, Any] = {
    "organization_token": "sentinel-organization-token",
    "user_token": "sentinel-user-token",
    "max_retries": 0,
}
Answer = Callable[[httpx.Request], httpx.Response]


class Blocking:
    """An AsyncSiro with the surface of a Siro, so that a test runs on both."""

    def __init__(self, **arguments: Any) -> None:
        self._siro = AsyncSiro(**arguments)

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            return asyncio.run(getattr(self._siro, name)(*args, **kwargs))

        return call


@pytest.fixture(params=[Siro, Blocking], ids=["sync", "async"])
def make(request: pytest.FixtureRequest) -> Callable[..., Siro]:
    def make(answer: Answer | None = None, **arguments: Any) -> Siro:
        transport = {} if answer is None else {"transport": httpx.MockTransport(answer)}
        siro: Siro = request.param(**transport, **arguments)
        return siro

    return make


def always(status: int, **content: Any) -> Answer:
    return lambda _: httpx.Response(status, **content)


def test_sync_then_link_by_either_target(make: Callable[..., Siro]) -> None:
    with LocalSiro() as local:
        siro = make(
            transport=local.transport,
            organization_token=local.organization.organization_token,
            user_token=local.organization.user_token,
            integrations_url="http://localhost/api-externalApi",
            recordings_url="http://localhost",
        )
        synced = siro.sync_engagement(ENGAGEMENT)
        assert isinstance(synced, models.SyncResult)
        assert (synced.data.external_id, synced.data.subject) == ("e-1", "Visit")
        by_id = siro.link_recording("recording-1", SiroId(synced.data.id), DataType.ENGAGEMENT)
        target = ExternalId("e-1", integration_connection_id=local.organization.integration_connection_id)
        linked = siro.link_recording("recording-1", target, DataType.ENGAGEMENT, trigger=LinkTrigger.CRM_DEEPLINK)
        assert by_id == linked
        assert isinstance(linked, models.LinkResult)
        assert (linked.data.id, linked.data.data_type) == (synced.data.id, DataType.ENGAGEMENT)
        with pytest.raises(StatusError) as caught:
            siro.link_recording("no-such-recording", target, DataType.ENGAGEMENT)
        assert caught.value.status_code == 404


def test_each_operation_goes_to_its_host_with_its_token_and_no_other(make: Callable[..., Siro]) -> None:
    seen: list[tuple[str, str | None, str | None]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        headers = request.headers
        seen.append((f"{request.method} {request.url}", headers.get("authorization"), headers.get("x-siro-auth-token")))
        return httpx.Response(500)

    siro = make(answer, **TOKENS)
    for call in calls(siro):
        with pytest.raises(StatusError):
            call()
    assert seen == [
        (
            "PUT https://functions.siro.ai/api-externalApi/v1/integrations/sync/engagements",
            "Bearer sentinel-organization-token",
            None,
        ),
        ("PUT https://api.siro.ai/v1/core/recordings/r-1/link", None, "sentinel-user-token"),
    ]


def calls(siro: Siro) -> list[Callable[[], object]]:
    return [
        lambda: siro.sync_engagement(ENGAGEMENT),
        lambda: siro.link_recording("r-1", SiroId("1"), DataType.LEAD),
    ]


def test_a_missing_token_says_what_to_set_and_sends_nothing(make: Callable[..., Siro]) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise AssertionError("nothing may be sent")

    sync, link = calls(make(answer))
    with pytest.raises(MissingTokenError) as caught:
        sync()
    assert str(caught.value) == (
        "sync_engagement needs the organization token: give organization_token=..., "
        "or set SIRO_ORGANIZATION_TOKEN for from_env()"
    )
    with pytest.raises(MissingTokenError, match=r"needs the user token: give user_token=.*, or set SIRO_USER_TOKEN"):
        link()


def test_the_environment_is_what_arguments_are() -> None:
    environ = {
        "SIRO_ORGANIZATION_TOKEN": "sentinel-organization-token",
        "SIRO_USER_TOKEN": "",
        "SIRO_INTEGRATIONS_URL": "http://127.0.0.1:1/api-externalApi",
        "SIRO_RECORDINGS_URL": "",
    }
    for kind in (Siro, AsyncSiro):
        assert repr(kind.from_env(environ)) == (
            f"{kind.__name__}(integrations_url='http://127.0.0.1:1/api-externalApi', "
            "recordings_url='https://api.siro.ai', organization_token=<given>, user_token=None)"
        )


@pytest.mark.parametrize(
    "url", ["http://api.siro.ai", "ftp://api.siro.ai", "api.siro.ai", "http://127.0.0.1.evil.test"]
)
def test_a_token_goes_to_https_or_loopback_only(url: str) -> None:
    for kind in (Siro, AsyncSiro):
        with pytest.raises(ValueError, match="recordings_url must "):
            kind(recordings_url=url, user_token="sentinel-user-token")


@pytest.mark.parametrize(("url"), ["http://localhost:1", "http://127.9.9.9", "http://[::1]:1", "https://siro.test"])
def test_loopback_may_be_plain_http(url: str) -> None:
    Siro(recordings_url=url, user_token="u").close()


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (always(401, json={"error": "no such token"}), AuthenticationError, "status 401: no such token"),
        (always(404, json={"code": 404, "message": "no route"}), NotFoundError, "status 404: no route"),
        (
            always(422, json={"issues": [{"code": "x", "path": ["a", 0], "message": "Required"}], "name": "ZodError"}),
            RequestError,
            "status 422: a.0: Required",
        ),
        (always(429, text="Too many\nrequests"), RateLimitError, "status 429: Too many requests"),
        (always(502, html="<html>"), ServerError, "status 502: <html>"),
        (always(520, json=[1]), ServerError, "status 520: the body says nothing that is documented; see .content"),
        (always(302, headers={"Location": "https://x.test/"}), RedirectError, "which points to https://x.test/"),
        (always(204), InvalidResponseError, "the pages document no success but 200"),
        (always(599), ServerError, "status 599: "),
        (always(409, json={"error": "busy"}), ConflictError, "status 409: busy"),
        (always(403, json={"error": "read only"}), PermissionDeniedError, "status 403: read only"),
        (always(418, json={"error": "teapot"}), StatusError, "status 418: teapot"),
        (always(200, text="<html>"), InvalidResponseError, "took effect, and status 200 came with an invalid body"),
        (always(200, json={"data": {}}), InvalidResponseError, "is required"),
    ],
)
def test_anything_but_success_raises_what_says_so(
    make: Callable[..., Siro], answer: Answer, error: type[SiroError], message: str
) -> None:
    for call in calls(make(answer, **TOKENS)):
        with pytest.raises(error) as caught:
            call()
        assert message in str(caught.value)
        check_error(caught.value)


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError, httpx.DecodingError]
)
def test_no_response_raises_a_transport_error(make: Callable[..., Siro], error: type[httpx.RequestError]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("gone", request=request)

    for call in calls(make(answer, **TOKENS)):
        with pytest.raises(TransportError, match=f"no response from .* in 1 attempt: {error.__name__}: gone") as caught:
            call()
        check_error(caught.value)


def test_a_link_that_failed_with_status_200_raises(make: Callable[..., Siro]) -> None:
    for body, details in (({"error": "no"}, {}), ({"error": "no", "details": {"why": [1]}}, {"why": [1]})):
        siro = make(always(200, json=body), **TOKENS)
        with pytest.raises(LinkError, match="the recording is not linked: no") as caught:
            siro.link_recording("r-1", SiroId("1"), DataType.LEAD)
        assert caught.value.details == details
        check_error(caught.value)


def check_error(error: SiroError) -> None:
    """It pickles, is told in one line, and neither it nor what led to it holds a token."""
    twin = pickle.loads(pickle.dumps(error))
    assert (type(twin), str(twin), vars(twin)) == (type(error), str(error), vars(error))
    assert "\n" not in str(error)
    told = "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format())
    assert "sentinel" not in told + repr(error) + repr(vars(error))
    context: BaseException | None = error
    while context := context and (context.__context__ or context.__cause__):
        assert not isinstance(context, httpx.HTTPError), "it holds the request, and with it the token"


@pytest.mark.parametrize("target", [lambda: SiroId(""), lambda: ExternalId("", "c"), lambda: ExternalId("x", "")])
def test_a_target_that_names_nothing_cannot_be_made(target: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        target()


def test_what_cannot_be_sent_as_it_is_raises_value_error(make: Callable[..., Siro]) -> None:
    siro = make(always(500), **TOKENS)
    with pytest.raises(ValueError, match=r"recording_id must name a recording, and .* would change the path"):
        siro.link_recording("..", SiroId("1"), DataType.LEAD)
    with pytest.raises(ValueError, match=r"account\.latitude must be a finite number, and is nan"):
        siro.sync_engagement(Engagement(external_id="e", account=models.Account(latitude=float("nan"))))


def test_closing() -> None:
    with Siro(**TOKENS, transport=httpx.MockTransport(always(500))) as siro, pytest.raises(StatusError):
        siro.sync_engagement(ENGAGEMENT)
    siro.close()
    with pytest.raises(RuntimeError, match="closed"):
        siro.sync_engagement(ENGAGEMENT)

    async def main() -> None:
        async with AsyncSiro(**TOKENS, transport=httpx.MockTransport(always(500))) as siro:
            with pytest.raises(StatusError):
                await siro.sync_engagement(ENGAGEMENT)
        await siro.aclose()
        with pytest.raises(RuntimeError, match="closed"):
            await siro.sync_engagement(ENGAGEMENT)

    asyncio.run(main())


def test_sync_and_async_have_the_same_surface() -> None:
    renamed = {"aclose": "close", "__aenter__": "__enter__", "__aexit__": "__exit__"}
    asynchronous = {
        "AsyncSiro": "Siro",
        "AsyncGenerator": "Generator",
        "Iterable[Engagement] | AsyncIterable": "Iterable",
    }

    def signature(member: object) -> str:
        text = str(inspect.signature(cast("Callable[..., object]", member)))
        for theirs, ours in asynchronous.items():
            text = text.replace(theirs, ours)
        return text

    def surface(kind: type) -> dict[str, str]:
        return {
            renamed.get(name, name): signature(member)
            for name, member in inspect.getmembers(kind, callable)
            if not name.startswith("_") or name in ("__init__", *renamed, *renamed.values())
        }

    assert surface(Siro) == surface(AsyncSiro)


def test_the_public_surface_is_what_is_listed() -> None:
    assert siro_client.__all__ == sorted(siro_client.__all__)
    imported = {name for name, value in vars(siro_client).items() if not inspect.ismodule(value)}
    public = {name for name in imported if not name.startswith("_")} - {"Any", "TYPE_CHECKING", "import_module"}
    assert public | {"AsyncSiro", "Journal", "__version__"} == set(siro_client.__all__)
    for name in siro_client.__all__:
        assert getattr(siro_client, name) is not None
