"""The gate, run as a person runs it, against Siros that are wrong, closed, or not there."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping

import pytest

from contract_tests.faults import FAULTS
from siro_client.testing import LocalSiro, environment, serve

CAUGHT_BY = {
    "link-both-ids": "test_link_rule",
    "sync-no-organization": "test_schema",
    "emoji-crash": "test_schema",
}


def gate(*arguments: str, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("SIRO_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "contract_tests", "--maxfail=1", "--no-header", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={**environ, **variables},
    )


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_turns_it_red(name: str) -> None:
    with LocalSiro() as siro:
        siro.app = FAULTS[name].plant(siro.app)
        with serve(siro) as url:
            run = gate(variables=environment(siro, url))

    assert run.returncode == 1, run.stdout
    assert re.search(rf"FAILED .*{CAUGHT_BY[name]}", run.stdout), run.stdout
    assert "verdict: FAILED; repeat it with: make contract SEED=0" in run.stdout
    assert siro.organization.user_token not in run.stdout + run.stderr
    assert siro.organization.organization_token not in run.stdout + run.stderr


def test_a_conforming_siro_over_http_turns_it_green() -> None:
    with LocalSiro() as siro, serve(siro) as url:
        run = gate("-k", "link_rule or state or auth", variables=environment(siro, url))

    assert run.returncode == 0, run.stdout
    assert f"link_recording at {url}: " in run.stdout
    assert "verdict: passed, with seed 0" in run.stdout


def test_an_operation_that_never_answered_200_turns_it_red() -> None:
    with LocalSiro() as siro, serve(siro) as url:
        run = gate("-k", "test_auth", variables=environment(siro, url))

    assert run.returncode == 1, run.stdout
    assert "sync_engagement never answered 200" in run.stdout


def test_what_the_target_gives_no_means_to_check_is_not_passed() -> None:
    with LocalSiro() as siro, serve(siro) as url:
        variables = {**environment(siro, url), "SIRO_RECORDING_IDS": ""}
        run = gate("-k", "link_rule", "-rs", variables=variables)

    assert "not checked: needs SIRO_RECORDING_IDS" in run.stdout
    assert "verdict: FAILED" in run.stdout, "nothing was checked, so nothing is passed"


def test_a_target_that_cannot_be_judged_stops_the_run_with_one_line() -> None:
    with LocalSiro() as siro, serve(siro) as url:
        run = gate(variables={**environment(siro, url), "SIRO_USER_TOKEN": "sentinel-wrong"})

    assert run.returncode == 2, run.stdout
    assert "contract gate: http://127.0.0.1" in run.stdout
    assert "refuses the token; check SIRO_USER_TOKEN" in run.stdout
    assert "sentinel-wrong" not in run.stdout + run.stderr
    assert "Traceback" not in run.stdout + run.stderr
