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
            setattr(pool, "_network_backend", _Backend(backend))  # noqa: B010 - private, for a type checker


def _left(timeout: float | None, error: type[httpcore.TimeoutException]) -> float | None:
    call = CURRENT.call
    try:
        left = None if call is None else call.remaining()
    except GaveUp:
        raise error("the deadline of the call was exceeded") from None
    if left is None:
        return timeout
    return left if timeout is None else min(timeout, left)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *args: Any, **kwargs: Any) -> "_Stream":
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._backend.connect_tcp(host, port, left, *args, **kwargs))

    def connect_unix_socket(self, path: str, timeout: float | None = None, *args: Any, **kwargs: Any) -> "_Stream":
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._backend.connect_unix_socket(path, left, *args, **kwargs))

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            self._stream.write(buffer[start : start + _PIECE], _left(timeout, httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> "_Stream":
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()
