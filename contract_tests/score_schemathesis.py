"""What plain `schemathesis run` finds of a fault, with the tokens and a seed, and nothing else set."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TypeAlias

from contract_tests.faults import FAULTS
from contract_tests.operations import CHECKABLE, Operation
from siro_client.testing import LocalSiro, environment, serve

Findings: TypeAlias = frozenset[str]
"""Classes of failures: operation, check and status, as schemathesis itself holds them to be the same."""

BASELINE = "the plain local Siro"
SPECS = ("published", "effective")
_FOLDER = Path(__file__).parents[1] / "specs"
_LONGEST = 300


def baselined(found: Findings, baseline: Findings) -> bool:
    """Whether something was found that the plain local Siro is not failed for too."""
    return not found <= baseline


def findings(name: str, spec: str) -> Findings:
    """Run schemathesis against the operation of a local Siro that a fault is in, or against each of a plain one."""
    found: set[str] = set()
    for operation in CHECKABLE.values():
        if name != BASELINE and FAULTS[name].operation != operation.short:
            continue
        with LocalSiro() as siro:
            if name != BASELINE:
                FAULTS[name].plant(siro)
            with serve(siro) as url:
                found |= _findings(operation, spec, environment(siro, url))
    return frozenset(found)


def _findings(operation: Operation, spec: str, variables: dict[str, str]) -> set[str]:
    path = _FOLDER / ("effective.yaml" if spec == "effective" else f"vendored/{operation.name}.yaml")
    one = ["--include-operation-id", operation.name] if spec == "effective" else []
    token = f"{operation.header}: {operation.scheme} {variables[operation.token_variable]}".replace(":  ", ": ")
    options = ["--header", token, "--seed", "0", "--max-examples", "50", "--continue-on-failure", "--no-color"]
    program = str(Path(sys.executable).with_name("schemathesis"))
    with tempfile.TemporaryDirectory() as folder:
        try:
            ended = subprocess.run(
                [program, "run", str(path), "--url", variables[operation.url_variable], *options, *one],
                check=False,
                capture_output=True,
                text=True,
                cwd=folder,
                timeout=_LONGEST,
            )
        except subprocess.TimeoutExpired:
            return {f"{operation.name}: no end in {_LONGEST} s"}
    return {f"{operation.name}: {kind}" for kind in kinds(ended.stdout)}


def kinds(printed: str) -> set[str]:
    """Read the classes of failures from what schemathesis prints: the checks of a case, then its status."""
    found: set[str] = set()
    checks: list[str] = []
    for line in printed.splitlines():
        if check := re.fullmatch(r"- (ST\d+ .*)", line):
            checks.append(check[1])
        elif status := re.match(r"\[(\d{3})\] ", line):
            found |= {f"{check}, {status[1]}" for check in checks}
            checks = []
        elif re.match(r"\d+\. Test Case ID", line):
            found |= set(checks)
            checks = []
    return found | set(checks)
