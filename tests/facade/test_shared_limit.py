"""Processes that share a token share a limit, by a limiter whose bucket they share."""

import subprocess
import sys
from pathlib import Path

ADMITTED = 25
WORK = f"""
import sys
from concurrent.futures import ThreadPoolExecutor
from pyrate_limiter import Duration, Limiter, Rate, SQLiteBucket
from siro_client import Siro, SiroTimeoutError
from siro_client.testing import LocalSiro
from siro_openapi.models import Engagement

bucket = SQLiteBucket.init_from_file([Rate({ADMITTED}, Duration.DAY)], db_path=sys.argv[1], use_file_lock=True)

refused = []

def call(number):
    if refused:
        return
    try:
        siro.sync_engagement(Engagement(external_id=str(number)))
    except SiroTimeoutError as error:
        assert "rate limit" in str(error), error
        refused.append(number)

with LocalSiro() as local:
    siro = Siro(
        organization_token=local.organization.organization_token,
        transport=local.transport,
        rate_limit=Limiter(bucket),
        deadline=2,
    )
    with ThreadPoolExecutor(int(sys.argv[2])) as pool:
        list(pool.map(call, range({ADMITTED})))
    print(local.requests["sync_engagement"])
"""


def test_two_processes_send_no_more_than_their_common_limiter_admits(tmp_path: Path) -> None:
    """Each would send as much as both may, from one thread or from several."""
    for threads in (1, 4):
        bucket = str(tmp_path / f"limit-{threads}.sqlite")
        command = [sys.executable, "-c", WORK, bucket, str(threads)]
        running = [
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
        ]
        told = [process.communicate() for process in running]
        assert [process.returncode for process in running] == [0, 0], told
        assert sum(int(out) for out, _ in told) == ADMITTED
