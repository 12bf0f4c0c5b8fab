"""The command line, run in this process or in one of its own, and the local Siro that it sends to."""

import contextlib
import io
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from siro_client._command_line import main

from .driving import WAIT

COMMAND = [sys.executable, "-m", "siro_client", "sync"]
Write = Callable[..., str]


@dataclass
class Ran:
    """How a command ended."""

    status: int | str | None
    stdout: str
    stderr: str

    @property
    def last(self) -> str:
        return self.stderr.splitlines()[-1]


@dataclass
class Served:
    """A local Siro on loopback, and what it was asked."""

    environment: dict[str, str]
    bodies: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    delay: float = 0.0
    refuses: str = ""
    """A subject that is answered with 422."""

    @property
    def everything(self) -> dict[str, str]:
        """The environment of a process of its own."""
        return {**os.environ, **self.environment}

    def run(self, *arguments: str, stdin: bytes = b"", **changed: str) -> Ran:
        """Run the command in this process, where mutmut can see what a test reaches."""
        out, err = io.StringIO(), io.StringIO()
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            for name, value in {**self.environment, **changed}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
            try:
                status: int | str | None = main(["sync", *arguments])
            except SystemExit as ended:  # of argparse
                status = ended.code
        return Ran(status, out.getvalue(), err.getvalue())


def rows(count: int) -> list[str]:
    return [json.dumps({"externalId": f"e-{number}", "subject": "Besuch, früh"}) for number in range(count)]


def wait_for(served: Served, count: int) -> None:
    end = time.monotonic() + WAIT
    while len(served.bodies) < count:
        assert time.monotonic() < end
        time.sleep(0.005)
