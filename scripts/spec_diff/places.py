"""Operations, and where they stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scripts.page import METHODS
from scripts.spec_diff.document import Documents, Node, members


@dataclass(frozen=True)
class Pair:
    """An operation, and the path item that it stands in."""

    path: str
    method: str
    item: Node
    operation: Node

    @property
    def name(self) -> str:
        """Like `PUT /v1/rows`."""
        return f"{self.method.upper()} {self.path}"


def operations(documents: Documents, root: Node) -> Iterator[Pair]:
    """The operations of a document."""
    for path, item in members(root.at("paths")):
        followed = documents.follow(item)
        for method in METHODS:
            if followed.at(method).there:
                yield Pair(path, method, followed, followed.at(method))


def without_names(path: str) -> str:
    """A path with its parameters unnamed: their names are not sent."""
    return re.sub(r"\{[^}]*\}", "{}", path)
