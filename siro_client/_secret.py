"""A secret that shows itself to nobody by accident."""

import re
from functools import lru_cache

_SENDABLE = re.compile(r"[\x21-\x7e]+")
_PLAIN = re.compile(r"[0-9A-Za-z._~-]+")
"""What is spelled in one way only."""


class Secret:
    """A token or a client secret: kept out of repr, str, logs, tracebacks with locals, and pickles."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        # Callers without a type checker may give anything.
        self._value = value if isinstance(value, str) else ""

    def checked(self, name: str) -> "Secret":
        """Return it, if a header can carry it.

        Apart from making it, so that a caller can drop the plain string first: a traceback may show locals.

        Raises:
            ValueError: if it is empty, or has characters that no header can carry.
        """
        if _SENDABLE.fullmatch(self._value):
            return self
        reason = "holds a blank, a line break or what is not ASCII" if self._value else "is empty, or no string"
        raise ValueError(f"the {name} {reason}: give it as Siro shows it, with nothing around it")

    def is_in(self, content: bytes, *texts: str) -> bool:
        """Whether what was answered says it again."""
        if _PLAIN.fullmatch(self._value):
            return self._value.encode() in content or any(self._value in text for text in texts)
        pattern = _spelled(self._value)
        return any(pattern.search(text) for text in (content.decode("latin-1"), *texts))

    def removed(self, text: str) -> str:
        """The text without it."""
        return _spelled(self._value).sub("<secret>", text)

    def reveal(self) -> str:
        """The value, for the one header or body that it belongs in."""
        return self._value

    def __repr__(self) -> str:
        return "<secret>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")


def redacted(text: str, secrets: list[Secret]) -> str:
    """What Siro or httpx says, without the secrets that it may say again."""
    for secret in secrets:
        text = secret.removed(text)
    return text


@lru_cache(maxsize=64)
def _spelled(value: str) -> re.Pattern[str]:
    """What finds a secret as it is, and as JSON, URLs and HTML may spell it."""
    return re.compile("".join(re.escape(char) if _PLAIN.fullmatch(char) else _spellings(char) for char in value))


def _spellings(char: str) -> str:
    code = ord(char)
    return rf"(?i:\\?{re.escape(char)}|\\u00{code:02x}|%{code:02x}|&#{code};|&#x0*{code:x};|&[a-z]+;)"
