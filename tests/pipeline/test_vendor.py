"""The vendored specs are byte for byte what the pages publish, and any touch is noticed."""

import datetime as dt
import json
from pathlib import Path

import pytest

from scripts import sources
from tests.pipeline.copy_of_the_tree import copy_of_the_tree, files, run


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return copy_of_the_tree(tmp_path)


def test_every_vendored_spec_stands_in_its_page() -> None:
    for source in sources.read():
        assert source.spec_path.read_bytes() in source.page_path.read_bytes()
        assert dt.date.fromisoformat(source.fetched) >= dt.date(2026, 11, 21)


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
    days = {source.name: source.fetched for source in sources.read()}
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    record = json.loads((tree / "specs/sources.json").read_text("utf-8"))
    assert {entry["name"]: entry["fetched"] for entry in record} == {**days, "sync_engagement": today}


def test_a_page_of_another_operation_is_refused(tree: Path) -> None:
    page = tree / "specs/pages/sync-an-engagement.md"
    page.write_bytes(page.read_bytes().replace(b"/v1/integrations/sync", b"/v2/integrations/sync"))
    result = run(tree, "scripts.vendor")
    assert result.returncode == 1
    assert "documents PUT /v2/integrations/sync/engagements; PUT /v1/" in result.stderr


def test_a_page_that_stops_leaves_every_vendored_spec_and_the_record_as_they_were(tree: Path) -> None:
    harmless, moved = tree / "specs/pages/put-recording-crm-link.md", tree / "specs/pages/sync-an-engagement.md"
    harmless.write_bytes(harmless.read_bytes().replace(b"Recording Link trigger", b"What linked it"))
    moved.write_bytes(moved.read_bytes().replace(b"https://functions.siro.ai/", b"https://functions.siro.example/"))
    before = files(tree / "specs")

    result = run(tree, "scripts.vendor")

    assert result.returncode == 1
    assert result.stderr.startswith("vendor: pages/sync-an-engagement.md: /servers: another host")
    assert result.stderr.count("\n") == 1
    assert files(tree / "specs") == before
    assert run(tree, "scripts.vendor", "--accept", "security").returncode == 1
    assert run(tree, "scripts.vendor", "--accept", "host").returncode == 0
    assert b"siro.example" in (tree / "specs/vendored/sync_engagement.yaml").read_bytes()


def test_a_new_page_is_not_compared_with_a_touched_spec(tree: Path) -> None:
    page, spec = tree / "specs/pages/sync-an-engagement.md", tree / "specs/vendored/sync_engagement.yaml"
    for path in (page, spec):
        path.write_bytes(path.read_bytes().replace(b"https://functions.siro.ai/", b"https://functions.siro.example/"))
    result = run(tree, "scripts.vendor")
    assert result.returncode == 1
    assert "sync_engagement.yaml was touched" in result.stderr
