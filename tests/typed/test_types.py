"""What must be a type error is one, and what uses the whole public surface is none: strict mypy and strict pyright."""

import ast
import difflib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import siro_client
import siro_client.testing
from tests.typed import surface

HERE = Path(__file__).parent
MISUSE, USE = HERE / "misuse.py", HERE / "use.py"
OF_OTHERS = {
    "Facade": "the base of both clients",
    "UserToken": "a name for annotations",
    "answer": "of Failure: for the local Siro to call",
    "begin": "of Journal: for a bulk run to call, as the next three",
    "end": "",
    "enter": "",
    "record": "",
    "is_local": "what LocalTransport tells the clients",
    "handle_request": "for httpx to call, as the next",
    "handle_async_request": "",
}
"""Members that no program uses, and why."""


def test_every_misuse_is_a_type_error_and_nothing_else_is() -> None:
    expected = {
        (number, match[1])
        for number, line in enumerate(MISUSE.read_text("utf-8").splitlines(), 1)
        if (match := re.search(r"# E: ([a-z-]+)$", line))
    }
    output = mypy(MISUSE)
    found = {
        (int(line), code)
        for line, code in re.findall(r"misuse\.py:(\d+): error: .*\[([a-z-]+)\]$", output, re.MULTILINE)
    }
    assert len(expected) > 25
    assert found == expected, output


def mypy(program: Path) -> str:
    # Without the project's configuration, as a user's mypy runs.
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary", str(program)]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout


def test_the_use_of_the_whole_surface_is_no_type_error_of_mypy() -> None:
    assert not mypy(USE)


def test_the_use_of_the_whole_surface_is_no_type_error_of_pyright() -> None:
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, str(USE)]
    environ = {**os.environ, "PYRIGHT_PYTHON_USE_BUNDLED_PYRIGHT": "1", "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    output = subprocess.run(command, check=False, capture_output=True, text=True, env=environ).stdout
    told: dict[str, Any] = json.loads(output)
    assert told["summary"]["filesAnalyzed"] == 1
    assert not told["generalDiagnostics"]


def test_the_public_surface_is_what_is_listed() -> None:
    listed = (HERE / "surface.txt").read_text("utf-8").splitlines()
    found = list(surface.lines())
    changes = "\n".join(difflib.unified_diff(listed, found, "surface.txt", "the source", lineterm="", n=0))
    assert listed == found, (
        f"{changes}\nIf it is meant: .venv/bin/python -m tests.typed.surface > tests/typed/surface.txt"
    )


def test_the_program_uses_each_name_each_member_and_each_argument() -> None:
    """By name only: which class a member is of, the type checkers say."""
    used = {name for node in ast.walk(ast.parse(USE.read_text("utf-8"))) for name in names(node)}
    offered = {*siro_client.__all__, *siro_client.testing.__all__}
    for line in surface.lines():
        if line.startswith("    "):
            member = re.split(r"\W", line.strip().removeprefix("async ").removeprefix("classmethod "), maxsplit=1)[0]
            offered.add(member)
            if member not in OF_OTHERS and not re.match(r"\s+__init__\(self, (call|answer|operation)", line):
                offered |= set(re.findall(r"(?:\(|, )(\w+): ", line))
    unused = {name for name in offered if not name.startswith("__")} - used - OF_OTHERS.keys()
    assert not unused
    assert len(offered) > 120


def names(node: ast.AST) -> list[str]:
    """The names that a node of a program uses."""
    match node:
        case ast.Attribute(attr=name) | ast.keyword(arg=str(name)) | ast.Name(id=name, ctx=ast.Load()):
            return [name]
        case _:
            return []
