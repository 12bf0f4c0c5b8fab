"""What an update costs beside its floor, the bare generator run on both published specs.

Every run is a process of its own, as `make update` is; the update is of a page with one property more, without the gate
(`CHECKS=quick`), in a copy of the tree.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scripts import sources
from scripts.layout import ROOT

RUNS = 5
FLOOR = "openapi-python-client generate, both specs"
LIMITS = {"the report (spec-diff)": 3, "an update that finds nothing": 3, "an update, without the gate": 12}
"""Seconds on two cores."""
_LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "reports", "dist", "mutants")
_PROPERTIES = re.compile(rb"^( +)properties:\n", re.MULTILINE)


def seconds(tree: Path, *commands: list[str]) -> float:
    """How long commands take, one after the other."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tree), str(tree / "generated")])}
    began = time.perf_counter()
    for command in commands:
        subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True, cwd=tree, env=environ)
    return time.perf_counter() - began


def bare(tree: Path, folder: Path) -> float:
    """The floor."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    generate = ["openapi_python_client", "generate", "--meta", "none"]
    return seconds(
        tree,
        *(
            [*generate, "--path", str(source.spec_path), "--output-path", str(folder / source.name)]
            for source in sources.read()
        ),
    )


def updated(tree: Path, pages: Path) -> float:
    """An update, after which the tree is put back."""
    took = seconds(tree, ["scripts.update", "--from", str(pages), "--checks", "quick"])
    for name in ("specs", "generated"):
        shutil.rmtree(tree / name)
        shutil.copytree(ROOT / name, tree / name, ignore=_LEFT_OUT)
    return took


def ratios() -> tuple[dict[str, list[float]], float]:
    """Seconds of each subject, a round each, and the median of the floor."""
    took: dict[str, list[float]] = {name: [] for name in (FLOOR, *LIMITS)}
    with tempfile.TemporaryDirectory() as folder:
        tree, pages = Path(folder, "tree"), Path(folder, "pages")
        shutil.copytree(ROOT, tree, ignore=_LEFT_OUT)
        shutil.copytree(ROOT / "specs/pages", pages)
        page = pages / Path(sources.read()[-1].page).name
        page.write_bytes(
            _PROPERTIES.sub(rb"\1properties:\n\1  more:\n\1    type: string\n", page.read_bytes(), count=1)
        )
        diff = ["scripts.spec_diff", f"specs/pages/{page.name}", str(page)]
        same = ["scripts.update", "--from", "specs/pages"]
        updated(tree, pages)  # makes the caches that stay between runs
        for _ in range(RUNS):
            took[FLOOR].append(bare(tree, Path(folder, "bare")))
            for name, measure in zip(
                LIMITS, (seconds(tree, diff), seconds(tree, same), updated(tree, pages)), strict=True
            ):
                took[name].append(measure)
    return took, statistics.median(took[FLOOR])


def main() -> None:
    """Print a table: seconds, ratios to the floor, and what is allowed."""
    took, floor = ratios()
    print(f"\nAn update, in seconds and as a ratio to the bare generator (median of {RUNS} rounds)\n")
    for name, values in took.items():
        median = statistics.median(values)
        limit = f"  at most {LIMITS[name]} s" if name in LIMITS else ""
        print(f"  {name:<44} {median:5.1f} s  {median / floor:5.2f}{limit}")


if __name__ == "__main__":
    main()
