"""Turn what differs in the schemas of a body into changes: whom each breaks, a witness, and what it means."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from scripts.spec_diff import meanings
from scripts.spec_diff.change import Change, Direction, Kind
from scripts.spec_diff.document import Documents, Node, as_object, members, plain
from scripts.spec_diff.found import Found, Step, Steps
from scripts.spec_diff.schemas import Walk, told
from scripts.spec_diff.witness import Body, Evidence

_PROSE = (Kind.PROSE_CHANGED, Kind.EXAMPLE_CHANGED, Kind.OTHER_CHANGED)
_NOTHING = Evidence(None, proven=True)


@dataclass(frozen=True)
class Site:
    """What a schema is the schema of."""

    operation: str
    direction: Direction
    noun: str
    """Such as `the request body`."""
    value: str = ""
    """The name of the parameter or the header that the schema is of, which the noun tells, too."""
    text: bool = False
    """Whether its values travel as text, as those of most parameters do."""


def change(
    found: Found,
    site: Site,
    *,
    breaks_callers: bool = False,
    breaks_readers: bool = False,
    evidence: Evidence = _NOTHING,
) -> Change:
    """A change with its meaning in words."""
    breaks = breaks_callers or breaks_readers
    return Change(
        pointer=found.node.pointer,
        operation=site.operation,
        kind=found.kind,
        direction=Direction.PROSE if found.kind in _PROSE else site.direction,
        old=plain(found.old),
        new=plain(found.new),
        breaks_callers=breaks_callers,
        breaks_readers=breaks_readers,
        meaning=meanings.sentence(
            replace(found, steps=found.steps[1:]) if site.value else found,
            site.direction,
            site.noun,
            breaks=breaks,
            unsure=not (breaks or evidence.proven),
        ),
        witness=evidence.witness,
    )


def of_schemas(documents: Documents, site: Site, old: Node, new: Node) -> list[Change]:
    """The changes between the schemas of a body, a parameter or a header."""
    steps: Steps = ()
    schemas: list[Any] = [as_object(node.value) or {} for node in (old, new)]
    if site.value:
        name = site.value
        schemas = [{"type": "object", "properties": {name: schema}, "required": [name]} for schema in schemas]
        steps = (Step("properties", name),)
    found = list(Walk(documents, site.direction).differences(old, new, steps))
    if not found:
        return []
    body = Body(documents, site.direction, *schemas, text=site.text)
    evidence = _evidence(body, found)
    reads = site.direction is Direction.RESPONSE
    changes = [
        change(
            one,
            site,
            breaks_callers=shown.witness is not None and not reads,
            breaks_readers=shown.witness is not None and reads,
            evidence=shown,
        )
        for one, shown in zip(found, evidence, strict=True)
    ]
    return unique(changes)


def of_told(old: Node, new: Node, site: Site, handled: Collection[str] = ()) -> Iterator[Change]:
    """The changes of what two objects tell: of every field that is not handled elsewhere."""
    ours, theirs = ({name: node for name, node in members(side) if name not in handled} for side in (old, new))
    for found in told(ours, theirs):
        yield change(found, site)


def unique(changes: Iterable[Change]) -> list[Change]:
    """The changes without those told twice, as those of a component are that is used in two places."""
    told: dict[tuple[str, str, Direction, str], Change] = {}
    for one in changes:
        key = (one.pointer, one.kind, one.direction, one.operation)
        if key not in told or (one.breaking and not told[key].breaking):
            told[key] = one
    return list(told.values())


def _evidence(body: Body, found: list[Found]) -> list[Evidence]:
    shown = [body.search(one.steps, [one.effect]) if one.effect else _NOTHING for one in found]
    places: defaultdict[Steps, list[int]] = defaultdict(list)
    for index, one in enumerate(found):
        if one.effect:
            places[one.steps].append(index)
    for steps, indices in places.items():
        # Two changes of one schema may do together what neither does alone.
        if len(indices) > 1 and not any(shown[index].witness for index in indices):
            effects = [effect for index in indices if (effect := found[index].effect)]
            together = body.search(steps, effects)
            shown = [together if index in indices and together.witness else one for index, one in enumerate(shown)]
    return shown
