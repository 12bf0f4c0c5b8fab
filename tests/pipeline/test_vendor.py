"""The vendored specs are byte for byte what the pages publish, and any touch is noticed."""

from pathlib import Path

import pytest

from scripts import sources
from scripts.layout import StepError
from scripts.vendor import extract
from tests.pipeline.copy_of_the_tree import copy_of_the_tree, files, run

PAGE = b"# Title\n\n````yaml specs/a.json put /v1/x/{id}\nopenapi: 3.0.0\r\nx: \xe2\x80\x99\n\n````"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return copy_of_the_tree(tmp_path)


def test_the_block_is_taken_byte_for_byte() -> None:
    assert extract(PAGE) == ("PUT /v1/x/{id}", b"openapi: 3.0.0\r\nx: \xe2\x80\x99\n\n")


def test_the_block_may_name_no_file() -> None:
    assert extract(PAGE.replace(b" specs/a.json", b""))[0] == "PUT /v1/x/{id}"


@pytest.mark.parametrize(("page", "count"), [(b"# Title\n", 0), (PAGE + b"\n" + PAGE, 2), (PAGE[:-4], 0)])
def test_a_page_without_exactly_one_block_is_refused(page: bytes, count: int) -> None:
    with pytest.raises(StepError, match=f"holds {count} OpenAPI blocks"):
        extract(page)


def test_every_vendored_spec_stands_in_its_page() -> None:
    for source in sources.read():
        assert source.spec_path.read_bytes() in source.page_path.read_bytes()
        assert source.fetched == "2026-11-21"


def test_an_untouched_tree_passes(tree: Path) -> None:
    result = run(tree, "scripts.vendor", "--check")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", ["pages/sync-an-engagement.md", "vendored/link_recording.yaml"])
def test_a_touched_file_fails(tree: Path, name: str) -> None:
    path = tree / "specs" / name
    path.write_bytes(path.read_bytes() + b"\n")
    result = run(tree, "scripts.vendor", "--check")
    assert result.returncode == 1
    assert path.name in result.stderr
    assert "was touched" in result.stderr


def test_vendoring_anew_restores_a_touched_spec(tree: Path) -> None:
    before = files(tree / "specs")
    (tree / "specs/vendored/link_recording.yaml").write_text("openapi: 3.0.0\n")
    assert run(tree, "scripts.vendor").returncode == 0
    assert files(tree / "specs") == before


def test_a_changed_page_is_recorded_with_its_date(tree: Path) -> None:
    page = tree / "specs/pages/sync-an-engagement.md"
    page.write_bytes(page.read_bytes().replace(b"The subject of the engagement", b"What the engagement is about"))
    assert run(tree, "scripts.vendor").returncode == 0
    assert run(tree, "scripts.vendor", "--check").returncode == 0
    assert b"What the engagement is about" in (tree / "specs/vendored/sync_engagement.yaml").read_bytes()
    assert '"fetched": "2026-11-21"' in (record := (tree / "specs/sources.json").read_text("utf-8"))
    assert record.count('"fetched": "2026-11-21"') == 1


def test_a_page_of_another_operation_is_refused(tree: Path) -> None:
    page = tree / "specs/pages/sync-an-engagement.md"
    page.write_bytes(page.read_bytes().replace(b"put /v1/integrations/sync", b"put /v2/integrations/sync", 1))
    result = run(tree, "scripts.vendor")
    assert result.returncode == 1
    assert "documents PUT /v2/integrations/sync/engagements; PUT /v1/" in result.stderr
