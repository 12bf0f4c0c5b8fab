"""Compare where requests go and how they are authenticated."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from scripts.spec_diff.change import MISSING, Change, Direction, Kind
from scripts.spec_diff.document import (
    MISSING_NODE,
    Documents,
    Node,
    as_object,
    entries,
    members,
    plain,
    same_value,
    text_of,
)
from scripts.spec_diff.found import Found
from scripts.spec_diff.places import Pair
from scripts.spec_diff.verdicts import Site, change, of_told

_TOLD_OF_SCHEMES = ("description", "bearerFormat")
_WHERE = ("url", "variables")
_VALUES = ("default", "enum")
_NO_SCHEME = "no authentication"


def servers(operation: str, old: Pair, new: Pair, roots: tuple[Node, Node]) -> Iterator[Change]:
    """What changed about where an operation is: the first server counts, the others are offered."""
    site = Site(operation, Direction.TRANSPORT, "the operation")
    sides = [_servers(pair, root) for pair, root in zip((old, new), roots, strict=True)]
    before, after = ({_meaning(server): server for server in side} for side in sides)
    firsts = [side[0] for side in sides]
    keys = [_meaning(server) for server in firsts]
    if keys[0] != keys[1]:
        was, now = firsts
        # Of a server with variables, it may be these that changed.
        keyword = "url" if now.at("url").value != was.at("url").value else "variables"
        yield change(Found(Kind.SERVER_CHANGED, was.at(keyword), now.at(keyword)), site, breaks_callers=True)
    for key, server in after.items():
        if key in before:
            yield from _server(before[key], server, site)
        elif key != keys[1]:
            yield change(Found(Kind.SERVER_ADDED, MISSING_NODE, server.at("url")), site)
    for key, server in before.items():
        if key not in after and key != keys[0]:
            yield change(Found(Kind.SERVER_REMOVED, server.at("url"), MISSING_NODE), site, breaks_callers=True)
    if keys[0] not in after and keys[1] not in before:
        yield from of_told(firsts[0], firsts[1], site, _WHERE)


def _server(old: Node, new: Node, site: Site) -> Iterator[Change]:
    """What changed of a server that is where it was: what its variables may be, and what is told."""
    yield from of_told(old, new, site, _WHERE)
    for name, was in members(old.at("variables")):
        now = new.at("variables", name)
        variable = replace(site, noun=f"the variable '{name}' of the server")
        yield from of_told(was, now, variable, _VALUES)
        before, after = ({text_of(value.value): value for value in entries(side.at("enum"))} for side in (was, now))
        if not before or not after:  # a variable without a list may be anything
            kind = Kind.ENUM_ADDED if after else Kind.ENUM_REMOVED
            if before or after:
                yield change(Found(kind, was.at("enum"), now.at("enum")), variable, breaks_callers=bool(after))
            continue
        for text, value in after.items():
            if text not in before:
                yield change(Found(Kind.ENUM_VALUE_ADDED, MISSING_NODE, value), variable)
        for text, value in before.items():
            if text not in after:
                yield change(Found(Kind.ENUM_VALUE_REMOVED, value, MISSING_NODE), variable, breaks_callers=True)


def _servers(pair: Pair, root: Node) -> list[Node]:
    for holder in (pair.operation, pair.item, root):
        if found := entries(holder.at("servers")):
            return found
    return [Node((*root.place, "servers", 0), {"url": "/"})]


def _meaning(server: Node) -> str:
    """A server by where it is by default: the case of a host and a slash at the end mean nothing."""
    parts = urlsplit(str(server.at("url").value))
    host = parts.netloc if "{" in parts.netloc else parts.netloc.lower()
    port = {"https": ":443", "http": ":80"}.get(parts.scheme.lower())
    host = host.removesuffix(port) if port else host
    url = urlunsplit((parts.scheme.lower(), host, parts.path.rstrip("/"), parts.query, parts.fragment))
    return text_of([url, {name: node.at("default").value for name, node in members(server.at("variables"))}])


@dataclass(frozen=True)
class _Way:
    """One of the ways to authenticate: all of its schemes are needed."""

    node: Node
    schemes: dict[str, Node]
    """By the name that the document gives them, which is not sent."""
    demands: frozenset[str]
    """What it asks of a request."""

    @property
    def told(self) -> str:
        return " and ".join(self.schemes) or _NO_SCHEME


def security(documents: Documents, operation: str, old: Pair, new: Pair) -> Iterator[Change]:
    """What changed about how an operation is authenticated."""
    site = Site(operation, Direction.TRANSPORT, "the operation")
    before, after = _ways(documents, old, documents.root("old")), _ways(documents, new, documents.root("new"))
    for way in list(after):
        same = next((other for other in before if other.demands == way.demands), None)
        alike = same or next((other for other in before if other.schemes.keys() == way.schemes.keys()), None)
        if alike is None:
            continue
        before.remove(alike)
        after.remove(way)
        yield from (_said_otherwise if same else _ways_changed)(alike, way, site)
    accepted = [way.demands for way in after]
    for way in before:
        weaker = any(demands <= way.demands for demands in accepted)
        found = Found(Kind.SECURITY_REMOVED, way.node, MISSING_NODE, told=(way.told, MISSING))
        yield change(found, site, breaks_callers=not weaker)
    for way in after:
        yield change(Found(Kind.SECURITY_ADDED, MISSING_NODE, way.node, told=(MISSING, way.told)), site)


def _said_otherwise(old: _Way, new: _Way, site: Site) -> Iterator[Change]:
    """What is told of two ways that ask the same of a request."""
    for now in new.schemes.values():
        was = _alike(now, old) or now
        yield from _scheme_told(was, now, site)
        for name, flow in members(was.at("flows")):
            before, after = flow.at("scopes"), now.at("flows", name, "scopes")
            if not same_value(before.value, after.value):
                yield change(Found(Kind.PROSE_CHANGED, before, after), site)


def _ways_changed(old: _Way, new: _Way, site: Site) -> Iterator[Change]:
    """What changed between two ways of the same names."""
    for name, now in new.schemes.items():
        was = old.schemes[name]
        for keyword in dict.fromkeys((*_keys(now), *_keys(was))):
            before, after = was.at(keyword), now.at(keyword)
            if not same_value(before.value, after.value) and not _told(keyword) and not _same_name(was, now, keyword):
                kept = keyword == "flows" and _are_kept(before, after, _scopes(old.node.at(name)))
                yield change(Found(Kind.SECURITY_SCHEME_CHANGED, before, after), site, breaks_callers=not kept)
        yield from _scheme_told(was, now, site)
    if not same_value(plain(old.node.value), plain(new.node.value)):
        found = Found(Kind.SECURITY_REMOVED, old.node, new.node)
        more = any(_scopes(new.node.at(name)) - _scopes(old.node.at(name)) for name in new.schemes)
        yield change(found, site, breaks_callers=more)


def _scheme_told(old: Node, new: Node, site: Site) -> Iterator[Change]:
    yield from of_told(old, new, site, {key for key in (*_keys(old), *_keys(new)) if not _told(key)})


def _alike(scheme: Node, way: _Way) -> Node | None:
    """The scheme of a way that asks for the same, of the same name if there is one."""
    found = [other for other in way.schemes.values() if _demand(other, MISSING_NODE) == _demand(scheme, MISSING_NODE)]
    return next((other for other in found if other.place[-1] == scheme.place[-1]), found[0] if found else None)


def _keys(scheme: Node) -> list[str]:
    return [name for name, _ in members(scheme)]


def _told(keyword: str) -> bool:
    return keyword in _TOLD_OF_SCHEMES or keyword.startswith("x-")


def _same_name(old: Node, new: Node, keyword: str) -> bool:
    """Whether it is the name of a header, or of a scheme of HTTP, whose case means nothing."""
    header = keyword == "name" and {old.at("in").value, new.at("in").value} == {"header"}
    words = [str(side.at(keyword).value).lower() for side in (old, new)]
    return (header or keyword == "scheme") and words[0] == words[1]


def _ways(documents: Documents, pair: Pair, root: Node) -> list[_Way]:
    holder = pair.operation if pair.operation.at("security").there else root
    found = [_way(documents, root, node) for node in entries(holder.at("security"))]
    return found or [_Way(holder.at("security"), {}, frozenset())]


def _way(documents: Documents, root: Node, node: Node) -> _Way:
    known = root.at("components", "securitySchemes")
    schemes = {name: documents.follow(known.at(name)) for name, _ in members(node)}
    demands = {_demand(scheme, node.at(name)) for name, scheme in schemes.items()}
    return _Way(node, schemes, frozenset(demands))


def _demand(scheme: Node, scopes: Node) -> str:
    parts = {name: inner.value for name, inner in members(scheme) if not _told(name)}
    if parts.get("in") == "header":
        parts["name"] = str(parts.get("name")).lower()
    if "scheme" in parts:
        parts["scheme"] = str(parts["scheme"]).lower()
    needed = _scopes(scopes)
    if (flows := as_object(parts.get("flows"))) is not None:
        parts["flows"] = {name: _flow(as_object(flow) or {}, needed) for name, flow in flows.items()}
    return text_of([plain(parts), sorted(needed)])


def _scopes(listed: Node) -> set[str]:
    return {str(scope.value) for scope in entries(listed)}


def _are_kept(old: Node, new: Node, needed: set[str]) -> bool:
    """Whether each way to get a token is still one."""
    pairs = ((as_object(flow.value), as_object(new.at(name).value)) for name, flow in members(old))
    return all(was and now and text_of(_flow(was, needed)) == text_of(_flow(now, needed)) for was, now in pairs)


def _flow(flow: dict[str, Any], needed: set[str]) -> dict[str, Any]:
    """How to get a token: of its scopes those that are needed, and not what is said of them."""
    return {**flow, "scopes": sorted(needed & (as_object(flow.get("scopes")) or {}).keys())}
