"""The wheel, installed where there is nothing else."""

import re
from pathlib import Path

from packaging.requirements import Requirement

from tests.packaging.environments import Environment, run_uv
from tests.packaging.programs import EXAMPLE, import_all, local_siro
from tests.test_readme import TESTS

DISTRIBUTIONS = "import importlib.metadata as m; print(*(d.name for d in m.distributions()))"
REQUIRED = "import importlib.metadata as m; print(*m.requires('siro-client'), sep='\\n')"


def test_it_brings_what_it_requires_and_no_extra(bare: Environment, tmp_path: Path) -> None:
    installed = {_plain(name) for name in bare.run("-c", DISTRIBUTIONS, folder=tmp_path).split()}
    required = [Requirement(line) for line in bare.run("-c", REQUIRED, folder=tmp_path).splitlines()]
    assert {_plain(each.name) for each in required if not each.marker} <= installed
    assert not {_plain(each.name) for each in required if each.marker} & installed
    assert not {"pip", "hatchling", "pytest"} & installed


def test_nothing_is_missing_and_nothing_at_odds(bare: Environment, full: Environment) -> None:
    for environment in (bare, full):
        result = run_uv("pip", "check", "--python", environment.python)
        assert result.returncode == 0, result.stderr
        assert "All installed packages are compatible" in result.stderr


def test_without_extras_all_but_the_local_siro_imports(bare: Environment, tmp_path: Path) -> None:
    modules = import_all(bare, tmp_path, "siro_client", "siro_openapi", but="siro_client.testing")
    assert {"siro_client", "siro_client._command_line", "siro_openapi.api.recordings.link_recording"} < modules
    told = bare.run("-c", "import siro_client.testing", folder=tmp_path, code=1)
    assert "pip install 'siro-client[testing]'" in told


def test_with_the_extras_all_imports(full: Environment, tmp_path: Path) -> None:
    modules = import_all(full, tmp_path, "siro_client", "siro_openapi", "siro_client_pytest")
    assert {"siro_client.testing", "siro_client.testing._serve", "siro_client_pytest"} < modules


def test_the_example_of_the_readme_runs_against_the_local_siro(
    bare: Environment, full: Environment, tmp_path: Path
) -> None:
    with local_siro(full, tmp_path) as variables:
        told = bare.run("-W", "error", "-c", EXAMPLE, folder=tmp_path, variables=variables)
    assert re.fullmatch(r"Kitchen, first visit is linked as \S+\n", told)


def test_the_commands_say_how_they_are_used(bare: Environment, full: Environment, tmp_path: Path) -> None:
    assert "usage: python -m siro_client" in bare.run("-m", "siro_client", "--help", folder=tmp_path)
    assert "usage: python -m siro_client sync" in bare.run("-m", "siro_client", "sync", "--help", folder=tmp_path)
    told = full.run("-m", "siro_client.testing", "--help", folder=tmp_path)
    assert "usage: python -m siro_client.testing" in told


def test_the_command_syncs_a_file(bare: Environment, full: Environment, tmp_path: Path) -> None:
    (tmp_path / "engagements.jsonl").write_text('{"externalId": "e-1", "subject": "Kitchen"}\n', "utf-8")
    with local_siro(full, tmp_path) as variables:
        bare.run("-m", "siro_client", "sync", "engagements.jsonl", folder=tmp_path, variables=variables)


def test_pytest_finds_the_fixtures(full: Environment, tmp_path: Path) -> None:
    (block,) = TESTS
    (tmp_path / "test_visit.py").write_text(block, "utf-8")
    assert "1 passed" in full.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_visit.py", folder=tmp_path)


def _plain(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()
