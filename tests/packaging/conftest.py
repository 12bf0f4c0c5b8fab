"""What the tests share: one build, and three environments."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging.archives import Archives, build, tracked, unpack
from tests.packaging.environments import ROOT, Environment, make_environment
from tests.packaging.lowest import PACKAGES, make_lowest, pinned


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Archives:
    return build(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def bare(archives: Archives, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """What `pip install siro-client` gives."""
    environment = make_environment(tmp_path_factory.mktemp("bare"))
    environment.install(archives.wheel)
    return environment


@pytest.fixture(scope="session")
def full(archives: Archives, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """What `pip install 'siro-client[progress,testing]' pytest` gives."""
    environment = make_environment(tmp_path_factory.mktemp("full"))
    environment.install(f"siro-client[progress,testing] @ {archives.wheel.as_uri()}", *pinned("pytest"))
    return environment


@pytest.fixture(scope="session")
def lowest(archives: Archives, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The lowest versions that pyproject.toml allows, with the extras and what runs the tests."""
    return make_lowest(tmp_path_factory.mktemp("lowest"), archives.wheel)


@pytest.fixture(scope="session")
def tree(archives: Archives, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist unpacked, without the packages of the wheel: what its tests import is what is installed."""
    return unpack(archives.sdist, tmp_path_factory.mktemp("tree"), without=PACKAGES)


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    """A repository whose one commit has what git tracks or would, with other times and modes."""
    repository = tmp_path / "repository"
    for name in tracked():
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, path)
        path.chmod(0o600)
    for command in (
        ["init", "--quiet"],
        ["add", "."],
        ["-c", "user.name=it", "-c", "user.email=it@example.com", "commit", "--quiet", "--message", "Begin"],
    ):
        subprocess.run(["git", *command], check=True, cwd=repository)  # noqa: S607
    return repository
