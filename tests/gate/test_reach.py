"""What keeps the gate from judging a target is told in one line, before the first test."""

from collections.abc import Iterator

import httpx
import pytest

from contract_tests.gate import Gate
from contract_tests.reach import obstacle
from contract_tests.target import Target, local


@pytest.fixture
def target() -> Iterator[Target]:
    with local() as target:
        yield target


def changed(target: Target, **variables: str) -> Gate:
    return Gate(Target({**target.variables, **variables}, target.client))


def test_nothing_keeps_it_from_judging_the_local_siro(target: Target) -> None:
    assert obstacle(Gate(target), live=False) is None


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("SIRO_USER_TOKEN", "wrong", "refuses the token; check SIRO_USER_TOKEN"),
        ("SIRO_ORGANIZATION_TOKEN", "wrong", "refuses the token; check SIRO_ORGANIZATION_TOKEN"),
        ("SIRO_USER_TOKEN", "", "set SIRO_USER_TOKEN too"),
        ("SIRO_INTEGRATIONS_URL", "", "set SIRO_INTEGRATIONS_URL too"),
        ("SIRO_RECORDINGS_URL", "https://api.siro.invalid", "say --live to allow that"),
    ],
)
def test_what_to_set_is_told(target: Target, variable: str, value: str, line: str) -> None:
    assert line in (obstacle(changed(target, **{variable: value}), live=False) or "")


def test_a_closed_port_is_told(target: Target) -> None:
    closed = changed(target, SIRO_RECORDINGS_URL="http://127.0.0.1:1")
    with httpx.Client() as closed.target.client:
        assert "cannot be reached" in (obstacle(closed, live=False) or "")


def test_nothing_is_sent_to_a_host_that_was_not_allowed(target: Target) -> None:
    sent: list[httpx.Request] = []

    def record(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(422)

    foreign = changed(target, SIRO_INTEGRATIONS_URL="https://functions.siro.invalid")
    with httpx.Client(transport=httpx.MockTransport(record)) as foreign.target.client:
        assert obstacle(foreign, live=False)
        assert not sent
        assert obstacle(foreign, live=True) is None
        assert sent
