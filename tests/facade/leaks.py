"""What a process holds, to be compared before and after."""

import gc
import threading
from pathlib import Path

_OPEN = Path("/proc/self/fd")


def open_files() -> int:
    """How many file descriptors are open; 0 on systems that do not say."""
    gc.collect()
    return len(list(_OPEN.iterdir())) if _OPEN.exists() else 0


def threads() -> set[str]:
    """The threads that run."""
    return {repr(thread) for thread in threading.enumerate()}
