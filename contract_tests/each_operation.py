"""Tests that are the same for every operation."""

import pytest
from _pytest.mark import ParameterSet

from contract_tests.operations import OPERATIONS, Operation
from contract_tests.rules import table


def each_operation(rule: str) -> pytest.MarkDecorator:
    """Run a test for every operation that has this rule, such as `auth.required`, and claim it."""
    return pytest.mark.parametrize(
        "operation",
        [claiming(operation, rule) for operation in OPERATIONS.values() if f"{operation.short}.{rule}" in table()],
    )


def claiming(operation: Operation, rule: str, *arguments: str) -> ParameterSet:
    """The parameters of a test of one operation, which claims a rule of it."""
    claimed = f"{operation.short}.{rule}"
    marks = [pytest.mark.rules(claimed), *only_if_checkable(operation)]
    return pytest.param(operation, *arguments, id=claimed if arguments else operation.short, marks=marks)


def only_if_checkable(operation: Operation) -> list[pytest.MarkDecorator]:
    """What keeps tests from an operation that no run can check."""
    return [pytest.mark.skip(reason=f"not checked: needs {operation.lacks}")] if operation.lacks else []
