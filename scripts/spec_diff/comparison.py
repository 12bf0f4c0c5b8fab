"""Compare two documents, operation by operation."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from scripts.layout import StepError, shown
from scripts.spec_diff import transport
from scripts.spec_diff.change import MISSING, Change, Direction, Kind
from scripts.spec_diff.document import MISSING_NODE, Documents, Node
from scripts.spec_diff.found import Found
from scripts.spec_diff.operations import of_operation
from scripts.spec_diff.places import Pair, operations, without_names
from scripts.spec_diff.verdicts import Site, change, of_told


def compare(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """The changes from one published spec to another, operation by operation; what the document tells comes last.

    Args:
        old: An OpenAPI 3.0 document, parsed, as `scripts.page.read_document` returns it.
        new: Another.

    Raises:
        StepError: if a schema makes no validator, as one with a broken pattern; or is built in a way that no schema of
            OpenAPI is, or as nobody foresaw.
    """
    try:
        return _compared(old, new)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        reason = shown(f"{type(error).__name__}: {error}")
        raise StepError(f"the documents cannot be compared ({reason}); is all of it OpenAPI 3.0?") from None


def _compared(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    documents = Documents(old, new)
    roots = documents.root("old"), documents.root("new")
    before, after = ([*operations(documents, root)] for root in roots)
    changes: list[Change] = []
    for was, now in _pairs(before, after):
        if was and now:
            changes += _of_both(documents, was, now, roots)
        elif now:
            found = Found(Kind.OPERATION_ADDED, MISSING_NODE, now.operation, told=(MISSING, now.name))
            changes.append(change(found, Site(now.name, Direction.BOTH, "an operation")))
        elif was:
            found = Found(Kind.OPERATION_REMOVED, was.operation, MISSING_NODE, told=(was.name, MISSING))
            changes.append(change(found, Site(was.name, Direction.BOTH, "an operation"), breaks_callers=True))
    site = Site(", ".join(pair.name for pair in after), Direction.PROSE, "the document")
    changes += of_told(roots[0].at("info"), roots[1].at("info"), site)
    return _joined([*changes, *of_told(*roots, site, ("paths", "components", "servers", "security", "info"))])


def _of_both(documents: Documents, old: Pair, new: Pair, roots: tuple[Node, Node]) -> Iterator[Change]:
    if not _same_place(old, new):
        found = Found(Kind.OPERATION_MOVED, old.operation, new.operation, told=(old.name, new.name))
        yield change(found, Site(new.name, Direction.BOTH, "the operation"), breaks_callers=True)
    yield from transport.servers(new.name, old, new, roots)
    yield from transport.security(documents, new.name, old, new)
    yield from of_operation(documents, new.name, old, new)


def _pairs(old: list[Pair], new: list[Pair]) -> Iterator[tuple[Pair | None, Pair | None]]:
    """Each operation with what it became: the one of the same method and path, or else what is the same otherwise."""
    olds, paired = list(old), dict[str, Pair]()
    for alike in (_same_place, _same_id, _same_path, _same_summary):
        for now in new:
            found = [was for was in olds if now.name not in paired and alike(was, now)]
            if len(found) == 1:
                paired[now.name] = found[0]
                olds.remove(found[0])
    yield from ((paired.get(now.name), now) for now in new)
    yield from ((was, None) for was in olds)


def _same_place(old: Pair, new: Pair) -> bool:
    return (old.method, without_names(old.path)) == (new.method, without_names(new.path))


def _same_id(old: Pair, new: Pair) -> bool:
    return old.operation.at("operationId").there and _equal(old, new, "operationId")


def _same_path(old: Pair, new: Pair) -> bool:
    return without_names(old.path) == without_names(new.path)


def _same_summary(old: Pair, new: Pair) -> bool:
    return old.operation.at("summary").there and _equal(old, new, "summary")


def _equal(old: Pair, new: Pair, keyword: str) -> bool:
    return bool(old.operation.at(keyword).value == new.operation.at(keyword).value)


def _joined(changes: list[Change]) -> list[Change]:
    """One change for all the operations that it is the same for, such as that of a server that they share."""
    joined: dict[str, Change] = {}
    for one in changes:
        key = repr(replace(one, operation=""))
        joined[key] = replace(one, operation=f"{joined[key].operation}, {one.operation}") if key in joined else one
    return list(joined.values())
