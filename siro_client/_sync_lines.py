"""One run of the command line over the lines of a file: what is sent, told, counted, and when it stops."""

import argparse
import contextlib
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from siro_client._errors import (
    AuthenticationError,
    NotFoundError,
    RateLimitError,
    ServerError,
    SiroError,
    TransportError,
)
from siro_client._files import check_files, stdin
from siro_client._lines import Line, error_as_json, error_as_text, lines, parse_line, undocumented
from siro_client._progress import Progress
from siro_client._sync import Siro
from siro_client._synced import Stopped, Synced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from siro_openapi.models import Engagement

SYNCED, NOT_ALL, INTERRUPTED = 0, 1, 130
_UNREACHED = 20
"""After so many lines in a row that reach no Siro, it is not for the lines that they fail."""
_MOST_NAMES = 50
"""So many names that Siro does not document are told."""
_NOT_THE_LINE = (TransportError, ServerError, RateLimitError, AuthenticationError, NotFoundError)
"""What is wrong with no line, so that there is nothing to mend in it."""


class _Hopeless(Exception):  # noqa: N818 - it ends the run, and never leaves the module
    """What is left would fail for the same reason."""


class SyncLines:
    """One run over the lines of a file."""

    def __init__(self, options: argparse.Namespace, stack: ExitStack, progress: Progress) -> None:
        check_files([options.file, options.errors, options.journal])
        self._options = options
        self._stack = stack
        self._progress = progress
        self._lines = lines(stdin() if options.file == "-" else self._opened(options.file, "rb"))
        self._errors: IO[str] | None = None
        self._is_replaced = False
        self._booked: tuple[int, Counter[str]] = -1, Counter()
        """The position of the engagement that was booked last, and how many there were of each kind."""
        self._read = 0
        self._unreached = 0
        """How many in a row reached no Siro."""
        self._is_to_mend = False
        """Whether something is wrong with a line."""
        self._undocumented: set[str] = set()
        self._positions = 0
        self._under_way: dict[int, Line] = {}
        """By the position of the engagement."""

    def _opened(self, file: str, mode: str, **how: Any) -> IO[Any]:
        return self._stack.enter_context(Path(file).open(mode, **how))

    def run(self) -> int:
        """Work through the lines, sum up, and return the exit status."""
        options = self._options
        siro = None if options.dry_run else self._stack.enter_context(Siro.from_env())
        if options.errors:
            # Line by line, so that what is written survives the end of the process. What an earlier run wrote stays
            # until there is something to tell: without a token, or with a journal that is in use, it is not to be lost.
            self._errors = self._opened(options.errors, "a", buffering=1, encoding="utf-8")
        status, how = NOT_ALL, "stopped"
        try:
            if siro is None:
                for _ in self._engagements():
                    self._book("valid")
            else:
                self._sync(siro)
            self._replace_errors()
            status, how = (NOT_ALL if self._booked[1]["failed"] else SYNCED), ""
        except KeyboardInterrupt:
            status, how = INTERRUPTED, "interrupted"
        except _Hopeless as error:
            how = f"stopped, since {error}"
        finally:
            if how != "stopped" or self._booked[1]:  # else what is raised says it all
                self._sum_up(how)
        return status

    def _engagements(self) -> "Iterator[Engagement]":
        for line in self._lines:
            self._read += 1
            try:
                engagement = parse_line(line)
            except ValueError as error:
                self._told(line, error)
                self._book("failed")
                continue
            self._note_undocumented(line, engagement)
            if not self._options.dry_run:
                self._under_way[self._positions] = line
                self._positions += 1
            yield engagement

    def _note_undocumented(self, line: Line, engagement: "Engagement") -> None:
        """Say once of each name that Siro's page does not have: it is sent, and may be misspelt."""
        for name, meant in undocumented(engagement):
            if name not in self._undocumented and len(self._undocumented) < _MOST_NAMES:
                self._undocumented.add(name)
                shown = name if name.isprintable() else ascii(name)
                hint = f"; is {meant} meant?" if meant else ""
                self._progress.say(f"line {line.number}: {shown} is no property that Siro documents{hint}")

    def _sync(self, siro: Siro) -> None:
        options = self._options
        run = siro.sync_engagements(self._engagements(), concurrency=options.concurrency, journal=options.journal)
        synced: Synced | None = None
        try:
            for synced in run:
                self._took(synced)
                self._stop_if_hopeless(synced.error)
        except BaseException as error:  # noqa: BLE001 - throw raises it again
            try:
                run.throw(error)  # where it was raised here, the run does not know of it yet
            finally:
                stopped = Stopped.of(error)
                for ended in [synced, *(stopped.ended if stopped else ())]:
                    self._took(ended)
                if stopped and stopped.unknown:
                    numbers = ", ".join(str(self._under_way[position].number) for position in stopped.unknown)
                    self._progress.say(f"in flight, and whether they took effect is not known: lines {numbers}")

    def _stop_if_hopeless(self, error: SiroError | ValueError | None) -> None:
        if isinstance(error, AuthenticationError):
            raise _Hopeless("Siro refuses the token")
        self._unreached = self._unreached + 1 if isinstance(error, TransportError | NotFoundError) else 0
        if self._unreached == _UNREACHED:
            raise _Hopeless(f"{_UNREACHED} lines in a row did not reach Siro; is SIRO_INTEGRATIONS_URL right?")

    def _took(self, synced: Synced | None) -> None:
        if synced is None or synced.position == self._booked[0]:  # nothing, or booked before what interrupted it
            return
        if synced.error is not None:
            # Whatever interrupts this: rather told twice than never.
            self._told(self._under_way[synced.position], synced.error)
        self._book("failed" if synced.error else "skipped" if synced.skipped else "synced", synced.position)
        self._under_way.pop(synced.position, None)

    def _replace_errors(self) -> None:
        if self._errors is not None and not self._is_replaced:
            with contextlib.suppress(OSError):  # a pipe or a device, where nothing is to be replaced
                self._errors.truncate(0)
            self._is_replaced = True

    def _told(self, line: Line, error: SiroError | ValueError) -> None:
        self._replace_errors()
        self._is_to_mend |= not isinstance(error, _NOT_THE_LINE)
        if self._errors is not None:
            try:
                self._errors.write(error_as_json(line, error) + "\n")
            except OSError as failure:
                self._progress.say(
                    f"cannot write {self._options.errors!r}: {failure}; errors are told here from now on"
                )
                with contextlib.suppress(OSError):
                    self._errors.close()
                self._errors = None
        if self._errors is None:
            self._progress.say(error_as_text(line, error))

    def _book(self, kind: str, position: int | None = None) -> None:
        self._replace_errors()
        last, counts = self._booked
        # One assignment, so that an interrupt finds it done, or not done.
        self._booked = last if position is None else position, counts + Counter([kind])
        self._progress.count()

    def _sum_up(self, how: str) -> None:
        options, counts = self._options, self._booked[1]
        kinds = ["valid"] if options.dry_run else ["synced", "skipped"]
        told = ", ".join(f"{counts[kind]} {kind}" for kind in [*kinds, "failed"]) + f", {self._read} lines read"
        again = "run the same command again"
        if how:
            goal = "check" if options.dry_run else "send"
            skips = options.journal and not options.dry_run
            told += f"; {how}: {again}" + (", which skips what is synced" if skips else f" to {goal} all lines")
        elif counts["failed"]:
            where = f" ({options.errors} has them)" if self._errors is not None else ""
            told += f"; mend the lines that failed{where} and {again}" if self._is_to_mend else f"; {again}{where}"
        self._progress.close()
        self._progress.say(told)
