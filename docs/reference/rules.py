"""The rules of the contract gate: what each means, the sentences that it comes from, and the tests that check it."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from contract_tests.judge import judged
from contract_tests.operations import OPERATIONS
from contract_tests.rules import Rule, table, unchecked
from contract_tests.sentences import sentences
from docs.reference.names import ROOT

_TESTS = ROOT / "contract_tests"
EVERY_ANSWER = "every answer of a run, whatever test it is of"


@dataclass(frozen=True)
class Sentence:
    """A sentence of Siro's pages."""

    text: str
    places: tuple[str, ...]
    """The files below `specs/` that have it."""


@dataclass(frozen=True)
class Shown:
    """A rule as the page shows it."""

    rule: Rule
    says: tuple[Sentence, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Family:
    """The rules of an operation that are about one thing: `link.target`."""

    name: str
    operation: str
    rules: tuple[Shown, ...]


def families() -> list[Family]:
    """Every rule, by what it is about, those of one operation together."""
    claimed = claims()
    found: dict[str, list[Shown]] = {}
    for short in (operation.short for operation in OPERATIONS.values()):
        for rule in (rule for rule in table().values() if rule.operation == short):
            shown = Shown(rule, tuple(map(sentence, rule.says)), tuple(claimed.get(rule.id, ())))
            found.setdefault(rule.id.rpartition(".")[0], []).append(shown)
    named = {operation.short: operation.name for operation in OPERATIONS.values()}
    return [Family(name, named[rules[0].rule.operation], tuple(rules)) for name, rules in found.items()]


def sentence(text: str) -> Sentence:
    """A sentence, and which files have it; none if no page says so any more."""
    return Sentence(text, tuple(sorted({place.partition("#")[0] for place in sentences().get(text, ())})))


def reasons() -> dict[str, list[Sentence]]:
    """The sentences that no rule checks, by the reason."""
    found: dict[str, list[Sentence]] = {}
    for text, reason in unchecked().items():
        found.setdefault(reason, []).append(sentence(text))
    return found


def claims() -> dict[str, list[str]]:
    """The tests that claim each rule, as pytest collects them, but without collecting."""
    found: dict[str, list[str]] = {rule: [EVERY_ANSWER] for rule in judged()}
    for path in sorted(_TESTS.glob("test_*.py")):
        module = importlib.import_module(f"{_TESTS.name}.{path.stem}")
        for test, rule in _claimed(module):
            tests = found.setdefault(rule, [])
            if (name := f"{path.name}::{test}") not in tests:
                tests.append(name)
    return found


def _claimed(module: ModuleType) -> Iterator[tuple[str, str]]:
    for name, member in vars(module).items():
        if name.lower().startswith("test") and getattr(member, "__module__", module.__name__) == module.__name__:
            for mark in getattr(member, "pytestmark", ()):
                yield from ((name, rule) for rule in _of(mark))


def _of(mark: Any) -> Iterator[str]:
    """The rules that a mark claims: by itself, or by the parameters that it gives."""
    if mark.name == "rules":
        yield from mark.args
    for parameters in mark.args[1] if mark.name == "parametrize" else ():
        for inner in getattr(parameters, "marks", ()):
            yield from _of(inner)


def tests_path() -> Path:
    """Where the tests are, from the root."""
    return _TESTS.relative_to(ROOT)
