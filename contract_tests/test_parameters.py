"""The parameters of each operation: one fault is refused, and what their schemas allow accepted."""

import pytest

from contract_tests import bodies
from contract_tests.each_operation import each_operation
from contract_tests.gate import Gate
from contract_tests.operations import Operation


@pytest.mark.rejections
@each_operation("parameter.refused")
def test_one_wrong_parameter_is_refused(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> None:
    body, rule = bodies.smallest(gate, request, operation), f"{operation.short}.parameter.refused"
    cases = list(bodies.parameters(gate, operation).refused())
    gate.each(cases, lambda case: gate.refuse(rule, operation, body, parameters=case.given))


@each_operation("parameter.accepts")
def test_what_the_schemas_allow_is_accepted(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> None:
    bodies.need_leave_to_store(request, operation)
    rule = f"{operation.short}.parameter.accepts"
    cases = list(bodies.parameters(gate, operation).accepted())
    gate.each(
        cases,
        lambda case: gate.accept(rule, operation, bodies.smallest(gate, request, operation), parameters=case.given),
    )
