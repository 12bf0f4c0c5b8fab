"""A server that answers every request alike: `python -m benchmarks.server BODY`; prints its URL."""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DELAY = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0  # noqa: PLR2004
"""Seconds that an answer takes."""


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


class Handler(BaseHTTPRequestHandler):
    """Reads a request, and answers."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one write an answer: two would wait for the client's delayed acknowledgement

    def do_PUT(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers["content-length"]))
        if DELAY:
            time.sleep(DELAY)
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)
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
