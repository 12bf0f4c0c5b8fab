"""The lowest versions that pyproject.toml allows of what the client depends on, and the tests of the client with them.

python -m tests.packaging.lowest [ARGUMENT_OF_PYTEST ...]
"""

import sys
import tempfile
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from tests.packaging.archives import build, unpack
from tests.packaging.environments import ROOT, Environment, make_environment

PACKAGES = ("siro_client/", "siro_client_pytest.py", "generated/")
"""Where the sdist has what the wheel installs."""
_RUN_THE_TESTS = (
    "filelock",
    "hypothesis",
    "jsonpath-rfc9535",
    "opentelemetry-instrumentation-httpx",
    "opentelemetry-sdk",
    "pytest",
    "ruamel.yaml",
)
_TESTS = [
    "tests/facade",
    "tests/bulk",
    "tests/testing",
    "tests/generated",
    "tests/client_contract",
]


def pinned(*names: str) -> Iterable[str]:
    """Packages in the versions of this environment, which are those of requirements/dev.txt."""
    return (f"{name}=={version(name)}" for name in names)


def make_lowest(folder: Path, wheel: Path) -> Environment:
    """An environment with the lowest versions, and the client of a wheel."""
    environment = make_environment(folder)
    # Of a wheel, uv would take the newest of what it depends on: that is not direct.
    lowest = ["--resolution", "lowest-direct", "--requirements", str(ROOT / "pyproject.toml"), "--all-extras"]
    environment.install(*lowest, *pinned(*_RUN_THE_TESTS))
    environment.install("--no-deps", wheel)
    return environment


def main() -> None:
    """Run the tests of the client, or those that are named, with the lowest versions."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archives = build(ROOT, folder / "dist")
        environment = make_lowest(folder / "lowest", archives.wheel)
        tree = unpack(archives.sdist, folder / "tree", without=PACKAGES)
        sys.exit(environment.test(tree, *(sys.argv[1:] or _TESTS)))


if __name__ == "__main__":
    main()
