"""Doors that open to the wrong token, or do not open to the right one."""

from contract_tests.faults.auth import answers, places, tokens, ways

FAULTS = (
    *tokens.FAULTS,
    *places.FAULTS,
    *answers.FAULTS,
    *ways.FAULTS,
)
