"""The table of rules, read from rules.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from contract_tests.target import OPERATIONS


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
    """Every rule by its id, those of `{op}` once for each operation."""
    shorts = [operation.short for operation in OPERATIONS.values()]
    rules: dict[str, Rule] = {}
    for entry in _read()["rule"]:
        template = str(entry["id"])
        for short in shorts if "{op}" in template else [template.partition(".")[0]]:
            rule = Rule(
                id=template.replace("{op}", short),
                operation=short,
                means=str(entry["means"]),
                says=tuple(entry.get("says", ())),
                spec=str(entry.get("spec", "")),
                advice=bool(entry.get("advice", False)),
            )
            if rules.setdefault(rule.id, rule) is not rule:
                raise ValueError(f"rules.toml has two rules {rule.id}")
    return rules


@cache
def unchecked() -> dict[str, str]:
    """The sentences that no answer can break, each with the reason."""
    return {sentence: str(entry["because"]) for entry in _read()["unchecked"] for sentence in entry["says"]}


@cache
def _read() -> dict[str, list[dict[str, list[str]]]]:
    return tomllib.loads(Path(__file__).with_name("rules.toml").read_text("utf-8"))
