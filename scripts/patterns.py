r"""Turn a `pattern`, which is of ECMA 262, into one of `re` that means the same, where that can be done safely.

What differs: `$` is the very end of a text in ECMA 262, and may stand before a last line break in Python; `.` leaves
out four line terminators, not one; `\d`, `\w` and `\b` are ASCII, while `\s` is Unicode and has U+FEFF; groups are
named `(?<name>)`; an escaped `/` or a `\cJ` is written otherwise. Python knows flags in a pattern, possessive
quantifiers and `{,2}`, which are errors or plain text in ECMA 262, and knows no `\p{}`. Characters are counted as code
points here, and as UTF-16 units by a server that leaves out the flag `u`.
"""

import re
import warnings
from collections.abc import Iterator
from importlib import import_module
from typing import Any

LIMIT = 1_000
"""How many characters a text may have to be checked; a longer one is left to Siro."""
_STEPS = 20_000_000
"""How many ways of matching there may be, which takes a second or so."""

_parse: Any = import_module("re._parser").parse  # which is what says how a pattern is built
_SPACES = r"\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_OUTSIDE = {".": r"[^\n\r\u2028\u2029]", "$": r"\Z", r"\s": f"[{_SPACES}]", r"\S": f"[^{_SPACES}]", r"\0": r"\x00"}
_INSIDE = {"[": r"\[", r"\s": _SPACES, r"\0": r"\x00"}
_FOREIGN = re.compile(
    r"""
    \\[pPzZAuUNkx](?!.) | \\[pPzZAUN] | \\c(?![A-Za-z]) | \\u\{ | \(\?(?:[aiLmsux-]|P|>|\() | [*+?}]\+ | \{,\d
    | \\(?:u(?![0-9a-fA-F]{4})|x(?![0-9a-fA-F]{2})) | \\0[0-9] | \(\?\#
    """,
    re.VERBOSE | re.DOTALL,
)
_TOKEN = re.compile(r"\\c[A-Za-z]|\\k<\w+>|\\.|\(\?<(?![=!])|.", re.DOTALL)


def translate(pattern: str) -> str | None:
    """Return the pattern for `re.search` with `re.ASCII`, or None if it is not to be checked here.

    That is the case if Python cannot say it, or if a text of `LIMIT` characters could take long to match.
    """
    if _FOREIGN.search(pattern):
        return None
    try:
        translated = "".join(_tokens(pattern))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(translated, re.ASCII)
            parsed = _parse(translated, re.ASCII)
    except (re.error, FutureWarning, DeprecationWarning, RecursionError, OverflowError):
        return None
    steps = _ways(parsed) * (1 if _is_anchored(parsed) else LIMIT)
    return translated if steps <= _STEPS else None


def _tokens(pattern: str) -> Iterator[str]:
    inside = False
    for match in _TOKEN.finditer(pattern):
        token = match.group()
        if token.startswith(r"\c"):
            yield f"\\x{ord(token[2]) % 32:02x}"
        elif token.startswith(r"\k<"):
            yield f"(?P={token[3:-1]})"
        elif token == "(?<":  # noqa: S105 - a token of a pattern
            yield "(?P<"
        elif inside:
            if token == r"\S":  # noqa: S105
                raise re.error("all but what is listed and Unicode spaces is more than a class of re can say")
            inside = token != "]"  # noqa: S105
            yield _INSIDE.get(token, token)
        else:
            if token == "[" and pattern.startswith(("]", "^]"), match.end()):  # noqa: S105
                raise re.error("re has no empty class")
            inside = token == "["  # noqa: S105
            yield _OUTSIDE.get(token, token)


def _is_anchored(parsed: Any) -> bool:
    """Whether it can match at the start only, so that no other place is tried."""
    return bool(parsed) and str(parsed[0][0]) == "AT" and str(parsed[0][1]) == "AT_BEGINNING"


def _ways(parsed: Any) -> float:
    """An upper bound of how many ways a matcher could try on a text of `LIMIT` characters."""
    ways = 1.0
    for operation, argument in parsed:
        ways *= _ways_of(str(operation), argument)
        if ways > _STEPS:
            return float("inf")
    return ways


def _ways_of(operation: str, argument: Any) -> float:
    match operation:
        case "MAX_REPEAT" | "MIN_REPEAT":
            return _ways_of_repeat(*argument)
        case "BRANCH":
            return sum(_ways(branch) for branch in argument[1])
        case "SUBPATTERN" | "ASSERT" | "ASSERT_NOT":
            return _ways(argument[-1])
        case "GROUPREF_EXISTS":
            return float("inf")
        case _:
            return 1


def _ways_of_repeat(least: int, most: Any, inner: Any) -> float:
    within, highest = _ways(inner), min(int(most), LIMIT)
    choices = highest - min(least, highest) + 1
    if within == 1:
        return choices
    return float("inf") if highest > _STEPS.bit_length() else choices * within**highest
