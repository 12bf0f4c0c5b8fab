"""createdAt stays, and updatedAt goes forward."""

import time
from itertools import pairwise

import pytest

from contract_tests import bodies
from contract_tests.compare import instant, is_ordered, is_same_instant
from contract_tests.echo import Echo
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate


@pytest.mark.rules("sync.upsert.created-at", "sync.upsert.updated-at")
def test_clocks_of_an_engagement_go_forward(
    gate: Gate, echo: Echo, early: tuple[float, Exchange], request: pytest.FixtureRequest
) -> None:
    began, first = early
    # Long enough for a clock that counts in seconds; most of it has passed with the tests before.
    left = began + 1.1 - time.monotonic()
    has_passed = left <= 0 or bodies.is_exhaustive(request)
    if has_passed:
        time.sleep(max(0.0, left))
    body = first.sent
    exchanges = [first, *(echo.sync({**body, **changed}) for changed in ({"subject": "second"}, {}, {"subject": None}))]
    for before, after in pairwise(exchanges):
        old, new = (exchange.data["createdAt"] for exchange in (first, after))
        is_same = old == new or (instant(old) is not None and instant(new) is not None and is_same_instant(old, new))
        gate.check("sync.upsert.created-at", is_same, f"createdAt was {old} and is {new}", first, after)
        old, new = (exchange.data["updatedAt"] for exchange in (before, after))
        gate.check("sync.upsert.updated-at", is_ordered(old, new), f"updatedAt was {old} and is {new}", before, after)
    for exchange in exchanges:
        created, updated = exchange.data["createdAt"], exchange.data["updatedAt"]
        message = f"updatedAt is {updated}, before createdAt, which is {created}"
        gate.check("sync.upsert.updated-at", is_ordered(created, updated), message, exchange)
    old, new = (exchange.data["updatedAt"] for exchange in exchanges[:2])
    has_moved = not has_passed or instant(old) is None or not is_ordered(new, old)
    gate.check("sync.upsert.updated-at", has_moved, f"updatedAt is still {old} after a change", *exchanges[:2])
