"""Both clients on a wire that records what leaves, and answers what a test says."""

import asyncio
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from siro_client import AsyncSiro, Siro

Call = Callable[[Any], Any]
"""A call of an operation on a client, synchronous or not."""


@dataclass(frozen=True)
class Outcome:
    """What came of a call."""

    kind: str
    """Of which client: `Siro` or `AsyncSiro`."""
    result: Any
    error: Exception | None
    requests: list[httpx.Request]


class Wire:
    """A `Siro` and an `AsyncSiro` on one fake network."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._requests: list[httpx.Request] = []
        self._response: Callable[[], httpx.Response] = lambda: httpx.Response(503)
        arguments: dict[str, Any] = {
            "organization_token": "organization-token",
            "user_token": "user-token",
            "rate_limit": False,
            "transport": httpx.MockTransport(self._answer),
        }
        self._siro = Siro(**arguments)
        self._async_siro = AsyncSiro(**arguments)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self._requests.append(request)
        return self._response()

    def outcomes(self, call: Call, response: Callable[[], httpx.Response]) -> Iterator[Outcome]:
        """What comes of a call of each client, each with the same response."""
        self._response = response
        for siro in (self._siro, self._async_siro):
            self._requests = []
            result, error = None, None
            try:
                result = self._done(call, siro)
            except Exception as caught:  # noqa: BLE001 - whatever it is, the test says whether it may be
                error = caught
            yield Outcome(type(siro).__name__, result, error, self._requests)

    def _done(self, call: Call, siro: Siro | AsyncSiro) -> Any:
        made = call(siro)
        if not inspect.isawaitable(made):
            return made

        async def awaited() -> Any:
            return await made

        return self._runner.run(awaited())

    def close(self) -> None:
        """Close both clients, and the event loop."""
        self._siro.close()
        self._runner.run(self._async_siro.aclose())
        self._runner.close()
