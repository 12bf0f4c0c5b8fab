"""A copy of the tree to try things in, and the one moment in which what came out of it is written to the tree.

Until that moment nothing in the tree is touched, so a step that fails has nothing to undo, nor has Ctrl-C, nor a
machine that is switched off. The copy stays where it is between runs, so that what was compiled for it need not be
again.
"""

import fcntl
import os
import shutil
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from scripts.layout import ROOT, StepError
from scripts.update.job import Job, Result, begin

COPY = ROOT / ".cache" / "update" / "tree"
INSTALLED = ("specs", "generated")
"""The folders that an update may change."""
_CACHES = ROOT / ".cache" / "update"
_ELSEWHERE = {".git", ".venv", ".cache", ".hypothesis", ".schemathesis", "__pycache__", "reports", "dist", "mutants"}
_INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_OUTSIDE = ("SIRO_", "PYTEST_", "GITHUB_")
"""Variables that would send the gate to another Siro than the local one, or its report elsewhere."""


@contextmanager
def workspace() -> Generator["Workspace"]:
    """A fresh copy of the tree, which no other update uses at the same time. What runs in it ends with it.

    Raises:
        StepError: if another update is under way.
    """
    _CACHES.mkdir(parents=True, exist_ok=True)
    with (_CACHES / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StepError("another update is under way in this tree: wait until it ends") from None
        _mirror(ROOT, COPY)
        space = Workspace()
        try:
            yield space
        finally:
            for job in space.jobs:
                job.stop()


class Workspace:
    """The copy."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def start(self, *arguments: str) -> Job:
        """Start a Python module of the copy, with the copy's own code, and with caches that last between runs."""
        here = [str(COPY), str(COPY / "generated")]
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(_OUTSIDE)},
            "PYTHONPATH": os.pathsep.join(here),
            "MYPYPATH": here[1],
            "MYPY_CACHE_DIR": str(_CACHES / "mypy"),
            "NO_COLOR": "1",
            "COLUMNS": "1000",  # so that the summary of a failure is not cut short
        }
        self.jobs.append(begin([sys.executable, "-m", *arguments], COPY, environ))
        return self.jobs[-1]

    def run(self, *arguments: str) -> Result:
        """The same, to its end."""
        return self.start(*arguments).result()

    def changed(self) -> dict[str, bytes | None]:
        """What the copy has otherwise than the tree: paths below the root, with their bytes, or None if it is gone."""
        here, there = _files(COPY, INSTALLED), _files(ROOT, INSTALLED)
        return {
            name: here[name].read_bytes() if name in here else None
            for name in sorted(here.keys() | there.keys())
            if name not in here or name not in there or here[name].read_bytes() != there[name].read_bytes()
        }

    def install(self) -> list[str]:
        """Write to the tree what changed; return the paths. It cannot be interrupted; what fails is undone."""
        wanted = self.changed()
        with _uninterrupted():
            before = {name: path.read_bytes() if (path := ROOT / name).exists() else None for name in wanted}
            try:
                _write(wanted)
            except OSError as error:
                _write(before)
                raise StepError(f"{error.filename} cannot be written: {error.strerror}") from None
        return list(wanted)


def _write(contents: dict[str, bytes | None]) -> None:
    for name, content in contents.items():
        path = ROOT / name
        if content is None:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.new")
        aside.write_bytes(content)
        aside.replace(path)


@contextmanager
def _uninterrupted() -> Generator[None]:
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _INTERRUPTS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _mirror(source: Path, target: Path) -> None:
    """Bring a copy up to date. A file of the same time and size is the same, since a copy keeps the time."""
    wanted, present = _files(source, ()), _files(target, ())
    for name in present.keys() - wanted.keys():
        present[name].unlink()
    for name, path in wanted.items():
        if name not in present or _stamp(path) != _stamp(present[name]):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target / name)
    if not (target / ".venv").exists() and (source / ".venv").exists():
        (target / ".venv").symlink_to(source / ".venv")


def _files(root: Path, folders: tuple[str, ...]) -> dict[str, Path]:
    """The files below a root, or below some of its folders, by their path; without what is made and not kept."""
    found: dict[str, Path] = {}
    for top in [root / folder for folder in folders] or [root]:
        for folder, inner, names in os.walk(top):
            inner[:] = [name for name in inner if name not in _ELSEWHERE and not name.endswith("_cache")]
            for name in names:
                path = Path(folder, name)
                found[str(path.relative_to(root))] = path
    return found


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size
