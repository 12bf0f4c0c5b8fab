"""What importing costs, in CPU time of a fresh interpreter, against `import httpx`.

httpx imports its command line too where click and rich are installed, as they are beside the development tools and
seldom are beside the client. They are hidden here, so that httpx is not measured as slower than it is for users.
"""

import os
import statistics
import subprocess
import sys

from benchmarks import rival

RUNS = 25
BARE = "pass"
YARDSTICK = "import httpx"
SUBJECTS = {
    "import siro_openapi": "import siro_openapi",
    "both operations, ready to call": (
        "import siro_openapi.api.integrations.sync_engagement, siro_openapi.api.recordings.link_recording"
    ),
    "import siro_client": "import siro_client",
    "import siro_openapi, and all models": "from siro_openapi.models import *",
    "import requests": "import requests",
}
LIMITS = {"import siro_openapi": 1.35, "import siro_client": 1.3}
"""What they may cost at most."""


def cpu_seconds(statement: str) -> float:
    """User and system time of an interpreter that runs the statement and ends."""
    process = subprocess.Popen([sys.executable, "-c", f"import sys; sys.modules['click'] = None\n{statement}"])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, statement)
    return usage.ru_utime + usage.ru_stime


def ratios(subjects: dict[str, str]) -> dict[str, list[float]]:
    """For each subject, a ratio a round: what it costs beyond a bare interpreter, over what httpx costs beyond it."""
    result: dict[str, list[float]] = {name: [] for name in subjects}
    for statement in (YARDSTICK, *subjects.values()):
        cpu_seconds(statement)  # writes the bytecode caches
    for _ in range(RUNS):
        bare, yardstick = cpu_seconds(BARE), cpu_seconds(YARDSTICK)
        for name, statement in subjects.items():
            result[name].append((cpu_seconds(statement) - bare) / (yardstick - bare))
    return result


def main(*, with_rival: bool) -> None:
    """Print a table of median ratios, with the quartiles around them."""
    print(f"CPU time of an import, as a ratio to `{YARDSTICK}` (median of {RUNS} rounds, quartiles)\n")
    subjects = dict(SUBJECTS)
    if with_rival:
        path = f"import sys; sys.path.insert(0, {str(rival.FOLDER)!r}); "
        subjects["import openapi-generator's client"] = f"{path}import {rival.PACKAGE}"
    for name, values in ratios(subjects).items():
        low, median, high = statistics.quantiles(values, n=4)
        limit = f"  at most {LIMITS[name]}" if name in LIMITS else ""
        print(f"  {name:<36} {median:.2f}  ({low:.2f} to {high:.2f}){limit}")
