"""All that an update found out, as the sections of its report."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from scripts.spec_diff.change import Change
from scripts.update.coverage import Coverage
from scripts.update.names import Name
from scripts.update.overlays import Finding
from scripts.update.prose import Wording
from scripts.update.version import Next

_MANY = 60
"""How many lines a section has at most; the JSON has them all."""


@dataclass
class Findings:
    """What is known so far; an update that stops reports what it knows."""

    pages: list[str] = field(default_factory=list[str])
    """The sources whose pages changed."""
    changes: list[Change] = field(default_factory=list[Change])
    wordings: list[Wording] = field(default_factory=list[Wording])
    overlays: list[Finding] = field(default_factory=list[Finding])
    names: list[Name] = field(default_factory=list[Name])
    next: Next | None = None
    coverage: Coverage = field(default_factory=Coverage)
    decide: list[str] = field(default_factory=list[str])
    """What a person must decide, one line each: why the update stopped."""

    def sections(self) -> dict[str, list[str]]:
        """The parts of the report beside the table of changes: a heading, and its lines."""
        sections = {
            "What a person must decide": self.decide,
            "Sentences": _texts(self.wordings),
            "Overlay actions": [
                f"{each.overlay}, action {each.number} ({each.target}) {each.outcome}: {each.told}"
                for each in self.overlays
            ],
            "The generated Python API": _names(self.names),
            "The next version": [f"{self.next.version} ({self.next.level}): {self.next.because}"] if self.next else [],
            "What the gate now covers by itself": [f"new: {case}" for case in self.coverage.added],
            "What the gate covers no more": [f"gone: {case}" for case in self.coverage.removed],
        }
        return {heading: _few(lines) for heading, lines in sections.items() if lines}

    def as_json(self) -> dict[str, Any]:
        """The same for a program, but for the changes."""
        return {
            "pages": self.pages,
            "decide": self.decide,
            "sentences": [asdict(each) for each in self.wordings],
            "overlays": [{**asdict(each), "stops": each.stops} for each in self.overlays],
            "names": [asdict(each) for each in self.names],
            "next_version": asdict(self.next) if self.next else None,
            "coverage": asdict(self.coverage),
        }


def _texts(wordings: Iterable[Wording]) -> list[str]:
    return [" ".join(_words(each)) for each in wordings]


def _words(each: Wording) -> Iterator[str]:
    if each.old is None:
        yield f"new: “{each.new}”"
    elif each.new is None:
        yield f"gone: “{each.old}”"
    else:
        yield f"reworded: “{each.old}” is now “{each.new}”"
    yield f"({each.places[0]}{f' and {len(each.places) - 1} more places' if each.places[1:] else ''})."
    if each.rules:
        yield f"Rules that quote it: {', '.join(each.rules)}."
    elif each.unsettled:
        yield "No rule quotes it."


def _names(names: Iterable[Name]) -> list[str]:
    lines: list[str] = []
    for each in names:
        said = {(True, False): f"added: {each.new}", (False, True): f"removed: it was {each.old}"}.get(
            (each.old is None, each.new is None), f"changed from {each.old} to {each.new}"
        )
        lines.append(f"{each.name} {said}{'; this may break code that uses it' if each.breaks else ''}")
    return lines


def _few(lines: Sequence[str]) -> list[str]:
    more = len(lines) - _MANY
    return [*lines[:_MANY], f"and {more} more, which spec-change.json lists"] if more > 0 else list(lines)
