"""A program that uses the whole public surface, for type checkers to read; it proves the types from a user's side."""

import asyncio
from typing import assert_type

import httpx
from siro_openapi import AuthenticatedClient, errors
from siro_openapi.api.integrations import sync_engagement
from siro_openapi.models import (
    DataType,
    Direction,
    Engagement,
    LinkedObject,
    LinkResult,
    LinkTrigger,
    SyncedEngagement,
    SyncResult,
)
from siro_openapi.types import Unset

from siro_client import (
    AsyncSiro,
    ExternalId,
    InvalidResponseError,
    LinkError,
    LinkTarget,
    MissingTokenError,
    Siro,
    SiroError,
    SiroId,
    StatusError,
    TransportError,
)

engagement = Engagement(external_id="e-1", direction=None, subject="Visit")
assert_type(engagement.direction, Direction | None | Unset)
target: LinkTarget = ExternalId("e-1", integration_connection_id="c-1")


def use(siro: Siro) -> None:
    with siro:
        assert_type(siro.sync_engagement(engagement), SyncResult)
        data = siro.sync_engagement(engagement).data
        assert_type(data, SyncedEngagement)
        linked = siro.link_recording("r-1", SiroId(data.id), DataType.ENGAGEMENT, trigger=LinkTrigger.CRM_DEEPLINK)
        assert_type(linked, LinkResult)
        assert_type(linked.data, LinkedObject)
    siro.close()


async def use_async(siro: AsyncSiro) -> None:
    async with siro:
        assert_type(await siro.sync_engagement(engagement), SyncResult)
        assert_type(await siro.link_recording("r-1", target, DataType.ENGAGEMENT), LinkResult)
    await siro.aclose()


def handle() -> str | bytes:
    try:
        use(Siro(organization_token="o", user_token="u", timeout=httpx.Timeout(10)))
    except MissingTokenError as error:
        return error.variable
    except StatusError as error:
        return f"{error.status_code}: {error.body}"
    except InvalidResponseError as error:
        return error.content
    except LinkError as error:
        return f"{error.error} {sorted(error.details)}"
    except TransportError as error:
        return error.reason
    except SiroError as error:
        return str(error)
    return ""


def use_the_low_level_client() -> None:
    client = AuthenticatedClient("https://functions.siro.ai/api-externalApi", token="o")
    try:
        response = sync_engagement.sync_detailed(client=client, body=engagement)
    except (errors.InvalidResponse, errors.UnexpectedStatus) as error:
        assert_type(error.content, bytes)
        return
    assert_type(response.status_code, int)
    if isinstance(response.parsed, SyncResult):
        assert_type(response.parsed.data.id, str)


if __name__ == "__main__":
    use(Siro.from_env())
    asyncio.run(use_async(AsyncSiro.from_env()))
    handle()
    use_the_low_level_client()
