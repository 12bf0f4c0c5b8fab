"""Where user tokens come from, and how often Siro is asked for one; against the local Siro."""

import asyncio
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from siro_openapi.models import DataType

from siro_client import (
    AsyncSiro,
    AuthenticationError,
    MissingTokenError,
    Siro,
    SiroId,
)
from siro_client.testing import Failure, LocalSiro, environment, serve
from tests.facade import wire
from tests.facade.minting import client, link

HOUR = 3600


@pytest.fixture
def local() -> Generator[LocalSiro]:
    with LocalSiro() as local:
        yield local


def test_a_user_token_is_minted_once_and_kept(kind: str, local: LocalSiro) -> None:
    with client(kind, local) as siro:
        assert link(siro, local).data.data_type is DataType.ENGAGEMENT
        link(siro.with_options(max_retries=0), local)
    assert (local.minted, local.requests["link_recording"]) == (1, 2)


def test_a_token_is_minted_when_it_is_needed_and_not_before(kind: str, local: LocalSiro) -> None:
    with client(kind, local) as siro:
        siro.sync_engagement(wire.ENGAGEMENT)
    assert local.requests["mint_user_token"] == 0


def test_many_threads_wait_for_one_minting(local: LocalSiro) -> None:
    local.fail(Failure(delay=0.2, operation="mint_user_token"))
    with serve(local) as url, Siro.from_env(app_environment(local, url)) as siro:
        row = siro.sync_engagement(wire.ENGAGEMENT).data.id
        barrier = threading.Barrier(16)

        def linked(_: int) -> object:
            barrier.wait()
            return siro.link_recording(local.organization.recording_ids[0], SiroId(row), DataType.ENGAGEMENT)

        with ThreadPoolExecutor(16) as threads:
            assert len(list(threads.map(linked, range(16)))) == 16
            assert local.minted == 1
            local.expire_user_tokens()
            assert len(list(threads.map(linked, range(16)))) == 16
    assert local.minted == 2


def test_many_tasks_wait_for_one_minting(local: LocalSiro) -> None:
    async def main(url: str) -> None:
        async with AsyncSiro.from_env(app_environment(local, url)) as siro:
            row = (await siro.sync_engagement(wire.ENGAGEMENT)).data.id

            async def linked() -> object:
                return await siro.link_recording(local.organization.recording_ids[0], SiroId(row), DataType.ENGAGEMENT)

            await asyncio.gather(*[linked() for _ in range(16)])
            assert local.minted == 1
            local.expire_user_tokens()
            await asyncio.gather(*[linked() for _ in range(16)])

    local.fail(Failure(delay=0.2, operation="mint_user_token"))
    with serve(local) as url:
        asyncio.run(main(url))
    assert local.minted == 2


def app_environment(local: LocalSiro, url: str) -> dict[str, str]:
    return {**environment(local, url), "SIRO_USER_TOKEN": ""}


def test_the_environment_may_name_an_app_and_a_token_goes_before_it(local: LocalSiro) -> None:
    variables = app_environment(local, "http://127.0.0.1:1")
    with Siro.from_env(variables, transport=local.transport) as siro:
        link(siro, local)
    assert local.minted == 1
    with Siro.from_env(
        {**variables, "SIRO_USER_TOKEN": local.organization.user_token}, transport=local.transport
    ) as siro:
        link(siro, local)
    assert local.minted == 1
    for name in ("SIRO_CLIENT_ID", "SIRO_CLIENT_SECRET", "SIRO_USER_ID"):
        with (
            Siro.from_env({**variables, name: ""}, transport=local.transport) as siro,
            pytest.raises(MissingTokenError, match="link_recording needs the user token"),
        ):
            link(siro, local)


@pytest.mark.parametrize(("hours", "minted"), [(0, 1), (15.8, 1), (15.9, 2), (16, 2), (40, 2)])
def test_a_token_is_minted_anew_shortly_before_it_expires(
    kind: str, local: LocalSiro, monkeypatch: pytest.MonkeyPatch, hours: float, minted: int
) -> None:
    ahead = 0.0
    for module in ("_calls", "_tokens"):
        clock = SimpleNamespace(monotonic=lambda: time.monotonic() + ahead)
        monkeypatch.setattr(f"siro_client.{module}.time", clock)
    with client(kind, local) as siro:
        link(siro, local)
        ahead = hours * HOUR
        link(siro, local)
        link(siro, local)
    assert local.minted == minted
    assert local.requests["link_recording"] == 3, "none was refused"


def test_an_expired_token_is_minted_anew_and_the_request_repeated_once(kind: str, local: LocalSiro) -> None:
    with client(kind, local, max_retries=0) as siro:
        link(siro, local)
        local.expire_user_tokens()
        raw = siro.with_raw_response.link_recording(
            local.organization.recording_ids[0],
            SiroId(siro.sync_engagement(wire.ENGAGEMENT).data.id),
            DataType.ENGAGEMENT,
        )
    assert (raw.status_code, raw.attempts) == (200, 2)
    assert (local.minted, local.requests["link_recording"]) == (2, 3)


def test_a_server_that_always_says_401_is_asked_twice(kind: str, local: LocalSiro) -> None:
    local.fail(Failure(status=401, operation="link_recording", times=100))
    with client(kind, local) as siro:
        for call in (1, 2):
            with pytest.raises(AuthenticationError, match=r"link_recording: status 401: .*in 2 attempts") as caught:
                link(siro, local)
            assert caught.value.attempts == 2
            assert (local.requests["link_recording"], local.minted) == (2 * call, 1 + call)


def test_a_token_that_was_given_is_not_tried_twice(kind: str, local: LocalSiro) -> None:
    local.fail(Failure(status=401, times=100))
    with client(kind, local, user_token="revoked", organization_token="revoked") as siro:
        for operation in wire.OPERATIONS:
            with pytest.raises(AuthenticationError, match="status 401") as caught:
                wire.call(siro, operation)
            assert caught.value.attempts == 1
    assert local.requests == {"sync_engagement": 1, "link_recording": 1}
