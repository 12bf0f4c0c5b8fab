"""Serve the local Siro: `python -m siro_client.testing --port 8080`."""

import argparse
import shlex
import signal
import sqlite3
import sys
import threading

from siro_client.testing import LocalSiro, environment, serve

_MAX_PORT = 65535


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    arguments = _arguments()
    # Both signals end the wait below in the same way, also where a shell started us with SIGINT ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        with LocalSiro(arguments.database) as siro, serve(siro, arguments.port) as root_url:
            exports = [f"export {name}={shlex.quote(value)}" for name, value in environment(siro, root_url).items()]
            ready = f"# The local Siro is ready at {root_url}; Ctrl-C ends it."
            print(*exports, ready, sep="\n", flush=True)  # noqa: T201 - a shell reads it
            threading.Event().wait()
    except KeyboardInterrupt:
        return
    except OSError as error:
        sys.exit(f"cannot serve on port {arguments.port}: {error.strerror}; try --port 0")
    except (ValueError, sqlite3.Error) as error:
        sys.exit(f"cannot use the database {arguments.database}: {error}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m siro_client.testing", description=__doc__)
    parser.add_argument("--port", type=_port, default=0, help="on 127.0.0.1; 0, the default, picks a free one")
    parser.add_argument("--database", default=":memory:", help="an SQLite file that survives a restart")
    return parser.parse_args()


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= _MAX_PORT:
        message = f"{port} is not between 0 and {_MAX_PORT}"
        raise argparse.ArgumentTypeError(message)
    return port


if __name__ == "__main__":
    main()
