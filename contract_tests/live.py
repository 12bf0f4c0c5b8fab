"""What a run against a real organization does beside the tests: tell what it will do, keep the pace, clean up."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from pyrate_limiter import Duration, Limiter, Rate

from contract_tests.gate import PREFIX, Gate
from contract_tests.operations import CHECKABLE, SYNC
from contract_tests.surroundings import undecided

PACE = 800
"""Requests a minute with one token. Siro's limit is 1,000."""


def rehearse(arguments: list[str]) -> str:
    """Run the same tests against the local Siro, and say in one line for each operation what a live run will do.

    Raises:
        RuntimeError: if that cannot be told, with the last that the rehearsal said.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", "-q", "--report-dir", folder, *arguments]
        ended = subprocess.run(command, check=False, capture_output=True, env=undecided(), text=True)
        file = Path(folder) / "report.json"
        if not file.exists():
            lines = f"{ended.stdout}\n{ended.stderr}".strip().splitlines() or ["nothing"]
            said = next((line for line in reversed(lines) if "error" in line.lower()), lines[-1])
            raise RuntimeError(f"the same against the local Siro, to tell what this run will send, ended with: {said}")
        report = json.loads(file.read_text("utf-8"))
    return "\n".join(_forecast(name, statuses) for name, statuses in report["statuses"].items())


def _forecast(name: str, statuses: dict[str, int]) -> str:
    requests = sum(statuses.values())
    writes = sum(count for status, count in statuses.items() if status.startswith("2"))
    minutes = requests / PACE
    return f"{name}: some {requests} requests, of which some {writes} write; at {PACE} a minute, {minutes:.0f} minutes"


def paced() -> Callable[[httpx.Request], None]:
    """A hook that lets a request wait until its operation's token is well below Siro's limit."""
    limiters = {operation.header.lower(): Limiter(Rate(PACE, Duration.MINUTE)) for operation in CHECKABLE.values()}

    def wait(request: httpx.Request) -> None:
        for header, limiter in limiters.items():
            if header in request.headers:
                limiter.try_acquire(header)

    return wait


def clean_up(gate: Gate) -> list[str]:
    """Soft-delete every engagement that the run stored; return what could not be."""
    now = datetime.now(tz=UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    left: list[str] = []
    for external_id, other in sorted(gate.record.synced):
        if not external_id.startswith(PREFIX):
            left.append(external_id)
            continue
        deleted: dict[str, Any] = {"externalId": external_id, "deletedAt": now}
        try:
            response = gate.target.client.send(gate.request(SYNC, deleted, other=other))
        except httpx.TransportError:
            left.append(external_id)
        else:
            left += [] if response.is_success else [external_id]
    return left
