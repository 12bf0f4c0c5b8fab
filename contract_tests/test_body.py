"""Every property of each request body, at every depth: one fault is refused, and what the schema allows accepted."""

import json
from collections import defaultdict
from collections.abc import Callable
from functools import cache

import pytest

from contract_tests import bodies, past
from contract_tests.document import has_body
from contract_tests.each_operation import claiming, each_operation
from contract_tests.gate import PREFIX, Gate
from contract_tests.operations import LINK, OPERATIONS, SYNC, Operation
from contract_tests.rules import table
from contract_tests.walk import REFUSED, Case, thinned

WITH_BODY = [operation for operation in OPERATIONS.values() if has_body(operation.name)]
FAULTS = [
    claiming(operation, f"body.{kind}", kind)
    for operation in WITH_BODY
    for kind in REFUSED
    if f"{operation.short}.body.{kind}" in table()
]
OPEN = [claiming(operation, "answer.server-error") for operation in WITH_BODY]


@pytest.fixture(scope="module")
def refused(gate: Gate, request: pytest.FixtureRequest) -> Callable[[Operation], dict[str, list[Case]]]:
    """The cases of an operation that must be refused, by kind."""

    @cache
    def by_kind(operation: Operation) -> dict[str, list[Case]]:
        found: dict[str, list[Case]] = defaultdict(list)
        for case in bodies.walk(gate, request, operation).refused():
            found[case.kind].append(case)
        return found

    return by_kind


@pytest.fixture(scope="module")
def allowed(gate: Gate, request: pytest.FixtureRequest) -> Callable[[Operation, str], list[Case]]:
    """The cases of an operation that the schema allows: those that must be accepted, or those left open."""

    @cache
    def of_kind(operation: Operation, kind: str) -> list[Case]:
        return [case for case in every(operation) if case.kind == kind]

    @cache
    def every(operation: Operation) -> list[Case]:
        return list(bodies.walk(gate, request, operation).accepted())

    return of_kind


@pytest.mark.rejections
@pytest.mark.parametrize(("operation", "kind"), FAULTS)
def test_one_fault_is_refused(
    gate: Gate,
    request: pytest.FixtureRequest,
    refused: Callable[[Operation], dict[str, list[Case]]],
    operation: Operation,
    kind: str,
) -> None:
    cases = refused(operation)[kind]
    rule = f"{operation.short}.body.{kind}"
    gate.each(_chosen(request, cases), lambda case: gate.refuse(rule, operation, case.body, as_is=True), whole=True)


@pytest.mark.rejections
@each_operation("body.past")
def test_what_is_allowed_no_more_is_refused(gate: Gate, operation: Operation) -> None:
    rule = f"{operation.short}.body.past"
    gate.each(past.of(operation), lambda case: gate.refuse(rule, operation, case.body, as_is=True), whole=True)


@each_operation("body.accepts")
def test_what_the_schema_allows_is_accepted(
    gate: Gate, request: pytest.FixtureRequest, allowed: Callable[[Operation, str], list[Case]], operation: Operation
) -> None:
    bodies.need_leave_to_store(request, operation)
    cases = allowed(operation, "accepts")
    rule = f"{operation.short}.body.accepts"
    if operation is LINK and (unknown := [case for case in cases if bodies.UNKNOWN in case.body.values()]):
        # A page may come to have data types of which no sync makes a row.
        cases = [case for case in cases if case not in unknown]
        kinds = sorted({str(case.body["dataType"]) for case in unknown})
        gate.record.not_checked[rule] = f"not checked: needs a row of {', '.join(kinds)}, which no sync makes"

    def check(case: Case) -> None:
        exchange = gate.accept(rule, operation, case.body, as_is=True)
        if operation is SYNC:
            request.getfixturevalue("echo").check(exchange)

    gate.each(_chosen(request, cases), check, whole=True)


@pytest.mark.parametrize("operation", OPEN)
def test_what_is_left_open_is_answered(
    gate: Gate, request: pytest.FixtureRequest, allowed: Callable[[Operation, str], list[Case]], operation: Operation
) -> None:
    """Accepted or refused: each answer is judged by the rules of any answer."""
    bodies.need_leave_to_store(request, operation)
    cases = allowed(operation, "open")
    if request.config.getoption("--live"):
        # What could not be soft-deleted is not stored in a real organization.
        cases = [case for case in cases if operation is not SYNC or str(case.body["externalId"]).startswith(PREFIX)]
    headers = {**gate.target.credentials(operation), "Content-Type": "application/json"}
    # As ASCII, since a lone surrogate has no UTF-8.
    gate.each(
        _chosen(request, cases),
        lambda case: gate.put(operation, headers=headers, content=json.dumps(case.body).encode("ascii")),
        whole=True,
    )


def _chosen(request: pytest.FixtureRequest, cases: list[Case]) -> list[Case]:
    return cases if bodies.is_exhaustive(request) else thinned(cases)
