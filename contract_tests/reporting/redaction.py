"""No token leaves the gate: wherever one stands, the name of its variable stands instead, as a shell reads it."""

import base64
import binascii
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import TypeAlias
from urllib.parse import quote, quote_plus

import httpx

from contract_tests.document import Json
from contract_tests.gate import Violation
from contract_tests.reporting.shell import quoted
from contract_tests.target import Target

Pieces: TypeAlias = list[bytes | str]
"""What is left of some bytes: text is bytes, and what stands for a secret a str: an expansion of bash."""

_PLAIN = {"host", "content-type", "content-length", "accept", "accept-encoding", "connection", "user-agent"}
"""Headers that carry no credentials."""
_TELLING = 6
"""Characters in a row that tell something of a token."""
_CASES: tuple[tuple[Callable[[str], str], str], ...] = ((str.upper, "^^"), (str.lower, ",,"), (str.swapcase, "~~"))


class Secrets:
    """What must not be told, and what is told instead."""

    def __init__(self, tokens: Mapping[str, str], known: Mapping[bytes, str]) -> None:
        self._tokens = tokens
        self._known = known
        forms = sorted(known, key=len, reverse=True)
        self._pattern = re.compile(b"|".join(re.escape(form) for form in forms) or b"(?!)")

    @classmethod
    def of(cls, target: Target) -> "Secrets":
        """The tokens of a target, in each form in which an answer may repeat them."""
        tokens = {name: value for name, value in target.variables.items() if name.endswith("_TOKEN") and value}
        known: dict[bytes, str] = {}
        for name, token in tokens.items():
            for form in _forms(token):
                known.setdefault(form, f"${name}")
        return cls(tokens, known)

    def split(self, content: bytes) -> Pieces:
        """The bytes with each secret replaced."""
        pieces: Pieces = []
        end = 0
        for match in self._pattern.finditer(content):
            pieces += [content[end : match.start()], self._known[match[0]]]
            end = match.end()
        pieces.append(content[end:])
        return [piece for piece in pieces if piece]

    def text(self, text: str) -> str:
        """The text with each secret replaced."""
        pieces = self.split(text.encode("utf-8", "surrogatepass"))
        return "".join(p if isinstance(p, str) else p.decode("utf-8", "surrogatepass") for p in pieces)

    def value(self, value: Json) -> Json:
        """The JSON value with each secret replaced, however the JSON text had escaped it."""
        match value:
            case dict():
                return {self.text(key): self.value(inner) for key, inner in value.items()}
            case list():
                return [self.value(inner) for inner in value]
            case str():
                return self.text(value)
            case _:
                return value

    def message(self, violation: Violation) -> str:
        """What a violation says. An answer that it repeats was cut, perhaps within a token, so it is cut anew."""
        return self._message(violation, 300)

    def brief(self, violation: Violation) -> str:
        """What a violation says, where the answer stands beside it: of an answer that it repeats, the status only."""
        return self._message(violation, 0)

    def _message(self, violation: Violation, length: int) -> str:
        message = violation.message
        for exchange in violation.exchanges:
            whole = self.text(exchange.content.decode(errors="replace"))
            cut = f" {whole[:length]}{'…' if len(whole) > length else ''}" if length else ""
            message = message.replace(exchange.told, f"{exchange.status}{cut}")
        return self.text(message)

    def beside(self, requests: Iterable[httpx.Request]) -> "Secrets":
        """These, and what the requests carry that is nearly a token: cut, changed, in other case, in base64."""
        known = dict(self._known)
        for value in (value for request in requests for value in _credentials(request)):
            known |= self._in_base64(value)
            for piece in self.split(value):
                if isinstance(piece, bytes):
                    known = self._near(piece.decode(errors="replace")) | known
        return Secrets(self._tokens, known)

    def _in_base64(self, value: bytes) -> dict[bytes, str]:
        scheme, _, encoded = value.partition(b" ")
        try:
            pieces = self.split(base64.b64decode(encoded, validate=True)) if scheme.lower() == b"basic" else []
        except binascii.Error:
            return {}
        if not any(isinstance(piece, str) for piece in pieces):
            return {}
        return {encoded: f"$(printf %s {quoted(pieces)} | base64 | tr -d '\\n')"}

    def _near(self, text: str) -> dict[bytes, str]:
        near: dict[str, str] = {}
        for name, token in self._tokens.items():
            for change, expansion in _CASES:
                if change(token) in text:
                    near[change(token)] = f"${{{name}{expansion}}}"
            matcher = SequenceMatcher(None, token, text, autojunk=False)
            blocks = [block for block in matcher.get_matching_blocks() if block.size >= _TELLING]
            if 2 * sum(block.size for block in blocks) >= len(token) - 1:
                for block in blocks:
                    near[text[block.b : block.b + block.size]] = f"${{{name}:{block.a}:{block.size}}}"
        return {form: expansion for part, expansion in near.items() for form in _forms(part)}


def _forms(token: str) -> Iterator[bytes]:
    """A token as it may stand in JSON, in a URL, in HTML, and in base64 at each of the three offsets."""
    escaped = json.dumps(token)[1:-1]
    slashed = escaped.replace("/", "\\/")
    for form in (token, escaped, slashed, quote(token, safe=""), quote_plus(token), html.escape(token)):
        yield form.encode()
    if len(token) >= _TELLING:
        for before, lost in ((0, 0), (1, 2), (2, 3)):
            encoded = base64.b64encode(b"\0" * before + token.encode()).rstrip(b"=")
            # The first and the last character hold bits of what stands beside the token.
            yield encoded[lost:-1]


def _credentials(request: httpx.Request) -> Iterator[bytes]:
    yield request.url.query
    for name, value in request.headers.raw:
        if name.decode("latin-1").lower() not in _PLAIN:
            yield value
