"""What a run against a real organization does beside the tests: tell what it will do, keep the pace, clean up."""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx
from pyrate_limiter import Duration, Limiter, Rate

from contract_tests.deletions import ENGAGEMENT, Deletion, Stored, deletable, deletions, stored
from contract_tests.gate import Gate
from contract_tests.operations import CHECKABLE, SYNC
from contract_tests.reporting.redaction import Secrets
from contract_tests.reporting.wording import printable
from contract_tests.surroundings import undecided

PACE = 800
"""Requests a minute with one token. Siro's limit is 1,000."""
LEFT = "not-deleted.txt"
"""The file of the report directory with the external ids of what is left."""
SHOWN = 20
"""So many of them are told in the terminal."""


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
    lines = [_forecast(name, statuses) for name, statuses in report["statuses"].items()]
    more = report["deletions"]
    lines += [f"and then some {more} more that soft-delete what was stored; {_lasting(more)}"] if more else []
    return "\n".join(lines)


def _forecast(name: str, statuses: dict[str, int]) -> str:
    requests = sum(statuses.values())
    writes = sum(count for status, count in statuses.items() if status.startswith("2"))
    return f"{name}: some {requests} requests, of which some {writes} write; {_lasting(requests)}"


def _lasting(requests: int) -> str:
    return f"at {PACE} a minute, {requests / PACE:.1f} minutes"


def paced() -> Callable[[httpx.Request], None]:
    """A hook that lets a request wait until its operation's token is well below Siro's limit."""
    limiters = {operation.header.lower(): Limiter(Rate(PACE, Duration.MINUTE)) for operation in CHECKABLE.values()}

    def wait(request: httpx.Request) -> None:
        for header, limiter in limiters.items():
            if header in request.headers:
                limiter.try_acquire(header)

    return wait


def clean_up(gate: Gate, directory: Path, tell: Callable[[str], None]) -> None:
    """Soft-delete what the run stored, and tell how much that is before, and what is left after.

    Whatever ends it early, what is left is told, and written to a file: by then nothing else knows of it.
    """
    due, kinds, secrets = deletions(gate.record), {ENGAGEMENT, *deletable()}, Secrets.of(gate.target)
    left = {row: _told(row, secrets) for row in stored(gate.record) if row[0] in kinds}
    if due:
        counts = ", ".join(f"{count} {kind}" for kind, count in _counts(due).items())
        tell(f"clean-up: {len(due)} requests soft-delete what was stored ({counts}); {_lasting(len(due))}")
    sent = 0
    try:
        for deletion in due:
            request = gate.request(SYNC, deletion.body, other=deletion.other)
            sent += 1
            if _is_answered(gate, request):
                for row in deletion.rows:
                    del left[row]
    except KeyboardInterrupt:
        tell("clean-up: interrupted; what it was about to delete is told as left")
    if due:
        tell(f"clean-up: {sent} requests were sent, which the count of the run leaves out")
    _tell_left(list(left.values()), directory / LEFT, tell)


def _counts(due: list[Deletion]) -> Counter[str]:
    return Counter(f"{kind}s" for deletion in due for kind, _, _ in deletion.rows)


def _told(row: Stored, secrets: Secrets) -> str:
    """A row in one line, without a token."""
    kind, external_id, other = row
    name = printable(secrets.text(external_id)).replace("\n", "\\n")
    return f"{'' if kind == ENGAGEMENT else f'{kind} '}{name}{' (second organization)' if other else ''}"


def _is_answered(gate: Gate, request: httpx.Request) -> bool:
    try:
        return gate.target.client.send(request).is_success
    except httpx.TransportError:
        return False


def _tell_left(left: list[str], file: Path, tell: Callable[[str], None]) -> None:
    # That of an earlier run would tell of this one what is not so.
    file.unlink(missing_ok=True)
    if not left:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([*left, ""]), encoding="utf-8")
    more = f" and {len(left) - SHOWN} more" if len(left) > SHOWN else ""
    tell(f"not soft-deleted: {', '.join(left[:SHOWN])}{more}; all in {file}")
