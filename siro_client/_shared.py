"""What clients that are made of one another share: tokens, connections, limits, and being closed."""

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any

import httpx

from siro_client._attempt import Hook
from siro_client._errors import ClosedError, MissingTokenError
from siro_client._host import Host, is_loopback
from siro_client._tokens import Tokens

if TYPE_CHECKING:
    from pyrate_limiter import Limiter

    from siro_client._limit import RateLimit


@dataclass
class Shared:
    """What clients that are made of one another share."""

    tokens: Tokens
    urls: Mapping[Host, str]
    hooks: tuple[Hook | None, Hook | None]
    rate_limit: "Limiter | bool"
    transport: Any
    http_client: Any
    headers: httpx.Headers
    is_closed: bool = False

    def __post_init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: with no connection, no lock that somebody may hold, and a count of requests at zero."""
        self.lock = threading.Lock()
        self.minting = threading.Lock()
        self._limits: dict[Host, RateLimit | None] = {}
        self.wires: Any = None
        # Last, since another thread of a forked child that finds it right takes the rest as it is.
        self.pid = os.getpid()

    def check(self, operation: str, host: Host) -> None:
        """Raise ClosedError or MissingTokenError if nothing can be sent."""
        if self.is_closed:
            raise ClosedError(operation)
        if self.pid != os.getpid():
            # A forked child has the parent's sockets and locks: it must use neither.
            if self.http_client is not None:
                raise ClosedError(operation, "the http_client it was given belongs to the parent process")
            self.forget()
        if not self.tokens.has(host):
            raise MissingTokenError(operation, host.credential, host.argument, host.variable)

    def limit(self, host: Host) -> "RateLimit | None":
        """The rate limit of a host; None if it has none."""
        if host not in self._limits:
            with self.lock:
                if host not in self._limits:
                    self._limits[host] = self._limit(host)
        return self._limits[host]

    def _limit(self, host: Host) -> "RateLimit | None":
        given = self.rate_limit
        # A limiter that was given limits whatever it is; ours is for Siro's own limit.
        if isinstance(given, bool):
            is_local = is_loopback(httpx.URL(self.urls[host]).host) or getattr(self.transport, "is_local", False)
            if is_local or not given:
                return None
        from siro_client._limit import RateLimit  # noqa: PLC0415 - costly to import

        return RateLimit(host.credential, None if isinstance(given, bool) else given)

    def client_arguments(self, on_response: Any) -> dict[str, Any]:
        """What the httpx client is made with, with a hook that sees each response before httpx looks into it."""
        # Kept alive longer than between two calls of a batch; bulk may use more than the 20 that httpx keeps.
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=100, keepalive_expiry=60)
        transport = {} if self.transport is None else {"transport": self.transport}
        hooks = {"response": [on_response]}
        return {"limits": limits, "event_hooks": hooks, "follow_redirects": False, "cookies": _NoCookies(), **transport}


class _NoCookies(CookieJar):
    """Keeps none: no operation has any, and to read a response for them costs more than to read its body."""

    def extract_cookies(self, response: object, request: object) -> None:
        pass
