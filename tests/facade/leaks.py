"""What a process holds, to be compared before and after."""

import contextlib
import gc
import threading
from pathlib import Path

_OPEN = Path("/proc/self/fd")


def open_files() -> set[str]:
    """The file descriptors that are open, and what each is; none on systems that do not say.

    A socket is not taken for one that had its number before, so that what is open now and was not is a leak, whatever
    else was closed meanwhile.
    """
    gc.collect()
    found: set[str] = set()
    for descriptor in _OPEN.iterdir() if _OPEN.exists() else ():
        with contextlib.suppress(FileNotFoundError):  # closed since, as that of the folder is
            found.add(f"{descriptor.name}: {descriptor.readlink()}")
    return found


def threads() -> set[str]:
    """The threads that run."""
    return {repr(thread) for thread in threading.enumerate()}
