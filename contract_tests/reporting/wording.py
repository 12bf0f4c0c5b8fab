"""Bodies as a person reads them: indented, short, and without characters that a terminal or XML would choke on."""

import json

from contract_tests.document import Json
from contract_tests.operations import OPERATIONS
from contract_tests.reporting.redaction import Secrets

_LINES = 40
_CHARACTERS = 120
_ITEMS = 8


def parsed(content: bytes, secrets: Secrets) -> Json:
    """The JSON value of a body; where it is no JSON (RFC 8259: NaN is none), its text."""
    try:
        value = secrets.value(json.loads(content))
        # Escaped, so that no reader has to cope with half of a surrogate pair.
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return printable(secrets.text(content.decode(errors="replace")))
    return value


def readable(content: bytes, secrets: Secrets) -> str:
    """A body, indented if it is JSON, and cut where it is long."""
    value = parsed(content, secrets)
    # A body that is a JSON string, and one that is no JSON, are told apart by the quotes.
    if isinstance(value, str) and not content.lstrip().startswith(b'"'):
        text = _short(value)
    else:
        text = printable(json.dumps(_abridged(value), indent=2, ensure_ascii=False))
    lines = text.split("\n")
    if len(lines) > _LINES:
        lines[_LINES:] = [f"… ({len(lines):,} lines)"]
    return "\n".join(lines)


def in_one_line(content: bytes, secrets: Secrets) -> str:
    """The beginning of a body."""
    text = " ".join(printable(secrets.text(content.decode(errors="replace"))).split("\n"))
    return text if len(text) <= _CHARACTERS else f"{text[:_CHARACTERS]}… ({len(text):,} characters)"


def answered(statuses: dict[int, int]) -> str:
    """How often an operation answered with each status."""
    counts = ", ".join(f"{count:,} with {status}" for status, count in statuses.items())
    return f"{sum(statuses.values()):,} requests, answered: {counts}" if counts else "no requests"


def never_answered(name: str) -> str:
    """That an operation never succeeded, with the statuses of a success."""
    return f"{name} never answered {' or '.join(map(str, sorted(OPERATIONS[name].successes)[:3])) or 'with a success'}"


def printable(text: str) -> str:
    """The text with whatever does not print escaped, except the ends of lines."""
    return "".join(
        character if character.isprintable() or character == "\n" else _escape(character) for character in text
    )


def _escape(character: str) -> str:
    return json.dumps(character)[1:-1] if character != "\x7f" else "\\u007f"


def _abridged(value: Json) -> Json:
    match value:
        case dict():
            return {_short(key): _abridged(inner) for key, inner in value.items()}
        case list():
            few = [_abridged(item) for item in value[:_ITEMS]]
            return few if len(value) <= _ITEMS else [*few, f"… ({len(value):,} items)"]
        case str():
            return _short(value)
        case _:
            return value


def _short(text: str) -> str:
    return text if len(text) <= 2 * _CHARACTERS else f"{text[:_CHARACTERS]}… ({len(text):,} characters)"
