"""The workflows: zizmor passes them, and what a fork or a page could reach is as little as can be."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.layout import load_yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def workflow(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = load_yaml(path)
    return found


def test_zizmor_passes_them_and_fails_what_it_is_there_for(tmp_path: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("zizmor")),
        "--offline",
        "--no-progress",
        "--quiet",
        "--persona",
        "auditor",
    ]
    assert subprocess.run([*command, *WORKFLOWS], check=False, capture_output=True).returncode == 0
    text = (ROOT / ".github/workflows/update.yml").read_text("utf-8")
    for good, bad in (
        ("actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2", "actions/checkout@v6"),
        ("permissions:\n  contents: read\n", "permissions: write-all\n"),
        ("persist-credentials: false", "persist-credentials: true"),
        ('ACCEPT="$ACCEPTED"', 'ACCEPT="${{ inputs.accept }}${{ github.head_ref }}"'),
    ):
        assert good in text
        (tmp_path / "worse.yml").write_text(text.replace(good, bad), "utf-8")
        assert subprocess.run([*command, tmp_path / "worse.yml"], check=False, capture_output=True).returncode > 0, bad


def test_there_are_the_gate_the_night_and_the_update() -> None:
    assert [path.stem for path in WORKFLOWS] == ["contract", "nightly", "update"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_pins_its_actions_and_may_read_only(path: Path) -> None:
    read = workflow(path)
    assert read["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in read["on"]
    uses = re.findall(r"^\s*-? *uses: (.*)$", path.read_text("utf-8"), re.MULTILINE)
    assert uses
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use) for use in uses)
    assert not re.search(r"\$\{\{\s*secrets\.", path.read_text("utf-8"))


def test_only_the_job_that_runs_nothing_of_a_page_may_write() -> None:
    jobs = {f"{path.stem}/{name}": job for path in WORKFLOWS for name, job in workflow(path)["jobs"].items()}
    (writer,) = [name for name, job in jobs.items() if "permissions" in job]
    assert writer == "update/pull-request"
    assert jobs[writer]["permissions"] == {"contents": "write", "pull-requests": "write"}
    commands = "\n".join(step.get("run", "") for step in jobs[writer]["steps"])
    assert not re.search(r"\b(make|python|pip|bash|sh|source|eval)\b", commands)
    for job in jobs.values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), "a value of GitHub's goes to a shell by a variable"
