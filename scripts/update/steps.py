"""The steps of an update: read the pages, find out what changed, and try it out in a copy of the tree."""

from collections.abc import Collection, Iterator, Mapping, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts import bodies, once_allowed, sources, spec_diff, trust, vendor
from scripts.layout import EFFECTIVE, GENERATED, ROOT, StepError, load_yaml
from scripts.page import Page, read_page
from scripts.sources import Source
from scripts.update import coverage, names, overlays, prose, version
from scripts.update.findings import Findings
from scripts.update.job import Job
from scripts.update.workspace import COPY, Workspace

_ADVICE = {
    overlays.Outcome.STOPS: "mend the overlay",
    overlays.Outcome.UNNECESSARY: "take the action away",
    overlays.Outcome.BRANCHES: "take the action away, or remove first what the page says",
}


@dataclass(frozen=True)
class Pages:
    """Every page as it is vendored, those that were offered in its place, and the bytes of those that differ."""

    old: dict[str, Page]
    new: dict[str, Page]
    changed: dict[Source, bytes]


def read(contents: Mapping[str, bytes]) -> Pages:
    """Read the pages, by source.

    Raises:
        StepError: if what is vendored was touched, or what is offered is no page.
    """
    old: dict[str, Page] = {}
    new: dict[str, Page] = {}
    changed: dict[Source, bytes] = {}
    for source in sources.read():
        vendor.check(source)
        recorded = source.page_path.read_bytes()
        offered = contents.get(source.name, recorded)
        old[source.name] = new[source.name] = read_page(recorded)
        if offered != recorded:
            try:
                new[source.name] = read_page(offered)
            except StepError as error:
                raise StepError(f"{source.page}: {error}") from None
            changed[source] = offered
    return Pages(old, new, changed)


def check_trust(pages: Pages, accept: Collection[str]) -> None:
    """Raise StepError if a page is about another operation, or sends tokens elsewhere or otherwise than is accepted."""
    for source in pages.changed:
        try:
            trust.check_against(pages.old[source.name], pages.new[source.name], accept)
        except StepError as error:
            raise StepError(f"{source.page}: {error}") from None


def explore(pages: Pages, findings: Findings) -> None:
    """Find out what can be said of the pages alone."""
    findings.pages = [source.name for source in pages.changed]
    for name in findings.pages:
        old, new = pages.old[name].document, pages.new[name].document
        findings.changes += spec_diff.compare(old, new)
        findings.overlays += overlays.compare(name, old, new)
    findings.wordings = prose.compare(pages.old, pages.new)


def vendor_pages(space: Workspace, pages: Pages, findings: Findings, accept: Collection[str]) -> None:
    """Vendor the pages in the workspace, and keep what they allow no more for the gate.

    Raises:
        StepError: if a page cannot be vendored, or an overlay action does not fit it; that is found out before the
            generator stops at it, so that the report has all of them.
    """
    for source, content in pages.changed.items():
        in_copy(source.page_path).write_bytes(content)
    do(space, "scripts.vendor", *(f"--accept={each}" for each in accept))
    once_allowed.record(findings.changes, in_copy(once_allowed.ONCE_ALLOWED))
    if stops := [each for each in findings.overlays if each.stops]:
        first = stops[0]
        raise StepError(
            f"specs/{first.overlay}: action {first.number} ({first.target}) {first.outcome}: {first.told}"
            f"{_more(stops)}; {_ADVICE[first.outcome]}, then run make update again"
        )


def generate(space: Workspace, before: Job, findings: Findings) -> None:
    """Generate in the workspace, and find out what became of the names and of the gate's cases.

    Raises:
        StepError: if that cannot be done.
    """
    do(space, "scripts.generate")
    after = coverage.start(space)
    document = load_yaml(in_copy(EFFECTIVE))
    sent, received = (_components(document, table(document)) for table in (bodies.requests, bodies.responses))
    findings.names = names.compare(GENERATED, in_copy(GENERATED), sent, received)
    findings.next = version.following(findings.changes, findings.names)
    findings.coverage = coverage.compare(before, after)


def decided(findings: Findings) -> Iterator[str]:
    """What only a person can say, though nothing failed: what a sentence that changed means for the rules."""
    unsettled = [each for each in findings.wordings if each.unsettled]
    if unsettled:
        first = unsettled[0]
        what = "is new" if first.new else "is gone"
        yield (
            f"“{first.new or first.old}” ({first.places[0]}) {what}{_more(unsettled)}: look at what it demands, and "
            f"settle it in {prose.RULES}"
        )


def to_decide(findings: Findings) -> str:
    """What a person has to decide where a check does not hold."""
    broken = [name for name in findings.names if name.breaks]
    if broken:
        what = "is gone" if broken[0].new is None else "is another"
        return f"{broken[0].name} {what}{_more(broken)}: decide how the code that uses it follows, and mend that first"
    return "decide whether the code, the rule or the overlay has to follow the page, and mend that first"


def do(space: Workspace, module: str, *arguments: str) -> None:
    """Run a script of the workspace.

    Raises:
        StepError: if it fails, with what it says, in one line.
    """
    result = space.run(module, *arguments)
    if result.status:
        lines = (result.errors or result.output).strip().splitlines() or ["failed without a word"]
        raise StepError(" ".join(line.strip() for line in lines))


def in_copy(path: Path) -> Path:
    """Where a path of the tree is in the workspace."""
    return COPY / path.relative_to(ROOT)


def _more(found: Sized) -> str:
    return f" (and {len(found) - 1} more)" if len(found) > 1 else ""


def _components(document: dict[str, Any], schemas: Mapping[str, Any]) -> set[str]:
    """The names of the components that schemas are made of, at any depth."""
    found = bodies.every_schema(document, schemas.values())
    return {bodies.component(schema["$ref"]) for schema in found if "$ref" in schema}
