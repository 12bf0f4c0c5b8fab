"""What the README shows runs as it stands."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Generator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS: list[str] = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
EXAMPLE = BLOCKS[0]
TESTS = [block for block in BLOCKS if "def test_" in block]
"""Those that are for pytest."""
COMMANDS: list[str] = re.findall(r"^\$ (.*?) *(?:  # .*)?$", README, re.MULTILINE)


@pytest.fixture(scope="module")
def local() -> Generator[dict[str, str]]:
    """What `make local` prints."""
    command = [sys.executable, "-m", "siro_client.testing", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            exports = dict[str, str]()
            for line in process.stdout:
                if not line.startswith("export "):
                    break
                name, _, value = line.removeprefix("export ").strip().partition("=")
                exports[name] = value
            yield exports
        finally:
            process.terminate()


def run(folder: Path, command: list[str], variables: dict[str, str]) -> str:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("SIRO_", "PYTEST_"))}
    result = subprocess.run(
        [sys.executable, *command],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**environ, **variables, "TMPDIR": str(folder)},
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_the_first_example_runs_against_make_local(tmp_path: Path, local: dict[str, str]) -> None:
    assert re.fullmatch(r"Kitchen, first visit is linked as \S+\n", run(tmp_path, ["-c", EXAMPLE], local))


def test_the_first_example_is_ten_lines_at_most() -> None:
    assert len([line for line in EXAMPLE.splitlines() if line.strip()]) <= 10


@pytest.mark.parametrize("block", [block for block in BLOCKS[1:] if block not in TESTS])
def test_every_other_example_runs(tmp_path: Path, local: dict[str, str], block: str) -> None:
    told = run(tmp_path, ["-W", "error", "-c", block], local)
    # The one that catches errors meets one; the others are silent.
    assert (
        told == ("NotFoundError link_recording: status 404: " if "except" in block else "") + told.partition("404: ")[2]
    )


def test_the_test_of_the_readme_passes(tmp_path: Path) -> None:
    (block,) = TESTS
    (tmp_path / "test_visit.py").write_text(block, "utf-8")
    assert "1 passed" in run(tmp_path, ["-m", "pytest", "-q", "-p", "no:cacheprovider", "test_visit.py"], {})


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.startswith("python -m ")])
def test_every_command_of_the_client_runs(tmp_path: Path, local: dict[str, str], command: str) -> None:
    (tmp_path / "engagements.jsonl").write_text('{"externalId": "e-1"}\n{"externalId": "e-2"}\n', "utf-8")
    run(tmp_path, shlex.split(command)[1:], local)


@pytest.mark.parametrize("command", [each for each in COMMANDS if "contract_tests" in each])
def test_every_command_of_the_gate_runs(tmp_path: Path, local: dict[str, str], command: str) -> None:
    program, *arguments = shlex.split(command)
    assert program == ".venv/bin/python"
    told = run(ROOT, [*arguments, "-p", "no:cacheprovider", "--profile", "quick", f"--report-dir={tmp_path}"], local)
    assert "link.target.both" in told


def test_every_other_command_is_a_task_or_installs_an_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    installed = {project["name"], *(f"{project['name']}[{extra}]" for extra in project["optional-dependencies"])}
    others = [shlex.split(each) for each in COMMANDS if "python -m " not in each]
    for command in others:
        if command[:2] == ["pip", "install"]:
            assert command[2] in installed
        else:
            program, *task = command
            assert program == "make"
            subprocess.run(["make", "--dry-run", *task], check=True, capture_output=True, cwd=ROOT)  # noqa: S607
    assert {command[0] for command in others} == {"pip", "make"}
