"""The report holds what a page says as text, in Markdown, in JSON and in a terminal, whatever it says."""

import json
import re
import unicodedata
from typing import Any

import pytest
from markdown_it import MarkdownIt

from scripts.spec_diff import MISSING, Change, Direction, Kind, Witness
from scripts.spec_diff.report import as_json, markdown, terminal

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "![pixel](https://example.com/x.png)",
    "[click](https://example.com) https://example.com www.example.com",
    "@admins #12 GH-1 root@example.com mailto:root@example.com",
    "a | b",
    "a \\| b",
    "`code` ``` ~~~",
    "line\n\n# heading\n| cell |",
    "\x1b[31mred\x1b[0m \u202eright \u200bthin \x07",
    "- item",
    "1. item",
    "**bold** _it_ ~~gone~~ &lt;b&gt; \\",
    "{{ x }} {% y %} ${z}",
]
_TAGS = {"h2", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "pre", "code", "ul", "li"}
_CELLS = 6


def change(text: str) -> Change:
    return Change(
        pointer=f"/paths/{text}",
        operation=text,
        kind=Kind.ENUM_VALUE_REMOVED,
        direction=Direction.REQUEST,
        old=text,
        new={text: text},
        breaks_callers=True,
        breaks_readers=False,
        meaning=text,
        witness=Witness({text: text}, was_allowed=True, is_allowed=False),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_hostile_text_as_text(text: str) -> None:
    parser = MarkdownIt("gfm-like")
    linkify: Any = parser.linkify
    linkify.set({"fuzzy_link": False})  # GitHub links no bare domains, but www and e-mail addresses
    html = parser.render(markdown([change(text)], {text: [text]}))
    tags: list[str] = re.findall(r"<(\w+)", html)
    assert not {*tags} - _TAGS
    assert html.count("<td>") == _CELLS
    assert html.count("<h2>") == 2
    outside_code = re.sub(r"<code.*?</code>", "", html, flags=re.DOTALL)
    assert not re.search(r"@\w|#\d|GH-\d", outside_code)  # no mention, and no reference to an issue


@pytest.mark.parametrize("text", HOSTILE)
def test_a_terminal_gets_no_control_characters(text: str) -> None:
    shown = terminal([change(text)], {text: [text]})
    assert {unicodedata.category(character) for character in shown.replace("\n", "")}.isdisjoint({"Cc", "Cf", "Zl"})
    assert all(len(line) <= 120 for line in shown.splitlines())


@pytest.mark.parametrize("text", HOSTILE)
def test_json_holds_it_unchanged(text: str) -> None:
    report = json.loads(as_json([change(text)], {"More": [text]}))
    (told,) = report["changes"]
    assert (told["old"], told["new"], told["meaning"]) == (text, {text: text}, text)
    assert told["witness"] == {"body": {text: text}, "was_allowed": True, "is_allowed": False}
    assert report["breaking"] is True
    assert report["sections"] == {"More": [text]}


def test_json_leaves_out_what_was_not_there() -> None:
    added = Change("/x", "PUT /x", Kind.DEFAULT_CHANGED, Direction.REQUEST, MISSING, None, False, False, "New.")
    (told,) = json.loads(as_json([added]))["changes"]
    assert "old" not in told
    assert told["new"] is None
    assert told["witness"] is None


def test_a_report_says_whom_it_breaks() -> None:
    text = markdown([change("x")])
    assert "1 change: 1 of them breaks callers, 0 readers of responses" in text
    assert "| **callers** | request | x |" in text
    assert 'allowed before, refused now: {"x": "x"}' in text
    assert "Nothing changed in meaning." in markdown([])
    assert "Nothing changed in meaning." in terminal([])
    assert "callers" in terminal([change("x")])
