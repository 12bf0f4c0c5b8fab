"""Compare what operations take and answer."""

from collections.abc import Iterator
from dataclasses import replace

from scripts.spec_diff.change import MISSING, Change, Direction, Kind
from scripts.spec_diff.document import MISSING_NODE, Documents, Node, entries, members, plain, same_value
from scripts.spec_diff.found import Found
from scripts.spec_diff.places import Pair, without_names
from scripts.spec_diff.verdicts import Site, change, of_schemas, of_told, unique

_WRITTEN = ("style", "explode", "allowReserved", "allowEmptyValue")
"""How the value of a parameter is written."""


class Operations:
    """Compares one operation of before with the one that it became."""

    def __init__(self, documents: Documents, operation: str) -> None:
        self._documents = documents
        self._operation = operation

    def changes(self, old: Pair, new: Pair) -> list[Change]:
        """What changed: each operation comes with the path item that it stands in."""
        return unique(
            [
                *self._told(old, new),
                *self._parameters(old, new),
                *self._request(old.operation.at("requestBody"), new.operation.at("requestBody")),
                *self._responses(old.operation.at("responses"), new.operation.at("responses")),
            ]
        )

    def _site(self, direction: Direction, noun: str) -> Site:
        return Site(self._operation, direction, noun)

    def _told(self, old: Pair, new: Pair) -> Iterator[Change]:
        site = self._site(Direction.BOTH, "the operation")
        handled = {"parameters", "requestBody", "responses", "servers", "security", "deprecated", "operationId"}
        for keyword, kind in (("deprecated", Kind.DEPRECATED_CHANGED), ("operationId", Kind.OPERATION_ID_CHANGED)):
            before, after = old.operation.at(keyword), new.operation.at(keyword)
            if not same_value(before.value or MISSING, after.value or MISSING):
                yield change(Found(kind, before, after), site)
        yield from of_told(old.operation, new.operation, site, handled)
        methods = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
        yield from of_told(old.item, new.item, site, {*methods, "parameters", "servers"})

    def _parameters(self, old: Pair, new: Pair) -> Iterator[Change]:
        before, after = self._all_parameters(old), self._all_parameters(new)
        for key, node in after.items():
            if key in before:
                yield from self._parameter(before[key], node)
                continue
            required = node.at("required").value is True
            site = self._site(Direction.REQUEST, f"the parameter '{node.at('name').value}'")
            found = Found(Kind.PARAMETER_ADDED, MISSING_NODE, node)
            yield change(found, site, breaks_callers=required)
        for key, node in before.items():
            if key not in after:
                site = self._site(Direction.REQUEST, f"the parameter '{node.at('name').value}'")
                yield change(Found(Kind.PARAMETER_REMOVED, node, MISSING_NODE), site, breaks_callers=True)

    def _all_parameters(self, pair: Pair) -> dict[tuple[str, str], Node]:
        """Of the path and of the operation, which overrides; those in the path by where in it they stand."""
        found: dict[tuple[str, str], Node] = {}
        for node in (*entries(pair.item.at("parameters")), *entries(pair.operation.at("parameters"))):
            parameter = self._documents.follow(node)
            name, within = str(parameter.at("name").value), str(parameter.at("in").value)
            name = name.lower() if within == "header" else name
            if within == "path" and f"{{{name}}}" in pair.path:
                name = str(without_names(pair.path[: pair.path.index(f"{{{name}}}")]).count("{}"))
            found[within, name] = parameter
        return found

    def _parameter(self, old: Node, new: Node) -> Iterator[Change]:
        name = str(new.at("name").value)
        site = replace(self._site(Direction.REQUEST, f"the parameter '{name}'"), value=name)
        before, after = old.at("name"), new.at("name")
        if new.at("in").value == "path" and before.value != after.value:
            yield change(Found(Kind.PARAMETER_RENAMED, before, after), site)
        yield from self._required(Kind.PARAMETER_REQUIRED_CHANGED, old, new, site)
        for keyword in _WRITTEN:
            was, now = old.at(keyword), new.at(keyword)
            # Of one value alone there is nothing to explode.
            matters = keyword != "explode" or (
                (was.there or now.there) and not (self._is_one(old) and self._is_one(new))
            )
            if matters and not same_value(_written(old, keyword), _written(new, keyword)):
                widens = keyword == "allowEmptyValue" and now.value is True
                yield change(Found(Kind.PARAMETER_STYLE_CHANGED, was, now), site, breaks_callers=not widens)
        yield from self._deprecated(old, new, site)
        handled = {"name", "in", "required", "schema", "content", "deprecated", *_WRITTEN}
        yield from of_told(old, new, site, handled)
        before, after = old.at("content"), new.at("content")
        if [media for media, _ in members(before)] != [media for media, _ in members(after)]:
            yield change(Found(Kind.PARAMETER_STYLE_CHANGED, before, after), site, breaks_callers=True)
            return
        yield from of_schemas(self._documents, replace(site, text=True), old.at("schema"), new.at("schema"))
        for (_, was), (_, now) in zip(members(before), members(after), strict=True):
            yield from of_told(was, now, site, {"schema"})
            yield from of_schemas(self._documents, site, was.at("schema"), now.at("schema"))

    def _is_one(self, parameter: Node) -> bool:
        kind = self._documents.follow(parameter.at("schema")).at("type").value
        return kind in ("string", "integer", "number", "boolean")

    def _required(self, kind: Kind, old: Node, new: Node, site: Site) -> Iterator[Change]:
        before, after = old.at("required"), new.at("required")
        if (before.value is True) != (after.value is True):
            narrows = (after.value is True) == (site.direction is Direction.REQUEST)
            yield change(
                Found(kind, before, after),
                site,
                breaks_callers=narrows and site.direction is Direction.REQUEST,
                breaks_readers=narrows and site.direction is Direction.RESPONSE,
            )

    def _deprecated(self, old: Node, new: Node, site: Site) -> Iterator[Change]:
        before, after = old.at("deprecated"), new.at("deprecated")
        if (before.value is True) != (after.value is True):
            yield change(Found(Kind.DEPRECATED_CHANGED, before, after), site)

    def _request(self, old: Node, new: Node) -> Iterator[Change]:
        old, new = self._documents.follow(old), self._documents.follow(new)
        site = self._site(Direction.REQUEST, "the request body")
        if not old.there or not new.there:
            if new.there:
                found = Found(Kind.BODY_ADDED, MISSING_NODE, new)
                yield change(found, site, breaks_callers=new.at("required").value is True)
            elif old.there:
                yield change(Found(Kind.BODY_REMOVED, old, MISSING_NODE), site, breaks_callers=True)
            return
        yield from self._required(Kind.BODY_REQUIRED_CHANGED, old, new, site)
        yield from of_told(old, new, site, {"required", "content"})
        yield from self._media_types(old.at("content"), new.at("content"), site)

    def _responses(self, old: Node, new: Node) -> Iterator[Change]:
        before, after = dict(members(old)), dict(members(new))
        for status, node in after.items():
            covering = _covering(status, before)
            if covering is not None:
                yield from self._response(status, before[covering], node)
            if status not in before:
                # Pages are not bound to list every error; a success that nobody expected is another matter.
                unexpected = covering is None and _is_success(status)
                site = self._site(Direction.RESPONSE, "the response")
                yield change(
                    Found(Kind.STATUS_ADDED, MISSING_NODE, node, told=(MISSING, status)),
                    site,
                    breaks_readers=unexpected,
                )
        for status, node in before.items():
            if status in after:
                continue
            if (covering := _covering(status, after)) is not None:
                yield from self._response(status, node, after[covering])
            lost = _is_success(status) and not any(_is_success(other) or other == "default" for other in after)
            site = self._site(Direction.RESPONSE, "the response")
            yield change(
                Found(Kind.STATUS_REMOVED, node, MISSING_NODE, told=(status, MISSING)), site, breaks_readers=lost
            )

    def _response(self, status: str, old: Node, new: Node) -> Iterator[Change]:
        old, new = self._documents.follow(old), self._documents.follow(new)
        site = self._site(Direction.RESPONSE, f"the body of response {status}")
        yield from of_told(old, new, site, {"content", "headers"})
        yield from self._headers(status, old.at("headers"), new.at("headers"))
        yield from self._media_types(old.at("content"), new.at("content"), site)

    def _headers(self, status: str, old: Node, new: Node) -> Iterator[Change]:
        before, after = ({name.lower(): (name, node) for name, node in members(side)} for side in (old, new))
        for key, (name, node) in after.items():
            site = self._site(Direction.RESPONSE, f"the header '{name}' of response {status}")
            if key not in before:
                yield change(Found(Kind.HEADER_ADDED, MISSING_NODE, node), site)
                continue
            site = replace(site, value=name, text=True)
            was, now = self._documents.follow(before[key][1]), self._documents.follow(node)
            yield from self._required(Kind.HEADER_REQUIRED_CHANGED, was, now, site)
            yield from self._deprecated(was, now, site)
            yield from of_told(was, now, site, {"required", "schema", "deprecated"})
            yield from of_schemas(self._documents, site, was.at("schema"), now.at("schema"))
        for key, (name, node) in before.items():
            if key not in after:
                promised = self._documents.follow(node).at("required").value is True
                site = self._site(Direction.RESPONSE, f"the header '{name}' of response {status}")
                yield change(Found(Kind.HEADER_REMOVED, node, MISSING_NODE), site, breaks_readers=promised)

    def _media_types(self, old: Node, new: Node, site: Site) -> Iterator[Change]:
        before, after = ({_media_type(name): node for name, node in members(side)} for side in (old, new))
        request = site.direction is Direction.REQUEST
        for name, node in after.items():
            if name in before:
                yield from of_told(before[name], node, site, {"schema"})
                yield from of_schemas(self._documents, site, before[name].at("schema"), node.at("schema"))
            else:
                found = Found(Kind.MEDIA_TYPE_ADDED, MISSING_NODE, node, told=(MISSING, str(node.place[-1])))
                yield change(found, site, breaks_readers=not request)
        for name, node in before.items():
            if name not in after:
                found = Found(Kind.MEDIA_TYPE_REMOVED, node, MISSING_NODE, told=(str(node.place[-1]), MISSING))
                # Of a response: whoever asks for it by Accept does not get it any more.
                yield change(found, site, breaks_callers=True, breaks_readers=not request and not after)


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


def _media_type(name: str) -> str:
    """A media type as it is compared: JSON has no charset but UTF-8 (RFC 8259, section 8.1)."""
    media_type = name.replace(" ", "").lower()
    kind, _, parameter = media_type.partition(";")
    return kind if kind.endswith("json") and parameter.replace('"', "") == "charset=utf-8" else media_type


def _covering(status: str, others: dict[str, Node]) -> str | None:
    """Which of the other statuses speaks for a status: itself, its range, or the default."""
    return next((other for other in (status, f"{status[:1]}XX", "default") if other in others), None)


def _is_success(status: str) -> bool:
    return status.startswith("2")
