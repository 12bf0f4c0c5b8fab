"""`sync_engagements` of both clients, against the local Siro."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from siro_openapi.models import Engagement

from siro_client import AsyncSiro, Siro, Synced
from siro_client.testing import LocalSiro

from .driving import engagements


def told(synced: list[Synced]) -> list[tuple[str, str, bool]]:
    return sorted(
        (
            one.engagement.external_id,
            one.result.data.external_id if one.result else type(one.error).__name__,
            one.skipped,
        )
        for one in synced
    )


def test_both_clients_sync_the_same_and_share_a_journal_one_after_the_other(tmp_path: Path) -> None:
    journal = tmp_path / "journal.sqlite"

    async def each() -> AsyncIterator[Engagement]:
        for one in engagements(25):
            yield one

    async def go_on(local: LocalSiro) -> list[Synced]:
        token = local.organization.organization_token
        async with AsyncSiro(organization_token=token, transport=local.transport) as siro:
            return [one async for one in siro.sync_engagements(each(), concurrency=3, journal=journal)]

    with LocalSiro() as local:
        token = local.organization.organization_token
        with Siro(organization_token=token, transport=local.transport) as siro:
            first = list(siro.sync_engagements(engagements(20), concurrency=3, journal=journal))
        second = asyncio.run(go_on(local))
    assert told(first) == [(f"{one.external_id}", one.external_id, False) for one in sorted(engagements(20), key=str)]
    assert {one.position for one in second if one.skipped} == set(range(20))
    assert told([one for one in second if not one.skipped]) == [(f"e-{n}", f"e-{n}", False) for n in range(20, 25)]


def test_what_cannot_be_sent_is_an_error_of_its_own() -> None:
    with LocalSiro() as local:
        token = local.organization.organization_token
        with Siro(organization_token=token, transport=local.transport) as siro:
            wrong = Engagement(external_id="e-1", subject=7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - wrong on purpose
            assert told(list(siro.sync_engagements([*engagements(1), wrong]))) == [
                ("e-0", "e-0", False),
                ("e-1", "ValidationError", False),
            ]


@pytest.mark.parametrize("concurrency", [1, 3])
def test_no_more_are_in_flight_than_was_said(concurrency: int) -> None:
    in_flight, most = 0, 0

    async def handle(_: httpx.Request) -> httpx.Response:
        nonlocal in_flight, most
        in_flight += 1
        most = max(most, in_flight)
        await asyncio.sleep(0.005)
        in_flight -= 1
        return httpx.Response(503)

    async def run() -> None:
        transport = httpx.MockTransport(handle)
        async with AsyncSiro(organization_token="t", transport=transport, max_retries=0, rate_limit=False) as siro:
            assert len([one async for one in siro.sync_engagements(engagements(20), concurrency=concurrency)]) == 20

    asyncio.run(run())
    assert most == concurrency
