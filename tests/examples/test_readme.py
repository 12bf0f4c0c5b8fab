"""The README of examples/: every example is in it, and its commands do what it says."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import link_webhook

from .conftest import EXAMPLES, Served

README = (EXAMPLES / "README.md").read_text("utf-8")
ROWS: list[tuple[str, str]] = re.findall(r"^\| \[(\w+)/\].*\| `([^`]+)` \|$", README, re.MULTILINE)
COMMANDS = dict(ROWS)
DRY_RUN, SYNC, SIGN = re.findall(r"^```console\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
TOLD = {
    "salesforce": (1, "5 synced, 0 skipped, 2 failed\n"),
    "hubspot": (1, "5 synced, 0 skipped, 1 failed\n"),
    "shell": (1, "3 synced, 0 skipped, 1 failed"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which the commands find what they find at the root, and leave what they write."""
    (tmp_path / "examples").symlink_to(EXAMPLES)
    return tmp_path


def run(command: str, folder: Path, variables: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        ["/bin/sh", "-c", command.replace(".venv/bin/python", shlex.quote(sys.executable))],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env={**environ, "TMPDIR": str(folder), **(variables or {})},
    )


def test_every_example_is_in_the_table() -> None:
    assert set(COMMANDS) == {path.name for path in EXAMPLES.iterdir() if path.is_dir() and path.name[0].isalpha()}


@pytest.mark.parametrize("name", TOLD)
def test_the_command_of_the_table_runs(served: Served, folder: Path, name: str) -> None:
    ran = run(COMMANDS[name], folder, served.environment)
    status, told = TOLD[name]
    assert ran.returncode == status, ran.stdout
    assert told in ran.stdout


def test_the_other_commands_are_those_that_other_tests_run() -> None:
    assert set(COMMANDS) - set(TOLD) == {"webhook", "visits", "tasks"}
    assert COMMANDS["tasks"] == ".venv/bin/python examples/tasks/siro_tasks.py"  # test_tasks.py does
    assert COMMANDS["visits"] == ".venv/bin/python -m pytest examples/visits"  # and test_visits.py
    *_, folder, application = COMMANDS["webhook"].split()
    module, _, name = application.partition(":")
    assert (EXAMPLES.parent / folder / f"{module}.py").exists()
    assert getattr(link_webhook, name) is link_webhook.app


def test_the_shell_says_what_the_readme_says(served: Served, folder: Path) -> None:
    steps = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", DRY_RUN + SYNC, re.MULTILINE)
    assert [run(command, folder, served.environment).stdout for command, _ in steps] == [told for _, told in steps]
    assert len(steps) == 4
    assert served.local.requests["sync_engagement"] == 4
    assert '"line": 3' in (folder / "errors.jsonl").read_text("utf-8")


def test_the_signature_of_the_readme_is_one(folder: Path) -> None:
    commands = [line.removeprefix("$ ") for line in SIGN.splitlines() if line.startswith("$ ")]
    assert commands[-1].startswith("curl ")
    ran = run("; ".join([*commands[:-1], 'echo "$time $signature $body"']), folder)
    timestamp, signature, body = ran.stdout.strip().split(" ", 2)
    assert link_webhook.is_genuine(b"secret", timestamp, signature, body.encode())
    assert not link_webhook.is_genuine(b"another", timestamp, signature, body.encode())
