"""Run the default profile with many seeds against what conforms: `python -m contract_tests.score_seeds`.

No seed may fail the local Siro, or a conforming variant of it. Each run has a process of its own, in which the Siro is,
too: it is forked from one that has judged the local Siro once, and so knows the spec, and has imported what all need.

All tests run with the first seed, and with the others those that draw what they send: the rest send the same with every
seed (measured: the requests of each test, with two seeds, differ in ids that the Siro gave). `--whole` runs all.
"""

import argparse
import contextlib
import io
import multiprocessing
import os
import sys
import tempfile
from dataclasses import dataclass

import pytest

from contract_tests.faults import VARIANTS
from contract_tests.planted import PLAIN, gate


@dataclass(frozen=True)
class Run:
    """How the gate judged one server with one seed."""

    name: str
    seed: int
    failed: bool
    told: str
    """All that it printed."""


class _Drawn:
    """A plugin that leaves out the tests that send the same with every seed."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if _draws(item)]


def _draws(item: pytest.Item) -> bool:
    """Whether Hypothesis, or schemathesis, makes what a test sends."""
    function = getattr(item, "obj", None)
    return bool(getattr(function, "is_hypothesis_test", False)) or item.path.stem in {"test_fuzz", "test_machine"}


def run(task: tuple[str, int, bool]) -> Run:
    """Run the gate once, in this process: whole, or the tests alone that draw what they send."""
    name, seed, whole = task
    told = io.StringIO()
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.redirect_stdout(told),
        contextlib.redirect_stderr(told),
    ):
        options = ("-q", "--seed", str(seed), "--report-dir", folder)
        ended = gate(name, *options, plugins=[] if whole else [_Drawn()])
    return Run(name, seed, ended != pytest.ExitCode.OK, told.getvalue())


def main() -> int:
    """Run, and print each that failed when it does; 1 if any did."""
    arguments = _arguments()
    names = arguments.only or [PLAIN, *VARIANTS]
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    tasks = [(name, seed, arguments.whole or seed == seeds[0]) for seed in seeds for name in names]
    failed: list[Run] = []
    run((PLAIN, seeds[0], True))
    # A process for each run, so that none knows what another has seen.
    with multiprocessing.get_context("fork").Pool(arguments.jobs, maxtasksperchild=1) as pool:
        for number, each in enumerate(pool.imap_unordered(run, tasks), 1):
            if each.failed:
                failed.append(each)
                print(f"{each.name}, seed {each.seed}:\n{each.told}\n", flush=True)
            print(f"\r{number} of {len(tasks)}\x1b[K", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    told = f"{len(names)} Siros that conform, {len(seeds)} seeds from {seeds[0]}"
    print(f"{len(tasks) - len(failed)} of {len(tasks)} runs passed: {told}")
    return int(bool(failed))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m contract_tests.score_seeds", description=__doc__)
    choices = [PLAIN, *VARIANTS]
    parser.add_argument("--only", nargs="+", choices=choices, default=[], metavar="NAME", help="only these")
    parser.add_argument("--seeds", type=int, default=20, help="how many (20)")
    parser.add_argument("--first", type=int, default=0, help="the first of them (0)")
    parser.add_argument("--whole", action="store_true", help="all tests with every seed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at once (default: a core each)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
