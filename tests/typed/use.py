# pyright: strict
"""A program that uses the whole public surface, for type checkers to read; it proves the types from a user's side."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, assert_type

import httpx
import siro_openapi
from pyrate_limiter import InMemoryBucket, Limiter, Rate
from siro_openapi import AuthenticatedClient, errors
from siro_openapi.api.integrations import sync_engagement
from siro_openapi.api.recordings import link_recording
from siro_openapi.models import (
    DataType,
    Direction,
    Engagement,
    LinkById,
    LinkedObject,
    LinkFailure,
    LinkResult,
    LinkTrigger,
    SyncedEngagement,
    SyncResult,
)
from siro_openapi.types import UNSET, Unset

import siro_client
from siro_client import (
    Answer,
    AsyncSiro,
    Attempt,
    AuthenticationError,
    ClosedError,
    ConflictError,
    ExternalId,
    InvalidResponseError,
    Issue,
    Journal,
    LinkError,
    LinkTarget,
    MissingTokenError,
    NotFoundError,
    OAuthApp,
    PermissionDeniedError,
    RateLimitError,
    RawResponse,
    RedirectError,
    RequestError,
    ServerError,
    Siro,
    SiroConnectionError,
    SiroError,
    SiroId,
    SiroTimeoutError,
    StatusError,
    Stopped,
    Synced,
    TransportError,
)
from siro_client.testing import Failure, LocalSiro, LocalTransport, Organization, PlannedFailure, environment, serve

engagement = Engagement(external_id="e-1", direction=None, subject="Visit", content=UNSET)
assert_type(engagement.direction, Direction | None | Unset)
target: LinkTarget = ExternalId(external_id="e-1", integration_connection_id="c-1")
app = OAuthApp(client_id="a-1", client_secret="s", user_id="u-1")


def tell(attempt: Attempt) -> None:
    assert_type(attempt.status_code, int | None)
    assert_type(attempt.seconds, float | None)
    assert_type(attempt.error, str | None)
    print(attempt.operation, attempt.method, attempt.url, attempt.number)


def make() -> Siro:
    return Siro(
        organization_token="o",
        user_token=lambda: "u",
        integrations_url="https://functions.siro.ai/api-externalApi",
        recordings_url="https://api.siro.ai",
        timeout=httpx.Timeout(10),
        deadline=None,
        max_retries=0,
        rate_limit=Limiter(InMemoryBucket([Rate(1000, 61_000)])),
        allow_http=False,
        product="acme-sync/2.1",
        on_request=tell,
        on_response=tell,
        transport=httpx.HTTPTransport(),
        http_client=None,
    )


def make_async() -> AsyncSiro:
    async def token() -> str:
        return "u"

    assert_type(AsyncSiro(user_token=app, rate_limit=False), AsyncSiro)
    return AsyncSiro(organization_token="o", user_token=token, http_client=httpx.AsyncClient(), timeout=5)


def use(siro: Siro) -> None:
    with siro as same:
        assert_type(same, Siro)
        assert_type(siro.sync_engagement(engagement=engagement), SyncResult)
        data = siro.sync_engagement(engagement).data
        assert_type(data, SyncedEngagement)
        linked = siro.link_recording(
            recording_id="r-1", target=SiroId(id=data.id), data_type=DataType.LEAD, trigger=LinkTrigger.CRM_DEEPLINK
        )
        assert_type(linked, LinkResult)
        assert_type(linked.data, LinkedObject)
    patient = siro.with_options(timeout=60.0, deadline=None, max_retries=5)
    assert_type(patient, Siro)
    raw = patient.with_raw_response.sync_engagement(engagement=engagement)
    assert_type(raw, RawResponse[SyncResult])
    assert_type(raw.data, SyncResult)
    assert_type(raw.headers, Mapping[str, str])
    assert_type((raw.status_code, raw.content, raw.request_id, raw.attempts), tuple[int, bytes, str | None, int])
    linked_raw = siro.with_raw_response.link_recording("r-1", target, DataType.LEAD, trigger=None)
    assert_type(linked_raw, RawResponse[LinkResult])
    siro.close()


async def use_async(siro: AsyncSiro) -> None:
    async with siro as same:
        assert_type(same, AsyncSiro)
        assert_type(await siro.sync_engagement(engagement), SyncResult)
        assert_type(await siro.link_recording("r-1", target, DataType.ENGAGEMENT), LinkResult)
        raw = siro.with_options(deadline=10).with_raw_response
        assert_type(await raw.sync_engagement(engagement), RawResponse[SyncResult])
        assert_type(await raw.link_recording("r-1", SiroId("1"), DataType.LEAD), RawResponse[LinkResult])
    await siro.aclose()


def tell_synced(synced: Synced) -> None:
    assert_type(synced.engagement, Engagement)
    assert_type(synced.result, SyncResult | None)
    assert_type(synced.error, SiroError | ValueError | None)
    print(synced.position, synced.skipped)


def use_in_bulk(siro: Siro, engagements: Iterator[Engagement]) -> None:
    with Journal(path=Path("backfill.sqlite")) as journal:
        try:
            for synced in siro.sync_engagements(engagements=engagements, concurrency=4, journal=journal):
                tell_synced(synced)
        except KeyboardInterrupt as error:
            if stopped := Stopped.of(error):
                assert_type(stopped, Stopped)
                assert_type(stopped.ended, tuple[Synced, ...])
                assert_type(stopped.unknown | stopped.unsent, dict[int, Engagement])
        print(len(journal))
        journal.close()


async def use_in_bulk_async(siro: AsyncSiro, engagements: AsyncIterator[Engagement]) -> None:
    async for synced in siro.sync_engagements(engagements, journal="backfill.sqlite"):
        tell_synced(synced)
    async for synced in siro.sync_engagements([engagement]):
        tell_synced(synced)


def handle(siro: Siro) -> object:
    try:
        use(siro)
    except MissingTokenError as error:
        return (error.operation, error.token, error.argument, error.variable)
    except ClosedError as error:
        return error.operation
    except StatusError as error:
        return handle_status(error)
    except (InvalidResponseError, LinkError) as error:
        return handle_success(error)
    except (SiroConnectionError, SiroTimeoutError) as error:
        return (error.operation, error.method, error.url, error.reason, error.attempts)
    except TransportError as error:
        return error.reason
    except SiroError as error:
        return str(error)
    return None


def handle_status(error: StatusError) -> object:
    assert_type((error.operation, error.method, error.url, error.reason), tuple[str, str, str, str])
    assert_type((error.status_code, error.attempts, error.content), tuple[int, int, bytes])
    assert_type(error.request_id, str | None)
    assert_type(error.answer, Answer)
    print(error.advice, error.body)
    if isinstance(error, RateLimitError):
        return assert_type(error.retry_after, str | None)
    if isinstance(error, RedirectError):
        return assert_type(error.location, str)
    if isinstance(error, RequestError):
        return [tell_issue(issue) for issue in error.issues]
    return isinstance(error, AuthenticationError | PermissionDeniedError | NotFoundError | ConflictError | ServerError)


def tell_issue(issue: Issue) -> str:
    assert_type(issue.path, tuple[str | int, ...])
    return f"{issue.code}: {issue.message}"


def handle_success(error: InvalidResponseError | LinkError) -> object:
    if isinstance(error, LinkError):
        assert_type(error.details, dict[str, Any])
        return assert_type(error.error, str)
    answer = error.answer
    assert_type((answer.operation, answer.method, answer.url, answer.media_type), tuple[str, str, str, str])
    assert_type((answer.status_code, answer.attempts, answer.content), tuple[int, int, bytes])
    assert_type(answer.headers, Mapping[str, str])
    assert_type((answer.request_id, answer.problem), tuple[str | None, str | None])
    return answer.body


def use_the_local_siro() -> None:
    with LocalSiro(database=":memory:", clock=lambda: 0.0) as local:
        planned = local.fail(
            Failure(status=429, headers={"Retry-After": "1"}, body="", delay=0.5, operation="sync_engagement", times=3)
        )
        assert_type(planned, PlannedFailure)
        print(planned.left, planned.failure.takes_effect)
        local.fail(failure=Failure(no_answer=True))
        local.fail(Failure(cut_after=10))
        print(local.requests["sync_engagement"], local.minted)
        assert_type(local.crm_row(data_type=DataType.ENGAGEMENT, external_id="e-1"), dict[str, Any] | None)
        assert_type(local.crm_link(recording_id="recording-1"), dict[str, Any] | None)
        assert_type(local.transport, LocalTransport)
        handle(Siro(transport=LocalTransport(app=local.app)))
        for organization in (local.organization, local.other_organization):
            handle(make_for(organization))
        with serve(siro=local, port=0) as root_url:
            handle(Siro.from_env(environ=environment(siro=local, root_url=root_url)))
        local.expire_user_tokens()
        local.reset()
    local.close()


def make_for(organization: Organization) -> Siro:
    print(organization.id, organization.recording_ids, organization.integration_connection_id)
    print(organization.client_id, organization.client_secret, organization.user_id)
    return Siro(organization_token=organization.organization_token, user_token=organization.user_token)


def use_the_low_level_client() -> None:
    client = AuthenticatedClient("https://functions.siro.ai/api-externalApi", token="o")
    try:
        response = sync_engagement.sync_detailed(client=client, body=engagement)
        linked = link_recording.sync("r-1", client=client, body=LinkById(data_type=DataType.LEAD, id="1"))
    except (errors.InvalidResponse, errors.UnexpectedStatus) as error:
        assert_type(error.content, bytes)
        return
    assert_type(response.status_code, int)
    if isinstance(response.parsed, SyncResult):
        assert_type(response.parsed.data.id, str)
    if isinstance(linked, LinkFailure):
        assert_type(linked.error, str)
    print(siro_openapi.__all__)


if __name__ == "__main__":
    print(siro_client.__version__, app.client_id, app.user_id, app.client_secret)
    for each in (make(), Siro.from_env(product="acme-sync/2.1")):
        handle(each)
    asyncio.run(use_async(AsyncSiro.from_env()))
    use_the_low_level_client()
