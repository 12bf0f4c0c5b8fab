"""What a call is made with."""

import math
from typing import Any, NamedTuple

import httpx

DEFAULT_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
"""Seconds."""
DEFAULT_DEADLINE = 120.0
"""Seconds for a call, all its attempts and what it waits between them."""


class Unchanged:
    """The type of `UNCHANGED`: an option that stays as it is."""


UNCHANGED = Unchanged()


class Options(NamedTuple):
    """What a call is made with, checked."""

    timeout: httpx.Timeout
    deadline: float | None
    max_retries: int

    @classmethod
    def checked(cls, timeout: float | httpx.Timeout, deadline: float | None, max_retries: int) -> "Options":
        """Return the options; ValueError if one is out of its range."""
        if deadline is not None and not (deadline > 0 and math.isfinite(deadline)):
            raise ValueError(f"deadline must be a positive number of seconds, or None for none, and is {deadline!r}")
        if max_retries < 0:
            raise ValueError(f"max_retries must be 0 for none or more, and is {max_retries!r}")
        if not isinstance(timeout, httpx.Timeout):
            if not timeout > 0:
                raise ValueError(
                    f"timeout must be a positive number of seconds or an httpx.Timeout, and is {timeout!r}"
                )
            timeout = httpx.Timeout(timeout)
        return cls(timeout, deadline, max_retries)

    def changed(self, *given: Any) -> "Options":
        """The same, but for those that are given."""
        options: list[Any] = [old if isinstance(new, Unchanged) else new for old, new in zip(self, given, strict=True)]
        return Options.checked(*options)
