"""Every sentence of the vendored pages: their prose, and the descriptions within their OpenAPI documents."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from contract_tests.document import Json, pointer

SPECS = Path(__file__).resolve().parents[1] / "specs"
_OPENAPI = re.compile(r"^````yaml .*?^````$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_END = re.compile(r"(?<=[.!?])(?<!e\.g\.)\s+(?=[A-Z(])")


@cache
def sentences() -> dict[str, list[str]]:
    """Each sentence, and where it stands: a page's file name, or a vendored spec's with a JSON pointer."""
    found: dict[str, list[str]] = {}
    for place, text in (*_prose(), *_descriptions()):
        for sentence in _END.split(_plain(text)):
            if any(character.isalpha() for character in sentence):
                found.setdefault(sentence, []).append(place)
    return found


def _prose() -> Iterator[tuple[str, str]]:
    for page in sorted((SPECS / "pages").glob("*.md")):
        text = _CODE.sub("", _OPENAPI.sub("", page.read_text("utf-8")))
        for block in re.split(r"\n\s*\n|\n(?=\d+\. )", text):
            lines = [line for line in block.splitlines() if not line.startswith("#")]
            yield page.name, " ".join(lines).lstrip("> ")


def _descriptions() -> Iterator[tuple[str, str]]:
    for spec in sorted((SPECS / "vendored").glob("*.yaml")):
        yaml: Any = YAML(typ="safe", pure=True)
        yield from _walk(yaml.load(spec), f"{spec.name}#")


def _walk(node: Json, at: str) -> Iterator[tuple[str, str]]:
    items: Iterable[tuple[str | int, Json]] = ()
    if isinstance(node, dict):
        items = node.items()
    elif isinstance(node, list):
        items = enumerate(node)
    for key, value in items:
        if key == "description" and isinstance(value, str):
            yield at, value
        else:
            yield from _walk(value, at + pointer(str(key)))


def _plain(text: str) -> str:
    """Without the marks of Markdown, and with single spaces."""
    return " ".join(re.sub(r"\*\*|^\d+\. ", "", text).split())
