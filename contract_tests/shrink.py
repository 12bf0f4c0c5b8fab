"""The smallest JSON body that is still wrong, for cases that nobody else shrinks (schemathesis's coverage phase)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from contract_tests.document import Json

T = TypeVar("T")

_LONG = 16
"""Characters of a string that a person reads at a glance; a longer one is halved while it can be."""


def smallest(body: Json, still_wrong: Callable[[Json], bool], budget: int = 200) -> Json:
    """Drop keys, items and halves of long strings as long as the body stays wrong: the outer before the inner.

    The same arguments give the same result. If dropping more never turns what is right into wrong, and the budget
    suffices, no key and no item of the result can be dropped.

    Args:
        body: a body that is wrong; it is not asked about again, nor changed.
        still_wrong: whether a smaller body is wrong too.
        budget: how often `still_wrong` is called at most.
    """
    search = _Search(still_wrong, budget)
    while search.left > 0:
        smaller = search.shrink(body, lambda candidate: candidate)
        if smaller == body:
            break
        body = smaller
    return body


@dataclass
class _Search:
    """What is left to ask."""

    still_wrong: Callable[[Json], bool]
    left: int

    def is_wrong(self, body: Json) -> bool:
        if self.left <= 0:
            return False
        self.left -= 1
        return self.still_wrong(body)

    def shrink(self, value: Json, whole: Callable[[Json], Json]) -> Json:
        """A part of the body, shrunk; `whole` puts a part into its place."""
        match value:
            case dict():
                value = dict(self.drop(list(value.items()), lambda items: whole(dict(items))))
                for key in value:
                    value = {**value, key: self.shrink(value[key], _into(whole, value, key))}
                return value
            case list():
                value = list(self.drop(value, lambda items: whole(list(items))))
                for index in range(len(value)):
                    shrunk = self.shrink(value[index], _at(whole, value, index))
                    value = [*value[:index], shrunk, *value[index + 1 :]]
                return value
            case str():
                return self.halve(value, whole)
            case _:
                return value

    def drop(self, parts: Sequence[T], whole: Callable[[Sequence[T]], Json]) -> Sequence[T]:
        """What is left of the parts of an object or a list: none, or one, or what no smaller run can be taken from."""
        if not parts:
            return parts
        for few in ((), *([part] for part in parts)) if len(parts) > 1 else ((),):
            if self.is_wrong(whole(few)):
                return few
        run = len(parts) // 2
        while run:
            start = 0
            while start < len(parts):
                kept = [*parts[:start], *parts[start + run :]]
                # None at all was asked about above.
                if kept and self.is_wrong(whole(kept)):
                    parts = kept
                else:
                    start += run
            run //= 2
        return parts

    def halve(self, text: str, whole: Callable[[Json], Json]) -> str:
        while len(text) > _LONG:
            middle = len(text) // 2
            half = next((half for half in (text[:middle], text[middle:]) if self.is_wrong(whole(half))), None)
            if half is None:
                break
            text = half
        return text


def _into(whole: Callable[[Json], Json], value: dict[str, Json], key: str) -> Callable[[Json], Json]:
    return lambda part: whole({**value, key: part})


def _at(whole: Callable[[Json], Json], value: list[Json], index: int) -> Callable[[Json], Json]:
    return lambda part: whole([*value[:index], part, *value[index + 1 :]])
