"""The README's Python runs as it stands."""

import os
import re
import subprocess
import sys
from pathlib import Path

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
EXAMPLE, LOCAL = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def run(code: str, **variables: str) -> str:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SIRO_")}
    result = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, env={**environ, **variables}
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_first_example_runs_against_make_local() -> None:
    command = [sys.executable, "-m", "siro_client.testing", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as local:
        try:
            assert local.stdout
            exports = dict[str, str]()
            for line in local.stdout:
                if not line.startswith("export "):
                    break
                name, _, value = line.removeprefix("export ").strip().partition("=")
                exports[name] = value
            assert re.fullmatch(r"Kitchen, first visit is linked as \S+\n", run(EXAMPLE, **exports))
        finally:
            local.terminate()


def test_the_first_example_is_ten_lines_at_most() -> None:
    assert len([line for line in EXAMPLE.splitlines() if line.strip()]) <= 10


def test_the_example_of_the_local_siro_runs() -> None:
    assert run(LOCAL) == ""
