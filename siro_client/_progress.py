"""How far the command line is: a bar for a person at a terminal, and none in a pipe."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tqdm import tqdm as Bar  # noqa: N812 - a class, whatever its name


class Progress:
    """Counts lines, with a bar or without, and speaks on stderr beside it.

    Args:
        source: the file whose lines are counted.
        wanted: None for a bar if stderr is a terminal and tqdm is installed.

    Raises:
        ValueError: if a bar is wanted and tqdm is missing.
    """

    def __init__(self, source: str, *, wanted: bool | None) -> None:
        self._bar: Bar[Any] | None = None
        if sys.stderr is None:  # pyright: ignore[reportUnnecessaryComparison] - closed by who started us
            _speak_to_nobody()
        elif wanted or (wanted is None and sys.stderr.isatty()):
            try:
                from tqdm import tqdm  # noqa: PLC0415 - an extra
            except ModuleNotFoundError:
                if wanted:
                    raise ValueError("--progress needs tqdm: pip install 'siro-client[progress]'") from None
                return
            self._bar = tqdm(total=_count(Path(source)), unit=" lines", file=sys.stderr, dynamic_ncols=True)

    def count(self) -> None:
        """Count a line that is done with."""
        if self._bar is not None:
            self._bar.update()

    def say(self, text: str) -> None:
        """Write a line to stderr."""
        try:
            if self._bar is not None:
                self._bar.write(text, file=sys.stderr)
            else:
                print(text, file=sys.stderr, flush=True)  # noqa: T201 - a command line speaks
        except OSError:  # nobody reads it any more, and what is synced is synced
            _speak_to_nobody()

    def close(self) -> None:
        """Leave the bar as it stands."""
        if self._bar is not None:
            self._bar.close()


def _speak_to_nobody() -> None:
    sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process


def _count(path: Path) -> int | None:
    if not path.is_file():  # a pipe can be read but once
        return None
    with path.open("rb") as source:
        return sum(1 for line in source if line.strip())
