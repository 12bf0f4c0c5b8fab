"""What pages once allowed in a request and do not any more: `specs/once_allowed.json`, kept for the contract gate.

From the spec alone the gate cannot know it: a value that an enum has lost stands nowhere. So the witnesses of such
changes are kept, one body a change.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from scripts.layout import SPECS, Json
from scripts.spec_diff.change import Change, Direction

ONCE_ALLOWED = SPECS / "once_allowed.json"


def record(changes: Iterable[Change], path: Path) -> int:
    """Add the witnesses of changes to the file, each once; return how many are new."""
    known: list[Json] = json.loads(path.read_text("utf-8")) if path.exists() else []
    new = [entry for entry in _entries(changes) if entry not in known]
    if new:
        path.write_text(json.dumps([*known, *new], indent=1, ensure_ascii=False) + "\n", "utf-8")
    return len(new)


def _entries(changes: Iterable[Change]) -> Iterator[Json]:
    for change in changes:
        witness = change.witness
        if witness is None or change.direction is not Direction.REQUEST or "/parameters/" in change.pointer:
            continue
        if isinstance(witness.body, dict) and witness.was_allowed and not witness.is_allowed:
            yield {"operation": change.operation, "pointer": change.pointer, "body": witness.body}
