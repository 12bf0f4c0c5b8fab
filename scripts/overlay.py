"""Apply an OpenAPI Overlay 1.1 document, strictly.

The specification calls an action that matches nothing a success, so an overlay rots in silence while the document
that it amends moves on. Here each action must match as many nodes as it says (`x-matches`, 1 if absent), change every
one of them, and find those of one name equal if it says so (`x-identical`). Whatever else happens stops the build.
"""

import copy
import json
from collections.abc import Iterable
from typing import Any

import jsonpath_rfc9535 as jsonpath

from scripts.layout import Json, StepError
from scripts.page import pointer

Location = tuple[str | int, ...]

_VERBS = ("update", "remove", "copy")
_KEYS = {"target", "description", "x-matches", "x-identical", *_VERBS}


class UnnecessaryError(StepError):
    """An action that changes nothing: the document says already what it adds."""


def apply(document: Any, overlay: Any, name: str) -> Any:
    """Return the document with every action of the overlay applied, in order; the document itself stays as it is.

    Raises:
        StepError: on the first action that is malformed, matches what it should not, or changes nothing. The message
            has the overlay's name, the number of the action (from 1), its target, and what was found.
    """
    if overlay.get("overlay") != "1.1.0":
        raise StepError(f"{name}: not an OpenAPI Overlay 1.1 document: overlay is {overlay.get('overlay')!r}")
    document = copy.deepcopy(document)
    for number, action in enumerate(overlay["actions"], 1):
        try:
            apply_action(document, action)
        except StepError as error:
            raise type(error)(f"{name}: action {number} ({action.get('target')}): {error}") from None
    return document


def apply_action(document: Any, action: dict[str, Any]) -> None:
    """Apply one action to a document, in place.

    Raises:
        StepError: if it is malformed, matches what it should not, or changes nothing; then some nodes may be changed.
    """
    verb = _verb(action)
    nodes = find(document, action["target"])
    _check_matches(nodes, action)
    if verb == "remove":
        _remove(document, [location for location, _ in nodes])
        return
    addition = action["update"] if verb == "update" else _copied(document, action["copy"])
    for location, value in nodes:
        before = json.dumps(value)
        merged = _merge(value, addition)
        if json.dumps(merged) == before:
            raise UnnecessaryError(f"changes nothing at {_pointer(location)}: what it adds is there already")
        _put(document, location, merged)


def _verb(action: dict[str, Any]) -> str:
    if unknown := sorted(action.keys() - _KEYS):
        raise StepError(f"has unknown fields: {', '.join(unknown)}")
    if not action.get("description"):
        raise StepError("has no description; say why it is there")
    verbs = [verb for verb in _VERBS if verb in action]
    if len(verbs) != 1 or action.get("remove", True) is not True:
        raise StepError(f"must say exactly one of update, copy, or `remove: true`; says {verbs}")
    return verbs[0]


def find(document: Any, expression: str) -> list[tuple[Location, Any]]:
    """The nodes that a JSONPath selects, each with where it is.

    Raises:
        StepError: if it is no JSONPath.
    """
    try:
        return [(node.location, node.value) for node in jsonpath.find(expression, document)]
    except jsonpath.JSONPathError as error:
        raise StepError(f"{expression} is no JSONPath (RFC 9535): {error}") from None


def _check_matches(nodes: list[tuple[Location, Any]], action: dict[str, Any]) -> None:
    expected = action.get("x-matches", 1)
    if len(nodes) != expected:
        found = ", ".join(_pointer(location) for location, _ in nodes) or "none"
        raise StepError(f"must match {expected} nodes, and matches {len(nodes)}: {found}")
    if action.get("x-identical"):
        first: dict[str, tuple[Location, Any]] = {}
        for location, value in nodes:
            name = location[-1] if isinstance(location[-1], str) else "[]"
            reference, equal = first.setdefault(name, (location, value))
            if value != equal:
                raise StepError(f"{_pointer(location)} and {_pointer(reference)} must be equal, and differ")


def _copied(document: Any, expression: str) -> Any:
    nodes = find(document, expression)
    if len(nodes) != 1:
        raise StepError(f"must copy one node, and {expression} matches {len(nodes)}")
    return nodes[0][1]


def _merge(value: Json, addition: Json) -> Json:
    """Merge as Overlay 1.1 says: objects member by member, arrays by concatenation, all else by replacement."""
    if isinstance(value, dict) and isinstance(addition, dict):
        merged = dict(value)
        for key, added in addition.items():
            merged[key] = _merge(merged[key], added) if key in merged else copy.deepcopy(added)
        return merged
    if isinstance(value, list):
        added_items: list[Json] = addition if isinstance(addition, list) else [addition]
        return [*value, *copy.deepcopy(added_items)]
    if isinstance(value, dict) or isinstance(addition, dict | list):
        kind, other = ("object" if isinstance(item, dict) else type(item).__name__ for item in (addition, value))
        raise StepError(f"cannot merge {kind} into {other}")
    return addition


def _remove(document: Any, locations: Iterable[Location]) -> None:
    # Inner nodes before outer ones, and arrays from the back, so that each location still holds when its turn comes.
    for *parents, key in sorted(locations, key=_depth_and_index, reverse=True):
        del _at(document, parents)[key]


def _depth_and_index(location: Location) -> tuple[int, int]:
    return len(location), location[-1] if isinstance(location[-1], int) else -1


def _put(document: Any, location: Location, value: Any) -> None:
    if not location:
        raise StepError("targets the whole document; name the members instead")
    *parents, key = location
    _at(document, parents)[key] = value


def _at(document: Any, location: Iterable[str | int]) -> Any:
    for part in location:
        document = document[part]
    return document


def _pointer(location: Location) -> str:
    """It reads better than a normalized JSONPath."""
    return pointer(*location) or "(the document)"
