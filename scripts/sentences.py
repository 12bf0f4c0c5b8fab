"""The sentences of a page: of its prose, and of the descriptions within its OpenAPI document."""

import re
from collections.abc import Iterable, Iterator

from scripts.layout import Json
from scripts.page import Page, pointer

_CODE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_END = re.compile(r"(?<=[.!?])(?<!e\.g\.)\s+(?=[A-Z(])")


def sentences(page: Page) -> dict[str, list[str]]:
    """Each sentence of a page, and where it stands: `prose`, or the JSON pointer of what it describes."""
    found: dict[str, list[str]] = {}
    for place, text in (*_paragraphs(page.prose), *_descriptions(page.document, ())):
        for sentence in _END.split(_plain(text)):
            if any(character.isalpha() for character in sentence):
                found.setdefault(sentence, []).append(place)
    return found


def _paragraphs(prose: str) -> Iterator[tuple[str, str]]:
    for block in re.split(r"\n\s*\n|\n(?=\d+\. )", _CODE.sub("", prose)):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        yield "prose", " ".join(lines).lstrip("> ")


def _descriptions(node: Json, at: tuple[str | int, ...]) -> Iterator[tuple[str, str]]:
    items: Iterable[tuple[str | int, Json]] = ()
    if isinstance(node, dict):
        items = node.items()
    elif isinstance(node, list):
        items = enumerate(node)
    for key, value in items:
        if key == "description" and isinstance(value, str):
            yield pointer(*at), value
        else:
            yield from _descriptions(value, (*at, key))


def _plain(text: str) -> str:
    """Without the marks of Markdown, and with single spaces."""
    return " ".join(re.sub(r"\*\*|^\d+\. ", "", text).split())
