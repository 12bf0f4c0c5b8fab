"""A server that answers every request alike: `python -m benchmarks.server BODY [SECONDS [LIMIT]]`; prints its URL.

An answer takes so many seconds. Past the limit, of requests in the last minute, it is 429.
"""

import json
import sys
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DELAY = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0  # noqa: PLR2004
LIMIT = int(sys.argv[3]) if len(sys.argv) > 3 else 0  # noqa: PLR2004
ARRIVED: deque[float] = deque()
LOCK = threading.Lock()


def answer(sent: dict[str, object]) -> bytes:
    """What Siro answers to a sync."""
    data = {
        "id": "1",
        "engagementType": "APPOINTMENT",
        "createdAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-01-01T00:00:00Z",
        "organizationId": "o",
    }
    named = {name: sent[name] for name in ("externalId", "subject", "content", "direction", "startTime", "endTime")}
    return json.dumps({"data": {**data, **named, "account": sent["account"]}}).encode()


ANSWER = answer(json.loads(sys.argv[1]))


def is_too_many() -> bool:
    """Whether a request is past the limit; one that is does not count."""
    with LOCK:
        now = time.monotonic()
        while ARRIVED and ARRIVED[0] <= now - 60:
            ARRIVED.popleft()
        if LIMIT and len(ARRIVED) >= LIMIT:
            return True
        ARRIVED.append(now)
        return False


class Handler(BaseHTTPRequestHandler):
    """Reads a request, and answers."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one write an answer: two would wait for the client's delayed acknowledgement

    def do_PUT(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers["content-length"]))
        if DELAY:
            time.sleep(DELAY)
        status, body = (429, b"{}") if is_too_many() else (200, ANSWER)
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - a name of the library's
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A thread a connection."""

    daemon_threads = True
    request_queue_size = 100


if __name__ == "__main__":
    with Server(("127.0.0.1", 0), Handler) as served:
        print(f"http://127.0.0.1:{served.server_address[1]}", flush=True)
        served.serve_forever()
