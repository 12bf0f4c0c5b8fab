"""Run the gate on a local Siro with a fault in it, or on a variant: `python -m contract_tests.planted NAME OPTION...`.

The options are those of pytest. `make local` cannot serve such a Siro, so the `curl` line of a failure repeats nothing.
"""

import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest

from contract_tests.faults import FAULTS, VARIANTS
from contract_tests.surroundings import undecided
from siro_client.testing import LocalSiro

PLAIN = "the local Siro"
"""The name of the one without a fault."""


def gate(name: str, *options: str, plugins: Sequence[object] = ()) -> int:
    """Run the gate in this process, and return its exit status; nothing that is set points it elsewhere."""
    for variable in os.environ.keys() - undecided().keys():
        del os.environ[variable]
    # What is loaded already cannot be rewritten, and the gate's checks are no assert statements.
    arguments = ["-W", "ignore::pytest.PytestAssertRewriteWarning", *options]
    return pytest.main([str(Path(__file__).parent), *arguments], plugins=[_Planted(name), *plugins])


class _Planted:
    """A plugin that lets the gate make a Siro with the fault where it would make a plain one."""

    def __init__(self, name: str) -> None:
        self._name = name

    def pytest_configure(self) -> None:
        from contract_tests import target  # noqa: PLC0415 - loaded by the gate itself, so that it can be collected

        mock.patch.object(target, "LocalSiro", self._siro).start()

    @contextmanager
    def _siro(self) -> Generator[LocalSiro]:
        with LocalSiro() as siro:
            if self._name != PLAIN:
                (FAULTS.get(self._name) or VARIANTS[self._name]).plant(siro)
            yield siro


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in {PLAIN, *FAULTS, *VARIANTS}:
        sys.exit(gate(*sys.argv[1:]))
    sys.exit("name a fault or a variant of contract_tests/faults/")
