"""Run the default profile with many seeds against what conforms: `python -m contract_tests.score_seeds`.

No seed may fail the local Siro, or a conforming variant of it. Each run has a process of its own, in which the Siro is,
too: it is forked from one that has imported what all of them need.
"""

import argparse
import contextlib
import importlib
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


def run(task: tuple[str, int]) -> Run:
    """Run the gate once, in this process."""
    name, seed = task
    told = io.StringIO()
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.redirect_stdout(told),
        contextlib.redirect_stderr(told),
    ):
        ended = gate(name, "-q", "--seed", str(seed), "--report-dir", folder)
    return Run(name, seed, ended != pytest.ExitCode.OK, told.getvalue())


def main() -> int:
    """Run, and print each that failed when it does; 1 if any did."""
    arguments = _arguments()
    names = arguments.only or [PLAIN, *VARIANTS]
    tasks = [(name, seed) for seed in range(arguments.first, arguments.first + arguments.seeds) for name in names]
    failed: list[Run] = []
    importlib.import_module("schemathesis")  # takes the longest, and each run needs it
    # A process for each run, so that none knows what another has seen.
    with multiprocessing.get_context("fork").Pool(arguments.jobs, maxtasksperchild=1) as pool:
        for number, each in enumerate(pool.imap_unordered(run, tasks), 1):
            if each.failed:
                failed.append(each)
                print(f"{each.name}, seed {each.seed}:\n{each.told}\n", flush=True)
            print(f"\r{number} of {len(tasks)}\x1b[K", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    seeds = f"{arguments.seeds} seeds from {arguments.first}"
    print(f"{len(tasks) - len(failed)} of {len(tasks)} runs passed: {len(names)} Siros that conform, {seeds}")
    return int(bool(failed))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m contract_tests.score_seeds", description=__doc__)
    choices = [PLAIN, *VARIANTS]
    parser.add_argument("--only", nargs="+", choices=choices, default=[], metavar="NAME", help="only these")
    parser.add_argument("--seeds", type=int, default=20, help="how many (20)")
    parser.add_argument("--first", type=int, default=0, help="the first of them (0)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at once (default: a core each)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
