"""Siros that conform: other readings of what the pages leave open."""

from contract_tests.faults.variants import answers, refusals, requests, wire

VARIANTS = (
    *refusals.VARIANTS,
    *requests.VARIANTS,
    *answers.VARIANTS,
    *wire.VARIANTS,
)
