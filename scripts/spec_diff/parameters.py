"""Compare the parameters of operations."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from scripts.spec_diff import contents
from scripts.spec_diff.change import MISSING, Change, Direction, Kind
from scripts.spec_diff.document import MISSING_NODE, Documents, Node, entries, plain, same_value
from scripts.spec_diff.found import Found
from scripts.spec_diff.places import Pair, without_names
from scripts.spec_diff.verdicts import Site, change, of_told

_WRITTEN = ("style", "explode", "allowReserved", "allowEmptyValue")
"""How the value of a parameter is written."""
_IGNORED = {("header", name) for name in ("accept", "content-type", "authorization")}
"""Parameters that say nothing (OpenAPI 3.0.3, Parameter Object, `name`): what they would say, others do."""
Parameters: TypeAlias = "dict[tuple[str, str], Node]"


def parameters(documents: Documents, operation: str, old: Pair, new: Pair) -> Iterator[Change]:
    """What changed of the parameters of an operation."""
    before, after = _all(documents, old), _all(documents, new)
    after = _named_as(before, after, old.path, new.path)
    for key in [key for key in {**before, **after} if key in _IGNORED]:
        was, now = before.pop(key, MISSING_NODE), after.pop(key, MISSING_NODE)
        if not same_value(was.value, now.value):
            site = Site(operation, Direction.REQUEST, f"the parameter '{(now if now.there else was).at('name').value}'")
            yield change(Found(Kind.OTHER_CHANGED, was, now), site)
    for key, node in after.items():
        if key in before:
            yield from _parameter(documents, operation, before[key], node)
            continue
        required = node.at("required").value is True
        site = Site(operation, Direction.REQUEST, f"the parameter '{node.at('name').value}'")
        found = Found(Kind.PARAMETER_ADDED, MISSING_NODE, node)
        yield change(found, site, breaks_callers=required)
    for key, node in before.items():
        if key not in after:
            site = Site(operation, Direction.REQUEST, f"the parameter '{node.at('name').value}'")
            yield change(Found(Kind.PARAMETER_REMOVED, node, MISSING_NODE), site, breaks_callers=True)


def _all(documents: Documents, pair: Pair) -> Parameters:
    """Of the path and of the operation, which overrides, by where they are sent and by name."""
    found: Parameters = {}
    for node in (*entries(pair.item.at("parameters")), *entries(pair.operation.at("parameters"))):
        parameter = documents.follow(node)
        name, within = str(parameter.at("name").value), str(parameter.at("in").value)
        found[within, name.lower() if within == "header" else name] = parameter
    return found


def _parameter(documents: Documents, operation: str, old: Node, new: Node) -> Iterator[Change]:
    name = str(new.at("name").value)
    site = replace(Site(operation, Direction.REQUEST, f"the parameter '{name}'"), value=name)
    before, after = old.at("name"), new.at("name")
    if new.at("in").value == "path" and before.value != after.value:
        yield change(Found(Kind.PARAMETER_RENAMED, before, after), site)
    yield from contents.required(Kind.PARAMETER_REQUIRED_CHANGED, old, new, site)
    for keyword in _WRITTEN:
        was, now = old.at(keyword), new.at(keyword)
        # Of one value alone there is nothing to explode.
        matters = keyword != "explode" or (
            (was.there or now.there) and not (_is_one(documents, old) and _is_one(documents, new))
        )
        if matters and not same_value(_written(old, keyword), _written(new, keyword)):
            widens = keyword == "allowEmptyValue" and now.value is True
            yield change(Found(Kind.PARAMETER_STYLE_CHANGED, was, now), site, breaks_callers=not widens)
    yield from contents.deprecated(old, new, site)
    handled = {"name", "in", "required", "schema", "content", "deprecated", *_WRITTEN}
    yield from of_told(old, new, site, handled)
    yield from contents.value(documents, old, new, site)


def _is_one(documents: Documents, parameter: Node) -> bool:
    kind = documents.follow(parameter.at("schema")).at("type").value
    return kind in ("string", "integer", "number", "boolean")


def _named_as(old: Parameters, new: Parameters, *paths: str) -> Parameters:
    """The new parameters, those of the path by the names that they had.

    In a path of the same shape it is its place that makes a parameter; else its name, and the place of those whose name
    is new.
    """
    shapes = [without_names(path) for path in paths]
    nobody: Parameters = {}
    known = (new, old) if shapes[0] != shapes[1] else (nobody, nobody)
    sides = [_places(path, one, others) for path, one, others in zip(paths, (old, new), known, strict=True)]
    names = {key: sides[0][place] for place, key in sides[1].items() if place in sides[0]}
    return {names.get(key, key): node for key, node in new.items()}


def _places(path: str, own: Parameters, others: Parameters) -> dict[int, tuple[str, str]]:
    """Where the parameters of a path stand in it, without those that are among the others."""
    alone = [key for key in own if key not in others and key[0] == "path" and f"{{{key[1]}}}" in path]
    return {without_names(path[: path.index(f"{{{key[1]}}}")]).count("{}"): key for key in alone}


def _written(parameter: Node, keyword: str) -> object:
    """How the value of a parameter is written, the defaults included."""
    value = parameter.at(keyword).value
    if keyword == "style" and value is MISSING:
        return "simple" if parameter.at("in").value in ("path", "header") else "form"
    if keyword == "explode" and value is MISSING:
        return _written(parameter, "style") == "form"
    if keyword in ("allowReserved", "allowEmptyValue") and value is False:
        return MISSING
    return plain(value)
