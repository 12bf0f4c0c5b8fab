"""What a page adds is checked with no code written: a new operation, and a new constraint of one that is known."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from contract_tests.surroundings import undecided
from siro_client.testing import LocalSiro, environment, serve

from . import added

ROOT = Path(__file__).parents[2]


def environ(folder: Path, variables: Mapping[str, str] | None = None) -> dict[str, str]:
    kept = undecided()
    path = os.pathsep.join(filter(None, [str(folder), kept.get("PYTHONPATH", "")]))
    return {**kept, **(variables or {}), "PYTHONPATH": path}


def gate(folder: Path, *arguments: str, variables: Mapping[str, str] | None = None) -> tuple[str, dict[str, Any]]:
    """What a quick run says, and its report, where the folder has the effective spec."""
    options = ["--profile", "quick", "--report-dir", str(folder / "reports"), *arguments]
    command = [sys.executable, "-m", "pytest", "contract_tests", *options]
    run = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, env=environ(folder, variables))
    path = folder / "reports" / "report.json"
    return run.stdout + run.stderr, json.loads(path.read_text("utf-8")) if path.exists() else {}


def add_operations(document: dict[str, Any]) -> None:
    document["paths"].update(added.PATHS)


def test_an_added_operation_is_checked_and_the_local_siro_answers_it(tmp_path: Path) -> None:
    folder = added.tree(tmp_path, add_operations)
    picked = [part for name in (*added.ADDED, "look_elsewhere") for part in ("--rule", name)]
    # The quick profile leaves out the most of schemathesis's cases.
    told, report = gate(folder, *picked, "--profile", "default")

    assert report["verdict"] == "passed", told
    verdicts = {rule["id"]: rule["verdict"] for rule in report["rules"]}
    assert {verdict for rule, verdict in verdicts.items() if not rule.startswith("look_elsewhere")} == {"passed"}
    kinds = ("required", "type", "null", "enum", "format", "length", "pattern", "bounds", "items", "closed", "choice")
    assert {f"create_person.body.{kind}" for kind in kinds} <= set(verdicts)
    assert {"list_recordings.parameter.refused", "delete_person.parameter.refused"} <= set(verdicts)
    for name in added.ADDED:
        assert {f"{name}.auth.{rule}" for rule in ("required", "wrong", "kind", "place")} <= set(verdicts)
        assert sum(report["statuses"][name].values()) > 100, "schemathesis, too, has sent its cases"
    assert report["statuses"]["delete_person"].keys() > {"204"}
    assert "not checked: needs a variable for the host https://elsewhere.siro.invalid" in " ".join(told.split())
    assert "look_elsewhere" not in report["statuses"]


def constrain(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    schemas["Engagement"]["properties"]["subject"]["maxLength"] = 80
    schemas["Engagement"]["required"].append("startTime")
    schemas["Address"]["additionalProperties"] = False
    schemas["EngagementUser"]["properties"]["shareOfSale"]["maximum"] = 1
    sync = document["paths"]["/v1/integrations/sync/engagements"]["put"]
    sync["parameters"] = [added.parameter("dryRun", "query", {"type": "boolean"})]


NEW = ("sync.body.length", "sync.body.required", "sync.body.closed", "sync.body.bounds", "sync.parameter.refused")


def test_a_siro_that_does_not_know_a_new_constraint_is_failed_for_it(tmp_path: Path) -> None:
    folder = added.tree(tmp_path, constrain)
    picked = [part for rule in NEW for part in ("--rule", rule)]
    with LocalSiro() as siro, serve(siro) as url:
        told, report = gate(folder, *picked, "-k", "one_", variables=environment(siro, url))

    assert {rule["id"] for rule in report["rules"] if rule["verdict"] == "FAILED"} == set(NEW), told


def test_texts_that_a_page_has_come_to_refuse_are_no_violation(tmp_path: Path) -> None:
    def shorten(document: dict[str, Any]) -> None:
        document["components"]["schemas"]["Engagement"]["properties"]["subject"]["maxLength"] = 80

    folder = added.tree(tmp_path, shorten)
    told, report = gate(folder, "--rule", "sync.answer.text", "--rule", "sync.body.accepts", "-k", "comes_back")

    verdicts = {rule["id"]: rule["verdict"] for rule in report["rules"]}
    assert verdicts["sync.answer.text"] == verdicts["sync.body.accepts"] == "passed", told


def test_what_the_gate_has_no_case_for_stops_it_with_one_line(tmp_path: Path) -> None:
    def confuse(document: dict[str, Any]) -> None:
        document["components"]["schemas"]["Owner"]["properties"]["externalId"]["contentEncoding"] = "base64"

    folder = added.tree(tmp_path, confuse)
    told, report = gate(folder)

    (line,) = (line for line in told.splitlines() if "no case" in line)
    assert line.startswith("ERROR: contract gate: no case for keyword contentEncoding at /paths/")
    assert "Traceback" not in told
    assert not report


@pytest.mark.parametrize("options", [[], ["--json"]], ids=str)
def test_what_is_covered_is_listed(options: list[str], tmp_path: Path) -> None:
    folder = added.tree(tmp_path, constrain)
    command = [sys.executable, "-m", "contract_tests.coverage", *options]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=environ(folder)).stdout
    found = (
        [tuple(each.values()) for each in json.loads(told)]
        if options
        else [tuple(line.split()) for line in told.splitlines()]
    )
    body = "/paths/~1v1~1integrations~1sync~1engagements/put/requestBody/content/application~1json/schema"
    assert ("sync_engagement", f"{body}/properties/subject", "maxLength") in found
    assert ("sync_engagement", f"{body}/properties/startTime", "required") in found
    assert ("sync_engagement", f"{body}/properties/contact/properties/addresses/items", "additionalProperties") in found
    assert len(set(found)) == len(found)
