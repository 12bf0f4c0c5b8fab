"""What changed between two OpenAPI 3.0 documents, and what it means.

python -m scripts.spec_diff OLD NEW [--format terminal|markdown|json] [--fail-on breaking]
"""

from typing import Any

from scripts.spec_diff.change import MISSING, Change, Direction, Kind, Missing, Witness

__all__ = ["MISSING", "Change", "Direction", "Kind", "Missing", "Witness", "compare"]


def compare(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """The changes from one published spec to another, in the order of the new one."""
    raise NotImplementedError
