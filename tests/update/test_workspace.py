"""The copy that an update works in, and what is written to the tree at its end: all of it or nothing."""

import fcntl
import sys
import time
from pathlib import Path

import pytest

from scripts.layout import StepError
from scripts.update import workspace as module
from scripts.update.job import begin
from scripts.update.workspace import workspace
from tests.update.tree import working_in


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("specs/a.yaml", "specs/b.yaml", "generated/c.py", "tests/d.py", ".venv/left-out", "reports/left-out"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "COPY", tmp_path / ".cache/update/tree")
    monkeypatch.setattr(module, "_CACHES", tmp_path / ".cache/update")
    return tmp_path


def test_the_copy_has_what_the_tree_has_and_nothing_of_an_earlier_run(tree: Path) -> None:
    copy = tree / ".cache/update/tree"
    with workspace():
        (copy / "specs/a.yaml").write_text("something else of the same size"[:12])
        (copy / "specs/new.yaml").write_text("new")
    with workspace() as space:
        names = {
            str(path.relative_to(copy)) for path in copy.rglob("*") if path.is_file() and ".venv" not in path.parts
        }
        assert names == {"specs/a.yaml", "specs/b.yaml", "generated/c.py", "tests/d.py"}
        assert space.changed() == {}


def test_what_came_went_and_changed_is_written_below_specs_and_generated_only(tree: Path) -> None:
    copy = tree / ".cache/update/tree"
    with workspace() as space:
        (copy / "specs/a.yaml").unlink()
        (copy / "specs/deep").mkdir()
        (copy / "specs/deep/new.yaml").write_text("new")
        (copy / "generated/c.py").write_text("changed")
        (copy / "tests/d.py").write_text("changed")
        assert space.install() == ["generated/c.py", "specs/a.yaml", "specs/deep/new.yaml"]
    assert not (tree / "specs/a.yaml").exists()
    assert (tree / "specs/deep/new.yaml").read_text() == "new"
    assert (tree / "generated/c.py").read_text() == "changed"
    assert (tree / "tests/d.py").read_text() == "tests/d.py"


def test_a_file_that_cannot_be_written_puts_back_those_before_it(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tree / ".cache/update/tree"
    write_bytes = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if b"too much" in data:
            raise OSError(28, "No space left on device", str(path))
        return write_bytes(path, data)

    with workspace() as space:
        (copy / "generated/c.py").write_text("changed")
        (copy / "specs/b.yaml").write_text("too much")
        monkeypatch.setattr(Path, "write_bytes", full)
        with pytest.raises(StepError, match="No space left on device"):
            space.install()
    assert (tree / "generated/c.py").read_text() == "generated/c.py"
    assert (tree / "specs/b.yaml").read_text() == "specs/b.yaml"
    assert not [path for path in (tree / "specs").iterdir() if path.name.endswith(".new")]


def test_two_updates_of_one_tree_do_not_meet(tree: Path) -> None:
    folder = tree / ".cache/update"
    folder.mkdir(parents=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StepError, match="another update is under way"), workspace():
            pass


def test_what_runs_in_the_workspace_ends_with_it_and_what_that_started_too(tree: Path) -> None:
    sleeper = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
    with workspace() as space:
        job = begin([sys.executable, "-c", sleeper], tree, {})
        space.jobs.append(job)
        while len(working_in(tree)) < 2 and Path("/proc").exists():
            assert job.process.poll() is None
            time.sleep(0.01)
    assert job.process.poll() is not None
    for _ in range(100):  # what was killed is gone a moment later
        if not working_in(tree):
            break
        time.sleep(0.05)
    assert not working_in(tree)


def test_the_gate_of_an_update_is_sent_to_no_other_siro(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIRO_RECORDINGS_URL", "https://api.siro.ai")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tree / "summary"))
    (tree / "told.py").write_text("import os; print(sorted(n for n in os.environ if n.startswith(('SIRO', 'GITHUB'))))")
    with workspace() as space:
        assert space.run("told").output == "[]\n"
