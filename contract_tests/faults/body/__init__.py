"""One fault a request: bodies that are wrongly accepted, refused, or crash the server."""

from contract_tests.faults.body import (
    accepts_hidden,
    accepts_link,
    accepts_missing,
    accepts_types,
    accepts_values,
    crashes,
    rejects_odd,
    rejects_others,
    rejects_texts,
    rejects_turns,
    rejects_values,
)

FAULTS = (
    *accepts_link.FAULTS,
    *accepts_hidden.FAULTS,
    *accepts_missing.FAULTS,
    *accepts_types.FAULTS,
    *accepts_values.FAULTS,
    *rejects_values.FAULTS,
    *rejects_texts.FAULTS,
    *rejects_others.FAULTS,
    *rejects_odd.FAULTS,
    *rejects_turns.FAULTS,
    *crashes.FAULTS,
)
