"""Compare the responses of operations, with their headers."""

from collections.abc import Iterator
from dataclasses import replace

from scripts.spec_diff import contents
from scripts.spec_diff.change import MISSING, Change, Direction, Kind
from scripts.spec_diff.document import MISSING_NODE, Documents, Node, members
from scripts.spec_diff.found import Found
from scripts.spec_diff.verdicts import Site, change, of_told


def responses(documents: Documents, operation: str, old: Node, new: Node) -> Iterator[Change]:
    """What changed of the responses of an operation, by status."""
    before, after = dict(members(old)), dict(members(new))
    known = any(map(_is_success, after))  # else the default is the success
    for status, node in after.items():
        covering = _covering(status, before)
        if covering is not None:
            yield from _response(documents, operation, status, before[covering], node)
        if status not in before:
            # Pages are not bound to list every error; a success that nobody expected is another matter.
            unexpected = covering is None and (_is_success(status) or (status == "default" and not known))
            site = Site(operation, Direction.RESPONSE, "the response")
            yield change(
                Found(Kind.STATUS_ADDED, MISSING_NODE, node, told=(MISSING, status)),
                site,
                breaks_readers=unexpected,
            )
    for status, node in before.items():
        if status in after:
            continue
        if (covering := _covering(status, after)) is not None:
            yield from _response(documents, operation, status, node, after[covering])
        lost = _is_success(status) and not any(_is_success(other) or other == "default" for other in after)
        site = Site(operation, Direction.RESPONSE, "the response")
        yield change(Found(Kind.STATUS_REMOVED, node, MISSING_NODE, told=(status, MISSING)), site, breaks_readers=lost)


def _response(documents: Documents, operation: str, status: str, old: Node, new: Node) -> Iterator[Change]:
    old, new = documents.follow(old), documents.follow(new)
    site = Site(operation, Direction.RESPONSE, f"the body of response {status}")
    yield from of_told(old, new, site, {"content", "headers"})
    yield from contents.referred(documents, "links", old, new, site)
    yield from _headers(documents, operation, status, old.at("headers"), new.at("headers"))
    yield from contents.media_types(documents, old.at("content"), new.at("content"), site)


def _headers(documents: Documents, operation: str, status: str, old: Node, new: Node) -> Iterator[Change]:
    before, after = ({name.lower(): (name, node) for name, node in members(side)} for side in (old, new))
    for key, (name, node) in after.items():
        site = Site(operation, Direction.RESPONSE, f"the header '{name}' of response {status}")
        if key not in before:
            yield change(Found(Kind.HEADER_ADDED, MISSING_NODE, node), site)
            continue
        site = replace(site, value=name)
        was, now = documents.follow(before[key][1]), documents.follow(node)
        yield from contents.required(Kind.HEADER_REQUIRED_CHANGED, was, now, site)
        yield from contents.deprecated(was, now, site)
        yield from of_told(was, now, site, {"required", "schema", "content", "deprecated"})
        yield from contents.value(documents, was, now, site)
    for key, (name, node) in before.items():
        if key not in after:
            promised = documents.follow(node).at("required").value is True
            site = Site(operation, Direction.RESPONSE, f"the header '{name}' of response {status}")
            yield change(Found(Kind.HEADER_REMOVED, node, MISSING_NODE), site, breaks_readers=promised)


def _covering(status: str, others: dict[str, Node]) -> str | None:
    """Which of the other statuses speaks for a status: itself, its range, or the default."""
    return next((other for other in (status, f"{status[:1]}XX", "default") if other in others), None)


def _is_success(status: str) -> bool:
    return status.startswith("2")
