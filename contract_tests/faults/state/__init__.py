"""Syncs that are no upserts, relations, merges, links and organizations gone wrong."""

from contract_tests.faults.state import (
    identity,
    isolation,
    linked,
    links,
    merges,
    near,
    nulls,
    referrers,
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
    *linked.FAULTS,
    *relations.FAULTS,
    *merges.FAULTS,
    *referrers.FAULTS,
    *isolation.FAULTS,
)
