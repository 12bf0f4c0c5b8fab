"""Every property of both request bodies, at every depth: one fault is refused, and what the schema allows accepted."""

import json

import pytest

from contract_tests import bodies
from contract_tests.gate import PREFIX, Gate
from contract_tests.rules import table
from contract_tests.target import OPERATIONS, SYNC, Operation
from contract_tests.walk import REFUSED, Case, thinned

FAULTS = [
    pytest.param(operation, kind, id=rule, marks=pytest.mark.rules(rule))
    for operation in OPERATIONS.values()
    for kind in REFUSED
    if (rule := f"{operation.short}.body.{kind}") in table()
]
ACCEPTS = [
    pytest.param(operation, id=operation.short, marks=pytest.mark.rules(f"{operation.short}.body.accepts"))
    for operation in OPERATIONS.values()
]
OPEN = [
    pytest.param(operation, id=operation.short, marks=pytest.mark.rules(f"{operation.short}.answer.server-error"))
    for operation in OPERATIONS.values()
]


@pytest.mark.rejections
@pytest.mark.parametrize(("operation", "kind"), FAULTS)
def test_one_fault_is_refused(gate: Gate, request: pytest.FixtureRequest, operation: Operation, kind: str) -> None:
    cases = [case for case in bodies.walk(gate, request, operation).refused() if case.kind == kind]
    gate.each(_chosen(request, cases), lambda case: gate.refuse(f"{operation.short}.body.{kind}", operation, case.body))


@pytest.mark.parametrize("operation", ACCEPTS)
def test_what_the_schema_allows_is_accepted(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> None:
    cases = [case for case in bodies.walk(gate, request, operation).accepted() if case.kind == "accepts"]
    gate.each(
        _chosen(request, cases), lambda case: gate.accept(f"{operation.short}.body.accepts", operation, case.body)
    )


@pytest.mark.parametrize("operation", OPEN)
def test_what_is_left_open_is_answered(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> None:
    """Accepted or refused: each answer is judged by the rules of any answer."""
    cases = [case for case in bodies.walk(gate, request, operation).accepted() if case.kind == "open"]
    if request.config.getoption("--live"):
        # What could not be soft-deleted is not stored in a real tenant.
        cases = [case for case in cases if operation is not SYNC or str(case.body["externalId"]).startswith(PREFIX)]
    headers = {**gate.target.credentials(operation), "Content-Type": "application/json"}
    # As ASCII, since a lone surrogate has no UTF-8.
    gate.each(
        _chosen(request, cases),
        lambda case: gate.put(operation, headers=headers, content=json.dumps(case.body).encode("ascii")),
    )


def _chosen(request: pytest.FixtureRequest, cases: list[Case]) -> list[Case]:
    return cases if bodies.is_exhaustive(request) else thinned(cases)
