"""The workflows: zizmor passes them, and what a fork or a page could reach is as little as can be."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import siro_client
from scripts.layout import load_yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def workflow(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = load_yaml(path)
    return found


def setup(step: dict[str, Any]) -> bool:
    """Whether a step chooses the Python."""
    return str(step.get("uses", "")).startswith("actions/setup-python@")


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


def test_there_are_the_gate_the_night_the_release_and_the_update() -> None:
    assert [path.stem for path in WORKFLOWS] == ["contract", "nightly", "release", "update"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_pins_its_actions_and_may_read_only(path: Path) -> None:
    read = workflow(path)
    assert read["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in read["on"]
    uses = re.findall(r"^\s*-? *uses: (.*)$", path.read_text("utf-8"), re.MULTILINE)
    assert uses
    owners = "actions|pypa" if path.stem == "release" else "actions"
    assert all(re.fullmatch(rf"({owners})/[a-z-]+@[0-9a-f]{{40}} # v\d+\.\d+\.\d+", use) for use in uses)
    assert not re.search(r"\$\{\{\s*secrets\.", path.read_text("utf-8"))


def test_a_push_runs_all_tests_with_each_python_that_is_claimed() -> None:
    jobs = workflow(ROOT / ".github/workflows/contract.yml")["jobs"]
    runs = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert runs == ["make test PYTHON=python", "make lowest PYTHON=python", "make workflows"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    claimed = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    assert jobs["test"]["strategy"]["matrix"] == {"python": claimed}
    asked = [step["with"]["python-version"] for job in jobs.values() for step in job["steps"] if setup(step)]
    assert asked == ["${{ matrix.python }}", project["requires-python"].removeprefix(">=")]


def test_what_may_write_runs_nothing_of_a_page_or_of_ours() -> None:
    jobs = {f"{path.stem}/{name}": job for path in WORKFLOWS for name, job in workflow(path)["jobs"].items()}
    allowed = {name: job["permissions"] for name, job in jobs.items() if "permissions" in job}
    assert allowed == {
        "update/pull-request": {"contents": "write", "pull-requests": "write"},
        "release/publish": {"id-token": "write"},
    }
    for writer in allowed:
        commands = "\n".join(step.get("run", "") for step in jobs[writer]["steps"])
        assert not re.search(r"\b(make|python|pip|bash|sh|source|eval)\b", commands)
    for job in jobs.values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), "a value of GitHub's goes to a shell by a variable"


def test_a_release_is_published_from_what_was_tested_and_without_a_secret() -> None:
    release = workflow(ROOT / ".github/workflows/release.yml")
    assert release["on"] == {"push": {"tags": ["v*"]}}
    build, publish = release["jobs"]["build"], release["jobs"]["publish"]
    commands = [line for step in build["steps"] for line in step.get("run", "").splitlines()]
    assert [line for line in commands if line in ("make test", "make lowest", "make dist")] == [
        "make test",
        "make lowest",
        "make dist",
    ]
    assert publish["needs"] == "build"
    assert publish["environment"] == "pypi"
    download, upload = publish["steps"]
    assert download["uses"].startswith("actions/download-artifact@")
    uploaded = build["steps"][-1]["with"]
    assert download["with"] == {"name": uploaded["name"], "path": uploaded["path"]} == {"name": "dist", "path": "dist/"}
    assert upload["uses"].startswith("pypa/gh-action-pypi-publish@")
    assert upload["with"] == {"attestations": True}


@pytest.mark.parametrize(("tag", "code"), [(f"v{siro_client.__version__}", 0), ("v0.0.9", 1), ("version", 1)])
def test_a_release_stops_where_tag_and_version_differ(tag: str, code: int) -> None:
    build = workflow(ROOT / ".github/workflows/release.yml")["jobs"]["build"]
    (command,) = [step["run"] for step in build["steps"] if step.get("name") == "Tag and version agree"]
    assert command.startswith("make setup\n")
    script = command.removeprefix("make setup\n").replace(".venv/bin/python", sys.executable)
    result = subprocess.run(
        ["bash", "-e", "-c", script],  # noqa: S607
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "GITHUB_REF_NAME": tag},
    )
    assert result.returncode == code, result.stderr
    assert ("mend the one that is wrong" in result.stderr) == bool(code)


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=it", "-c", "user.email=it@example.com"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder).stdout


def commands(job: str, *words: str) -> str:
    """The lines of a job that begin with one of some words."""
    steps = workflow(ROOT / ".github/workflows/update.yml")["jobs"][job]["steps"]
    lines = [line for step in steps for line in step.get("run", "").splitlines() if line.startswith(words)]
    assert lines
    return "\n".join(lines)


def test_the_pull_request_has_what_came_what_changed_and_what_went_and_nothing_else(tmp_path: Path) -> None:
    one, other, temporary = tmp_path / "one", tmp_path / "other", tmp_path / "temporary"
    for name in ("specs/a.yaml", "specs/gone.yaml", "generated/inner/gone.py", "docs/reference.html", "README.md"):
        path = one / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")
    git(one, "init", "--quiet")
    git(one, "add", ".")
    git(one, "commit", "--quiet", "--message", "Begin")
    git(tmp_path, "clone", "--quiet", str(one), str(other))
    (one / "specs/a.yaml").write_text("changed", "utf-8")
    (one / "generated/new.py").write_text("new", "utf-8")
    (one / "docs/reference.html").write_text("changed", "utf-8")
    (one / "README.md").write_text("changed", "utf-8")
    for name in ("specs/gone.yaml", "generated/inner/gone.py"):
        (one / name).unlink()

    shell = ["bash", "-ec"]  # as the workflow's
    subprocess.run([*shell, commands("update", "git ")], check=True, cwd=one)
    (temporary / "update").mkdir(parents=True)
    shutil.copy(one / "update.patch", temporary / "update")
    environ = {**os.environ, "RUNNER_TEMP": str(temporary)}
    subprocess.run([*shell, commands("pull-request", "git apply")], check=True, cwd=other, env=environ)

    assert sorted(git(other, "diff", "--cached", "--name-status").splitlines()) == [
        "A\tgenerated/new.py",
        "D\tgenerated/inner/gone.py",
        "D\tspecs/gone.yaml",
        "M\tdocs/reference.html",
        "M\tspecs/a.yaml",
    ]
