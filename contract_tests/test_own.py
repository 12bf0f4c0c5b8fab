"""What only an answer has is not taken from a request."""

from typing import Any

import pytest

from contract_tests.compare import is_object, short
from contract_tests.document import body_schema, follow, success_schema
from contract_tests.echo import Echo
from contract_tests.gate import Gate
from contract_tests.operations import LINK, SYNC, Operation
from contract_tests.rows import Row
from contract_tests.shapes import variants

FOREIGN = "2001-02-03T04:05:06Z"
"""A text that is a time too, and nothing of a Siro's own."""


def own(operation: Operation) -> list[str]:
    """The properties of an answer's `data` that are texts, and that a request does not have."""
    sent = {name for variant in variants(body_schema(operation.name)) for name in variant["properties"]}
    answered = [variant["properties"] for variant in variants(success_schema(operation.name, "200"))]
    data = [follow(properties["data"])["properties"] for properties in answered if "data" in properties]
    return [name for each in data for name, schema in each.items() if name not in sent and "type" in schema]


def check(gate: Gate, operation: Operation, body: dict[str, Any], *, later: dict[str, Any]) -> None:
    """Send each of them along; the answer, and that to a later request, must not have it."""

    def alone(name: str) -> None:
        exchanges = [gate.put(operation, {**body, name: FOREIGN}), gate.put(operation, later)]
        for exchange in exchanges:
            found = exchange.data.get(name) if exchange.is_success and is_object(exchange.answer.get("data")) else None
            message = f"{name} of the request, {short(FOREIGN)}, is answered as Siro's own"
            gate.check(
                f"{operation.short}.answer.own", found != FOREIGN, message, *exchanges[: exchanges.index(exchange) + 1]
            )

    gate.each(own(operation), alone)


@pytest.mark.rules("sync.answer.own")
@pytest.mark.usefixtures("echo")
def test_a_sync_takes_nothing_that_only_an_answer_has(gate: Gate) -> None:
    body = {"externalId": gate.new_id("own")}
    check(gate, SYNC, body, later=body)


@pytest.mark.rules("link.answer.own")
def test_a_link_takes_nothing_that_only_an_answer_has(gate: Gate, echo: Echo, rows: dict[str, Row]) -> None:
    assert echo
    check(gate, LINK, rows["ACCOUNT"].by_external_id, later=rows["ACCOUNT"].by_id)
