"""What must be a type error is one, as mypy --strict sees it."""

import re
import subprocess
import sys
from pathlib import Path

MISUSE = Path(__file__).with_name("misuse.py")


def test_every_misuse_is_a_type_error_and_nothing_else_is() -> None:
    expected = {
        (number, match[1])
        for number, line in enumerate(MISUSE.read_text("utf-8").splitlines(), 1)
        if (match := re.search(r"# E: ([a-z-]+)$", line))
    }
    # Without the project's configuration, as a user's mypy runs.
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary", str(MISUSE)]
    output = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    found = {
        (int(line), code)
        for line, code in re.findall(r"misuse\.py:(\d+): error: .*\[([a-z-]+)\]$", output, re.MULTILINE)
    }
    assert len(expected) > 25
    assert found == expected, output
