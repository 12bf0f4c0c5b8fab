"""Syncs that are no upserts, relations, merges, links and organizations gone wrong."""

from contract_tests.faults.state import (
    identity,
    isolation,
    links,
    merges,
    near,
    nulls,
    refused,
    relations,
    times,
    values,
)

FAULTS = (
    *identity.FAULTS,
    *near.FAULTS,
    *times.FAULTS,
    *nulls.FAULTS,
    *values.FAULTS,
    *refused.FAULTS,
    *links.FAULTS,
    *relations.FAULTS,
    *merges.FAULTS,
    *isolation.FAULTS,
)
