"""What an update says of sentences, overlay actions, Python names and the version."""

import copy
import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract_tests.sentences import sentences as of_the_gate
from scripts import sources
from scripts.page import Page, read_page
from scripts.sentences import sentences
from scripts.spec_diff import MISSING, Change, Direction
from scripts.update import coverage, names, overlays, prose, version
from scripts.update.job import Job, begin
from scripts.update.names import Name
from scripts.update.overlays import Outcome

GENERATED = Path(__file__).resolve().parents[2] / "generated"
Edit = Callable[[dict[str, Any]], object]


def pages() -> dict[str, Page]:
    return {source.name: read_page(source.page_path.read_bytes()) for source in sources.read()}


def operation(document: dict[str, Any]) -> dict[str, Any]:
    (item,) = document["paths"].values()
    found: dict[str, Any] = item["put"]
    return found


def body(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = operation(document)["requestBody"]["content"]["application/json"]["schema"]
    return found


def answer(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = operation(document)["responses"]["200"]["content"]["application/json"]["schema"]
    return found


# --- coverage --------------------------------------------------------------------------------------------------------
def test_a_name_with_line_breaks_is_one_case(tmp_path: Path) -> None:
    case = {"operation": "it", "pointer": "/body/properties/a\nother /body/properties/b", "constraint": "type"}

    def listing(*cases: dict[str, str]) -> Job:
        return begin([sys.executable, "-c", f"print({json.dumps(json.dumps(cases))})"], tmp_path, os.environ)

    jobs = listing(), listing(case)
    found = coverage.compare(*jobs)
    assert found == coverage.Coverage(added=("it /body/properties/a\nother /body/properties/b type",))
    for job in jobs:
        job.stop()


# --- sentences -------------------------------------------------------------------------------------------------------
def test_the_sentences_are_those_that_the_gate_accounts_for() -> None:
    assert {sentence for page in pages().values() for sentence in sentences(page)} == {*of_the_gate()}


def test_a_sentence_that_is_reworded_names_the_rules_that_quote_it() -> None:
    old = pages()
    page = old["link_recording"]
    new = {**old, "link_recording": replace(page, prose=page.prose.replace("neither, or", "neither one, or"))}
    (wording,) = prose.compare(old, new)
    assert (wording.old or "").replace("neither, or", "neither one, or") == wording.new
    assert "link.target.neither" in wording.rules
    assert wording.unsettled


def test_a_sentence_that_comes_or_goes_is_told_once(tmp_path: Path) -> None:
    old = pages()
    page = old["sync_engagement"]
    new = {**old, "sync_engagement": replace(page, prose=page.prose + "\n\nRows are kept for a year. It is the law.")}
    assert [(each.old, each.new, each.unsettled) for each in prose.compare(old, new)] == [
        (None, "Rows are kept for a year.", True),
        (None, "It is the law.", True),
    ]
    assert [(each.old, each.new, each.unsettled) for each in prose.compare(new, old)] == [
        ("Rows are kept for a year.", None, False),
        ("It is the law.", None, False),
    ]
    (tmp_path / "contract_tests").mkdir()
    (tmp_path / "contract_tests/rules.toml").write_text('[[unchecked]]\nbecause = "law"\nsays = ["It is the law."]\n')
    assert [each.unsettled for each in prose.compare(old, new, tmp_path)] == [True, False]
    assert [each.unsettled for each in prose.compare(new, old, tmp_path)] == [False, True]


# --- overlays --------------------------------------------------------------------------------------------------------
EDITS: list[tuple[Edit, Outcome, str]] = [
    (
        lambda document: operation(document)["requestBody"].update(required=True),
        Outcome.UNNECESSARY,
        "there already",
    ),
    (lambda document: body(document)["properties"].pop("trigger"), Outcome.STOPS, "and matches 0"),
    (lambda document: answer(document)["anyOf"].reverse(), Outcome.ELSEWHERE, "was an object of"),
    (
        lambda document: body(document).update(oneOf=[{"required": ["id"]}, {"required": ["externalId"]}]),
        Outcome.BRANCHES,
        'schema/oneOf is [{"required": ["id"]}, {"required": ["externalId"]}]',
    ),
    (
        lambda document: operation(document).update(operationId="linkOne"),
        Outcome.OVERRIDES,
        'operationId is "linkOne"',
    ),
    (
        lambda document: operation(document).update(operationId="link_recording"),
        Outcome.IN_PART,
        'operationId is "link_recording"',
    ),
]


@pytest.mark.parametrize(("edit", "outcome", "told"), EDITS)
def test_an_action_that_does_something_else_on_the_new_page_is_found(edit: Edit, outcome: Outcome, told: str) -> None:
    old = pages()["link_recording"].document
    new = copy.deepcopy(old)
    assert overlays.compare("link_recording", old, new) == []
    edit(new)
    found = [finding for finding in overlays.compare("link_recording", old, new) if finding.outcome is outcome]
    assert any(told in finding.told for finding in found), found
    assert all(
        finding.stops == (outcome in {Outcome.STOPS, Outcome.UNNECESSARY, Outcome.BRANCHES}) for finding in found
    )


# --- names -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("file", "old", "new", "sent", "expected"),
    [
        ("lead", "    external_id: str\n", "    external_id: str\n    age: int\n", True, ("models.Lead.age", True)),
        ("lead", "    external_id: str\n", "    external_id: str\n    age: int\n", False, ("models.Lead.age", False)),
        ("lead", "latitude: float | Unset = UNSET", "latitude: float", True, ("models.Lead.latitude", True)),
        ("lead", "latitude: float | Unset = UNSET", "latitude: float", False, ("models.Lead.latitude", False)),
        ("lead", "latitude: float | Unset", "latitude: float | None | Unset", True, ("models.Lead.latitude", False)),
        ("lead", "latitude: float | Unset", "latitude: float | None | Unset", False, ("models.Lead.latitude", True)),
        (
            "lead",
            "latitude: float | Unset = UNSET\n",
            "longer: float | Unset = UNSET\n",
            True,
            ("models.Lead.latitude", True),
        ),
        (
            "data_type",
            '    LEAD = "LEAD"\n',
            '    LEAD = "LEAD"\n    BEAD = "BEAD"\n',
            True,
            ("models.DataType.BEAD", False),
        ),
        ("data_type", '    LEAD = "LEAD"\n', "", False, ("models.DataType.LEAD", True)),
        ("lead", "\n@_attrs_define\n", "\n\n@_attrs_define\n", True, None),
        ("lead", "latitude: float | Unset", "latitude: Unset | float", True, None),
    ],
)
def test_a_name_that_changes_breaks_those_who_send_it_or_those_who_read_it(  # noqa: PLR0913, PLR0917 -- a table
    tmp_path: Path, file: str, old: str, new: str, sent: bool, expected: tuple[str, bool] | None
) -> None:
    shutil.copytree(GENERATED, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "siro_openapi/models" / f"{file}.py"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    models = {"Lead", "DataType"}
    found = names.compare(GENERATED, tmp_path, models if sent else set(), set() if sent else models)
    assert ({(name.name, name.breaks) for name in found} >= {expected}) if expected else not found


def test_a_function_that_demands_more_or_answers_more_breaks_its_callers(tmp_path: Path) -> None:
    shutil.copytree(GENERATED, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "siro_openapi/api/recordings/link_recording.py"
    text = path.read_text("utf-8")
    path.write_text(text.replace("    body: LinkByExternalId | LinkById,\n", "    body: LinkById,\n"), "utf-8")
    found = names.compare(GENERATED, tmp_path, set(), set())
    assert [(name.name, name.breaks) for name in found if name.name.endswith(".sync")] == [
        ("api.recordings.link_recording.sync", True)
    ]


# --- the version -----------------------------------------------------------------------------------------------------
BROKEN, ADDED = Name("models.A", "class()", None, breaks=True), Name("models.B", None, "class()", breaks=False)


def change(*, direction: Direction = Direction.REQUEST, callers: bool = False, readers: bool = False) -> Change:
    return Change("/x", "PUT /v1/x", "kind", direction, MISSING, 1, callers, readers, "it means.")


@pytest.mark.parametrize(
    ("changes", "found", "level", "released", "early"),
    [
        ([], [BROKEN, ADDED], "major", "2.0.0", "0.5.0"),
        ([change(callers=True)], [], "major", "2.0.0", "0.5.0"),
        ([change()], [ADDED], "minor", "1.5.0", "0.4.3"),
        ([change(direction=Direction.RESPONSE, readers=True)], [], "minor", "1.5.0", "0.4.3"),
        ([change(direction=Direction.PROSE)], [], "patch", "1.4.3", "0.4.3"),
        ([], [], "patch", "1.4.3", "0.4.3"),
    ],
)
def test_the_next_version_follows_from_what_breaks(  # noqa: PLR0913, PLR0917 -- a table
    tmp_path: Path, changes: list[Change], found: list[Name], level: str, released: str, early: str
) -> None:
    path = tmp_path / "_version.py"
    for number, wanted in (("1.4.2", released), ("0.4.2", early)):
        path.write_text(f'__version__ = "{number}"\n')
        following = version.following(changes, found, path)
        assert (following.level, following.version) == (level, wanted)
