"""What becomes of each overlay action on a changed page: it fits as before, meets something else, or fits no more."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scripts.layout import SHARED_OVERLAY, SPECS, Json, StepError, load_yaml, overlay_path
from scripts.overlay import Location, UnnecessaryError, apply_action, find
from scripts.page import pointer

_ALIKE = 0.5
"""How many of two nodes' members have one name, if the one is the other, changed."""


_UNIONS = ("anyOf", "oneOf")
_ABSENT: Json = {"": "what is not there"}


class Outcome(StrEnum):
    """What an action does on the new page that it did not do on the old one."""

    STOPS = "no longer matches"
    UNNECESSARY = "has become unnecessary"
    ELSEWHERE = "matches something else"
    IN_PART = "has become unnecessary in part"
    OVERRIDES = "overrides what the page now says"
    JOINS = "adds to a list that the page now has"
    BRANCHES = "adds branches to a union that the page now has"


@dataclass(frozen=True)
class Finding:
    """An action that a person should look at."""

    overlay: str
    """The file of the overlay, relative to `specs/`."""
    number: int
    """The number of the action, from 1."""
    target: str
    outcome: Outcome
    told: str
    """What it met: the error, or what it matched before and matches now."""

    @property
    def stops(self) -> bool:
        """Whether the build stops at it."""
        return self.outcome in {Outcome.STOPS, Outcome.UNNECESSARY, Outcome.BRANCHES}


@dataclass(frozen=True)
class _Step:
    """What one action met."""

    overlay: str
    number: int
    action: dict[str, Any]
    nodes: list[tuple[Location, Json]]
    error: StepError | None


def compare(name: str, old: dict[str, Any], new: dict[str, Any]) -> list[Finding]:
    """The actions of a source's overlays that do not do on the new document what they do on the old one."""
    findings: list[Finding] = []
    for before, now in zip(_steps(name, old), _steps(name, new), strict=True):
        target = str(now.action.get("target"))
        if now.error:
            outcome = Outcome.UNNECESSARY if isinstance(now.error, UnnecessaryError) else Outcome.STOPS
            findings.append(Finding(now.overlay, now.number, target, outcome, str(now.error)))
        elif not before.error:
            told = {
                Outcome.ELSEWHERE: _elsewhere(before, now),
                Outcome.IN_PART: ", ".join(_said(before, now, equal=True)),
                Outcome.OVERRIDES: ", ".join(_said(before, now, equal=False)),
                Outcome.JOINS: ", ".join(_joined(before, now, union=False)),
                Outcome.BRANCHES: ", ".join(_joined(before, now, union=True)),
            }
            findings += [
                Finding(now.overlay, now.number, target, outcome, text) for outcome, text in told.items() if text
            ]
    return findings


def _steps(name: str, document: dict[str, Any]) -> Iterator[_Step]:
    """Apply the overlays of a source, and go on after an action that fails as if it were not there."""
    for path in (SHARED_OVERLAY, overlay_path(name)):
        overlay = load_yaml(path)
        for number, action in enumerate(overlay["actions"], 1):
            attempt = json.loads(json.dumps(document))
            nodes: list[tuple[Location, Json]] = []
            error = None
            try:
                nodes = find(document, action.get("copy", action["target"]))
                apply_action(attempt, action)
            except StepError as stopped:
                error = stopped
            else:
                document = attempt
            yield _Step(str(path.relative_to(SPECS)), number, action, nodes, error)


def _elsewhere(before: _Step, now: _Step) -> str:
    """What an action met before and meets now, if that is not the same place with the same kind of thing in it."""
    old, new = dict(before.nodes), dict(now.nodes)
    if old.keys() != new.keys():
        return f"matched {_places(old, new)}, and matches {_places(new, old)}"
    for location, value in new.items():
        if not _alike(old[location], value):
            return f"{pointer(*location)} was {_members(old[location])}, and is {_members(value)}"
    return ""


def _places(nodes: dict[Location, Json], others: dict[Location, Json]) -> str:
    """The places that are among those and not among the others."""
    return ", ".join(pointer(*location) for location in nodes if location not in others) or "none beside"


def _said(before: _Step, now: _Step, *, equal: bool) -> Iterator[str]:
    """What an update says that the page, silent before, now says too: the same, or something else."""
    old = dict(before.nodes)
    for location, value in now.nodes:
        for place, said in _leaves(now.action.get("update"), ()):
            present = _at(value, place)
            if (
                not isinstance(said, list)
                and present != _ABSENT
                and _at(old.get(location), place) == _ABSENT
                and (present == said) is equal
            ):
                yield f"{pointer(*location, *place)} is {json.dumps(present)}"


def _joined(before: _Step, now: _Step, *, union: bool) -> Iterator[str]:
    """The lists that an update adds to, and that the page, silent before, now has itself.

    A union with more branches is another one: bodies that fitted one of two fit two of four.
    """
    old = dict(before.nodes)
    for location, value in now.nodes:
        for place, said in _leaves(now.action.get("update"), ()):
            present, is_new = _at(value, place), _at(old.get(location), place) == _ABSENT
            if isinstance(said, list) and isinstance(present, list) and is_new and (place[-1] in _UNIONS) is union:
                yield f"{pointer(*location, *place)} is {json.dumps(present)}"


def _leaves(value: Json, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Json]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _leaves(member, (*at, name))
    elif at:
        yield at, value


def _at(value: Json, place: tuple[str, ...]) -> Json:
    for name in place:
        if not isinstance(value, dict) or name not in value:
            return _ABSENT
        value = value[name]
    return value


def _alike(old: Json, new: Json) -> bool:
    """Whether one thing may be another, changed: most of its members have the same names."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return type(old) is type(new)
    names, others = _names(old), _names(new)
    return len(names & others) >= _ALIKE * len(names | others)


def _names(node: dict[str, Json]) -> set[str]:
    properties = node.get("properties")
    return {*(properties if isinstance(properties, dict) else node)}


def _members(node: Json) -> str:
    return f"an object of {', '.join(sorted(_names(node)))}" if isinstance(node, dict) else json.dumps(node)
