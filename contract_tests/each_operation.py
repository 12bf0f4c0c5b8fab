"""Tests that are the same for every operation."""

import pytest

from contract_tests.target import OPERATIONS


def each_operation(rule: str) -> pytest.MarkDecorator:
    """Run a test for every operation, claiming the operation's rule of this name, such as `auth.required`."""
    return pytest.mark.parametrize(
        "operation",
        [
            pytest.param(operation, id=operation.short, marks=pytest.mark.rules(f"{operation.short}.{rule}"))
            for operation in OPERATIONS.values()
        ],
    )
