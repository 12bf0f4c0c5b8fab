"""What stands in a folder as `sitecustomize.py`, so that every Python process that is started there is watched.

It writes a line into the file GUARD_REPORT for each thing that generating or importing code must not do: write outside
the folders of GUARD_FOLDERS, start a program that is not this Python, look up a host or connect.
"""

import os
import sys
from pathlib import Path
from typing import Any

_REPORT = os.open(os.environ["GUARD_REPORT"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
_FOLDERS = tuple(os.environ["GUARD_FOLDERS"].split(os.pathsep))
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_FORBIDDEN = {"os.system", "socket.connect", "socket.getaddrinfo", "ctypes.dlopen"}
_CHANGES = {"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "shutil.rmtree"}


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        path, _, flags = arguments
        harmful = isinstance(path, (str, bytes)) and bool(flags & _WRITING) and not _within(path)
    elif event in _CHANGES:
        harmful = not _within(_absolute(*arguments))
    elif event in {"subprocess.Popen", "os.exec", "os.posix_spawn"}:
        harmful = Path(os.fsdecode(arguments[0])) not in {Path(sys.executable), Path(sys.executable).with_name("ruff")}
    else:
        harmful = event in _FORBIDDEN
    if harmful:
        os.write(_REPORT, f"{event} {arguments!r}\n".encode())


def _absolute(path: str | bytes, *others: Any) -> str:
    """A path that may be relative to a folder that is open: the last number of the event, if it is not -1."""
    numbers = [number for number in others if isinstance(number, int)]
    folder = f"/proc/self/fd/{numbers[-1]}" if numbers and numbers[-1] >= 0 else "."
    return os.path.join(os.readlink(folder) if folder != "." else folder, os.fsdecode(path))  # noqa: PTH115, PTH118


def _within(path: str | bytes | int) -> bool:
    return isinstance(path, int) or os.path.abspath(os.fsdecode(path)).startswith((*_FOLDERS, os.devnull))  # noqa: PTH100


sys.addaudithook(_watch)
