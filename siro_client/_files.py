"""The files of the command line: what it reads must not be what it writes."""

import contextlib
import os
import stat
import sys
from pathlib import Path
from typing import IO


def stdin() -> IO[bytes]:
    """What comes in, to its end: a pipe that does not block, as some parents leave it, would end at its first pause.

    Raises:
        ValueError: if it is closed.
    """
    if sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison] - closed by who started us
        raise ValueError("stdin is closed, and - reads it")
    with contextlib.suppress(OSError, AttributeError):  # no descriptor; or, on Windows, no such function
        os.set_blocking(sys.stdin.fileno(), True)
    return sys.stdin.buffer


def check_files(names: list[str | None]) -> None:
    """Raise ValueError if a file would be overwritten by what is made of it."""
    seen: dict[object, str] = {}
    for name in names:
        if name is None:
            continue
        file = _identity(name)
        if file in seen:
            raise ValueError(f"{name!r} is both {seen[file]!r} and another of the files: give each its own")
        if file is not None:
            seen[file] = name


def _identity(name: str) -> object:
    """The same for all names of a file; None for what is none, such as a pipe."""
    try:
        found = os.fstat(sys.stdin.fileno()) if name == "-" else Path(name).stat()
    except (OSError, ValueError, AttributeError):
        return None if name == "-" else os.path.realpath(name)
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None
