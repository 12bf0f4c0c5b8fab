"""The rule of the two ids, broken."""

from contract_tests.faults.link_rule import connections, ids, unknown

FAULTS = (
    *ids.FAULTS,
    *connections.FAULTS,
    *unknown.FAULTS,
)
