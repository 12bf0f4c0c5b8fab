"""The wheel and the sdist of a tree, and what is in them."""

import io
import shlex
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tests.packaging.environments import ROOT, environ

EPOCH = "1790000000"
"""What dates the files of an archive; `make dist` takes the time of the last commit."""


@dataclass(frozen=True)
class Archives:
    """Both."""

    folder: Path

    @property
    def wheel(self) -> Path:
        (path,) = self.folder.glob("*.whl")
        return path

    @property
    def sdist(self) -> Path:
        (path,) = self.folder.glob("*.tar.gz")
        return path


def build(tree: Path, folder: Path) -> Archives:
    """Build both with the pinned backend itself, which fetches nothing."""
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    result = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=tree, env=environ(SOURCE_DATE_EPOCH=EPOCH)
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return Archives(folder)


def make_dist(repository: Path) -> Archives:
    """Build both by `make dist` in a repository that has no environment of its own, without its stale check."""
    python = repository / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n', "utf-8")
    python.chmod(0o700)
    done = ["--old-file=.venv/.pinned", "--old-file=.venv/.ready", "--old-file=check"]
    for name in (".pinned", ".ready"):
        (repository / ".venv" / name).touch()
    result = subprocess.run(
        ["make", *done, "dist"],  # noqa: S607
        check=False,
        capture_output=True,
        text=True,
        cwd=repository,
        env=environ(SOURCE_DATE_EPOCH=EPOCH),
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return Archives(repository / "dist")


def files_of_wheel(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def files_of_sdist(path: Path) -> dict[str, bytes]:
    """By their paths below the one folder at the top."""
    files = dict[str, bytes]()
    with tarfile.open(fileobj=io.BytesIO(path.read_bytes())) as archive:
        for member in archive.getmembers():
            stream = archive.extractfile(member)
            assert stream, member.name
            files[member.name.partition("/")[2]] = stream.read()
    return files


def unpack(sdist: Path, folder: Path, *, without: tuple[str, ...] = ()) -> Path:
    """Write the files of an sdist below a folder, but for those whose paths begin otherwise than is wanted."""
    for name, content in files_of_sdist(sdist).items():
        if not name.startswith(without):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return folder


def tracked() -> set[str]:
    """The files that git tracks or would."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    return {name for name in told.split("\0") if name and (ROOT / name).is_file()}
