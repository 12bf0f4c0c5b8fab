"""No read of a synchronous client outlasts the deadline of its call, however slowly a server drips.

httpx bounds each read, not their sum. A deadline of asyncio bounds an asynchronous call as a whole, and nothing does a
synchronous one; so the sockets of the client's own transports are told how much time is left at each read.
"""

import threading
from typing import Any

import httpcore
import httpx

from siro_client._call import Call, GaveUp

_PIECE = 64 * 1024
"""Bytes that are written under one timeout, since httpcore counts it anew whenever the server took some of them."""


class _Current(threading.local):
    call: Call | None = None


CURRENT = _Current()
"""The call that this thread is sending."""


def bound(client: httpx.Client) -> None:
    """Let deadlines bound each read, write and connection of a client."""
    # httpx has no public way to the sockets of its transports; where its insides change, reads are bounded one by one.
    mounted: dict[object, object] = getattr(client, "_mounts", {})
    for transport in (getattr(client, "_transport", None), *mounted.values()):
        pool = getattr(transport, "_pool", None)
        backend = getattr(pool, "_network_backend", None)
        if isinstance(backend, httpcore.NetworkBackend):
            setattr(pool, "_network_backend", _Bounded(backend))  # noqa: B010 - private, for a type checker


def _left(timeout: float | None, error: type[httpcore.TimeoutException]) -> float | None:
    call = CURRENT.call
    try:
        left = None if call is None else call.remaining()
    except GaveUp:
        raise error("the deadline of the call was exceeded") from None
    if left is None:
        return timeout
    return left if timeout is None else min(timeout, left)


class _Bounded:
    """A network backend, or a stream that came of one."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **options: Any) -> "_Bounded":
        return _Bounded(self._inner.connect_tcp(host, port, _left(timeout, httpcore.ConnectTimeout), **options))

    def connect_unix_socket(self, path: str, timeout: float | None = None, **options: Any) -> "_Bounded":
        return _Bounded(self._inner.connect_unix_socket(path, _left(timeout, httpcore.ConnectTimeout), **options))

    def start_tls(self, *options: Any, timeout: float | None = None, **others: Any) -> "_Bounded":
        return _Bounded(self._inner.start_tls(*options, timeout=_left(timeout, httpcore.ConnectTimeout), **others))

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        received: bytes = self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            self._inner.write(buffer[start : start + _PIECE], _left(timeout, httpcore.WriteTimeout))
