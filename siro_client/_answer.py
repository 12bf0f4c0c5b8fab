"""What came back, as errors and raw responses tell it: nothing of the request but where it went."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_REQUEST_IDS = ("x-request-id", "request-id", "x-correlation-id", "x-cloud-trace-context", "cf-ray")
"""Where servers and gateways put the id of a request; Siro documents none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, read to its end."""

    operation: str
    """The operation id."""
    method: str
    """The method of the request."""
    url: str
    """Without query and fragment."""
    status_code: int
    """The status of the response."""
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case."""
    content: bytes = field(repr=False)
    """The body as it came; cut where `problem` says so."""
    attempts: int
    """How many requests were sent, this one included."""
    problem: str | None = None
    """Why the body was not read, or not whole."""

    @property
    def request_id(self) -> str | None:
        """The id that the server or its gateway gave the request, to be quoted to Siro's support."""
        return next((self.headers[name] for name in _REQUEST_IDS if name in self.headers), None)

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def body(self) -> Any:
        """The body as parsed JSON, or as a string where it is none."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return self.content.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class RawResponse(Generic[T]):
    """What an operation returns, with the response that it was read from."""

    data: T
    """What the operation returns by itself."""
    status_code: int
    """The status of the response."""
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case."""
    content: bytes = field(repr=False)
    """The body as it came."""
    request_id: str | None
    """None if the response has none."""
    attempts: int
    """How many requests it took."""
