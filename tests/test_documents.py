"""Every path that a document names leads somewhere."""

import re
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import pytest

from tests.packaging.archives import tracked

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY", "CHANGELOG")),
    *sorted(ROOT.glob("*/README.md")),
    ROOT / ".github/workflows/README.md",
]
ELSEWHERE = {"specs/once_allowed.json"}
"""What is made when it is needed."""

pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="an unpacked sdist: only git knows its files")


def leading_nowhere(document: Path, text: str) -> list[str]:
    """The paths of a text that are no file and no folder of the repository."""
    files = tracked()
    folders = {str(parent) for name in files for parent in PurePosixPath(name).parents} - {"."}
    tops = "|".join(sorted(re.escape(folder) for folder in folders if "/" not in folder))
    named: list[str] = re.findall(rf"(?<![\w./-])(?:{tops})/[\w./*-]*", text)
    linked: list[str] = re.findall(r"\]\((?![a-z]+:)([^)#]+)", text)
    paths = {path.rstrip("./") for path in named}
    paths |= {(document.parent / link).resolve().relative_to(ROOT).as_posix() for link in linked}
    known = files | folders | ELSEWHERE
    return sorted(path for path in paths if not any(fnmatch(each, path) for each in known))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_that_a_document_names_is_one_of_the_repository(document: Path) -> None:
    assert leading_nowhere(document, document.read_text("utf-8")) == []


def test_a_path_that_leads_nowhere_is_found_in_prose_in_a_command_and_in_a_link() -> None:
    text = """`specs/pages` and `siro_client/gone.py`, as [the rules](rules.toml) and [the others](gone.toml) say:
    $ make spec-diff OLD=specs/pages/gone.md; see https://example.com/specs/gone, reports/gone and tests/gone*.py."""
    found = leading_nowhere(ROOT / "contract_tests" / "README.md", text)
    assert found == ["contract_tests/gone.toml", "siro_client/gone.py", "specs/pages/gone.md", "tests/gone*.py"]
