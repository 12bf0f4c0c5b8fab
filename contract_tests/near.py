"""Texts near to a valid one, none of which is valid: what a careless comparison takes for it."""

import base64
import re
from collections.abc import Iterable

from contract_tests.document import Json

_CASELESS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-hjkmnp-tv-z]{26,28}", re.IGNORECASE)
"""A UUID (RFC 9562) or a ULID means the same in either case."""


def near_values(enum: list[Json], words: Iterable[str] = ()) -> list[Json]:
    """Values near those of an enum, each of a type that it has; words are those of other enums."""
    values = [value for value in enum if isinstance(value, str)]
    numbers = [value for value in enum if isinstance(value, (int, float)) and not isinstance(value, bool)]
    others = [number + step for number in numbers for step in (1, -1, 1_000) if number + step not in numbers]
    texts = _others([*_near_texts(values), *words, "OTHER", "NONE", "TASK", "NOTE"], *values) if values else []
    return [*texts, *dict.fromkeys(others)]


def _near_texts(values: list[str]) -> list[str]:
    texts = ["unknown", "UNKNOWN", "", "constructor", ",".join(values[:2]), "".join(values[:2])]
    for value in values:
        texts += [value.lower(), value.capitalize(), f" {value}", f"{value} ", f"{value}\n", value[:-1], f"{value}X"]
        texts += [f"{value}S", f"{value}_", value.replace("_", "-"), value.replace("_", " "), value.replace("_", "")]
    return _others(texts, *values)


def near_ids(valid: str) -> list[str]:
    """Ids near one that exists; none is such that a neighbour in a numbering could have it."""
    texts = [f"{valid}x", f"x{valid}", f"{valid}%", f"{valid}\n", f"{valid} ", f" {valid}", f"{valid}\t"]
    # What is the same to a reader that decodes once too often, cuts, or folds characters.
    texts += [f"{valid};x", f"{valid}\0", f"%{ord(valid[0]):02X}{valid[1:]}", _wide(valid), valid.replace("-", "_")]
    parts = [valid[1:], valid[: len(valid) // 2], valid * 2]
    texts += [f"{valid}.0", f"{valid}e0", f"+{valid}"] if valid.isdecimal() else parts
    if not _CASELESS.fullmatch(valid):
        texts += [valid.upper(), valid.lower(), valid.swapcase()]
    return _others(texts, valid)


def unknown_ids(valid: str, *others: str) -> list[str]:
    """Ids that are not that of a row: near ones, and others that are none of its kind, or nobody's.

    A Siro that numbers its rows may have one of any number.
    """
    unknown = _others([*near_ids(valid), *others], valid)
    return [each for each in unknown if not (each.isdecimal() and valid.isdecimal())]


def near_tokens(valid: str) -> list[str]:
    """Tokens near a valid one, such as a header can carry."""
    middle = len(valid) // 2
    prefix, separator, rest = valid.partition("-") if "-" in valid else valid.partition("_")
    cut = [valid[:-1], valid[1:], valid[:middle], prefix]
    longer = [f"{valid}x", f"x{valid}", valid * 2, f"{valid},{valid}", f"{valid} {valid}", f'"{valid}"', f"{valid}%"]
    changed = [
        _changed(valid, 0),
        _changed(valid, middle),
        _changed(valid, len(valid) - 1),
        f"contract-test{separator}{rest}",
    ]
    spelled = [f"%{ord(valid[0]):02X}{valid[1:]}", base64.b64encode(valid.encode()).decode(), valid.replace("-", "")]
    return _others(
        [*cut, *longer, *changed, *spelled, valid.swapcase(), valid.upper(), valid.lower(), valid[::-1]], valid
    )


def _wide(text: str) -> str:
    """The text with its first letter or digit in full width, which NFKC makes the plain one of."""
    index = next((index for index, char in enumerate(text) if char.isalnum() and char.isascii()), 0)
    return text[:index] + chr(ord(text[index]) + 0xFEE0) + text[index + 1 :]


def _changed(text: str, index: int) -> str:
    return text[:index] + ("1" if text[index] == "0" else "0") + text[index + 1 :]


def _others(texts: list[str], *valid: str) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text not in valid]
