"""Two documents side by side, and the way through both: `$ref`s are followed, and every value knows where it stands."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeGuard, cast

from scripts.layout import StepError
from scripts.page import pointer
from scripts.spec_diff.change import MISSING

Side = Literal["old", "new"]
_MANY = 64
"""Longer chains of `$ref`s lead nowhere."""


@dataclass(frozen=True)
class Node:
    """A value, and where it stands: the side, then the way from the root of the document."""

    place: tuple[str | int, ...]
    value: Any

    @property
    def pointer(self) -> str:
        """The JSON pointer in the document of its side."""
        return pointer(*self.place[1:])

    @property
    def there(self) -> bool:
        """Whether there is such a value; null is one."""
        return self.value is not MISSING

    def at(self, *keys: str | int) -> "Node":
        """Where a value of that key stands or would stand; MISSING is the value if it does not."""
        value: Any = self.value
        for key in keys:
            array = as_array(value)
            if array is not None:
                value = array[key] if isinstance(key, int) and key < len(array) else MISSING
            else:
                value = (as_object(value) or {}).get(str(key), MISSING)
        return Node((*self.place, *keys), value)


MISSING_NODE = Node((), MISSING)
"""Nowhere."""


class Documents:
    """Both documents in one, so that a schema of one can refer to a component of the other."""

    def __init__(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._both = {"old": _sided(old, "old"), "new": _sided(new, "new")}

    def root(self, side: Side) -> Node:
        """A whole document."""
        return Node((side,), self._both[side])

    def follow(self, node: Node) -> Node:
        """What a `$ref` leads to in the end; the node itself if it is none.

        Raises:
            StepError: if it leads nowhere, round in circles, or out of the document.
        """
        for _ in range(_MANY):
            reference = (as_object(node.value) or {}).get("$ref")
            if not isinstance(reference, str):
                return node
            node = self.target(reference)
        raise StepError(f"{node.pointer}: its $ref goes round in circles; look at the components that it names")

    def same(self, one: Node, other: Node) -> bool:
        """Whether two values are the same JSON with their `$ref`s followed, those round in circles but once."""
        return text_of(self._followed(one, ())) == text_of(self._followed(other, ()))

    def _followed(self, node: Node, through: tuple[str, ...]) -> Any:
        reference = (as_object(node.value) or {}).get("$ref")
        if isinstance(reference, str):
            name = reference.partition("/")[2].partition("/")[2]
            return name if name in through else self._followed(self.target(reference), (*through, name))
        if as_object(node.value) is not None:
            return {key: self._followed(inner, through) for key, inner in members(node)}
        return [self._followed(inner, through) for inner in entries(node)] if as_array(node.value) else node.value

    def target(self, reference: str) -> Node:
        """Where a `$ref` leads, which may be a further one.

        Raises:
            StepError: if there is nothing, or it leads out of the document.
        """
        side, *keys = (part.replace("~1", "/").replace("~0", "~") for part in reference.removeprefix("#/").split("/"))
        if not reference.startswith(("#/old/", "#/new/")):
            raise StepError(f"the $ref {reference!r} leads out of the document; only those inside (#/...) are followed")
        node = Node((side,), self._both[side])
        for key in keys:
            node = node.at(int(key) if isinstance(node.value, list) and key.isdecimal() else key)
        if not node.there:
            raise StepError(f"the $ref '#{node.pointer}' leads nowhere; look for what it named before")
        return node


def members(node: Node) -> Iterator[tuple[str, Node]]:
    """The members of an object, by name; none if it is no object."""
    for key in as_object(node.value) or {}:
        yield key, node.at(key)


def entries(node: Node) -> list[Node]:
    """The entries of an array; none if it is no array."""
    return [node.at(index) for index in range(len(as_array(node.value) or []))]


def plain(value: Any) -> Any:
    """A value as it stands in its document, with its `$ref`s without the side."""
    if (mapping := as_object(value)) is not None:
        reference = mapping.get("$ref")
        if isinstance(reference, str) and reference.startswith(("#/old/", "#/new/")):
            return {"$ref": f"#{reference[5:]}"}
        return {key: plain(inner) for key, inner in mapping.items()}
    array = as_array(value)
    return value if array is None else [plain(inner) for inner in array]


def same_value(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON: 1 is 1.0, and neither is true."""
    if one is MISSING or other is MISSING:
        return one is other
    return text_of(plain(one)) == text_of(plain(other))


def text_of(value: Any) -> str:
    """A text that is the same for the same JSON."""
    return json.dumps(_even(value), sort_keys=True, default=str)


def _even(value: Any) -> Any:
    if (mapping := as_object(value)) is not None:
        return {str(key): _even(inner) for key, inner in mapping.items()}
    if (array := as_array(value)) is not None:
        return [_even(inner) for inner in array]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _sided(value: Any, side: Side) -> Any:
    """A copy whose `$ref`s start with the side."""
    if (mapping := as_object(value)) is not None:
        reference = mapping.get("$ref")
        if isinstance(reference, str):
            inside = reference.startswith("#/")
            return {"$ref": f"#/{side}{reference[1:]}" if inside else reference}
        return {key: _sided(inner, side) for key, inner in mapping.items()}
    array = as_array(value)
    return value if array is None else [_sided(inner, side) for inner in array]


def as_object(value: Any) -> dict[str, Any] | None:
    """The value, if it is an object."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def as_array(value: Any) -> list[Any] | None:
    """The value, if it is an array."""
    return value if _is_array(value) else None


def _is_array(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)
