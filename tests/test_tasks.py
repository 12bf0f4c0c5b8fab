"""The Makefile lists its tasks, and the locked dependencies name no registry."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_make_alone_lists_every_task_with_one_line() -> None:
    output = subprocess.run(["make"], check=True, capture_output=True, text=True, cwd=ROOT).stdout  # noqa: S607
    listed = re.findall(r"^  make ([a-z-]+) +\S.*$", output, re.MULTILINE)
    (phony,) = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(phony.split())


def test_of_all_tests_the_gate_alone_adds_to_the_summary_of_a_job() -> None:
    variable = "GITHUB_STEP_SUMMARY"
    done = [f"--old-file={name}" for name in (".venv/.pinned", ".venv/.ready", "check", "format", "lint", "types")]
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}  # this is `make test`
    told = subprocess.run(
        ["make", "--silent", *done, "test", f"RUN=sh -c 'echo \"[$$*] [$${variable}]\"'"],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**outside, variable: "summary"},
    ).stdout
    assert told.splitlines() == ["[] []", "[contract_tests] [summary]"]


def test_the_lock_pins_with_hashes_and_names_no_host() -> None:
    lock = (ROOT / "requirements" / "dev.txt").read_text("utf-8")
    pins = re.findall(r"^([a-z0-9.-]+)==\S+.*\\$", lock, re.MULTILINE)
    assert len(pins) > 40
    assert not re.findall(r"://|--index-url|--find-links|@ ", lock)
    assert len(re.split(r"^(?=[a-z0-9.-]+==)", lock, flags=re.MULTILINE)) - 1 == len(pins)
    for block in re.split(r"^(?=[a-z0-9.-]+==)", lock, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in block
