"""The table of rules accounts for every sentence of both pages, and the tests for every rule."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract_tests.compare import ACCOUNT_DATA, INSTANTS, TEXTS, USER_DATA
from contract_tests.document import Json, follow, operation_document
from contract_tests.judge import judged
from contract_tests.leeway import IDS, TIMES
from contract_tests.operations import NESTED
from contract_tests.rows import DATA_TYPES
from contract_tests.rules import table, unchecked
from contract_tests.sentences import sentences
from docs.reference import rules as reference

ROOT = Path(__file__).parents[2]


def test_every_sentence_of_the_pages_has_a_rule_or_a_reason() -> None:
    quoted = {sentence for rule in table().values() for sentence in rule.says}
    new = [
        f"{places[0]}: {sentence}"
        for sentence, places in sentences().items()
        if sentence not in quoted | {*unchecked()}
    ]
    assert not new, "sentences without a rule in rules.toml: look at them, and give each a rule or a reason"


def test_every_sentence_that_a_rule_quotes_stands_in_a_page() -> None:
    gone = {rule.id: said for rule in table().values() for said in rule.says if said not in sentences()}
    assert not gone, "rules that quote what no page says any more: look at them again"
    assert not set(unchecked()) - set(sentences()), "reasons for sentences that no page has any more"


def test_no_sentence_has_both_a_rule_and_a_reason_for_having_none() -> None:
    assert not {sentence for rule in table().values() for sentence in rule.says} & set(unchecked())


ENGAGEMENT = [*TEXTS, *INSTANTS, *NESTED, "externalId", "engagementUsers", "deletedAt"]
OF_A_LINK = {"id", "integrationConnectionId"}
SPOKEN_OF = {
    ("link_recording", "requestBody"): ["id", "externalId", "integrationConnectionId", "dataType", "trigger"],
    ("link_recording", "responses"): ["data", "id", "externalId", "dataType", "name"],
    ("sync_engagement", "requestBody"): [*ENGAGEMENT, *ACCOUNT_DATA, *USER_DATA, *IDS - OF_A_LINK, *TIMES],
    ("sync_engagement", "responses"): [
        *("data", "id", "externalId", "createdAt", "updatedAt", "organizationId", "account", "engagementUsers"),
        *(*TEXTS, *INSTANTS, "accountId", "opportunityId", "recordingId"),
    ],
}


@pytest.mark.parametrize(("operation", "part"), SPOKEN_OF)
def test_what_the_tests_speak_of_stands_in_the_spec(operation: str, part: str) -> None:
    names = set(properties(operation_document(operation)[part]))
    gone = sorted({*SPOKEN_OF[operation, part]} - names)
    assert not gone, f"{operation} has no {', '.join(gone)} in its {part} any more: look at the tests that speak of it"


def properties(node: Json) -> Iterator[str]:
    """The names of all properties, at any depth."""
    if isinstance(node, list):
        for item in node:
            yield from properties(item)
    if isinstance(node, dict):
        meant: dict[str, Json] = follow(node)
        named = meant.get("properties")
        yield from named if isinstance(named, dict) else ()
        for key, child in meant.items():
            if key not in ("5XX", "enum", "required") and not key.startswith("4"):
                yield from properties(child)


def test_the_data_types_of_the_rows_that_are_synced_can_be_linked() -> None:
    gone = {"ENGAGEMENT", *map(str.upper, NESTED)} - {*DATA_TYPES}
    assert not gone, f"no {', '.join(gone)} can be linked any more: look at the tests that speak of it"


def test_every_rule_says_where_it_is_from() -> None:
    assert len(table()) > 60
    for rule in table().values():
        assert rule.source.strip("“”"), rule
        assert rule.means, rule


def test_every_rule_has_a_test_and_every_test_a_rule() -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "contract_tests",
        "--collect-only",
        "-q",
        "-p",
        "tests.gate.collect_rules",
    ]
    output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    (line,) = (line for line in output.splitlines() if line.startswith("CLAIMS "))
    claims: dict[str, list[str]] = json.loads(line.removeprefix("CLAIMS "))

    assert not [test for test, rules in claims.items() if not rules], "tests that claim no rule"
    claimed = {rule for rules in claims.values() for rule in rules} | set(judged())
    assert claimed - set(table()) == set(), "tests claim rules that are not in rules.toml"
    assert set(table()) - claimed == set(), "rules that no test claims"
    tests = {
        (test.removeprefix("contract_tests/").partition("[")[0], rule)
        for test, all_of in claims.items()
        for rule in all_of
    }
    told = {(test, rule) for rule, all_of in reference.claims().items() for test in all_of}
    assert told == tests | {(reference.EVERY_ANSWER, rule) for rule in judged()}, "the reference tells otherwise"
