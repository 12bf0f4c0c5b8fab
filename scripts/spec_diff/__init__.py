"""What changed between two OpenAPI 3.0 documents, and what it means.

python -m scripts.spec_diff OLD NEW [--format terminal|markdown|json] [--fail-on breaking]

It walks by meaning: where a schema stands, and the order of what has none, is no change. Whether a change of a body
breaks anything is not looked up in a table: a body is made that shows it, and a validator decides. Only what an
operation uses is compared; a component that nothing refers to says nothing.
"""

from scripts.spec_diff.change import MISSING, Change, Direction, Kind, Missing, Witness
from scripts.spec_diff.comparison import compare

__all__ = ["MISSING", "Change", "Direction", "Kind", "Missing", "Witness", "compare"]
