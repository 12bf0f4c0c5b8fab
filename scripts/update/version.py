"""Whether the next version is a patch, a minor or a major one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scripts.layout import ROOT, StepError
from scripts.spec_diff.change import Change, Direction
from scripts.update.names import Name

VERSION = ROOT / "siro_client" / "_version.py"


@dataclass(frozen=True)
class Next:
    """The next version."""

    level: str
    """`major`, `minor` or `patch`, as Semantic Versioning means it."""
    version: str
    because: str


def following(changes: Iterable[Change], names: Iterable[Name], path: Path = VERSION) -> Next:
    """The version that a change leads to.

    What breaks code that uses the client, by a name or by a request that was valid, is major. What adds or changes
    something that code can see is minor, and prose alone a patch. That a response may hold more is minor as well: the
    client reads what it does not know. While the version begins with 0, a major change raises the second number and
    any other the third, which is what pip's `~=0.y.0` and Cargo's and Poetry's `^0.y` rely on.
    """
    changes, names = list(changes), list(names)
    broken = [name.name for name in names if name.breaks]
    refused = [change.pointer for change in changes if change.breaks_callers]
    seen = [name.name for name in names] or [
        change.pointer for change in changes if change.direction is not Direction.PROSE
    ]
    if broken:
        return _next("major", f"{_few(broken)} may break code that uses it", path)
    if refused:
        return _next("major", f"requests that were valid are not, or go elsewhere ({_few(refused)})", path)
    if seen:
        return _next("minor", f"what is new breaks no code ({_few(seen)})", path)
    return _next("patch", "nothing changes but prose", path)


def _next(level: str, because: str, path: Path) -> Next:
    match = re.search(r'"(\d+)\.(\d+)\.(\d+)"', path.read_text("utf-8"))
    if match is None:
        raise StepError(f"{path.name} holds no version such as 1.2.3")
    major, minor, patch = map(int, match.groups())
    if level == "major" and major:
        version = (major + 1, 0, 0)
    elif level == "major" or (level == "minor" and major):
        version = (major, minor + 1, 0)
    else:
        version = (major, minor, patch + 1)
    return Next(level, ".".join(map(str, version)), because)


def _few(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
