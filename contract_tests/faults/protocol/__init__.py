"""HTTP and JSON taken too loosely, or too strictly."""

from contract_tests.faults.protocol import headers, leaks, methods, syntax

FAULTS = (
    *methods.FAULTS,
    *syntax.FAULTS,
    *headers.FAULTS,
    *leaks.FAULTS,
)
