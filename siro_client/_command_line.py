"""The command line: `python -m siro_client sync engagements.jsonl --journal backfill.sqlite`."""

import argparse
import contextlib
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from siro_client._errors import AuthenticationError, MissingTokenError, SiroError
from siro_client._files import check_files, stdin
from siro_client._lines import Line, error_as_json, error_as_text, lines, parse_line
from siro_client._progress import Progress
from siro_client._sync import Siro
from siro_client._synced import Stopped, Synced

if TYPE_CHECKING:
    from siro_openapi.models import Engagement

_SYNCED, _NOT_ALL, _UNUSABLE, _INTERRUPTED = 0, 1, 2, 130
_EPILOG = """
The organization token comes from SIRO_ORGANIZATION_TOKEN, and a base URL from SIRO_INTEGRATIONS_URL.

exit status: 0 if every line was synced, skipped or (--dry-run) valid; 1 if some were not; 2 if nothing can be done
(wrong usage, no token, a file that cannot be used); 130 after Ctrl-C or SIGTERM.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say, and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        with ExitStack() as stack:
            progress = Progress(options.file, wanted=options.progress)
            stack.callback(progress.close)
            return _Sync(options, stack, progress).run()
    except KeyboardInterrupt:
        return _INTERRUPTED
    except (OSError, ValueError, MissingTokenError) as error:
        print(f"siro_client: {error}", file=sys.stderr)  # noqa: T201 - a command line speaks
        return _UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m siro_client", description="Sync CRM engagements to Siro.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    sync = commands.add_parser(
        "sync",
        help="sync a file of engagements",
        description="Sync a file of engagements: one JSON object a line, in Siro's own field names.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    sync.add_argument("file", type=_name, help="the engagements; - reads stdin")
    sync.add_argument(
        "--journal", type=_file, metavar="FILE", help="keep what was synced (SQLite), and skip what was synced before"
    )
    sync.add_argument(
        "--errors", type=_file, metavar="FILE", help="write the lines that failed, and why, as JSON; replaces the file"
    )
    sync.add_argument("--dry-run", action="store_true", help="check every line and send none")
    sync.add_argument("--concurrency", type=_concurrency, default=10, metavar="N", help="requests at a time (10)")
    sync.add_argument("--progress", action=argparse.BooleanOptionalAction, help="a bar, or none (a bar at a terminal)")
    return parser


def _concurrency(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def _name(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("the name is empty; is a variable of the shell not set?")
    return text


def _file(text: str) -> str:
    if text == "-":
        raise argparse.ArgumentTypeError("it has to be a file, and - is none")
    return _name(text)


class _TokenRefused(Exception):  # noqa: N818 - it ends the run, and never leaves the module
    pass


class _Sync:
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
        status, how = _NOT_ALL, "stopped"
        try:
            if siro is None:
                for _ in self._engagements():
                    self._book("valid")
            else:
                self._sync(siro)
            self._replace_errors()
            status, how = (_NOT_ALL if self._booked[1]["failed"] else _SYNCED), ""
        except KeyboardInterrupt:
            status, how = _INTERRUPTED, "interrupted"
        except _TokenRefused:
            how = "stopped, since Siro refuses the token"
        finally:
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
            if not self._options.dry_run:
                self._under_way[self._positions] = line
                self._positions += 1
            yield engagement

    def _sync(self, siro: Siro) -> None:
        options = self._options
        run = siro.sync_engagements(self._engagements(), concurrency=options.concurrency, journal=options.journal)
        synced: Synced | None = None
        try:
            for synced in run:
                self._took(synced)
                if isinstance(synced.error, AuthenticationError):
                    raise _TokenRefused  # noqa: TRY301 - the run is told of it as of an interrupt
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
            told += f"; mend the lines that failed and {again}"
        self._progress.close()
        self._progress.say(told)
