"""A copy of what the pipeline reads and writes, to break in a test."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def copy_of_the_tree(folder: Path) -> Path:
    """Copy `specs/`, `scripts/`, `generated/` and the pinned dependencies, without caches."""
    for name in ("specs", "scripts", "generated", "requirements"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def run(tree: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the copy."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=tree,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environ},
    )


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
