"""When an attempt of a call is repeated, and after how long."""

import contextlib
import copy
from typing import TYPE_CHECKING

import httpx
from httpx_retries import Retry

from siro_client._call import Call, GaveUp

if TYPE_CHECKING:
    from siro_client._wires import Wires

_LONGEST_WAIT = 60.0
"""Seconds between two attempts at most, whatever Retry-After says: Siro counts requests by the minute."""


class _CallRetry(Retry):
    """Repeats after 429, 502, 503, 504, a broken connection or a timeout.

    It waits half a second, one, two and so on, less up to half of it by chance, or as long as Retry-After says.
    """

    call: Call
    wires: "Wires"

    def increment(self) -> "_CallRetry":
        self.attempts_made += 1
        return self

    async def asleep(self, response: httpx.Response | Exception) -> None:
        seconds = self.backoff_strategy()
        if isinstance(response, httpx.Response) and (told := response.headers.get("retry-after")):
            with contextlib.suppress(ValueError, OverflowError):  # what is neither seconds nor a date says nothing
                seconds = max(seconds, min(self.parse_retry_after(told), _LONGEST_WAIT))
        left = self.call.remaining()
        if left is not None and seconds >= left:
            raise GaveUp(response)
        await self.wires.pause(seconds)


# A token may be minted twice, by POST; the operations themselves are PUTs.
_TEMPLATE = _CallRetry(
    allowed_methods=("PUT", "POST"), backoff_factor=0.25, backoff_jitter=0.5, max_backoff_wait=_LONGEST_WAIT
)


def retry_of(call: Call, wires: "Wires") -> Retry:
    """What decides when the attempts of a call are repeated."""
    retry = copy.copy(_TEMPLATE)
    retry.call, retry.wires, retry.total = call, wires, call.max_retries
    return retry
