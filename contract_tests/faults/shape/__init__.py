"""Schema conformance: answers that are not of the documented shape."""

from contract_tests.faults.shape import link, sync

FAULTS = (
    *link.FAULTS,
    *sync.FAULTS,
)
