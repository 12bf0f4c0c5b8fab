"""What is around a run, without what would send it to another Siro or its report elsewhere."""

import os

_DECIDE = ("SIRO_", "PYTEST_", "GITHUB_")


def undecided() -> dict[str, str]:
    """The variables of this process, without those that decide something of a run."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_DECIDE)}
