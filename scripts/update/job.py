"""A command that runs beside this process, and that can be stopped with all that it started."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True)
class Result:
    """What a module did."""

    status: int
    output: str
    errors: str


@dataclass(frozen=True)
class Job:
    """A module that runs."""

    process: subprocess.Popen[str]
    output: IO[str]
    errors: IO[str]

    def result(self) -> Result:
        """Wait until it ends."""
        status = self.process.wait()
        for stream in (self.output, self.errors):
            stream.seek(0)
        return Result(status, self.output.read(), self.errors.read())

    def stop(self) -> None:
        """End it, and what it started, unless it has ended."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.output.close()
        self.errors.close()


def begin(command: Sequence[str], folder: Path, environ: Mapping[str, str]) -> Job:
    """Start a command."""
    # Files, not pipes: jobs run side by side, and one that nobody reads yet must not block.
    output = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 -- the job closes it
    errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 -- the job closes it
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        text=True,
        cwd=folder,
        env=environ,
        start_new_session=True,  # so that stopping it stops what it started as well
    )
    return Job(process, output, errors)
