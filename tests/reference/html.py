"""A page of HTML as a browser takes it: what is open and closed, what has which id, and what it would load."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_INVISIBLE = {"script", "style"}


@dataclass
class Element:
    """An element, as it begins."""

    tag: str
    attributes: dict[str, str]
    at: int


@dataclass
class Found:
    """What a page is made of."""

    elements: list[Element] = field(default_factory=list[Element])
    faults: list[str] = field(default_factory=list[str])
    """Tags that are not closed, or in another order."""
    text: str = ""
    """What a reader sees."""
    inner: dict[str, str] = field(default_factory=dict[str, str])
    """The text of scripts and styles."""

    @property
    def ids(self) -> list[str]:
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Found()
        self._open: list[str] = []
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len({*names}):
            self.found.faults.append(f"<{tag}> has an attribute twice, line {self.getpos()[0]}")
        attributes = {name: value or "" for name, value in attrs}
        self.found.elements.append(Element(tag, attributes, self.getpos()[0]))
        if tag == "p" and "p" in self._open:
            self.found.faults.append(f"<p> in <p>, line {self.getpos()[0]}")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.found.faults.append(f"</{tag}> within {self._open[-3:]}, line {self.getpos()[0]}")
        else:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in _INVISIBLE:
            self.found.inner[self._open[-1]] = self.found.inner.get(self._open[-1], "") + data
        else:
            self._text.append(data)

    def read(self, page: str) -> Found:
        self.feed(page)
        self.close()
        self.found.faults += [f"<{tag}> is not closed" for tag in self._open]
        self.found.text = " ".join("".join(self._text).split())
        return self.found


def read(page: str) -> Found:
    """Read a page."""
    return _Reader().read(page)
