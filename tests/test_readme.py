"""The README's Python runs as it stands."""

import os
import re
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
BLOCKS: list[str] = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
EXAMPLE = BLOCKS[0]
TESTS = [block for block in BLOCKS if "def test_" in block]
"""Those that are for pytest."""


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
