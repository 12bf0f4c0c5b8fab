"""Fixtures for pytest: a local Siro for each test that asks for one, and clients of it.

    def test_a_visit_is_synced(local_siro, siro):
        local_siro.fail(Failure(status=503))
        siro.sync_engagement(Engagement(external_id="e-1"))
        assert local_siro.requests["sync_engagement"] == 2
        assert local_siro.crm_row("ENGAGEMENT", "e-1") == {"externalId": "e-1"}

pytest finds them where siro-client is installed; they need its extra: `pip install 'siro-client[testing]'`. A fixture
of the same name in a conftest.py of yours comes first.

Every run of pytest imports this module, whether it needs Siro or not. So it stands beside the package, which would
import httpx, and each fixture imports what it needs.
"""
# ruff: noqa: PLC0415 - as above

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from siro_client import AsyncSiro, Siro
    from siro_client.testing import LocalSiro


@pytest.fixture
def local_siro() -> "Generator[LocalSiro]":
    """A fresh `siro_client.testing.LocalSiro`, in memory."""
    from siro_client.testing import LocalSiro

    with LocalSiro() as local:
        yield local


@pytest.fixture
def local_siro_url(local_siro: "LocalSiro") -> Generator[str]:
    """The root URL at which `local_siro` is served over HTTP, for as long as the test runs."""
    from siro_client.testing import serve

    with serve(local_siro) as root_url:
        yield root_url


@pytest.fixture
def local_siro_environment(local_siro: "LocalSiro", local_siro_url: str) -> dict[str, str]:
    """The environment variables that point a program at `local_siro_url`, as `Siro.from_env` takes them."""
    from siro_client.testing import environment

    return environment(local_siro, local_siro_url)


@pytest.fixture
def siro(local_siro: "LocalSiro") -> "Generator[Siro]":
    """A `siro_client.Siro` that acts on `local_siro`, in-process, for its first organization."""
    from siro_client import Siro

    with Siro(**_arguments(local_siro)) as client:
        yield client


@pytest.fixture
def async_siro(local_siro: "LocalSiro") -> "AsyncSiro":
    """A `siro_client.AsyncSiro` that acts on `local_siro`; it holds no connection, so that nobody need close it."""
    from siro_client import AsyncSiro

    return AsyncSiro(**_arguments(local_siro))


def _arguments(local_siro: "LocalSiro") -> dict[str, Any]:
    organization = local_siro.organization
    return {
        "organization_token": organization.organization_token,
        "user_token": organization.user_token,
        "transport": local_siro.transport,
    }
