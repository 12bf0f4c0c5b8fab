"""Compare what operations take and answer."""

from collections.abc import Iterator

from scripts.page import METHODS
from scripts.spec_diff import contents
from scripts.spec_diff.change import MISSING, Change, Direction, Kind
from scripts.spec_diff.document import MISSING_NODE, Documents, Node, same_value
from scripts.spec_diff.found import Found
from scripts.spec_diff.parameters import parameters
from scripts.spec_diff.places import Pair
from scripts.spec_diff.responses import responses
from scripts.spec_diff.verdicts import Site, change, of_told, unique


def of_operation(documents: Documents, operation: str, old: Pair, new: Pair) -> list[Change]:
    """What changed between an operation of before and what it became: each comes with its path item."""
    was, now = old.operation, new.operation
    return unique(
        [
            *_told(documents, operation, old, new),
            *parameters(documents, operation, old, new),
            *_request(documents, operation, was.at("requestBody"), now.at("requestBody")),
            *responses(documents, operation, was.at("responses"), now.at("responses")),
        ]
    )


def _told(documents: Documents, operation: str, old: Pair, new: Pair) -> Iterator[Change]:
    site = Site(operation, Direction.BOTH, "the operation")
    handled = {"parameters", "requestBody", "responses", "servers", "security", "deprecated", "operationId"}
    for keyword, kind in (("deprecated", Kind.DEPRECATED_CHANGED), ("operationId", Kind.OPERATION_ID_CHANGED)):
        before, after = old.operation.at(keyword), new.operation.at(keyword)
        if not same_value(before.value or MISSING, after.value or MISSING):
            yield change(Found(kind, before, after), site)
    yield from of_told(old.operation, new.operation, site, handled)
    yield from contents.referred(documents, "callbacks", old.operation, new.operation, site)
    yield from of_told(old.item, new.item, site, {*METHODS, "parameters", "servers"})


def _request(documents: Documents, operation: str, old: Node, new: Node) -> Iterator[Change]:
    old, new = documents.follow(old), documents.follow(new)
    site = Site(operation, Direction.REQUEST, "the request body")
    if not old.there or not new.there:
        if new.there:
            found = Found(Kind.BODY_ADDED, MISSING_NODE, new)
            yield change(found, site, breaks_callers=new.at("required").value is True)
        elif old.there:
            yield change(Found(Kind.BODY_REMOVED, old, MISSING_NODE), site, breaks_callers=True)
        return
    yield from contents.required(Kind.BODY_REQUIRED_CHANGED, old, new, site)
    yield from of_told(old, new, site, {"required", "content"})
    yield from contents.media_types(documents, old.at("content"), new.at("content"), site)
