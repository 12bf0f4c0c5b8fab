"""Texts that are not answered to the character."""

import html
import re
import unicodedata
from collections.abc import Callable
from urllib.parse import unquote

from contract_tests.faults._edits import after
from contract_tests.faults._plant import Fault
from contract_tests.faults._probes import sync
from contract_tests.faults.semantics._common import swapped, told

_TEXT = ("sync.answer.text",)


def _rich_only(size: int, change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda value: change(value) if len(value) > size else value


FAULTS = (
    Fault(
        "sync-swaps-texts",
        "answers subject and content swapped",
        _TEXT,
        after("sync", lambda data, _: swapped(data, "subject", "content")),
    ),
    Fault("sync-trims-subject", "trims the subject", _TEXT, told(str.strip, "subject")),
    Fault(
        "sync-trims-line-end",
        "takes line feeds at the end of the content away",
        _TEXT,
        told(lambda value: value.rstrip("\n"), "content"),
        (sync({"content": "a\n"}),),
    ),
    Fault(
        "sync-cuts-subject",
        "cuts the subject at 255 characters",
        _TEXT,
        told(lambda value: value[:255], "subject"),
        (sync({"subject": "a" * 300}),),
    ),
    Fault(
        "sync-cuts-content",
        "cuts the content at 4,000 characters, as some databases do",
        _TEXT,
        told(lambda value: value[:4000], "content"),
        (sync({"content": "a" * 5000}),),
    ),
    Fault(
        "sync-cuts-bytes",
        "cuts the content at 2,000 bytes, in the middle of a character",
        _TEXT,
        told(lambda value: value.encode()[:2000].decode(errors="ignore") if len(value) > 900 else value, "content"),
        (sync({"content": "ä" * 1500}),),
    ),
    Fault("sync-normalizes", "normalizes text to NFC", _TEXT, told(lambda value: unicodedata.normalize("NFC", value))),
    Fault(
        "sync-folds-width",
        "normalizes long text to NFKC",
        _TEXT,
        told(_rich_only(20, lambda value: unicodedata.normalize("NFKC", value))),
        (sync({"subject": "The \ufb01rst of twenty-two letters"}),),
    ),
    Fault("sync-escapes", "escapes text for HTML", _TEXT, told(html.escape)),
    Fault(
        "sync-escapes-apostrophe",
        "doubles a single quote, as if for SQL",
        _TEXT,
        told(lambda value: value.replace("'", "''")),
        (sync({"subject": "O'Hara"}),),
    ),
    Fault(
        "sync-strips-tags",
        "takes tags out of the content",
        _TEXT,
        told(lambda value: re.sub("<[^>]*>", "", value), "content"),
        (sync({"content": "<b>a</b>"}),),
    ),
    Fault(
        "sync-drops-astral",
        "replaces characters beyond the basic plane",
        _TEXT,
        told(lambda value: re.sub("[\U00010000-\U0010ffff]", "\ufffd", value)),
    ),
    Fault("sync-unix-lines", "answers CR LF as LF", _TEXT, told(lambda value: value.replace("\r\n", "\n"))),
    Fault(
        "sync-collapses-blanks",
        "answers several blanks as one",
        _TEXT,
        told(lambda value: re.sub(" +", " ", value)),
    ),
    Fault("sync-unquotes", "decodes percent signs", _TEXT, told(unquote), (sync({"subject": "a%20b"}),)),
    Fault(
        "sync-unescapes",
        "takes a backslash and n for a line feed",
        _TEXT,
        told(lambda value: value.replace("\\n", "\n")),
        (sync({"content": "C:\\new"}),),
    ),
    Fault(
        "sync-drops-controls",
        "drops control characters other than white space",
        _TEXT,
        told(lambda value: re.sub("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]", "", value)),
        (sync({"subject": "a\x07b"}),),
    ),
    Fault(
        "sync-drops-invisible",
        "drops characters that cannot be seen",
        _TEXT,
        told(lambda value: re.sub("[\u200b-\u200f\u2060\ufeff]", "", value)),
        (sync({"subject": "a\u200db"}),),
    ),
    Fault(
        "sync-empty-as-blank",
        "answers an empty subject as a dash",
        _TEXT,
        told(lambda value: value or "-", "subject"),
        (sync({"subject": ""}),),
    ),
    Fault("sync-flips-direction", "answers OUTBOUND as INBOUND", _TEXT, told(lambda _: "INBOUND", "direction")),
    Fault(
        "sync-localized-as-utc",
        "answers `startTimeLocalized` with a Z",
        _TEXT,
        told(lambda value: value + "Z", "startTimeLocalized"),
    ),
    Fault(
        "sync-localized-normalized",
        "answers `startTimeLocalized` with seconds that were not sent",
        _TEXT,
        told(lambda value: value + ":00" if len(value) == 16 else value, "startTimeLocalized"),
    ),
)
