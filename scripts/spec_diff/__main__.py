"""Report what changed between two OpenAPI files or pages.

Exit status: 0, or 1 with --fail-on breaking if something breaks callers or readers, or 2 if a file cannot be used.
"""

import argparse
import shutil
import sys
from pathlib import Path

from scripts.layout import StepError
from scripts.page import read_document
from scripts.spec_diff import compare, report

_FORMATS = ("terminal", "markdown", "json")


def main() -> int:
    """Compare two files."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.spec_diff",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("old", type=Path, help="an OpenAPI 3.0 document, YAML or JSON, or a documentation page")
    parser.add_argument("new", type=Path, help="the same of now")
    parser.add_argument("--format", choices=_FORMATS, default="terminal", help="how to report (%(default)s)")
    parser.add_argument("--fail-on", choices=("breaking",), help="exit with status 1 if something breaks")
    arguments = parser.parse_args()
    documents: list[dict[str, object]] = []
    for name, path in (("OLD", arguments.old), ("NEW", arguments.new)):
        if path.is_dir():
            return _refuse(f"{name}={path} is a folder: name an OpenAPI file or a page")
        try:
            documents.append(read_document(path.read_bytes()))
        except (OSError, StepError) as error:
            return _refuse(f"{path}: {getattr(error, 'strerror', None) or error}")
    try:
        changes = compare(documents[0], documents[1])
    except StepError as error:
        return _refuse(str(error))
    match arguments.format:
        case "markdown":
            print(report.markdown(changes))
        case "json":
            print(report.as_json(changes))
        case _:
            print(report.terminal(changes, width=shutil.get_terminal_size((120, 24)).columns), end="")
    return int(arguments.fail_on == "breaking" and any(change.breaking for change in changes))


def _refuse(reason: str) -> int:
    print(f"spec-diff: {reason}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
