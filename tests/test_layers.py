"""What may import what stands in pyproject.toml; every contract there fails for the import that it is against."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("scripts", "generated", "siro_client", "contract_tests", "tests", "benchmarks")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
PLANTED = {
    "Nothing on the left imports anything on its right": [
        ("scripts/page.py", "siro_openapi.types"),
        ("siro_client/_call.py", "contract_tests.gate"),
    ],
    "The generated package imports nothing of ours": [
        ("generated/siro_openapi/types.py", "scripts.page"),
        ("generated/siro_openapi/errors.py", "siro_client._errors"),
        ("generated/siro_openapi/client.py", "siro_client_pytest"),
    ],
    "What is installed imports nothing that is not": [
        ("siro_client/_answer.py", "scripts.layout"),
        ("siro_client/_facade.py", "benchmarks.calls"),
    ],
    "Tests and benchmarks are imported by nobody else": [
        ("contract_tests/gate.py", "tests.mutants"),
        ("scripts/fetch.py", "benchmarks.server"),
    ],
    "The facade does without the local Siro": [("siro_client/_limit.py", "siro_client.testing._json")],
    "The facade does without the packages of the testing extra": [("siro_client/_lines.py", "starlette.types")],
    "The local Siro knows neither the facade nor the generated code": [
        ("siro_client/testing/_zod.py", "siro_client._errors"),
        ("siro_client/testing/_wire.py", "siro_openapi.models"),
    ],
    "The gate takes nothing of the client but the local Siro": [
        ("contract_tests/judge.py", "siro_client"),
        ("contract_tests/rows.py", "scripts.sources"),
    ],
}


def test_each_contract_has_imports_that_break_it() -> None:
    assert [contract["name"] for contract in CONTRACTS] == list(PLANTED)


def test_every_contract_tells_of_the_imports_that_break_it(tmp_path: Path) -> None:
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    assert "8 kept, 0 broken" in lint(tmp_path, code=0)
    for file, imported in (plant for plants in PLANTED.values() for plant in plants):
        with (tmp_path / file).open("a", encoding="utf-8") as stream:
            stream.write(f"\nimport {imported}\n")
    told = lint(tmp_path, code=1)
    for name, plants in PLANTED.items():
        (section,) = re.findall(rf"^{name}\n-+\n(.*?)(?=^\S[^\n]*\n---|\Z)", told, re.DOTALL | re.MULTILINE)
        for file, imported in plants:
            importer = file.removeprefix("generated/").removesuffix(".py").replace("/", ".")
            assert re.search(rf"{importer} ->\s+{imported.partition('.')[0]}", section), (name, file)


@pytest.mark.parametrize("name", ["scripts", "siro_client", "contract_tests", "tests", "benchmarks"])
def test_every_package_of_ours_is_looked_at(name: str) -> None:
    assert (ROOT / name / "__init__.py").is_file()
    assert f'"{name}"' in (ROOT / "pyproject.toml").read_text("utf-8").partition("root_packages = ")[2].splitlines()[0]


def lint(tree: Path, *, code: int) -> str:
    """What import-linter says of a tree."""
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree / "generated"), "COLUMNS": "1000"},
    )
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout
