"""One attempt of a call: what is told of it, and its response, read to its end and no further than a cap."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import httpx

from siro_client._call import Call

LOGGER = logging.getLogger("siro_client")
MAX_BODY = 10 * 1024 * 1024
"""Bytes of a response that are read."""
KEPT = 64 * 1024
"""Bytes that are kept of one that is longer."""
PROBLEM = "siro_client.problem"
"""Where a response says why its body was not read, or not whole."""
_LOCATION = "siro_client.location"
_OF_THE_WIRE = {b"content-length", b"content-encoding", b"transfer-encoding"}
_DIGITS = 10
_READ = httpx.ByteStream(b"")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request on the wire, as hooks see it: no header and no body, so that no secret is in it."""

    operation: str
    """The operation id."""
    method: str
    """The method of the request."""
    url: str
    """Without query and fragment."""
    number: int
    """1 for the first attempt of a call."""
    status_code: int | None = None
    """None before the response, and if none came."""
    error: str | None = None
    """The kind of error, if no response came."""
    seconds: float | None = None
    """How long it took; None before the response."""


Hook = Callable[[Attempt], None]
"""What is called with each attempt; what it raises is logged, and nothing else comes of it."""


class Sending:
    """An attempt under way: what is told of it, and what is made of its response."""

    def __init__(self, call: Call, told: Attempt, on_request: Hook | None, on_response: Hook | None) -> None:
        self.call = call
        self._told = told
        self._on_response = on_response
        self._body = bytearray()
        self._is_plain = False
        self._started = time.perf_counter()
        _tell(on_request, told)

    def is_plain(self, response: httpx.Response) -> bool:
        """Whether the body is as long as it says, not too long, and as it was written: httpx may read it in one go."""
        if _LOCATION in response.extensions:
            response.headers["location"] = response.extensions.pop(_LOCATION)
        headers = headers_of(response)
        length = headers.get("content-length", "")
        is_short = length.isdecimal() and len(length) < _DIGITS and int(length) <= MAX_BODY
        # A body in chunks is as long as they are, whatever else it says (RFC 9112).
        is_bare = "content-encoding" not in headers and "transfer-encoding" not in headers
        self._is_plain = response.is_stream_consumed or (is_short and is_bare)
        return self._is_plain

    def takes(self, chunk: bytes) -> bool:
        """Keep a part of the body; False if it is too much."""
        self._body += chunk
        return len(self._body) <= MAX_BODY

    def ended(self, response: httpx.Response) -> httpx.Response:
        """The response with its body, or with what is wrong with that."""
        self._log(str(response.status_code), status_code=response.status_code)
        if self._is_plain:
            response.stream = _READ  # for httpx-retries, which closes it as asyncio does
            return response
        problem = _problem(response, len(self._body))
        # As bytes, since not all that comes is ASCII.
        kept = [(name, value) for name, value in response.headers.raw if name.lower() not in _OF_THE_WIRE]
        content = bytes(self._body[:KEPT] if problem else self._body)
        extensions = {PROBLEM: problem} if problem else {}
        return httpx.Response(response.status_code, headers=kept, content=content, extensions=extensions)

    def broke(self, error: Exception) -> None:
        """Tell that no response came."""
        self._log(type(error).__name__, error=type(error).__name__)

    def _log(self, outcome: str, *, status_code: int | None = None, error: str | None = None) -> None:
        seconds = time.perf_counter() - self._started
        told = self._told
        LOGGER.debug(
            "%s: %s %s: %s in %.3f s, attempt %d", told.operation, told.method, told.url, outcome, seconds, told.number
        )
        if self._on_response is not None:
            _tell(self._on_response, replace(told, status_code=status_code, error=error, seconds=seconds))


def _tell(hook: Hook | None, attempt: Attempt) -> None:
    if hook is None:
        return
    try:
        hook(attempt)
    except Exception as error:  # noqa: BLE001 - whatever a caller's hook does, the request is under way
        LOGGER.error("a hook failed: %s: %s", type(error).__name__, error)  # noqa: TRY400 - locals may be shown


def _problem(response: httpx.Response, size: int) -> str | None:
    if size > MAX_BODY:
        return f"the body is longer than {MAX_BODY // 1024 // 1024} MiB"
    # Nothing but `identity` is asked for: what is not expanded cannot expand without end.
    encoding = response.headers.get("content-encoding", "identity")
    return None if encoding == "identity" else f"the body is encoded ({encoding}), which was not asked for"


def hide_location(response: httpx.Response) -> None:
    """Keep from httpx where a response points: it reads that also where it does not follow, and fails if it cannot."""
    if response.has_redirect_location:
        response.extensions[_LOCATION] = response.headers.pop("location")


def headers_of(response: httpx.Response) -> dict[str, str]:
    """The headers of a response by their names in lower case; httpx looks through all of them for each."""
    return dict(response.headers.items())
