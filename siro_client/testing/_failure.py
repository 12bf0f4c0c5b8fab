"""What can be made to go wrong, on purpose."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from siro_client.testing._refusal import Issue

_BODILESS = (204, 304)
_FRAMING = {"content-length", "transfer-encoding"}
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"([\x21-\x7e\xa0-\xff]([\x20-\x7e\xa0-\xff\t]*[\x21-\x7e\xa0-\xff])?)?")


class Answer(NamedTuple):
    """An answer, whole."""

    status: int
    """The status."""
    headers: list[tuple[bytes, bytes]]
    """As ASGI has them."""
    body: bytes
    """The body, whole."""


@dataclass(frozen=True)
class Failure:
    r"""A failure of the local Siro; `LocalSiro.fail` plans it for the next requests.

        Failure(status=429, headers={"Retry-After": "1"}, times=3)
        Failure(status=503)                                          # with HTML, as from a proxy
        Failure(status=200, body='{"data": {"id"')                   # a success that is malformed
        Failure(status=204, operation="sync_engagement")             # one that is empty
        Failure(delay=40)                                            # the true answer, after 40 seconds
        Failure(no_answer=True)                                      # it took effect, and nobody was told
        Failure(cut_after=10)                                        # the true answer breaks off

    A request takes effect as ever, unless it fails with a status of 300 or more.

    Args:
        status: to answer with, 200 to 599; None is the true answer.
        body: to answer with; None is what Siro, or a proxy before it, has for that status.
        headers: to answer with. The length is added, and unless it is given the content type that goes with the status.
        delay: seconds before the answer.
        no_answer: cut the connection in place of an answer.
        cut_after: cut the connection after so many bytes of the body; of a shorter one, the last byte is missing.
        operation: to fail: `sync_engagement`, `link_recording`, `mint_user_token` (the minting of a user token for an
            OAuth app), or another operation id of the effective spec; None is whichever is asked for next.
        times: how many requests fail.

    Raises:
        ValueError: the failure would be none, or cannot be sent.

    """

    status: int | None = None
    body: str | bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    delay: float = 0.0
    no_answer: bool = False
    cut_after: int | None = None
    operation: str | None = None
    times: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "headers", dict(self.headers))
        _check_answer(self)
        _check_way(self)
        if self.times < 1:
            raise ValueError(f"times is {self.times}, and must be at least 1")

    @property
    def takes_effect(self) -> bool:
        """Whether the local Siro does what it is asked."""
        return self.status is None or self.status < HTTPStatus.MULTIPLE_CHOICES

    def answer(self, true: Answer | None) -> Answer:
        """Return what is answered in place of the true answer; that is None if the request has no effect."""
        if self.status is None:
            if true is None:
                raise ValueError("a failure without a status needs the true answer")
            return true
        media_type, usual = _usual(self.status)
        body = usual if self.body is None else self.body
        content = body.encode() if isinstance(body, str) else body
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.status not in _BODILESS:
            headers = {"content-type": media_type, **headers, "content-length": str(len(content))}
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        return Answer(self.status, raw, content)


def _check_answer(failure: Failure) -> None:
    if failure.status is None:
        if failure.body is not None or failure.headers:
            raise ValueError("body and headers replace an answer: say with which status")
        return
    if not 200 <= failure.status <= 599:  # noqa: PLR2004 - RFC 9110, 15
        raise ValueError(f"status is {failure.status}, and must be from 200 to 599")
    if failure.status in _BODILESS and failure.body:
        raise ValueError(f"body is given, and an answer with status {failure.status} has none: take another status")
    for name, value in failure.headers.items():
        if name.lower() in _FRAMING:
            raise ValueError(f"headers has {name}, which is added: to break off the body, say cut_after")
        if not (_NAME.fullmatch(name) and _VALUE.fullmatch(value)):
            raise ValueError(f"headers has {name!r}: {value!r}, which HTTP cannot carry (RFC 9110, 5.5)")


def _check_way(failure: Failure) -> None:
    if not 0 <= failure.delay < math.inf:
        raise ValueError(f"delay is {failure.delay}, and must be seconds, finite and not negative")
    if failure.cut_after is not None:
        if failure.no_answer:
            raise ValueError("no_answer and cut_after exclude each other: say where the connection is cut")
        if failure.cut_after < 0:
            raise ValueError(f"cut_after is {failure.cut_after}, and must be a number of bytes")
        if failure.status is not None and not failure.answer(None).body:
            raise ValueError(f"cut_after is given, and the answer with status {failure.status} is empty: give a body")
    elif failure.status is None and not failure.delay and not failure.no_answer:
        raise ValueError("nothing would fail: give a status, a delay, no_answer or cut_after")


def _usual(status: int) -> tuple[str, str]:
    """Return the content type and the body that Siro, or a proxy before it, has for a status."""
    reason = _reason(status)
    if status < HTTPStatus.BAD_REQUEST:
        return "application/json", ""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "text/plain; charset=utf-8", reason
    if status >= HTTPStatus.BAD_GATEWAY:
        return "text/html", f"<html><head><title>{status} {reason}</title></head><body>{reason}</body></html>\n"
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        issue: Issue = {"code": "custom", "path": [], "message": reason}
        return "application/json", json.dumps({"issues": [issue], "name": "ZodError"})
    return "application/json", json.dumps({"error": reason})


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown Error"
