"""Add an operation by its documentation page: vendor the page, start an overlay, generate, and check it by the gate.

python -m scripts.add PAGE [--name OPERATION_ID] [--url URL] [--accept host|security]

As an update does, it tries all of that in a copy of the tree, and writes to the tree once, at the end.
"""

import argparse
import datetime as dt
import keyword
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from scripts import sources, spec_diff, trust, vendor
from scripts.layout import SOURCES, StepError, dump_yaml, overlay_path
from scripts.page import Page, operations, read_page
from scripts.sources import Source, sha256
from scripts.spec_diff import Kind
from scripts.update import checks, coverage, prose, report
from scripts.update.command import INTERRUPTED, accepted, complain, interruptible
from scripts.update.findings import Findings
from scripts.update.steps import do, generate, in_copy
from scripts.update.workspace import workspace

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_BODILESS = ("HEAD ", "OPTIONS ", "TRACE ")


def main() -> int:
    """Add a page, and say in one line how it ended."""
    arguments = _arguments()
    findings = Findings()
    try:
        with interruptible():
            return _add(arguments, findings)
    except StepError as error:
        complain("add", str(error))
        where = f"; the report is {report.shown(report.MARKDOWN)}" if findings.names or findings.decide else ""
        complain("add", f"stopped; specs/ and generated/ are as they were{where}")
        return 1
    except KeyboardInterrupt:
        complain("add", "interrupted; specs/ and generated/ are as they were")
        return INTERRUPTED


def _add(arguments: argparse.Namespace, findings: Findings) -> int:
    content = _read(arguments.page)
    try:
        page = read_page(content)
        known = {source: vendor.recorded(source) for source in sources.read()}
        _stop_if_bodiless(page)
        _stop_if_known(page, known)
        trust.check_known(known.values(), page, arguments.accept)
    except StepError as error:
        raise StepError(f"{arguments.page.name}: {error}") from None
    source = _source(arguments, page, content, list(known))
    findings.pages = [source.name]
    told = f"The operation {source.operation} is new, and the client has a function for it: {source.name}."
    findings.changes = [
        replace(change, meaning=told) if change.kind == Kind.OPERATION_ADDED else change
        for change in spec_diff.compare({**page.document, "paths": {}}, page.document)
    ]
    pages = {each.name: read_page(each.page_path.read_bytes()) for each in known}
    findings.wordings = prose.compare(pages, {**pages, source.name: page})
    with workspace() as space:
        before = coverage.start(space)
        before.result()  # it reads what is about to change
        _write(source, page, content, list(known))
        do(space, "scripts.vendor", "--check")
        try:
            generate(space, before, findings)
        except StepError as error:
            findings.decide.append(str(error))
            raise
        finally:
            report.write(findings)
        print(report.terminal(findings))
        if failures := checks.run(space, arguments.checks):
            report.write(findings, failures)
            raise StepError(f"{failures[0].check}: {failures[0].line}")
        written = space.install()
    print(f"add: {source.name} is {source.operation}; {len(written)} files changed{report.following(findings)}")
    if unsettled := [each for each in findings.wordings if each.unsettled]:
        print(f"add: {len(unsettled)} of its sentences have no rule yet, nor a reason for having none ({prose.RULES})")
    return 0


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise StepError(f"{path} is no file: say PAGE=FILE, a page as Siro publishes it")
    try:
        return path.read_bytes()
    except OSError as error:
        raise StepError(f"{path} cannot be read: {error.strerror}") from None


def _stop_if_bodiless(page: Page) -> None:
    if page.operation.startswith(_BODILESS):
        raise StepError(
            f"documents {page.operation}, whose answers have no body that could be checked: look at whether the page "
            "is right, and teach the shared overlay, the local Siro and the gate if it is"
        )


def _stop_if_known(page: Page, known: dict[Source, Page]) -> None:
    for source in known:
        if source.operation == page.operation:
            raise StepError(f"documents {page.operation}, which {source.name} does: use make update FROM=DIR")


def _source(arguments: argparse.Namespace, page: Page, content: bytes, known: list[Source]) -> Source:
    """The record of the page."""
    name = arguments.name or _suggested(page)
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise StepError(f"{name!r} is no name of a Python function in snake_case: say NAME=...")
    file = f"pages/{arguments.page.name}"
    if any(name == source.name or file == source.page for source in known):
        raise StepError(f"{name} or {file} is recorded already: say NAME=..., or give the page another file name")
    folders = {urljoin(source.url, ".") for source in known}
    if not arguments.url and len(folders) != 1:
        raise StepError("where Siro publishes the page cannot be told from the others: say URL=...")
    url = arguments.url or folders.pop() + arguments.page.name
    if not url.startswith("https://"):
        raise StepError(f"{url} is no https URL, and pages are fetched over https only: say URL=...")
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    return Source(name, url, file, page.operation, today, sha256(content), sha256(page.spec))


def _suggested(page: Page) -> str:
    """An operation id in snake_case: the page's own, or from its summary, or from method and path."""
    _, path, method = next(operations(page.document))
    operation = page.document["paths"][path][method]
    told = operation.get("operationId") or operation.get("summary") or f"{method} {path}"
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", str(told))
    words = [word for word in re.split(r"[^a-z0-9]+", spaced.lower()) if word not in {"", "a", "an", "the"}]
    return "_".join(words)


def _write(source: Source, page: Page, content: bytes, known: list[Source]) -> None:
    """Write to the copy what belongs to the new source."""
    in_copy(source.page_path).write_bytes(content)
    in_copy(source.spec_path).write_bytes(page.spec)
    in_copy(overlay_path(source.name)).write_text(_overlay(source.name, page), "utf-8")
    sources.write(sorted([*known, source], key=lambda each: each.name), in_copy(SOURCES))


def _overlay(name: str, page: Page) -> str:
    """The overlay to start with: the operation id, and the tag that the generator takes a folder's name from."""
    _, path, method = next(operations(page.document))
    operation: dict[str, Any] = page.document["paths"][path][method]
    said = {} if operation.get("operationId") == name else {"operationId": name}
    update = said if operation.get("tags") else {**said, "tags": [_tag(path)]}
    action = {
        "target": f"$.paths.*.{method}",
        "description": f"From {' and '.join(update)} the generator takes the names of the function and its module.",
        "update": update,
    }
    overlay = {
        "overlay": "1.1.0",
        "info": {"title": f"What the page of {name} says in prose, or wrongly for a generator", "version": "1.0.0"},
        "extends": f"../vendored/{name}.yaml",
        "actions": [action] if update else [],
    }
    return dump_yaml(overlay)


def _tag(path: str) -> str:
    """The collection that the path is in: what stands before its first parameter, or after the version."""
    before, parameter, _ = path.partition("/{")
    parts = [part for part in before.split("/") if part] or ["other"]
    return re.sub(r"[^a-z0-9]+", "_", (parts[-1] if parameter else parts[min(1, len(parts) - 1)]).lower())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="add", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("page", type=Path, help="the page, as Siro publishes it")
    parser.add_argument("--name", help="the operation id, in snake_case")
    parser.add_argument(
        "--url", help="where Siro publishes the page; told from the other pages if it stands beside them"
    )
    parser.add_argument("--accept", type=accepted, default=[], help="`host`, `security`, or both: where tokens go")
    parser.add_argument("--checks", choices=checks.LEVELS, default=checks.GATE)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
