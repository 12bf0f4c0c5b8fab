"""A copy of the whole tree, in which an update runs as it does in a clone, and pages to give to it."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "reports", "dist", "mutants")
SYNC, LINK = "sync-an-engagement.md", "put-recording-crm-link.md"


def copy_of_everything(folder: Path) -> Path:
    """All that git tracks, without the tests, but for those that an update runs."""
    tree = folder / "tree"
    shutil.copytree(ROOT, tree, ignore=_LEFT_OUT)
    return tree


def environ(tree: Path, **variables: str) -> dict[str, str]:
    """What makes a Python use the code of the copy."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(tree), str(tree / "generated")]), **variables}


def update(tree: Path, *arguments: str, command: str = "scripts.update") -> subprocess.CompletedProcess[str]:
    """Run an update of the copy to its end."""
    return subprocess.run(
        [sys.executable, "-m", command, *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=tree,
        env=environ(tree),
    )


def pages(tree: Path, folder: Path, edits: Mapping[str, tuple[str, str]]) -> Path:
    """A folder with the pages of a tree, some with one text in place of another, which has to stand there."""
    shutil.copytree(tree / "specs" / "pages", folder)
    for name, (old, new) in edits.items():
        text = (folder / name).read_text("utf-8")
        assert old in text, old
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    return folder


def state(tree: Path) -> dict[str, bytes]:
    """What an update may change, with its bytes."""
    paths = [path for folder in ("specs", "generated") for path in (tree / folder).rglob("*")]
    return {
        str(path.relative_to(tree)): path.read_bytes()
        for path in paths
        if path.is_file() and "__pycache__" not in path.parts
    }


def working_in(tree: Path) -> list[str]:
    """The processes that are somewhere below a tree, where the system tells."""
    found: list[str] = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            found += [folder for folder in [str(link.readlink())] if folder.startswith(str(tree))]
    return found
