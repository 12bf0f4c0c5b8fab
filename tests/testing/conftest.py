from collections.abc import Generator

import httpx
import pytest

from siro_client.testing import LocalSiro

from .calls import Caller


@pytest.fixture
def siro() -> Generator[LocalSiro]:
    with LocalSiro() as siro:
        yield siro


@pytest.fixture
def client(siro: LocalSiro) -> Generator[httpx.Client]:
    with httpx.Client(transport=siro.transport, base_url="http://local") as client:
        yield client


@pytest.fixture
def ours(siro: LocalSiro, client: httpx.Client) -> Caller:
    return Caller(client, siro.organization)


@pytest.fixture
def theirs(siro: LocalSiro, client: httpx.Client) -> Caller:
    return Caller(client, siro.other_organization)
