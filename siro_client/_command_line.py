"""The command line: `python -m siro_client sync engagements.jsonl --journal backfill.sqlite`."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from siro_client._errors import MissingTokenError
from siro_client._progress import Progress
from siro_client._sync_lines import INTERRUPTED, SyncLines
from siro_client._version import __version__

_UNUSABLE = 2
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
            return SyncLines(options, stack, progress).run()
    except KeyboardInterrupt:
        return INTERRUPTED
    except (OSError, ValueError, MissingTokenError) as error:
        print(f"siro_client: {error}", file=sys.stderr)  # noqa: T201 - a command line speaks
        return _UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m siro_client", description="Sync CRM engagements to Siro.")
    parser.add_argument(
        "--version", action="version", version=f"siro-client {__version__}", help="print the version, and end"
    )
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
