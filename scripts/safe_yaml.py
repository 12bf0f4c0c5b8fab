"""Read YAML or JSON from outside: no tags, no surprises, and no more than there should be of anything.

The events of a parser are put together here rather than by its constructor, because that is where there are lines to
name and where a document can still be stopped: before an alias is expanded, and before anything recurses. What comes
out is what JSON can say. Plain scalars mean what the core schema of YAML 1.2 says, so `yes` and `2026-01-01` are text.
"""

import copy
import json
import re
from dataclasses import dataclass, field
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from scripts.layout import Json, StepError, shown

BYTES = 1_000_000
"""How long a page may be; Siro's are below 50 KB."""
DEPTH = 60
"""How deep it may nest; Siro's nest some 25 deep."""
WEIGHT = 2_000_000
"""How many nodes and characters there may be once the aliases are expanded."""
_NUMBER = 40
"""How long a number may be."""

_CONSTANTS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+", re.ASCII)
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_UNFIT = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", re.ASCII)


def load(text: str, first_line: int = 1) -> Any:
    """Return what a text of YAML or JSON says; `first_line` is the number of its first line, for the messages.

    Raises:
        StepError: if it is no YAML, says what JSON cannot, repeats a key, or goes beyond a limit.
    """
    if text.lstrip().startswith("{"):
        try:
            return _load_json(text, first_line)
        except json.JSONDecodeError:
            pass  # it may be YAML all the same
    builder = _Builder(first_line)
    try:
        parser: Any = YAML(typ="safe", pure=True)
        for event in parser.parse(text):
            builder.feed(event)
    except (YAMLError, ValueError, OverflowError) as error:
        raise StepError(_why(error, text, first_line)) from None
    return builder.document()


def _why(error: Any, text: str, first_line: int) -> str:
    if isinstance(error, ReaderError):
        line = first_line + text.count("\n", 0, cast("Any", error).position)
        return f"line {line}: no YAML: a control character may not stand there"
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    at = f"line {first_line + mark.line}: " if mark else ""
    return f"{at}no YAML: {shown(' '.join(str(getattr(error, 'problem', None) or error).split()))}"


@dataclass
class _Frame:
    """A mapping or a sequence that is being read."""

    value: Any
    line: int
    anchor: str | None
    before: int
    """The weight of all that came before it."""
    key: str | None = None
    """The key whose value comes next."""
    height: int = 1


@dataclass
class _Anchored:
    value: Any
    weight: int
    height: int


@dataclass
class _Builder:
    first_line: int
    weight: int = 0
    frames: list[_Frame] = field(default_factory=list[_Frame])
    anchors: dict[str, _Anchored | None] = field(default_factory=dict[str, "_Anchored | None"])
    documents: list[Any] = field(default_factory=list[Any])

    def document(self) -> Any:
        if len(self.documents) != 1:
            raise StepError(f"line {self.first_line}: holds {len(self.documents)} YAML documents, where one is due")
        return self.documents[0]

    def feed(self, event: Any) -> None:
        """Take the next event of the parser."""
        line = self.first_line + event.start_mark.line
        kind: Any = type(cast("object", event))
        if kind is DocumentStartEvent and self.documents:
            raise StepError(f"line {line}: a second YAML document starts, where one is due")
        if kind in {ScalarEvent, MappingStartEvent, SequenceStartEvent} and (tag := event.tag):
            raise StepError(f"line {line}: has the tag {shown(tag)}, and a document that is data needs none")
        if kind is AliasEvent:
            self._alias(event.anchor, line)
        elif kind is ScalarEvent:
            self._scalar(event, line)
        elif kind in {MappingStartEvent, SequenceStartEvent}:
            self._open({} if kind is MappingStartEvent else [], event.anchor, line)
        elif kind in {MappingEndEvent, SequenceEndEvent}:
            self._close()

    def _scalar(self, event: Any, line: int) -> None:
        text = _paired(event.value, line)
        self._weigh(1 + len(text), line)
        if self._expects_key():
            if event.style is None and text == "<<":
                raise StepError(f"line {line}: has a merge key (<<), which is no YAML 1.2: write the members out")
            self._key(text, line)
            return
        value = text if event.style else _plain(text, line)
        if event.anchor:
            self.anchors[event.anchor] = _Anchored(value, 1 + len(text), 0)
        self._add(value, 0)

    def _open(self, value: Any, anchor: str | None, line: int) -> None:
        if self._expects_key():
            raise StepError(f"line {line}: a key is no text")
        self._weigh(1, line)
        self.frames.append(_Frame(value, line, anchor, self.weight - 1))
        self._stop_if_deep(len(self.frames), line)
        if anchor:
            self.anchors[anchor] = None

    def _close(self) -> None:
        frame = self.frames.pop()
        if frame.anchor:
            self.anchors[frame.anchor] = _Anchored(frame.value, self.weight - frame.before, frame.height)
        self._add(frame.value, frame.height)

    def _alias(self, name: str, line: int) -> None:
        if name not in self.anchors:
            raise StepError(f"line {line}: the alias {shown(name)} has no anchor before it")
        if (anchored := self.anchors[name]) is None:
            raise StepError(f"line {line}: the alias {shown(name)} stands in what it refers to, which has no end")
        self._weigh(anchored.weight, line)
        self._stop_if_deep(len(self.frames) + anchored.height, line)
        if self._expects_key():
            raise StepError(f"line {line}: a key is an alias: write it out")
        # A copy, so that changing one part of the document never changes another.
        self._add(copy.deepcopy(anchored.value), anchored.height)

    def _expects_key(self) -> bool:
        return bool(self.frames) and isinstance(self.frames[-1].value, dict) and self.frames[-1].key is None

    def _key(self, key: str, line: int) -> None:
        frame = self.frames[-1]
        if key in frame.value:
            raise StepError(f"line {line}: the key {shown(key)} stands twice in the mapping of line {frame.line}")
        frame.key = key

    def _add(self, value: Any, height: int) -> None:
        if not self.frames:
            self.documents.append(value)
            return
        frame = self.frames[-1]
        frame.height = max(frame.height, height + 1)
        if frame.key is None:
            frame.value.append(value)
        else:
            frame.value[frame.key], frame.key = value, None

    def _weigh(self, more: int, line: int) -> None:
        self.weight += more
        if self.weight > WEIGHT:
            raise StepError(f"line {line}: holds more than {WEIGHT:,} nodes and characters, aliases expanded")

    def _stop_if_deep(self, depth: int, line: int) -> None:
        if depth > DEPTH:
            raise StepError(f"line {line}: nests more than {DEPTH} deep")


def _plain(text: str, line: int) -> str | float | bool | None:
    """What a scalar without quotes means."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _UNFIT.fullmatch(text):
        raise StepError(f"line {line}: the number {text} is none in JSON")
    whole, based, number = _INTEGER.fullmatch(text), _BASED.fullmatch(text), _FLOAT.fullmatch(text)
    if not (whole or based or number):
        return text
    if len(text) > _NUMBER:
        raise StepError(f"line {line}: a number of {len(text)} characters, and {_NUMBER} are allowed")
    value = int(text) if whole else int(text, 0) if based else float(text)
    if value in (float("inf"), float("-inf")):
        raise StepError(f"line {line}: the number {text} is too large")
    return value


def _paired(text: str, line: int) -> str:
    """The text with a surrogate pair, as JSON writes what is beyond 16 bits, as the one character that it means."""
    try:
        return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise StepError(f"line {line}: a text holds half of a surrogate pair, which is no Unicode") from None


def _load_json(text: str, first_line: int) -> Any:
    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                raise StepError(f"the key {shown(name)} stands twice in an object")
            found[name] = value
        return found

    def number(digits: str) -> Any:
        return _plain(digits, first_line)

    try:
        document = json.loads(
            text, object_pairs_hook=members, parse_int=number, parse_float=number, parse_constant=_no_number
        )
    except RecursionError:
        raise StepError(f"nests more than {DEPTH} deep") from None
    _check(document)
    return document


def _no_number(text: str) -> None:
    raise StepError(f"the number {text} is none in JSON")


def _check(document: Json) -> None:
    """The limits of YAML for JSON too."""
    rest: list[tuple[Json, int]] = [(document, 1)]
    while rest:
        value, depth = rest.pop()
        if depth > DEPTH and isinstance(value, dict | list):
            raise StepError(f"nests more than {DEPTH} deep")
        if isinstance(value, dict):
            rest += [(part, depth + 1) for part in value.values()]
            for key in value:
                _paired(key, 1)
        elif isinstance(value, list):
            rest += [(part, depth + 1) for part in value]
        elif isinstance(value, str):
            _paired(value, 1)
