"""Which sentences of the pages changed, and which rules of the gate quote them."""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.layout import ROOT
from scripts.page import Page
from scripts.sentences import sentences

RULES = Path("contract_tests/rules.toml")
"""Read as data: which sentences each rule quotes."""
_ALIKE = 0.6
"""How much of a sentence stays, as difflib counts, if it was reworded rather than replaced."""


@dataclass(frozen=True)
class Wording:
    """A sentence that came, went, or was reworded."""

    old: str | None
    new: str | None
    places: tuple[str, ...]
    """Where it stands, or stood: source and place."""
    rules: tuple[str, ...]
    """The rules that quote the old wording or the new one; a sentence may stand there with a reason for having none."""
    unsettled: bool
    """Whether a person has to look: rules.toml quotes it and it is gone, or it is new and nothing there quotes it."""


def compare(old: Mapping[str, Page], new: Mapping[str, Page], root: Path = ROOT) -> list[Wording]:
    """What changed between the pages of before and those of now, each by the name of its source."""
    before, after = _all(old), _all(new)
    quoted = _quotes(root / RULES)
    gone = [sentence for sentence in before if sentence not in after]
    come = [sentence for sentence in after if sentence not in before]
    wordings: list[Wording] = []
    for sentence in come:
        near = difflib.get_close_matches(sentence, gone, n=1, cutoff=_ALIKE)
        for match in near:
            gone.remove(match)
        wordings.append(_wording(near[0] if near else None, sentence, after[sentence], quoted))
    return wordings + [_wording(sentence, None, before[sentence], quoted) for sentence in gone]


def _wording(old: str | None, new: str | None, places: list[str], quoted: Mapping[str, list[str]]) -> Wording:
    rules = [rule for sentence in (old, new) if sentence for rule in quoted.get(sentence, ())]
    still = old is not None and old in quoted
    return Wording(
        old, new, tuple(places), tuple(dict.fromkeys(rules)), still or (new is not None and new not in quoted)
    )


def _all(pages: Mapping[str, Page]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, page in pages.items():
        for sentence, places in sentences(page).items():
            found.setdefault(sentence, []).extend(f"{name}: {place}" for place in places)
    return found


def _quotes(path: Path) -> dict[str, list[str]]:
    """For each sentence that is accounted for, the rules that quote it; none if it has a reason for having none."""
    table = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    quoted: dict[str, list[str]] = {}
    entries: Iterable[tuple[str, list[str]]] = [
        *((rule["id"], rule.get("says", [])) for rule in table.get("rule", [])),
        *(("", entry.get("says", [])) for entry in table.get("unchecked", [])),
    ]
    for rule, says in entries:
        for sentence in says:
            quoted.setdefault(sentence, []).extend([rule] if rule else [])
    return quoted
