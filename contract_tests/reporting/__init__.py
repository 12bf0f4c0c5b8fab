"""What a person gets of a run: lines in the terminal, and files in the report directory. No token is in any of them.

A run flows one way: Gate.record → gather → Outcome → terminal, and the files.
"""

from contract_tests.reporting.gather import is_red, selection, unreached
from contract_tests.reporting.hooks import begin, collected, note, rules_of, tell, tests_of
from contract_tests.reporting.terminal import list_rules

__all__ = [
    "begin",
    "collected",
    "is_red",
    "list_rules",
    "note",
    "rules_of",
    "selection",
    "tell",
    "tests_of",
    "unreached",
]
