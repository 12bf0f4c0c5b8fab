"""The report of an update: Markdown for a pull request, JSON for a program, a table for the terminal."""

import json
from collections.abc import Sequence
from pathlib import Path

from scripts.layout import ROOT
from scripts.spec_diff import report as of_changes
from scripts.update.checks import Failure
from scripts.update.findings import Findings

FOLDER = ROOT / "reports"
MARKDOWN = FOLDER / "spec-change.md"
JSON = FOLDER / "spec-change.json"
LOG = FOLDER / "spec-change.log"


def write(findings: Findings, failures: Sequence[Failure] = ()) -> None:
    """Write all that is known, and the full output of each check that failed."""
    FOLDER.mkdir(exist_ok=True)
    MARKDOWN.write_text(_markdown(findings), "utf-8")
    told = {**json.loads(of_changes.as_json(findings.changes)), **findings.as_json()}
    JSON.write_text(json.dumps(told, indent=2) + "\n", "utf-8")
    LOG.unlink(missing_ok=True)
    if failures:
        LOG.write_text("\n\n".join(f"{failure.check}\n\n{failure.log}" for failure in failures), "utf-8")


def _markdown(findings: Findings) -> str:
    if findings.pages:
        return of_changes.markdown(findings.changes, findings.sections())
    # No page was compared, so nothing can be said of changes, not even that there are none.
    lines = "\n".join(f"- {of_changes.escaped(line)}" for line in findings.decide)
    return f"## The update stopped before it compared anything\n\n{lines}\n"


def terminal(findings: Findings) -> str:
    """What is known, for the terminal."""
    return of_changes.terminal(findings.changes, findings.sections())


def following(findings: Findings) -> str:
    """What to read and which version comes next, as the end of a line."""
    version = f"; the next version is {findings.next.version} ({findings.next.level})" if findings.next else ""
    return f"{version}; the report is {shown(MARKDOWN)}"


def shown(path: Path) -> str:
    """A path below the root."""
    return str(path.relative_to(ROOT))
