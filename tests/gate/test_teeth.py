"""The gate, run as a person runs it, against Siros that are wrong, closed, or not there."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from contract_tests.faults import FAULTS
from contract_tests.surroundings import undecided
from siro_client.testing import LocalSiro, environment, serve

SAMPLE = ["link-both-by-id", "sync-no-organization", "sync-crash-astral"]
"""One of the link rule, one of the response shape, one of a crash; `make gate-score` runs all."""


def gate(
    *arguments: str, variables: Mapping[str, str], reports: Path
) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    command = [sys.executable, "-m", "pytest", "contract_tests", "--report-dir", str(reports), *arguments]
    run = subprocess.run(command, check=False, capture_output=True, text=True, env={**undecided(), **variables})
    path = reports / "report.json"
    return run, json.loads(path.read_text("utf-8")) if path.exists() else {}


@pytest.mark.parametrize("name", SAMPLE)
def test_a_planted_fault_turns_it_red(name: str, tmp_path: Path) -> None:
    fault = FAULTS[name]
    with LocalSiro() as siro:
        fault.plant(siro)
        with serve(siro) as url:
            run, report = gate("-x", variables=environment(siro, url), reports=tmp_path)

    assert run.returncode == 1, run.stdout
    assert report["verdict"] == "failed"
    assert {violation["rule"] for violation in report["violations"]} & set(fault.breaks), run.stdout
    assert "verdict: FAILED; repeat it with: make contract SEED=0" in run.stdout
    told = run.stdout + run.stderr + "".join(path.read_text("utf-8") for path in tmp_path.iterdir())
    assert siro.organization.user_token not in told
    assert siro.organization.organization_token not in told


def test_a_conforming_siro_over_http_turns_it_green(tmp_path: Path) -> None:
    with LocalSiro() as siro, serve(siro) as url:
        run, report = gate("--profile", "quick", variables=environment(siro, url), reports=tmp_path)

    assert run.returncode == 0, run.stdout
    assert report["verdict"] == "passed"
    assert f"link_recording at {url}: " in run.stdout
    assert "verdict: passed, with seed 0" in run.stdout
    assert {rule["verdict"] for rule in report["rules"]} == {"passed"}


def test_what_a_run_left_behind_turns_no_other_red(tmp_path: Path) -> None:
    with LocalSiro() as siro, serve(siro) as url:
        runs = [gate("--rule", "link.target", variables=environment(siro, url), reports=tmp_path) for _ in range(2)]

    assert [run.returncode for run, _ in runs] == [0, 0], runs[-1][0].stdout


def test_an_operation_that_never_succeeded_turns_it_red(tmp_path: Path) -> None:
    with LocalSiro() as siro, serve(siro) as url:
        # It syncs and links nothing, though the means are there, and the run is about every rule.
        run, report = gate("-k", "test_an_account_may_come_twice", variables=environment(siro, url), reports=tmp_path)

    assert run.returncode == 1, run.stdout
    assert not report["violations"]
    assert "link_recording never answered 200" in run.stdout


def test_a_run_that_was_not_given_the_means_to_link_is_green_and_tells_it(tmp_path: Path) -> None:
    # With the second organization's: nothing of it is linked in place of the first's.
    without = {"SIRO_RECORDING_IDS": "", "SIRO_INTEGRATION_CONNECTION_ID": ""}
    with LocalSiro() as siro, serve(siro) as url:
        variables = {**environment(siro, url), **without}
        run, report = gate("--profile", "quick", variables=variables, reports=tmp_path)

    assert run.returncode == 0, run.stdout
    assert report["verdict"] == "passed"
    assert "200" not in report["statuses"]["link_recording"]
    rules = {rule["id"]: (rule["verdict"], rule["cases"], rule["reason"]) for rule in report["rules"]}
    needed = f"needs {', '.join(without)}"
    for rule in ("link.target.id", "link.state.replaces", "link.state.refused", "link.answer.names"):
        assert rules[rule] == ("not checked", 0, needed), rule


def test_a_rule_about_refusals_alone_can_pass_by_itself(tmp_path: Path) -> None:
    with LocalSiro() as siro, serve(siro) as url:
        run, _ = gate("--rule", "sync.body.required", variables=environment(siro, url), reports=tmp_path)

    assert run.returncode == 0, run.stdout


def test_a_rule_that_is_none_is_told(tmp_path: Path) -> None:
    run, _ = gate("--rule", "link.tarket", variables={}, reports=tmp_path)
    assert run.returncode == 4
    assert "--rule link.tarket: no rule begins so; --list-rules lists them" in run.stderr


def test_what_the_target_gives_no_means_to_check_is_not_passed(tmp_path: Path) -> None:
    with LocalSiro() as siro, serve(siro) as url:
        variables = {**environment(siro, url), "SIRO_RECORDING_IDS": "", "SIRO_OTHER_USER_TOKEN": ""}
        run, report = gate("--rule", "link.state", variables=variables, reports=tmp_path)

    verdicts = {rule["id"]: rule["verdict"] for rule in report["rules"] if rule["id"].startswith("link.state")}
    assert len(verdicts) == 4
    assert "passed" not in verdicts.values(), verdicts
    assert "not checked: needs SIRO_RECORDING_IDS" in run.stdout


def test_with_rejections_only_nothing_is_stored(tmp_path: Path) -> None:
    with LocalSiro() as siro, serve(siro) as url:
        run, report = gate("--rejections-only", variables=environment(siro, url), reports=tmp_path)

    assert run.returncode == 0, run.stdout
    for statuses in report["statuses"].values():
        assert sum(statuses.values()) > 100
        assert "200" not in statuses


def test_a_target_that_cannot_be_judged_stops_the_run_with_one_line(tmp_path: Path) -> None:
    with LocalSiro() as siro, serve(siro) as url:
        run, _ = gate(variables={**environment(siro, url), "SIRO_USER_TOKEN": "sentinel-wrong"}, reports=tmp_path)

    assert run.returncode == 2, run.stdout
    assert "contract gate: http://127.0.0.1" in run.stdout
    assert "refuses the token; check SIRO_USER_TOKEN" in run.stdout
    assert "sentinel-wrong" not in run.stdout + run.stderr
    assert "Traceback" not in run.stdout + run.stderr


def test_a_live_run_is_rehearsed_and_cleans_up(tmp_path: Path) -> None:
    with LocalSiro() as siro, serve(siro) as url:
        variables = environment(siro, url)
        run, report = gate("--live", "--rule", "sync.protocol.parameters", variables=variables, reports=tmp_path)

    assert run.returncode == 0, run.stdout
    assert "sync_engagement: some " in run.stdout
    assert "of which some" in run.stdout
    forecast = re.search(r"and then some (\d+) more that soft-delete what was stored", run.stdout)
    assert forecast, run.stdout
    assert f"clean-up: {forecast[1]} requests soft-delete what was stored (" in run.stdout
    assert f"clean-up: {forecast[1]} requests were sent" in run.stdout
    assert report["deletions"] == int(forecast[1])
    assert "not soft-deleted" not in run.stdout
