"""Breaks the facade in one place at a time with mutmut, runs its tests, and says how many of the breaks they notice.

python -m tests.mutants                  every mutant: some 3,000, which take hours
python -m tests.mutants --sample 250     as many of them, chosen by --seed
python -m tests.mutants --report         run none, and report what is known from earlier runs

A mutant that does the same as what it was made of can be killed by no test: those that `mutants.toml` calls equivalent
are counted apart, and the share is that of the others.
"""

import argparse
import random
import re
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

LIMIT = 0.90
"""The share that is to be killed, of those that are not equivalent."""
EQUIVALENT = "equivalent"
"""What becomes of a survivor whose reason begins so."""
REASONS = Path(__file__).with_name("mutants.toml")
_MUTMUT = [sys.executable, "-m", "mutmut"]
_LINE = re.compile(r"\s*(?P<name>siro_client\.(?P<module>\w+)\.\S+): (?P<verdict>.+)")
_KILLED = {"killed", "timeout", "segfault", "suspicious", "caught by type check"}
_ALIVE = {"survived", "no tests"}


def verdicts() -> dict[str, str]:
    """What became of each mutant, by its name."""
    told = subprocess.run([*_MUTMUT, "results", "--all", "true"], capture_output=True, text=True, check=True).stdout
    found = (_LINE.fullmatch(line) for line in told.splitlines())
    return {match["name"]: match["verdict"] for match in found if match}


def run(sample: int | None, seed: int) -> None:
    """Run mutants that were not run before: all, or a sample."""
    names: list[str] = []
    if sample is not None:
        # The mutants are written before the first is run.
        subprocess.run([*_MUTMUT, "run", "siro_client._retry*"], check=True)
        names = sorted(verdicts())
        random.Random(seed).shuffle(names)  # noqa: S311 - to sample, not to keep a secret
        del names[sample:]
    subprocess.run([*_MUTMUT, "run", *names], check=True)


def report() -> int:
    """Print the share that was killed, by module, and each survivor with its change and the reason that is known."""
    by_module: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: dict[str, str] = tomllib.loads(REASONS.read_text("utf-8"))
    for name, verdict in verdicts().items():
        counts = by_module[name.split(".")[1]]
        if verdict not in _ALIVE:
            counts[verdict] += 1
            continue
        change = subprocess.run([*_MUTMUT, "show", name], capture_output=True, text=True, check=True).stdout
        lines = [line for line in change.splitlines() if re.match(r"[-+](?![-+])", line)]
        told = "\n".join([name, *lines])
        reason = next((reason for pattern, reason in reasons.items() if re.search(pattern, told)), "none known")
        counts[EQUIVALENT if reason.startswith(EQUIVALENT) else verdict] += 1
        print(f"{name}\n  " + "\n  ".join(lines) + f"\n  reason: {reason}\n")
    print(f"{'module':<24}{'mutants run':>12}{'equivalent':>12}{'killed':>9}{'share':>9}")
    everything = Counter[str]()
    for module, counts in sorted(by_module.items()):
        everything += counts
        _row(module, counts)
    share = _row("all", everything)
    return int(share < LIMIT)


def _row(name: str, counts: Counter[str]) -> float:
    killed = sum(counts[verdict] for verdict in _KILLED)
    alive, equivalent = sum(counts[verdict] for verdict in _ALIVE), counts[EQUIVALENT]
    share = killed / (killed + alive) if killed + alive else 1.0
    done = killed + alive + equivalent
    print(f"{name:<24}{done:>4} of{sum(counts.values()):>5}{equivalent:>12}{killed:>9}{share:>9.1%}")
    return share


def main() -> int:
    """Run mutants and report them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, metavar="N", help="run N mutants, and not all")
    parser.add_argument("--seed", type=int, default=0, help="chooses the sample (0)")
    parser.add_argument("--report", action="store_true", help="run none")
    arguments = parser.parse_args()
    if not arguments.report:
        run(arguments.sample, arguments.seed)
    return report()


if __name__ == "__main__":
    sys.exit(main())
