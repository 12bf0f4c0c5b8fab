"""The table of rules, read from rules.toml."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from contract_tests import past
from contract_tests.constraints import KINDS
from contract_tests.coverage import of_body, of_parameters
from contract_tests.document import has_body, success_contents
from contract_tests.operations import OPERATIONS, Operation
from contract_tests.parameters import is_plain, parameters


@dataclass(frozen=True)
class Rule:
    """One rule of the gate."""

    id: str
    operation: str
    """The short name of the operation that it is about."""
    means: str
    """What a Siro must do, in one line."""
    says: tuple[str, ...]
    """The sentences of the pages that it comes from."""
    spec: str
    """What in the OpenAPI documents it comes from, where no sentence says it."""
    advice: bool
    """Whether the page advises it and does not demand it."""

    @property
    def source(self) -> str:
        """Where it comes from, for a report: the first sentence, or the path in the spec."""
        return f"“{self.says[0]}”" if self.says else self.spec


@cache
def table() -> dict[str, Rule]:
    """Every rule by its id, those of `{op}` once for each operation that has something for them to decide.

    A rule of an operation's own takes the place of one of `{op}`.

    Raises:
        NotImplementedError: the effective spec has what the gate has no cases for.

    """
    entries = _read()["rule"]
    own = {str(entry["id"]) for entry in entries}
    rules: dict[str, Rule] = {}
    for entry in entries:
        for rule in _rules(entry):
            if rule.id in own and "{op}" in entry["id"]:
                continue
            if rules.setdefault(rule.id, rule) is not rule:
                raise ValueError(f"rules.toml has two rules {rule.id}")
    return rules


def _rules(entry: Mapping[str, Any]) -> Iterator[Rule]:
    template = str(entry["id"])
    generic = [each.short for each in OPERATIONS.values() if _applies(template.removeprefix("{op}."), each)]
    for short in generic if "{op}" in template else [template.partition(".")[0]]:
        yield Rule(
            id=template.replace("{op}", short),
            operation=short,
            means=str(entry["means"]),
            says=tuple(entry.get("says", ())),
            spec=str(entry.get("spec", "")),
            advice=bool(entry.get("advice", False)),
        )


def _applies(rule: str, operation: Operation) -> bool:
    """Whether an operation has something for a rule to decide."""
    if rule in _DECIDES:
        return _DECIDES[rule](operation)
    family, _, kind = rule.partition(".")
    if family == "body" and kind in KINDS.values():
        return kind in {KINDS[constraint.keyword] for constraint in of_body(operation)}
    return family != "body" or has_body(operation.name)


def _takes_a_body(operation: Operation) -> bool:
    return has_body(operation.name)


def _answers_json_or_nothing(operation: Operation) -> bool:
    contents = success_contents(operation.name).values()
    return any(not content or "application/json" in content for content in contents)


def _has_odd_parameters(operation: Operation) -> bool:
    return operation.is_added or not all(map(is_plain, parameters(operation)))


_DECIDES: dict[str, Callable[[Operation], bool]] = {
    "answer.schema": _answers_json_or_nothing,
    "body.past": lambda operation: bool(past.of(operation)),
    "parameter.accepts": _has_odd_parameters,
    "parameter.refused": lambda operation: bool(of_parameters(operation)),
    **dict.fromkeys(("protocol.json", "protocol.body", "protocol.media-type"), _takes_a_body),
}
"""The rules that not every operation has something for; beside them, those of the body."""


@cache
def unchecked() -> dict[str, str]:
    """The sentences that no answer can break, each with the reason."""
    return {sentence: str(entry["because"]) for entry in _read()["unchecked"] for sentence in entry["says"]}


@cache
def _read() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(Path(__file__).with_name("rules.toml").read_text("utf-8"))
