"""The tests of the made-up integration: they pass where only their folder is, and fail where it is broken."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .conftest import EXAMPLES


def run_in(folder: Path) -> str:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "SIRO_"))}
    # Of all plugins that are installed here, the one that theirs needs: to import the others takes seconds.
    environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-W",
        "error",
        "-p",
        "no:cacheprovider",
        "-p",
        "siro_client_pytest",
    ]
    run = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    return run.stdout.splitlines()[-1]


def test_they_pass_on_their_own(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLES / "visits", tmp_path / "visits", ignore=shutil.ignore_patterns("__pycache__"))
    assert re.fullmatch(r"\d\d passed in .*", run_in(folder))


def test_they_fail_where_what_fails_for_a_while_is_dropped(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLES / "visits", tmp_path / "visits", ignore=shutil.ignore_patterns("__pycache__"))
    code = folder / "visit_outbox.py"
    whole, broken = "                break\n", "                pass\n"
    before = code.read_text("utf-8")
    assert whole in before
    code.write_text(before.replace(whole, broken), "utf-8")
    assert run_in(folder).startswith("1 failed")
