"""An update, from the command line: what it takes over, what stops it, and that a stop leaves the tree as it was."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.update.tree import LINK, SYNC, copy_of_everything, environ, pages, state, update, working_in

_PROPERTY = "              properties:\n                externalId:\n"
ADDED = _PROPERTY.replace("externalId", "colour") + "                  type: string\n                externalId:\n"
COLOUR = {SYNC: (_PROPERTY, ADDED)}
"""An optional property of the request, without a word about it."""


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree for updates that leave it as it is."""
    return copy_of_everything(tmp_path_factory.mktemp("update"))


def stopped(tree: Path, *arguments: str) -> str:
    """Run an update that stops; return the line that says why."""
    before = state(tree)
    result = update(tree, *arguments)
    assert result.returncode == 1, result.stdout + result.stderr
    assert state(tree) == before
    line, ending = result.stderr.splitlines()
    assert ending == ("update: stopped; specs/ and generated/ are as they were; the report is reports/spec-change.md")
    return line.removeprefix("update: ")


def test_nothing_changed_is_said_and_nothing_is_touched(unchanged: Path) -> None:
    before = _files(unchanged)
    result = update(unchanged, "--from", "specs/pages")
    assert (result.returncode, result.stdout, result.stderr) == (0, "update: nothing changed\n", "")
    assert _files(unchanged) == before


def _files(tree: Path) -> dict[Path, int]:
    """When each file was written, but for the caches that Python makes of what it runs."""
    files = (path for path in tree.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path: path.stat().st_mtime_ns for path in files}


def test_a_harmless_change_ends_in_a_tree_that_is_ready_to_commit(tmp_path: Path) -> None:
    tree = copy_of_everything(tmp_path)
    result = update(tree, "--from", str(pages(tree, tmp_path / "new", COLOUR)), "--checks", "none")

    assert result.returncode == 0, result.stdout + result.stderr
    assert "files changed, ready to commit; the next version is" in result.stdout
    assert "colour: str | Unset = UNSET" in (tree / "generated/siro_openapi/models/engagement.py").read_text("utf-8")
    assert update(tree, "--check", command="scripts.vendor").returncode == 0
    assert update(tree, "--check", command="scripts.generate").returncode == 0
    told = json.loads((tree / "reports/spec-change.json").read_text("utf-8"))
    assert [change["kind"] for change in told["changes"]] == ["property-added"]
    assert told["names"] == [
        {"name": "models.Engagement.colour", "old": None, "new": "Unset | str (optional)", "breaks": False}
    ]
    assert told["next_version"]["level"] == "minor"
    assert any(case.endswith("/colour type") for case in told["coverage"]["added"])
    assert not told["decide"]
    assert "models.Engagement.colour" in (tree / "reports/spec-change.md").read_text("utf-8")


def test_what_a_page_took_away_is_kept_for_the_gate(tmp_path: Path) -> None:
    tree = copy_of_everything(tmp_path)
    narrowed = pages(tree, tmp_path / "new", {LINK: ("                    - USER_LINK_WEB\n", "")})
    result = update(tree, "--from", str(narrowed), "--checks", "none")
    assert result.returncode == 0, result.stdout + result.stderr
    (kept,) = json.loads((tree / "specs/once_allowed.json").read_text("utf-8"))
    assert kept["body"]["trigger"] == "USER_LINK_WEB"
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "contract_tests", "--rule", "link.body.past", "-q"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tree,
        env=environ(tree),
    )
    assert listed.returncode == 0, listed.stdout
    assert "link.body.past" in listed.stdout


def test_a_page_whose_bytes_alone_changed_is_vendored(tmp_path: Path) -> None:
    tree = copy_of_everything(tmp_path)
    offered = pages(tree, tmp_path / "new", {LINK: ("## OpenAPI\n\n", "## OpenAPI\n\n\n")})
    result = update(tree, "--from", str(offered), "--checks", "none")
    assert result.returncode == 0, result.stderr
    assert "Nothing changed in meaning." in result.stdout
    assert (tree / "specs/pages" / LINK).read_bytes() == (offered / LINK).read_bytes()
    assert update(tree, "--check", command="scripts.vendor").returncode == 0


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        ((LINK, "````yaml specs", "```yaml specs"), "pages/put-recording-crm-link.md: "),
        ((LINK, "openapi: 3.0.0", "openapi: 3.1.0"), "OpenAPI 3.1.0"),
        ((LINK, "https://api.siro.ai/", "https://api.siro.example/"), "say ACCEPT=host"),
        ((LINK, "name: x-siro-auth-token", "name: x-siro-token"), "say ACCEPT=security"),
        ((LINK, "put /v1/core", "put /v2/core"), "pages/put-recording-crm-link.md: "),
        ((SYNC, "Sync an engagement\n\n\n", "Sync an engagement\n\nIt is now [undone](x) by noon.\n"), "settle it in"),
        ((LINK, "                trigger:\n", "                cause:\n"), "mend the overlay"),
    ],
)
def test_what_a_person_must_decide_stops_with_one_line(
    unchanged: Path, tmp_path: Path, edit: tuple[str, str, str], line: str
) -> None:
    offered = pages(unchanged, tmp_path / "new", {edit[0]: edit[1:]})
    told = stopped(unchanged, "--from", str(offered), "--checks", "none")
    assert line in told
    report = json.loads((unchanged / "reports/spec-change.json").read_text("utf-8"))
    assert report["decide"]


def test_the_report_of_a_page_that_is_none_does_not_say_that_nothing_changed(unchanged: Path, tmp_path: Path) -> None:
    offered = pages(unchanged, tmp_path / "new", {LINK: ("openapi: 3.0.0", "openapi: 3.1.0")})
    stopped(unchanged, "--from", str(offered))
    told = (unchanged / "reports/spec-change.md").read_text("utf-8")
    assert told.startswith("## The update stopped before it compared anything\n\n- pages/")
    assert "Nothing changed" not in told


def test_what_is_accepted_goes_on(unchanged: Path, tmp_path: Path) -> None:
    # Two things at once: the accepted one does not stop it, the other one does.
    offered = pages(unchanged, tmp_path / "new", {LINK: ("https://api.siro.ai/", "https://api.siro.example/")})
    text = (offered / LINK).read_text("utf-8")
    (offered / LINK).write_text(text.replace("                trigger:\n", "                cause:\n", 1), "utf-8")
    assert "mend the overlay" in stopped(unchanged, "--from", str(offered), "--accept", "security,host")


def test_a_step_that_fails_leaves_the_tree_as_it_was(tmp_path: Path) -> None:
    tree = copy_of_everything(tmp_path)
    offered = str(pages(tree, tmp_path / "new", COLOUR))
    (tree / "tests/facade/test_siro.py").unlink()
    assert stopped(tree, "--from", offered, "--checks", "quick").startswith("tests: ")
    with (tree / "specs/overlays/link_recording.yaml").open("a") as stream:
        stream.write("  - target: $.components.schemas\n    description: why\n    update: {Lead: {type: string}}\n")
    assert "name conflict" in stopped(tree, "--from", offered, "--checks", "none")


def test_what_is_kept_is_in_the_tree_for_a_person_to_mend(tmp_path: Path) -> None:
    tree = copy_of_everything(tmp_path)
    offered = pages(tree, tmp_path / "new", {LINK: ("                trigger:\n", "                cause:\n")})
    result = update(tree, "--from", str(offered), "--keep")
    assert result.returncode == 1
    assert "the tree is changed, for you to mend" in result.stderr
    assert b"cause:" in (tree / "specs/vendored/link_recording.yaml").read_bytes()
    assert update(tree, "--check", command="scripts.vendor").returncode == 0


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_what_runs_and_leaves_the_tree_as_it_was(
    unchanged: Path, tmp_path: Path, number: signal.Signals
) -> None:
    before = state(unchanged)
    offered = pages(unchanged, tmp_path / "new", COLOUR)
    with subprocess.Popen(
        [sys.executable, "-m", "scripts.update", "--from", str(offered)],
        cwd=unchanged,
        env=environ(unchanged),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        while "trying it in a copy" not in process.stdout.readline():
            assert process.poll() is None
        time.sleep(0.5)  # so that it is in one of the steps; which one does not matter
        assert working_in(unchanged / ".cache") or not Path("/proc").exists()
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors == "update: interrupted; specs/ and generated/ are as they were\n"
    assert state(unchanged) == before
    assert not working_in(unchanged)
