"""Fixtures of the tests over real sockets: each runs on both operations, sync and async."""

from typing import TypeAlias

import pytest

from tests.facade import wire


@pytest.fixture(params=wire.KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(params=wire.OPERATIONS)
def operation(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


Waits: TypeAlias = list[float]


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    """The seconds that were waited between attempts, without waiting."""
    seconds: Waits = []

    async def pause(_: object, each: float) -> None:
        seconds.append(each)

    for wires in ("_wires.Wires", "_wires_async.AsyncWires"):
        monkeypatch.setattr(f"siro_client.{wires}.pause", pause)
    return seconds
