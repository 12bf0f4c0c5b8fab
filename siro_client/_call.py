"""One call of an operation: how long it may take over all its attempts, and how many there were."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

EXCEEDED = "the deadline of the call was exceeded"


class GaveUp(Exception):  # noqa: N818 - it never leaves the package
    """A call ended before its deadline, since the next attempt would not: with its last response, or with a reason."""

    def __init__(self, last: "httpx.Response | Exception | str") -> None:
        super().__init__()
        self.last = last


@dataclass(slots=True)
class Call:
    """What is known of a call while it is under way."""

    operation: str
    """The operation id."""
    method: str
    url: str
    """Without query and fragment."""
    timeout: httpx.Timeout
    deadline: float | None
    """Of time.monotonic(); None for none."""
    max_retries: int
    attempts: int = 0
    """How many requests were sent."""
    late: str = EXCEEDED
    """What to tell if the deadline came now."""

    def remaining(self) -> float | None:
        """Seconds until the deadline, None if there is none.

        Raises:
            GaveUp: if it has passed.
        """
        if self.deadline is None:
            return None
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise GaveUp(EXCEEDED)
        return left

    def timeouts(self) -> Mapping[str, float | None]:
        """The timeouts of an attempt, none of which reaches beyond the deadline."""
        left = self.remaining()
        timeouts: dict[str, float | None] = self.timeout.as_dict()
        if left is None:
            return timeouts
        return {name: left if value is None else min(value, left) for name, value in timeouts.items()}
