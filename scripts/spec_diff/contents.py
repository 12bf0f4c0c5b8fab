"""Compare what holds schemas: the value of a parameter or a header, and a body in each of its media types."""

from collections.abc import Iterator
from dataclasses import replace

from scripts.spec_diff.change import MISSING, Change, Direction, Kind
from scripts.spec_diff.document import MISSING_NODE, Documents, Node, members, same_value
from scripts.spec_diff.found import Found
from scripts.spec_diff.verdicts import Site, change, of_schemas, of_told


def required(kind: Kind, old: Node, new: Node, site: Site) -> Iterator[Change]:
    """Whether it must be there, if that changed."""
    before, after = old.at("required"), new.at("required")
    if (before.value is True) != (after.value is True):
        narrows = (after.value is True) == (site.direction is Direction.REQUEST)
        yield change(
            Found(kind, before, after),
            site,
            breaks_callers=narrows and site.direction is Direction.REQUEST,
            breaks_readers=narrows and site.direction is Direction.RESPONSE,
        )


def deprecated(old: Node, new: Node, site: Site) -> Iterator[Change]:
    """Whether it is deprecated, if that changed."""
    before, after = old.at("deprecated"), new.at("deprecated")
    if (before.value is True) != (after.value is True):
        yield change(Found(Kind.DEPRECATED_CHANGED, before, after), site)


def referred(documents: Documents, keyword: str, old: Node, new: Node, site: Site) -> Iterator[Change]:
    """What is the same as it stands, and leads by a `$ref` to what differs."""
    before, after = old.at(keyword), new.at(keyword)
    if same_value(before.value, after.value) and not documents.same(before, after):
        yield change(Found(Kind.OTHER_CHANGED, before, after), site)


def value(documents: Documents, old: Node, new: Node, site: Site) -> Iterator[Change]:
    """What the value of a parameter or a header may be: by its schema, or that of its one media type."""
    before, after = old.at("content"), new.at("content")
    if [media for media, _ in members(before)] != [media for media, _ in members(after)]:
        reads = site.direction is Direction.RESPONSE
        found = Found(Kind.PARAMETER_STYLE_CHANGED, before, after)
        yield change(found, site, breaks_callers=not reads, breaks_readers=reads)
        return
    yield from of_schemas(documents, replace(site, text=True), old.at("schema"), new.at("schema"))
    for (_, was), (_, now) in zip(members(before), members(after), strict=True):
        yield from of_told(was, now, site, {"schema"})
        yield from of_schemas(documents, site, was.at("schema"), now.at("schema"))


def media_types(documents: Documents, old: Node, new: Node, site: Site) -> Iterator[Change]:
    """What changed of a body in each media type, and which it may have."""
    before, after = ({_media_type(name): node for name, node in members(side)} for side in (old, new))
    request = site.direction is Direction.REQUEST
    for name, node in after.items():
        if name in before:
            yield from of_told(before[name], node, site, {"schema"})
            yield from of_schemas(documents, site, before[name].at("schema"), node.at("schema"))
            continue
        covering = _range(name, before)
        if covering is not None:
            yield from of_schemas(documents, site, before[covering].at("schema"), node.at("schema"))
        found = Found(Kind.MEDIA_TYPE_ADDED, MISSING_NODE, node, told=(MISSING, str(node.place[-1])))
        yield change(found, site, breaks_readers=not request and covering is None)
    for name, node in before.items():
        if name in after:
            continue
        covering = _range(name, after)
        if covering is not None:
            yield from of_schemas(documents, site, node.at("schema"), after[covering].at("schema"))
        told = str(node.place[-1]), MISSING if covering is None else str(after[covering].place[-1])
        found = Found(Kind.MEDIA_TYPE_REMOVED, node, MISSING_NODE, told=told)
        # Of a response: whoever asks for it by Accept does not get it any more.
        yield change(found, site, breaks_callers=covering is None, breaks_readers=not request and not after)


def _media_type(name: str) -> str:
    """A media type as it is compared: JSON has no charset but UTF-8 (RFC 8259, section 8.1)."""
    media_type = name.replace(" ", "").lower()
    kind, _, parameter = media_type.partition(";")
    return kind if kind.endswith("json") and parameter.replace('"', "") == "charset=utf-8" else media_type


def _range(media_type: str, others: dict[str, Node]) -> str | None:
    """Which range of the others a media type is in."""
    kind = media_type.partition("/")[0]
    return next((other for other in (f"{kind}/*", "*/*") if other in others), None)
