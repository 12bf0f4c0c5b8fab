"""Take over changed pages: compare, report, vendor, generate, check; then write it to the tree, or leave it as it was.

python -m scripts.update              fetch the pages at their recorded URLs
python -m scripts.update --from DIR   take them from a folder, by file name; no network
"""

import argparse
import sys
from pathlib import Path

from scripts import fetch, sources
from scripts.layout import StepError
from scripts.update import checks, coverage, report
from scripts.update.command import INTERRUPTED, accepted, complain, interruptible
from scripts.update.findings import Findings
from scripts.update.steps import Pages, check_trust, decided, explore, generate, read, to_decide, vendor_pages
from scripts.update.workspace import Workspace, workspace


def main() -> int:
    """Update, and say in one line how it ended."""
    arguments = _arguments()
    findings = Findings()
    try:
        with interruptible():
            pages = read(_contents(arguments.folder))
            if not pages.changed:
                print("update: nothing changed")
                return 0
            explore(pages, findings)
            print(report.terminal(findings))
            check_trust(pages, arguments.accept)
            print("update: trying it in a copy of the tree", flush=True)
            with workspace() as space:
                return _update(space, pages, findings, arguments)
    except StepError as error:
        findings.decide = [str(error)]
        report.write(findings)
        return _stopped(findings.decide)
    except KeyboardInterrupt:
        complain("update", "interrupted; specs/ and generated/ are as they were")
        return INTERRUPTED


def _update(space: Workspace, pages: Pages, findings: Findings, arguments: argparse.Namespace) -> int:
    report.write(findings)  # for whoever does not wait
    try:
        before = coverage.start(space)
        before.result()  # it reads what is about to change
        vendor_pages(space, pages, findings, arguments.accept)
        generate(space, before, findings)
        findings.decide += decided(findings)
        failures = checks.run(space, arguments.checks)
    except StepError as error:
        findings.decide.append(str(error))
        failures = []
    findings.decide += [f"{failure.check}: {failure.line}; {to_decide(findings)}" for failure in failures]
    report.write(findings, failures)
    if findings.decide and not arguments.keep:
        return _stopped(findings.decide)
    written = space.install()
    if findings.decide:
        return _stopped(findings.decide, kept=True)
    print(f"update: {len(written)} files changed, ready to commit{report.following(findings)}")
    if arguments.checks != checks.ALL:
        print("update: run `make test` before you commit")
    return 0


def _stopped(lines: list[str], *, kept: bool = False) -> int:
    more = f" (and {len(lines) - 1} more, which the report lists)" if lines[1:] else ""
    complain("update", lines[0] + more)
    state = "the tree is changed, for you to mend" if kept else "specs/ and generated/ are as they were"
    complain("update", f"stopped; {state}; the report is {report.shown(report.MARKDOWN)}")
    return 1


def _contents(folder: Path | None) -> dict[str, bytes]:
    known = sources.read()
    if folder is None:
        return fetch.from_web(known)
    found = fetch.from_folder(folder, known)
    for source in known:
        if source.name not in found:
            print(f"update: {folder} has no {Path(source.page).name}; {source.name} stays as it is")
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="update", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--from", dest="folder", type=Path, metavar="DIR", help="take the pages from a folder")
    parser.add_argument("--accept", type=accepted, default=[], help="`host`, `security`, or both: where tokens go")
    parser.add_argument("--checks", choices=checks.LEVELS, default=checks.GATE)
    parser.add_argument("--keep", action="store_true", help="write to the tree what a check failed on, to be mended")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
