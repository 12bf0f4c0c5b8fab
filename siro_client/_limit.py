"""The client-side rate limit: Siro answers 429 past 1,000 requests a minute, for each token."""

import time
from typing import TYPE_CHECKING

from siro_client._call import EXCEEDED, Call, GaveUp

if TYPE_CHECKING:
    from pyrate_limiter import Limiter

    from siro_client._wires import Wires

REQUESTS_PER_MINUTE = 1000
_NO_TURN = "the rate limit left no turn before the deadline of the call"
_WINDOW = 61_000
"""Milliseconds. Requests are counted here when they leave, and by Siro when they arrive, up to a second later."""


class RateLimit:
    """Waits until a request may be sent.

    Args:
        name: of the token that the requests are counted for.
        limiter: None makes one for this process, with its own count.
    """

    def __init__(self, name: str, limiter: "Limiter | None") -> None:
        # It costs as much to import as httpx does, and whoever uses the local Siro does without.
        from pyrate_limiter import InMemoryBucket, Limiter, Rate, SingleBucketFactory  # noqa: PLC0415

        self._name = name
        self._own = None
        if limiter is None:
            self._own = InMemoryBucket([Rate(REQUESTS_PER_MINUTE, _WINDOW)])
            # Without the thread that the library would start to empty it.
            limiter = Limiter(SingleBucketFactory(self._own, schedule_leak=False))
        self._limiter = limiter

    async def acquire(self, call: Call, wires: "Wires") -> None:
        """Wait for the turn of a request.

        Raises:
            GaveUp: if it is not before the deadline of the call.
        """
        if self._own is not None and self._own.count() > REQUESTS_PER_MINUTE:
            self._own.leak(time.monotonic_ns() // 1_000_000)
        left = call.remaining()
        # The deadline may end this before the limiter itself does.
        call.late = _NO_TURN
        if not await wires.turn(self._limiter, self._name, -1 if left is None else left):
            raise GaveUp(_NO_TURN)
        call.late = EXCEEDED
