"""Secrets that must be told nowhere, and the search for them.

A traceback shows the locals of the tests too, so tests and their servers take the secrets from here when they need
them, and keep them in no variable.
"""

import contextlib
import json
import logging
import pickle
import re
import traceback
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import httpx

from siro_client import OAuthApp

_MARK = "s3cr3t"
"""In each of them, and in nothing else. Base64 and its like hold characters that JSON and URLs may spell otherwise."""
_FOREIGN = re.compile(r"(httpx|httpcore|h11|anyio|httpx_retries)\b")
"""Modules whose frames hold requests, and tokens with them."""


class Vault:
    """The secrets; it shows itself to nobody."""

    organization_token = f"{_MARK}/organization+token=="
    user_token = f"{_MARK}.user/token+1="
    client_secret = f"{_MARK}-client/secret+="
    minted_token = f"{_MARK}/minted+token="
    unsendable_token = f"{_MARK} with a blank"

    def __repr__(self) -> str:
        return "<vault>"

    def used(self, source: str, operation: str) -> list[str]:
        """Those that a client has used, or may have, when an operation is answered: what a server can say again."""
        links = operation == "link_recording"
        of_source = {
            "token": [self.user_token],
            "callable": [self.user_token] if links else [],
            "app": [self.client_secret, self.minted_token] if links else [self.client_secret],
        }
        return [self.organization_token, *of_source[source]]

    def app(self) -> OAuthApp:
        """An OAuth app with the client secret."""
        return OAuthApp("client-1", self.client_secret, "user-1")

    def asked(self) -> str:
        """What a callable returns."""
        return self.user_token

    def tokens(self, source: str = "token") -> dict[str, Any]:
        """The arguments of a client whose user token comes from a `source`: a token, an app or a callable."""
        sources: dict[str, Any] = {"token": self.user_token, "app": self.app(), "callable": self.asked}
        return {"organization_token": self.organization_token, "user_token": sources[source]}


VAULT = Vault()


def escaped(text: str) -> str:
    """As JSON may escape a text: slashes (PHP) and plus signs (.NET)."""
    return text.replace("/", r"\/").replace("+", r"\u002B")


SPELLINGS: list[Callable[[str], str]] = [str, escaped, quote, lambda text: quote(text, safe="").lower()]


def echoing(status: int, secrets: list[str]) -> httpx.Response:
    """A response that says secrets again, in its body and its headers, in every spelling."""
    told = [" ".join(map(spelling, secrets)) for spelling in SPELLINGS]
    texts = ", ".join(f'"{text}"' for text in told)
    issue = f'{{"code": "x", "path": ["a", {texts}], "message": "{told[1]}"}}'
    content = f'{{"error": "{told[1]}", "details": {{"every": [{texts}]}}, "issues": [{issue}]}}'
    named = {
        "content-type": "application/json",
        "x-request-id": told[0],
        "location": f"https://elsewhere.test/?token={told[2]}",
        "www-authenticate": told[3],
        "set-cookie": f"session={told[0]}",
        "retry-after": told[0],
    }
    return httpx.Response(status, content=content, headers=named)


def minting(request: httpx.Request) -> httpx.Response | None:
    """The answer to a minting; None to anything else."""
    if not request.url.path.endswith("/access-token"):
        return None
    return httpx.Response(201, json={"accessTokenId": "1", "accessToken": VAULT.minted_token})


def is_told(text: str | bytes) -> bool:
    """Whether a secret, or a part of one, is in it."""
    return _MARK in (text if isinstance(text, str) else text.decode("latin-1")).lower()


def leaks(error: BaseException) -> list[str]:
    """Where an error, or what led to it, tells a secret."""
    found: list[str] = []
    for each in _chain(error):
        name = type(each).__name__
        found += [f"{what} of {name}" for what, text in _told(each) if is_told(text)]
        frames = traceback.walk_tb(each.__traceback__)
        modules = {str(frame.f_globals.get("__name__")) for frame, _ in frames}
        found += [f"{name} has a frame of {module}" for module in sorted(modules) if _FOREIGN.match(module)]
    return found


def _chain(error: BaseException) -> Iterator[BaseException]:
    waiting, seen = [error], set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [other for other in (each.__cause__, each.__context__) if other is not None]


def _told(error: BaseException) -> Iterator[tuple[str, str | bytes]]:
    yield "repr", repr(error)
    yield "str", str(error)
    yield "args", repr(error.args)
    yield "vars", repr(vars(error))
    yield "traceback", "".join(traceback.format_exception(error))
    shown = traceback.TracebackException(type(error), error, error.__traceback__, capture_locals=True)
    yield "locals", "".join(shown.format())
    with contextlib.suppress(Exception):  # those of others need not
        yield "pickle", pickle.dumps(error)
    answer = getattr(error, "answer", None)
    if answer is not None:
        yield "answer", json.dumps([dict(answer.headers), answer.content.decode("latin-1"), answer.body])


def logged(records: list[logging.LogRecord]) -> list[str]:
    """What logs tell of the secrets."""
    formatter = logging.Formatter("%(name)s %(message)s %(args)s")
    return [text for text in map(formatter.format, records) if is_told(text)]
