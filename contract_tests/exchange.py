"""A request and its answer, as a report tells them: without a token."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import httpx

from contract_tests.operations import Operation


@dataclass(frozen=True)
class Exchange:
    """One request and its answer."""

    operation: Operation
    request: httpx.Request
    status: int
    headers: httpx.Headers
    content: bytes
    seconds: float

    @cached_property
    def sent(self) -> Any:
        """The body that was sent, parsed; None where it is no JSON."""
        return _parse(self.request.content)

    @cached_property
    def answer(self) -> Any:
        """The body of the answer, parsed; None where it is no JSON."""
        return _parse(self.content)

    @property
    def data(self) -> dict[str, Any]:
        """What a success tells: its `data`."""
        return cast("dict[str, Any]", self.answer["data"])

    @property
    def is_success(self) -> bool:
        """Whether the status is that of a success: 200 alone, in the pages that tests were written for."""
        return self.status in self.operation.successes

    @property
    def is_refusal(self) -> bool:
        """Whether the status is 4xx."""
        return 400 <= self.status < 500

    @property
    def told(self) -> str:
        """Status and body in one line."""
        text = self.content.decode(errors="replace")
        return f"{self.status} {text[:300]}{'…' if len(text) > 300 else ''}"


def _parse(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
