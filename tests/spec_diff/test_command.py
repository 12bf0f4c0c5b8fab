"""`python -m scripts.spec_diff` for any two files: what it prints, and its exit status."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import sources
from scripts.layout import ROOT
from tests.spec_diff.corpus import Edit, load

EDITS = {edit.name: edit for edit in load()}


def run(*arguments: str | Path, seed: str = "0") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.spec_diff", *map(str, arguments)]
    environment = os.environ | {"PYTHONHASHSEED": seed}
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)


def pages(edit: Edit, folder: Path) -> tuple[Path, Path]:
    page = next(source.page_path for source in sources.read() if source.name == edit.spec)
    changed = folder / "page.md"
    changed.write_bytes(edit.page(page.read_bytes()))
    return page, changed


def test_a_breaking_change_fails_only_when_asked(tmp_path: Path) -> None:
    old, new = pages(EDITS["a-request-becomes-closed"], tmp_path)
    assert run(old, new).returncode == 0
    result = run(old, new, "--fail-on", "breaking")
    assert result.returncode == 1
    assert "1 change: 1 of them breaks callers" in result.stdout


def test_another_change_never_fails(tmp_path: Path) -> None:
    old, new = pages(EDITS["an-optional-request-property-is-added"], tmp_path)
    result = run(old, new, "--fail-on", "breaking", "--format", "markdown")
    assert result.returncode == 0
    assert "none of which breaks callers or readers" in result.stdout


def test_a_page_and_its_spec_are_the_same() -> None:
    for source in sources.read():
        result = run(source.page_path, source.spec_path, "--format", "json", "--fail-on", "breaking")
        assert (result.returncode, json.loads(result.stdout)) == (0, {"breaking": False, "changes": []})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"# A page without a block\n", "line 1"),
        (b"openapi: 3.1.0\ninfo: {}\npaths: {}\n", "3.1.0"),
        (b"{", "line 1"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_one_line(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "new").write_bytes(content)
    result = run(sources.read()[0].spec_path, tmp_path / "new")
    assert result.returncode == 2
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_file_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    result = run(tmp_path / "none", tmp_path / "none")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"spec-diff: {tmp_path / 'none'}: No such file or directory\n"


def test_a_pattern_that_is_none_is_told_in_one_line(tmp_path: Path) -> None:
    old, new = pages(EDITS["a-request-pattern-is-added"], tmp_path)
    new.write_bytes(new.read_bytes().replace(b"^[A-Za-z0-9]{15,18}$", b"^[A-Za-z0-9{15,18}$"))
    result = run(old, new)
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert "pattern" in result.stderr


def test_two_runs_say_the_same_byte_for_byte(tmp_path: Path) -> None:
    old, new = pages(EDITS["host-and-header-and-body-change-at-once"], tmp_path)
    first, second = (run(old, new, "--format", "json", seed=seed).stdout for seed in ("1", "2"))
    assert first == second
    assert json.loads(first)["breaking"] is True


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    page = next(source.page_path for source in sources.read())
    result = run(page, tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"spec-diff: NEW={tmp_path} is a folder: name an OpenAPI file or a page\n"
