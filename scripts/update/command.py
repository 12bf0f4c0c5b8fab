"""What the commands that change `specs/` share: arguments, interrupts, and lines that a terminal can be given."""

import argparse
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

from scripts import trust

_LONGEST = 600
INTERRUPTED = 130
"""The exit status after Ctrl-C, SIGTERM or SIGHUP, as of a shell."""


def accepted(value: str) -> list[str]:
    """Read `host,security`: what a person has looked at."""
    names = value.replace(",", " ").split()
    if unknown := set(names) - {trust.HOST, trust.SECURITY}:
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: {trust.HOST} and {trust.SECURITY} can be")
    return names


@contextmanager
def interruptible() -> Generator[None]:
    """Let SIGTERM and SIGHUP do what Ctrl-C does."""
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    before = {number: signal.signal(number, _interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def complain(command: str, text: str) -> None:
    """Print one line to stderr, whatever a page made of it: no control characters, and no more than a few lines."""
    line = "".join(character if character.isprintable() else " " for character in text)
    short = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."
    print(f"{command}: {' '.join(short.split())}", file=sys.stderr)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
