"""Siros that are wrong, each in one way, and Siros that are right, each in another: what the gate is scored on."""

from dataclasses import replace

from contract_tests.faults import auth, body, link_rule, protocol, semantics, shape, state, variants
from contract_tests.faults._plant import Fault, Variant

__all__ = ["FAMILIES", "FAULTS", "TABLES", "VARIANTS", "Fault", "Variant"]

TABLES = {
    "schema conformance": shape.FAULTS,
    "one fault a request": body.FAULTS,
    "link rule": link_rule.FAULTS,
    "semantics": semantics.FAULTS,
    "state": state.FAULTS,
    "auth": auth.FAULTS,
    "protocol": protocol.FAULTS,
}
FAMILIES = tuple(TABLES)
FAULTS = {fault.name: replace(fault, family=family) for family, table in TABLES.items() for fault in table}
VARIANTS = {variant.name: variant for variant in variants.VARIANTS}
