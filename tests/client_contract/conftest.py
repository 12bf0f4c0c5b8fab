"""One wire for all cases."""

from collections.abc import Iterator

import pytest

from tests.client_contract.clients import Wire


@pytest.fixture(scope="session")
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.close()
