"""Virtual environments, made by uv with the index that pip has on this machine."""

import ast
import functools
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "constraint": "UV_CONSTRAINT",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}
"""What uv calls a setting of pip."""
_APART = {"UV_FIND_LINKS": ","}
"""What stands between several values, where it is no space."""


@dataclass(frozen=True)
class Environment:
    """A virtual environment."""

    folder: Path

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")

    def install(self, *arguments: str | Path) -> None:
        uv("pip", "install", "--python", self.python, *arguments)

    def test(self, tree: Path, *arguments: str) -> int:
        """Run the tests of a tree, and return how pytest ended."""
        command = [self.python, "-m", "pytest", "--quiet", *arguments]
        return subprocess.run(command, check=False, cwd=tree, env=environ()).returncode

    def run(self, *command: str, folder: Path, code: int = 0, variables: Mapping[str, str] | None = None) -> str:
        """Run its Python in a folder, where nothing of this checkout can be imported, and return what it printed."""
        result = subprocess.run(
            [self.python, *command],
            check=False,
            capture_output=True,
            text=True,
            cwd=folder,
            env=environ(**(variables or {})),
        )
        assert result.returncode == code, result.stdout + result.stderr
        return result.stdout + (result.stderr if code else "")


def environ(**variables: str) -> dict[str, str]:
    """The variables of this process, without those that lead a Python or a client elsewhere."""
    kept = {
        name: value for name, value in os.environ.items() if not re.match("SIRO_|PYTEST_|PYTHON|VIRTUAL_ENV|COV", name)
    }
    return {**kept, **variables}


def make_environment(folder: Path) -> Environment:
    """An empty environment, of the Python that runs the tests."""
    uv("venv", "--python", sys.executable, folder)
    return Environment(folder)


def uv(*arguments: str | Path) -> None:
    """Run uv; where it cannot, fail with its own words and with what it needs."""
    result = run_uv(*arguments)
    if result.returncode:
        told = " ".join(result.stderr.split())
        pytest.fail(f"uv found no way; it needs the package index that pip is configured for: {told}", pytrace=False)


def run_uv(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run uv with the index of pip."""
    return subprocess.run(
        [sys.executable, "-m", "uv", "--no-progress", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**index_of_pip(), **environ()},
    )


@functools.cache
def index_of_pip() -> dict[str, str]:
    """The variables that give uv the index that `pip config list` shows. Nothing of it is written anywhere."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=environ()).stdout
    return translated(told.splitlines())


def translated(lines: list[str]) -> dict[str, str]:
    """The settings of pip as variables of uv; of two, the one that pip heeds."""
    settings = dict[str, str]()
    for section in ("global", "install", ":env:"):
        for line in lines:
            match = re.fullmatch(rf"{section}\.([\w-]+)=(.*)", line)
            if match and match[1] in _UV:
                settings[_UV[match[1]]] = ast.literal_eval(match[2])
    variables = {name: _APART.get(name, " ").join(value.split()) for name, value in settings.items()}
    if "UV_INDEX" in variables:
        # pip takes the best version of all indexes; uv, by itself, the first index that has any.
        variables["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return variables
