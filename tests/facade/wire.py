"""What the tests over real sockets have in common: both operations, sync and async, and responses as bytes."""

import asyncio
import json
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from siro_openapi.models import DataType, Engagement

from siro_client import AsyncSiro, Siro, SiroId

ENGAGEMENT = Engagement(external_id="e-1", subject="Visit")
TOKENS: dict[str, Any] = {"organization_token": "sentinel-organization-token", "user_token": "sentinel-user-token"}
RESULTS: dict[str, dict[str, Any]] = {
    "sync_engagement": {
        "data": {
            "id": "1",
            "externalId": "e-1",
            "engagementType": "Visit",
            "createdAt": "2026-01-01T00:00:00Z",
            "updatedAt": "2026-01-01T00:00:00Z",
            "organizationId": "o-1",
        }
    },
    "link_recording": {
        "data": {
            "id": "1",
            "externalId": "e-1",
            "dataType": "LEAD",
            "name": "Caf\u00e9",
            "lastActivityAt": "2026-01-01",
        }
    },
}
OPERATIONS = tuple(RESULTS)


class Blocking:
    """An AsyncSiro with the surface of a Siro, on an event loop of its own, so that a test runs on both."""

    def __init__(self, **arguments: Any) -> None:
        self._runner = asyncio.Runner()
        self._siro = AsyncSiro(**arguments)

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            return self._runner.run(getattr(self._siro, name)(*args, **kwargs))

        return call

    def with_options(self, **options: Any) -> "Blocking":
        clone = object.__new__(Blocking)
        clone._runner, clone._siro = self._runner, self._siro.with_options(**options)
        return clone

    @property
    def with_raw_response(self) -> Any:
        raw = self._siro.with_raw_response

        def call(name: str) -> Callable[..., Any]:
            return lambda *args, **kwargs: self._runner.run(getattr(raw, name)(*args, **kwargs))

        return SimpleNamespace(**{name: call(name) for name in OPERATIONS})

    def settle(self) -> list[str]:
        """Let the event loop end what has been begun; return what does not end."""
        return self._runner.run(leftover_tasks())

    def close(self) -> None:
        self._runner.run(self._siro.aclose())
        leftover = self.settle()
        self._runner.close()
        assert not leftover


async def leftover_tasks() -> list[str]:
    """The tasks that are still there when those that were about to end, such as finalizers of generators, have."""
    for _ in range(10):
        await asyncio.sleep(0)
    return [repr(task) for task in asyncio.all_tasks() if task is not asyncio.current_task()]


KINDS: dict[str, Callable[..., Any]] = {"sync": Siro, "async": Blocking}


@contextmanager
def client(kind: str, url: str, **options: Any) -> Generator[Any, None, None]:
    """A client for a server on loopback."""
    siro = KINDS[kind](**{"integrations_url": url, "recordings_url": url, **TOKENS, **options})
    try:
        yield siro
    finally:
        siro.close()


def call(siro: Any, operation: str) -> Any:
    """Call an operation, of a client or of its `with_raw_response`, with arguments that are right."""
    if operation == "sync_engagement":
        return siro.sync_engagement(ENGAGEMENT)
    return siro.link_recording("r-1", SiroId("1"), DataType.LEAD)


def ok(operation: str) -> bytes:
    """A response that the spec allows."""
    return response(200, json.dumps(RESULTS[operation], ensure_ascii=False).encode())


def response(
    status: int, body: bytes = b"", *headers: str, content_type: str | None = "application/json", version: str = "1.1"
) -> bytes:
    """A response as bytes, with the length that its body has."""
    lines = [f"HTTP/{version} {status} Reason", f"Content-Length: {len(body)}", *headers]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def is_success(operation: str, result: Any) -> bool:
    """Whether a result is what `ok` holds."""
    every: dict[str, Any] = result.to_dict()
    return every == RESULTS[operation]


@contextmanager
def within(seconds: float) -> Generator[None, None, None]:
    """What is done ends in time, with a margin for a loaded machine."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds + 2


def wait_until(condition: Callable[[], bool], what: str = "") -> None:
    """Wait for what happens in another thread."""
    until = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.01)
