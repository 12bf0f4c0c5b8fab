"""A server in another process, for as long as it is measured."""

import json
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager


@contextmanager
def server(body: Mapping[str, object], *options: str) -> Generator[str]:
    """Serve `benchmarks.server`, which answers as if the body was sent; the URL."""
    command = [sys.executable, "-m", "benchmarks.server", json.dumps(body), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout  # noqa: S101 - for a type checker
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
