"""The version stands in one place, and all that tell it agree."""

import platform
import re
from pathlib import Path

import httpx
import pytest
from packaging.version import Version
from siro_openapi.models import Engagement

import siro_client
from siro_client import Siro
from siro_client.testing import LocalSiro
from tests.packaging.archives import Archives, files_of_wheel, tracked
from tests.packaging.environments import ROOT, Environment

CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
RELEASES: list[tuple[str, str]] = re.findall(r"^## (\d\S+) - (\S+)$", CHANGELOG, re.MULTILINE)


def test_the_archives_are_named_by_it_and_say_it(archives: Archives) -> None:
    version = siro_client.__version__
    assert archives.wheel.name == f"siro_client-{version}-py3-none-any.whl"
    assert archives.sdist.name == f"siro_client-{version}.tar.gz"
    metadata = files_of_wheel(archives.wheel)[f"siro_client-{version}.dist-info/METADATA"].decode()
    assert re.findall(r"^Version: (.*)$", metadata, re.MULTILINE) == [version]


def test_what_is_installed_says_it(bare: Environment, tmp_path: Path) -> None:
    program = "import siro_client, importlib.metadata as m; print(siro_client.__version__, m.version('siro-client'))"
    assert bare.run("-c", program, folder=tmp_path).split() == [siro_client.__version__] * 2


def test_the_user_agent_says_it() -> None:
    seen = list[str]()
    with LocalSiro() as local:

        def answer(request: httpx.Request) -> httpx.Response:
            seen.append(request.headers["user-agent"])
            return local.transport.handle_request(request)

        token = local.organization.organization_token
        with Siro(organization_token=token, transport=httpx.MockTransport(answer)) as siro:
            siro.sync_engagement(Engagement(external_id="e-1"))
    assert seen == [
        f"siro-client/{siro_client.__version__} httpx/{httpx.__version__} Python/{platform.python_version()}"
    ]


def test_the_last_release_of_the_changelog_is_it() -> None:
    assert RELEASES[0][0] == siro_client.__version__
    versions = [Version(version) for version, _ in RELEASES]
    assert versions == sorted(set(versions), reverse=True)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for _, day in RELEASES)


def test_the_changelog_has_the_form_of_keep_a_changelog() -> None:
    sections = re.findall(r"^## (.*)$", CHANGELOG, re.MULTILINE)
    assert sections == ["Unreleased", *(f"{version} - {day}" for version, day in RELEASES)]
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.*)$", CHANGELOG, re.MULTILINE)) <= kinds
    entries = re.findall(r"^- (.*(?:\n  .*)*)$", CHANGELOG, re.MULTILINE)
    assert entries
    assert all(entry.endswith(".") for entry in entries)


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="an unpacked sdist: only git knows its files")
def test_no_other_file_states_it() -> None:
    stated = f'"{siro_client.__version__}"'
    code = [name for name in tracked() if name.startswith(("siro_client/", "generated/", "scripts/", "pyproject.toml"))]
    assert [name for name in code if stated in (ROOT / name).read_text("utf-8")] == ["siro_client/_version.py"]
