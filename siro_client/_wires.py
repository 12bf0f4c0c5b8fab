"""All that differs between threads and asyncio: what sends, and what waits.

Loaded with the first call, since httpcore and asyncio come with it; and before it begins, so that no deadline runs.
"""

import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
from httpx_retries import RetryTransport

from siro_client import _bounded
from siro_client._attempt import Sending, hide_location
from siro_client._call import Call, GaveUp
from siro_client._retry import retry_of

if TYPE_CHECKING:
    from pyrate_limiter import Limiter

    from siro_client._shared import Shared

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Do what awaits nothing but `Wires`, none of which suspends: it comes to its end at once."""
    try:
        work.send(None)
    except StopIteration as ended:
        result: T = ended.value
        return result
    raise AssertionError("a synchronous client waits for an event loop")


class Wires:
    """How a client sends and waits: in the thread that calls. For asyncio, see `_async`."""

    def __init__(self, shared: "Shared") -> None:
        self.minting: Any = shared.minting
        """The lock of those who mint a token."""
        self.client: Any = shared.http_client or httpx.Client(**shared.client_arguments(hide_location))
        if shared.http_client is None:
            _bounded.bound(self.client)

    def repeating(self, attempts: httpx.AsyncBaseTransport, call: Call) -> RetryTransport:
        """What repeats the attempts of a call."""
        return RetryTransport(attempts, retry_of(call, self))

    async def send(self, request: httpx.Request, auth: httpx.Auth | None, sending: Sending) -> httpx.Response:
        """Send a request, and read the response as far as `sending` takes it."""
        _bounded.CURRENT.call = sending.call
        try:
            response: httpx.Response = self.client.send(request, stream=True, auth=auth, follow_redirects=False)
            try:
                if sending.is_plain(response):
                    response.read()
                else:
                    for chunk in response.iter_raw():
                        if not sending.takes(chunk):
                            break
            finally:
                response.close()
        finally:
            _bounded.CURRENT.call = None
        return response

    async def within(self, call: Call, work: Callable[[], Awaitable[T]]) -> T:
        """Do the work, and raise GaveUp when the deadline of the call comes."""
        del call  # whatever waits looks at it
        return await work()

    async def lock(self, call: Call) -> None:
        """Take the lock of those who mint, and raise GaveUp when the deadline of the call comes."""
        left = call.remaining()
        if not self.minting.acquire(timeout=-1 if left is None else left):
            raise GaveUp("another thread was minting the user token when the deadline of the call came")

    async def turn(self, limiter: "Limiter", name: str, seconds: float) -> bool:
        """Wait for the turn of a request, so many seconds at most; -1 for any time."""
        return bool(limiter.try_acquire(name, timeout=seconds))

    async def pause(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)  # noqa: ASYNC251 - see `run`

    async def ask(self, source: Callable[[], object]) -> object:
        """Return the user token that a callable returns."""
        return source()
