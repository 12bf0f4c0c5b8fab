"""The lowest versions that pyproject.toml allows; `make lowest` runs all tests of the client with them."""

import re
from pathlib import Path

from packaging.requirements import Requirement

from tests.packaging.environments import Environment
from tests.packaging.programs import EXAMPLE, import_all, local_siro

REQUIRED = """
import importlib.metadata as m
for line in m.requires("siro-client"):
    print(m.version(line.replace("<", ">").partition(">")[0]), line)
"""
QUICK = ["tests/facade/test_siro.py", "tests/testing/test_sync.py", "tests/testing/test_link_rule.py"]


def test_what_is_tested_are_the_bounds(lowest: Environment, tmp_path: Path) -> None:
    for line in lowest.run("-c", REQUIRED, folder=tmp_path).splitlines():
        installed, _, required = line.partition(" ")
        (bound,) = [each.version for each in Requirement(required).specifier if each.operator == ">="]
        assert re.fullmatch(rf"{re.escape(bound)}(\.0)*", installed), line


def test_all_imports(lowest: Environment, tmp_path: Path) -> None:
    assert "siro_client.testing" in import_all(lowest, tmp_path, "siro_client", "siro_openapi", "siro_client_pytest")


def test_the_example_of_the_readme_runs(lowest: Environment, tmp_path: Path) -> None:
    with local_siro(lowest, tmp_path) as variables:
        assert "is linked as" in lowest.run("-W", "error", "-c", EXAMPLE, folder=tmp_path, variables=variables)


def test_the_surface_and_the_local_siro_pass_their_tests(lowest: Environment, tree: Path) -> None:
    assert not (tree / "siro_client").exists()
    told = lowest.run("-m", "pytest", "-q", *QUICK, folder=tree)
    assert re.search(r"^\d{2,} passed", told, re.MULTILINE)
