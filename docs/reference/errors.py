"""The tree of errors."""

from dataclasses import dataclass

import griffe
from markupsafe import Markup

from docs.reference import names
from docs.reference.docstring import text_of
from docs.reference.markup import line


@dataclass(frozen=True)
class Branch:
    """An error, in a line, and those that are of its kind."""

    id: str
    name: str
    meaning: Markup
    branches: tuple["Branch", ...] = ()


def tree(root: str) -> Branch:
    """The tree of errors below one, in the order in which they are defined."""
    kinds = {name: kind for name, kind in names.classes_and_functions().items() if isinstance(kind, griffe.Class)}
    below = sorted((name for name in kinds if _parent(kinds[name]) == root), key=lambda name: kinds[name].lineno or 0)
    meaning = line(text_of(kinds[root]).split("\n\n")[0], root)
    return Branch(root, kinds[root].name, meaning, tuple(map(tree, below)))


def _parent(kind: griffe.Class) -> str | None:
    """The nearest base that has an entry."""
    return next((names.entry_of()[base.path] for base in kind.mro() if base.path in names.entry_of()), None)
