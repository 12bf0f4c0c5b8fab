"""A server that speaks bytes, not HTTP, so that it can do wrong whatever a server, a proxy or a cable does wrong.

with RawServer(cut(RESPONSE, 17), whole(RESPONSE)) as server:
    ...  # the first connection is cut after 17 bytes, every later one is served as it should be
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Self

_LONGEST = 30.0
"""Seconds after which the server takes a client for dead, so that a test fails instead of hanging."""


class Connection:
    """One connection, as an act sees it."""

    def __init__(self, connected: socket.socket, server: "RawServer") -> None:
        self._socket = connected
        self._server = server
        self._buffer = b""
        self.body = b""
        """Of the request that was read last."""
        connected.settimeout(_LONGEST)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(self) -> bytes | None:
        """Read a request to the end of its body; None if the client closed instead."""
        while b"\r\n\r\n" not in self._buffer:
            if not self._more():
                return None
        head, _, rest = self._buffer.partition(b"\r\n\r\n")
        lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        size = int(lengths[0]) if lengths else 0
        while len(self._buffer) < len(head) + 4 + size:
            if not self._more():
                return None
        rest = self._buffer[len(head) + 4 :]
        self._buffer = rest[size:]
        self.body = rest[:size]
        self._server.requests.append(head)
        return head

    def _more(self) -> bytes:
        chunk = self._socket.recv(65536)
        self._buffer += chunk
        return chunk

    def take(self, size: int) -> bytes:
        """Read so many bytes at most."""
        return self._socket.recv(size)

    def send(self, content: bytes) -> None:
        """Send all of it, and count it."""
        view = memoryview(content)
        while view:
            sent = self._socket.send(view)
            self._server.sent += sent
            view = view[sent:]

    def pause(self, seconds: float) -> bool:
        """Wait; False if the server is to stop meanwhile."""
        return not self._server.stopping.wait(seconds)

    @property
    def stopped(self) -> bool:
        """Whether the server is to stop."""
        return self._server.stopping.is_set()

    def until_the_client_closes(self) -> None:
        """Say nothing more."""
        while self._more():
            pass

    def reset(self) -> None:
        """Close with RST, and not with FIN."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


Act = Callable[[Connection], None]
"""What is done with a connection; it is closed afterwards."""


class RawServer:
    """Does to the first connection what the first act says, and so on; the last act is for all that follow.

    Attributes:
        accepted: how many connections there were.
        requests: the heads of the requests that were read.
        sent: bytes that the clients' side took.
    """

    def __init__(self, *script: Act) -> None:
        self._script = script
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.stopping = threading.Event()
        self.accepted = 0
        self.requests: list[bytes] = []
        self.sent = 0
        host, self.port = self._listening.getsockname()
        self.url = f"http://{host}:{self.port}"

    @property
    def connected(self) -> int:
        """How many connections are open now."""
        with self._lock:
            return len(self._open)

    def _accept(self) -> None:
        while True:
            try:
                connected, _ = self._listening.accept()
            except OSError:
                return
            if self.stopping.is_set():
                connected.close()
                return
            act = self._script[min(self.accepted, len(self._script) - 1)]
            with self._lock:
                self.accepted += 1
                self._open.add(connected)
            serving = threading.Thread(target=self._serve, args=(act, connected), daemon=True)
            self._threads.append(serving)
            serving.start()

    def _serve(self, act: Act, connected: socket.socket) -> None:
        # The client may go whenever it likes.
        with contextlib.suppress(OSError), connected:
            act(Connection(connected, self))
        with self._lock:
            self._open.discard(connected)

    def __enter__(self) -> Self:
        accepting = threading.Thread(target=self._accept, daemon=True)
        self._threads.append(accepting)
        accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        # Closing it would not wake the thread that accepts, and a connection does.
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            pass
        self._threads[0].join()
        self._listening.close()
        with self._lock:
            for connected in self._open:
                with contextlib.suppress(OSError):
                    connected.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()


def whole(*responses: bytes) -> Act:
    """Answer the requests of a connection, one response each, the last one for all that follow."""

    def act(connection: Connection) -> None:
        number = 0
        while connection.request() is not None:
            connection.send(responses[min(number, len(responses) - 1)])
            number += 1

    return act


def cut(response: bytes, size: int) -> Act:
    """Answer with the first bytes of a response, and close."""

    def act(connection: Connection) -> None:
        connection.request()
        connection.send(response[:size])

    return act


def reset(response: bytes = b"") -> Act:
    """Read a request, answer with some bytes, and reset the connection."""

    def act(connection: Connection) -> None:
        connection.request()
        connection.send(response)
        connection.reset()

    return act


def close_at_once(_: Connection) -> None:
    """Close before the request is read."""


def silent(connection: Connection) -> None:
    """Accept, and say nothing."""
    connection.until_the_client_closes()


def drip(beginning: bytes, parts: Iterable[bytes] | Callable[[], Iterator[bytes]], seconds: float) -> Act:
    """Answer with a beginning at once, and with the parts one by one, a pause before each."""

    def act(connection: Connection) -> None:
        connection.request()
        connection.send(beginning)
        for part in parts() if callable(parts) else parts:
            if not connection.pause(seconds):
                return
            connection.send(part)

    return act


def endless(beginning: bytes, part: bytes) -> Act:
    """Answer with a beginning, and then with the same part again as long as the client takes it."""

    def act(connection: Connection) -> None:
        connection.request()
        connection.send(beginning)
        while not connection.stopped:
            connection.send(part)

    return act


def reluctant(size: int, seconds: float) -> Act:
    """Read so many bytes at a time, with a pause before each."""

    def act(connection: Connection) -> None:
        while connection.pause(seconds) and connection.take(size):
            pass

    return act
