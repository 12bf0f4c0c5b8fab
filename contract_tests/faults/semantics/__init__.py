"""Answers that do not tell what was sent."""

from contract_tests.faults.semantics import ids, instants, links, own, people, texts

FAULTS = (
    *texts.FAULTS,
    *instants.FAULTS,
    *ids.FAULTS,
    *people.FAULTS,
    *links.FAULTS,
    *own.FAULTS,
)
