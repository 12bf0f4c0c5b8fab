"""Score the gate on seeded faults: `python -m contract_tests.score`.

Each fault is planted in a local Siro of its own, and the gate is run against it in a process of its own, in-process or,
with --over-http, as a stranger runs it: against a served Siro, told by the environment where to go. A kill counts only
if the gate names a rule that the fault breaks.
"""

import argparse
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import TypeVar

from contract_tests.faults import FAMILIES, FAULTS, VARIANTS
from contract_tests.rules import table
from contract_tests.score_schemathesis import BASELINE, SPECS, Findings, baselined, findings
from contract_tests.surroundings import undecided
from siro_client.testing import LocalSiro, environment, serve

_HERE = Path(__file__).parent
Result = TypeVar("Result")
_LONGEST = 300
"""Seconds that a run may take."""


@dataclass(frozen=True)
class Run:
    """How the gate judged one server."""

    name: str
    failed: bool
    rules: tuple[str, ...]
    """The rules that it named."""
    seconds: float
    """From the start of the process to its end, the start of the interpreter included."""
    end: str
    """What it said last."""

    @property
    def is_kill(self) -> bool:
        """Whether it failed a fault for a rule that the fault breaks."""
        return self.failed and not set(self.rules).isdisjoint(FAULTS[self.name].breaks)


def run(name: str, *, over_http: bool) -> Run:
    """Run the gate against a local Siro with a fault, or against a variant."""
    with tempfile.TemporaryDirectory() as folder:
        if not over_http:
            return _run(name, folder, ["contract_tests.planted", name], {})
        with LocalSiro() as siro:
            (FAULTS.get(name) or VARIANTS[name]).plant(siro)
            with serve(siro) as url:
                return _run(name, folder, ["pytest", str(_HERE)], environment(siro, url))


def _run(name: str, folder: str, module: Sequence[str], variables: dict[str, str]) -> Run:
    environ = undecided()
    # Without bytecode caches, pytest would compile its plugins anew at every start.
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    options = ["-x", "-q", "-p", "no:cacheprovider", "--seed", "0", "--report-dir", folder]
    started = time.perf_counter()
    try:
        ended = subprocess.run(
            [sys.executable, "-m", *module, *options],
            check=False,
            capture_output=True,
            text=True,
            cwd=_HERE.parent,
            env={**environ, **variables},
            timeout=_LONGEST,
        )
    except subprocess.TimeoutExpired:
        return Run(name, failed=False, rules=(), seconds=_LONGEST, end=f"no verdict in {_LONGEST} s")
    seconds = time.perf_counter() - started
    lines = (ended.stdout + ended.stderr).strip().splitlines()
    return Run(name, ended.returncode != 0, _rules(Path(folder), lines), seconds, lines[-1] if lines else "")


def _rules(folder: Path, lines: Iterable[str]) -> tuple[str, ...]:
    """The rules that a run named: in its report, or where it wrote none in what it printed."""
    report = folder / "report.json"
    if report.exists():
        return tuple(violation["rule"] for violation in json.loads(report.read_text("utf-8"))["violations"])
    named = (re.match(r"(\S+): ", line) for line in lines)
    return tuple(dict.fromkeys(found[1] for found in named if found and found[1] in table()))


def main() -> int:
    """Score, and print what a README can show; 1 if a fault survived, or a variant was failed."""
    arguments = _arguments()
    unknown = [name for name in arguments.only if name not in FAULTS and name not in VARIANTS]
    if unknown:
        sys.exit(f"no such fault or variant: {', '.join(unknown)}")
    names = arguments.only or [*FAULTS, *VARIANTS]
    found: dict[str, dict[str, Findings]] = {}
    # Spawned, since servers run in threads; a fork would take over locks that nobody there releases.
    with ProcessPoolExecutor(arguments.jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        tasks = {name: pool.submit(run, name, over_http=arguments.over_http) for name in names}
        runs = _progress("the gate", tasks)
        if not arguments.gate_only:
            faults = [BASELINE, *[name for name in names if name in FAULTS][:: arguments.every]]
            for spec in SPECS:
                beside = {name: pool.submit(findings, name, spec) for name in faults}
                found[spec] = _progress(f"schemathesis, {spec} spec", beside)
    survivors = [each for each in runs.values() if each.name in FAULTS and not each.is_kill]
    wronged = [each for each in runs.values() if each.name in VARIANTS and each.failed]
    for line in [
        *_table(runs, found),
        *_times([each.seconds for each in runs.values() if each.name in FAULTS and each.is_kill]),
        *_listed("Survivors", survivors, lambda each: f"{FAULTS[each.name].says}: {_why(each)}"),
        *_listed("Variants wrongly failed", wronged, lambda each: f"{VARIANTS[each.name].says}: {_why(each)}"),
        *_false_failures({spec: of[BASELINE] for spec, of in found.items()}),
    ]:
        print(line)
    return int(bool(survivors or wronged))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m contract_tests.score", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="only these faults and variants")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at once (default: a core each)")
    parser.add_argument("--over-http", action="store_true", help="serve each Siro, as another one is: twice the time")
    beside = parser.add_mutually_exclusive_group()
    beside.add_argument("--gate-only", action="store_true", help="do not score plain `schemathesis run` beside it")
    beside.add_argument("--every", type=int, default=1, metavar="N", help="score schemathesis on every Nth fault (1)")
    arguments = parser.parse_args()
    if arguments.every < 1:
        parser.error("--every: give 1 or more")
    return arguments


def _progress(what: str, tasks: dict[str, "Future[Result]"]) -> dict[str, Result]:
    results: dict[str, Result] = {}
    for number, (name, task) in enumerate(tasks.items(), 1):
        results[name] = task.result()
        print(f"\r{what}: {number} of {len(tasks)}\x1b[K", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return results


def _table(runs: dict[str, Run], found: dict[str, dict[str, Findings]]) -> list[str]:
    columns = [f"schemathesis, {spec} spec" for spec in found]
    gate = {each.name: each.is_kill for each in runs.values() if each.name in FAULTS}
    scored = [gate, *({name: baselined(each, of[BASELINE]) for name, each in of.items()} for of in found.values())]
    lines = [f"| faults by family | {' | '.join(['the gate', *columns])} |", f"|---|{'---:|' * len(scored)}"]
    for family in (*FAMILIES, ""):
        faults = [name for name in gate if family in ("", FAULTS[name].family)]
        if faults:
            cells = " | ".join(_share([kills[name] for name in faults if name in kills]) for kills in scored)
            lines.append(f"| {family or '**all**'} | {cells} |")
    variants = [each for each in runs.values() if each.name in VARIANTS]
    passed = sum(not each.failed for each in variants)
    return [*lines, "", f"Conforming variants passed: {passed} of {len(variants)}."] if variants else lines


def _share(kills: Sequence[bool]) -> str:
    return f"{sum(kills)} of {len(kills)} ({100 * sum(kills) // len(kills)}%)" if kills else ""


def _times(seconds: Sequence[float]) -> list[str]:
    if len(seconds) < 2:
        return []
    late = quantiles(seconds, n=20)[-1]
    return ["", f"Time to the first failure: median {median(seconds):.1f} s, 95th percentile {late:.1f} s."]


def _why(each: Run) -> str:
    if not each.failed:
        return f"passed ({each.end})"
    return f"failed for {', '.join(each.rules)}" if each.rules else f"failed for no rule ({each.end})"


def _listed(title: str, runs: Sequence[Run], line: Callable[[Run], str]) -> list[str]:
    return ["", f"{title}:", "", *(f"- `{each.name}`: {line(each)}" for each in runs)] if runs else []


def _false_failures(baselines: dict[str, Findings]) -> list[str]:
    lines: list[str] = []
    for spec, found in baselines.items():
        lines += ["", f"What schemathesis fails the plain local Siro for, on the {spec} spec: {len(found)} classes", ""]
        lines += [f"- {kind}" for kind in sorted(found)]
    return lines


if __name__ == "__main__":
    sys.exit(main())
