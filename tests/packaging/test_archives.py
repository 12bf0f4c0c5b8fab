"""What `make dist` builds: the files, to the last one, and the same bytes each time."""

import email.parser
import json
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.metadata import Metadata
from trove_classifiers import classifiers

from scripts.layout import EFFECTIVE, load_yaml
from tests.packaging.archives import Archives, build, files_of_sdist, files_of_wheel, make_dist, tracked, unpack
from tests.packaging.environments import ROOT

INFO = f"siro_client-{version('siro-client')}.dist-info"


def test_the_wheel_holds_what_is_to_be_installed_and_nothing_else(archives: Archives) -> None:
    modules = {
        str(path.relative_to(folder))
        for folder, name in ((ROOT, "siro_client"), (ROOT / "generated", "siro_openapi"))
        for path in (folder / name).rglob("*.py")
    }
    assert {"siro_client/__init__.py", "siro_client/testing/__init__.py", "siro_openapi/client.py"} < modules
    data = {"siro_client/py.typed", "siro_openapi/py.typed", "siro_openapi/openapi.json", "siro_client_pytest.py"}
    about = {f"{INFO}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")}
    files = files_of_wheel(archives.wheel)
    assert set(files) == modules | data | about
    assert files[f"{INFO}/licenses/LICENSE"] == (ROOT / "LICENSE").read_bytes()


def test_the_wheel_holds_the_effective_spec(archives: Archives) -> None:
    assert json.loads(files_of_wheel(archives.wheel)["siro_openapi/openapi.json"]) == load_yaml(EFFECTIVE)


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="an unpacked sdist: only git knows what it was made from")
def test_the_sdist_holds_what_git_tracks(archives: Archives) -> None:
    files = files_of_sdist(archives.sdist)
    assert set(files) == {name for name in tracked() if not name.startswith(".ci/")} | {"PKG-INFO"}
    assert all(content == (ROOT / name).read_bytes() for name, content in files.items() if name != "PKG-INFO")


def test_the_sdist_holds_no_cache_and_no_report(archives: Archives) -> None:
    needed = {"specs", "scripts", "generated", "siro_client", "contract_tests", "tests", "requirements", "Makefile"}
    tops = {name.partition("/")[0] for name in files_of_sdist(archives.sdist)}
    assert needed < tops
    assert {name for name in tops if name.startswith(".")} == {".github", ".gitattributes", ".gitignore"}
    assert not {"reports", "dist", "mutants", "shared"} & tops
    assert not [name for name in files_of_sdist(archives.sdist) if "__pycache__" in name]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="an unpacked sdist: only git knows what it was made from")
def test_make_dist_makes_the_same_bytes_of_the_same_commit_whatever_else_lies_there(
    archives: Archives, committed: Path
) -> None:
    for name in (".env.local", "notes.txt", "siro_client/tokens.py", "tests/secrets.json"):
        (committed / name).write_text("SECRET = 1", "utf-8")
    (committed / "README.md").write_text("# not committed", "utf-8")
    again = make_dist(committed)
    assert set(files_of_sdist(again.sdist)) == set(files_of_sdist(archives.sdist))
    assert again.wheel.name == archives.wheel.name
    assert again.wheel.read_bytes() == archives.wheel.read_bytes()
    assert again.sdist.name == archives.sdist.name
    assert again.sdist.read_bytes() == archives.sdist.read_bytes()


def test_the_sdist_makes_the_same_wheel(archives: Archives, tmp_path: Path) -> None:
    again = build(unpack(archives.sdist, tmp_path / "tree"), tmp_path / "dist")
    assert again.wheel.read_bytes() == archives.wheel.read_bytes()


def test_both_say_the_same_of_themselves_in_a_form_that_an_index_takes(archives: Archives) -> None:
    told = files_of_wheel(archives.wheel)[f"{INFO}/METADATA"]
    assert told == files_of_sdist(archives.sdist)["PKG-INFO"]
    metadata = Metadata.from_email(told, validate=True)
    assert metadata.license_expression == "MIT"
    assert metadata.license_files == ["LICENSE"]
    assert metadata.provides_extra == ["progress", "testing"]
    assert metadata.description_content_type == "text/markdown"
    assert metadata.description == (ROOT / "README.md").read_text("utf-8")
    assert metadata.summary
    assert metadata.keywords
    assert set(metadata.classifiers or ()) <= classifiers
    fields = email.parser.BytesParser().parsebytes(told)
    assert fields.get_all("Author") == ["The siro-client authors"]
    assert (fields.get_all("Project-URL") or []) == ["Siro's API, https://docs.siro.ai"]


def test_it_claims_the_pythons_from_the_lowest_it_requires(archives: Archives) -> None:
    metadata = Metadata.from_email(files_of_wheel(archives.wheel)[f"{INFO}/METADATA"])
    minors = [text.rpartition("3.")[2] for text in metadata.classifiers or () if "Python :: 3." in text]
    assert minors == [str(minor) for minor in range(11, 11 + len(minors))]
    assert str(metadata.requires_python) == ">=3.11"


def test_the_wheel_has_one_entry_point_which_is_for_pytest(archives: Archives) -> None:
    told = files_of_wheel(archives.wheel)[f"{INFO}/entry_points.txt"].decode()
    assert told == "[pytest11]\nsiro_client = siro_client_pytest\n"
