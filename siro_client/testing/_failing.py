"""Between the wire and the application: requests are counted, and fail as it was planned."""

import threading
from collections import Counter
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from siro_client.testing._failure import Answer, Failure
from siro_client.testing._wire import wire_of


@dataclass
class PlannedFailure:
    """A failure that was planned.

    Attributes:
        failure: what was planned.
        left: how many requests are still to fail; setting it to 0 calls the rest off.

    """

    failure: Failure
    left: int


class Failing:
    """An ASGI application that does what another does, but for planned failures; for any number of threads."""

    def __init__(self, app: Starlette) -> None:
        self._app = app
        self._routes = [route for route in app.routes if isinstance(route, Route)]
        self._lock = threading.Lock()
        self._planned: list[PlannedFailure] = []
        self._requests = Counter[str]()

    def plan(self, failure: Failure) -> PlannedFailure:
        """Let the next requests fail, once those have failed that were planned before.

        Raises:
            ValueError: there is no such operation.

        """
        known = sorted(route.name for route in self._routes)
        if failure.operation not in (None, *known):
            raise ValueError(f"operation is {failure.operation!r}, and must be one of {', '.join(known)}")
        planned = PlannedFailure(failure, failure.times)
        with self._lock:
            self._planned.append(planned)
        return planned

    def requests(self) -> Counter[str]:
        """Return how often each operation was asked for."""
        with self._lock:
            return self._requests.copy()

    def reset(self) -> None:
        """Plan nothing, and count anew."""
        with self._lock:
            self._planned.clear()
            self._requests.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation = next((route.name for route in self._routes if route.matches(scope)[0] is Match.FULL), None)
        failure = None if operation is None else self._take(operation)
        if failure is None:
            await self._app(scope, receive, send)
        else:
            await _fail(failure, self._app, scope, receive, send)

    def _take(self, operation: str) -> Failure | None:
        with self._lock:
            self._requests[operation] += 1
            self._planned = [planned for planned in self._planned if planned.left > 0]
            for planned in self._planned:
                if planned.failure.operation in (None, operation):
                    planned.left -= 1
                    return planned.failure
        return None


async def _fail(failure: Failure, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request with a failure."""
    # The request is read to its end and takes its effect before anything breaks: a client that is still sending when
    # the connection is cut could see another error, and what is tested is what it does when it does not know.
    if failure.takes_effect:
        answer = failure.answer(await _ask(app, scope, receive))
    else:
        await _read(receive)
        answer = failure.answer(None)
    wire = wire_of(scope)
    if failure.delay:
        await wire.wait(failure.delay)
    if failure.no_answer:
        await wire.cut()
        return
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    if failure.cut_after is None:
        await send({"type": "http.response.body", "body": answer.body})
        return
    kept = min(failure.cut_after, len(answer.body) - 1)
    await send({"type": "http.response.body", "body": answer.body[:kept], "more_body": True})
    await wire.cut()


async def _ask(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    start, *parts = messages
    body = b"".join(part.get("body", b"") for part in parts)
    return Answer(start["status"], list(start.get("headers", ())), body)


async def _read(receive: Receive) -> None:
    while (await receive()).get("more_body", False):
        pass
