"""What a walk through two documents finds."""

from dataclasses import dataclass, replace
from typing import Any

from scripts.spec_diff.change import Kind, Value
from scripts.spec_diff.document import Node
from scripts.spec_diff.schema import Schema

_ADDED = {
    Kind.PROPERTY_ADDED: Kind.PROPERTY_REMOVED,
    Kind.REQUIRED_ADDED: Kind.REQUIRED_REMOVED,
    Kind.ENUM_ADDED: Kind.ENUM_REMOVED,
    Kind.ENUM_VALUE_ADDED: Kind.ENUM_VALUE_REMOVED,
    Kind.BRANCH_ADDED: Kind.BRANCH_REMOVED,
}
_TURNED = _ADDED | {removed: added for added, removed in _ADDED.items()}


@dataclass(frozen=True)
class Step:
    """One step on the way from a body to the value that a schema is about."""

    keyword: str
    """`properties`, `items`, `additionalProperties`, or a union, whose branch is about the same value."""
    name: str = ""
    """Of the property."""
    own: int | None = None
    """Which branch of the union it is on the side whose values must be allowed on the other; None if there is no union
    there, and the schema is its only branch."""
    other: int | None = None


Steps = tuple[Step, ...]


@dataclass(frozen=True)
class Effect:
    """What a change does to the schema of one value, in the direction in which it can break something.

    That is from before to now in a request, and from now to before in a response: whoever reads responses is broken by
    what may come now and could not before.
    """

    own: Schema
    """Of the side whose values must be allowed on the other, too."""
    changed: dict[str, Any]
    """The same with nothing but the change made."""
    other: Schema
    undone: dict[str, Any] | None = None
    """The schema of the other side without the change, where that is not plain from the three."""


@dataclass(frozen=True)
class Found:
    """Something that differs between two documents."""

    kind: Kind
    before: Node
    """Where it stands in the old document; its value is MISSING if it does not."""
    after: Node
    steps: Steps = ()
    """The way from the body to the value that it is about."""
    effect: Effect | None = None
    """None if it says nothing of values."""
    told: tuple[Value, Value] | None = None
    """What to tell as old and new, if it is not what stands there."""

    @property
    def node(self) -> Node:
        """Where it stands in the new document, or in the old one if it is gone."""
        return self.after if self.after.there else self.before

    @property
    def old(self) -> Value:
        """What it was."""
        return self.told[0] if self.told else self.before.value

    @property
    def new(self) -> Value:
        """What it is."""
        return self.told[1] if self.told else self.after.value

    def turned(self) -> "Found":
        """The same, found on the way from now to before."""
        told = (self.told[1], self.told[0]) if self.told else None
        kind = _TURNED.get(self.kind, self.kind)
        return replace(self, kind=kind, before=self.after, after=self.before, told=told)
