"""The report of changes: Markdown for a pull request, JSON for a program, a table for a terminal.

What comes from a page is input from outside, and is inert in all three: Markdown shows it as text, never as a link, an
image, HTML, a mention or a table's border; a terminal gets no control characters.
"""

import io
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scripts.layout import Json
from scripts.spec_diff.change import MISSING, Change, Value

Sections = Mapping[str, Sequence[str]]
"""What else there is to report: a heading, and the sentences under it."""

_WIDTH = 120
_LONGEST = 300
_LONGEST_BODY = 3_000
"""Characters of a witness; a pull request takes 65,536 of them all, and the JSON has each whole."""
_WITNESSES = "A body that shows it"
_NOTHING = "Nothing changed in meaning."
# Whatever Markdown, or GitHub's, could take for more than text; entities for what
# could end a cell or open a tag. An @ is code, in which there are neither mentions nor addresses.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!~$^])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "@": "`@`"})
_LIST = re.compile(r"^([-+=]|\d+[.)])")
_LINK = re.compile(r"(#|:(?=//)|\b[wW]{3}(?=\.)|\b[gG][hH](?=-\d)|\bmailto(?=:)|\bxmpp(?=:))")
_BREAK = "\u200b"
"""A space without width, which keeps a URL or a reference to an issue from being one."""


def markdown(changes: Sequence[Change], sections: Sections | None = None) -> str:
    """The report as Markdown.

    Args:
        changes: What changed.
        sections: What else there is to say; the text is escaped here, too.
    """
    lines = ["## What changed in the spec", "", f"**{_summary(changes)}**", ""]
    if changes:
        lines += ["| breaks | direction | what it means | where | old | new |", "|---|---|---|---|---|---|"]
        lines += [f"| {' | '.join(_cells(change))} |" for change in changes]
        lines.append("")
    for change in changes:
        if change.witness:
            lines += [
                f"{_WITNESSES}: {escaped(change.meaning)}",
                "",
                *_fenced(_short(_told(change), _LONGEST_BODY)),
                "",
            ]
    for heading, sentences in (sections or {}).items():
        lines += [f"## {escaped(heading)}", "", *(f"- {escaped(sentence)}" for sentence in sentences), ""]
    return "\n".join(lines)


def as_json(changes: Sequence[Change], sections: Sections | None = None) -> str:
    """The report as JSON: a change has no `old` if there was nothing, and no `new` if there is nothing any more."""
    report: dict[str, Any] = {
        "breaking": any(change.breaking for change in changes),
        "changes": [_as_dict(change) for change in changes],
    }
    if sections:
        report["sections"] = {heading: list(sentences) for heading, sentences in sections.items()}
    return json.dumps(report, indent=2)


def terminal(changes: Sequence[Change], sections: Sections | None = None, *, width: int = _WIDTH) -> str:
    """The report as a table for a terminal of that many columns, without colours."""
    stream = io.StringIO()
    console = Console(file=stream, width=width, color_system=None, highlight=False, markup=False, emoji=False)
    console.print(Text(_summary(changes)))
    if changes:
        table = Table(show_lines=True, expand=True)
        table.add_column("breaks", no_wrap=True)
        table.add_column("direction", no_wrap=True)
        table.add_column("what it means", ratio=3, overflow="fold")
        table.add_column("where, and a body that shows it", ratio=4, overflow="fold")
        for change in changes:
            where = f"{change.operation}\n{change.pointer or '(the document)'}"
            shows = f"\n{_short(_told(change))}" if change.witness else ""
            table.add_row(*map(_text, (_breaks(change), change.direction, change.meaning, where + shows)))
        console.print(table)
    for heading, sentences in (sections or {}).items():
        console.print(_text(f"\n{heading}"))
        for sentence in sentences:
            console.print(_text(f"- {sentence}"))
    return stream.getvalue()


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, in one line."""
    inert = _SPECIAL.sub(r"\\\1", _LINK.sub(rf"\1{_BREAK}", _printable(text))).translate(_ENTITIES)
    return _LIST.sub(rf"{_BREAK}\1", inert)


def code(text: str) -> str:
    """Text as code, in one line, in which nothing is a link; as mere text if it could end the code or a cell."""
    text = _printable(text)
    return f"`{text}`" if text.strip() and not re.search(r"[`|]", text) else escaped(text)


def _summary(changes: Sequence[Change]) -> str:
    if not changes:
        return _NOTHING
    callers = sum(change.breaks_callers for change in changes)
    readers = sum(change.breaks_readers for change in changes)
    number = f"{len(changes)} change{'s' if len(changes) > 1 else ''}"
    if not callers and not readers:
        return f"{number}, none of which breaks callers or readers."
    return f"{number}: {callers} of them break{'s' if callers == 1 else ''} callers, {readers} readers of responses."


def _breaks(change: Change) -> str:
    broken = [("callers", change.breaks_callers), ("readers", change.breaks_readers)]
    return " and ".join(who for who, breaks in broken if breaks) or "nobody"


def _cells(change: Change) -> list[str]:
    breaks = f"**{_breaks(change)}**" if change.breaking else _breaks(change)
    where = f"{code(change.operation)} {code(change.pointer or '(the document)')}"
    values = (code(_short(_value(value))) for value in (change.old, change.new))
    return [breaks, change.direction, escaped(change.meaning), where, *values]


def _told(change: Change) -> str:
    """The body that shows a change, and what the two specs say of it."""
    if not change.witness:
        return ""
    allowed = {True: "allowed", False: "refused"}
    was, now = allowed[change.witness.was_allowed], allowed[change.witness.is_allowed]
    return f"{was} before, {now} now: {json.dumps(change.witness.body)}"


def _fenced(text: str) -> list[str]:
    """A block of code that its text cannot leave: JSON has no line breaks, and no line starts with a fence."""
    return ["```text", _printable(text), "```"]


def _as_dict(change: Change) -> dict[str, Json]:
    told: dict[str, Json] = {
        "pointer": change.pointer,
        "operation": change.operation,
        "kind": str(change.kind),
        "direction": str(change.direction),
    }
    told |= {name: value for name, value in (("old", change.old), ("new", change.new)) if value is not MISSING}
    told |= {
        "breaks_callers": change.breaks_callers,
        "breaks_readers": change.breaks_readers,
        "meaning": change.meaning,
        "witness": None,
    }
    if shown := change.witness:
        told["witness"] = {"body": shown.body, "was_allowed": shown.was_allowed, "is_allowed": shown.is_allowed}
    return told


def _value(value: Value) -> str:
    return "" if value is MISSING else json.dumps(value, ensure_ascii=False, default=str)


def _short(text: str, longest: int = _LONGEST) -> str:
    return text if len(text) <= longest else f"{text[:longest]}..."


def _text(value: str) -> Text:
    return Text("\n".join(_printable(line) for line in value.split("\n")))


def _printable(text: str) -> str:
    """A text without what moves a cursor, hides, or turns the direction of what follows."""
    return "".join(character if _is_plain(character) else repr(character)[1:-1] for character in text)


def _is_plain(character: str) -> bool:
    return character == " " or unicodedata.category(character)[0] not in "CZ"
