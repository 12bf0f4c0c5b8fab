"""What sync_engagements makes of a rate limit, of connections, and of memory."""

import itertools
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
from siro_openapi.models import Engagement

from benchmarks.calls import BODY, PATH, TOKEN
from benchmarks.serving import server
from siro_client import Siro

LATENCY = 0.05
"""Seconds that the server takes to answer."""
CONNECTIONS = 20
CALLS = 1500
ROUNDS = 5
LIMIT = 0.90
"""What a bulk run reaches at least of what raw httpx does."""
MINUTES = 2
USED = 0.97
"""What a bulk run uses at least of the rate limit."""
SIZES = (1_000, 10_000, 100_000)


def engagements() -> Iterator[Engagement]:
    """Endless, each with an external id of its own."""
    for number in itertools.count():
        engagement = Engagement.from_dict(BODY)
        engagement.external_id = f"e-{number}"
        yield engagement


class ToLoopback(httpx.BaseTransport):
    """Sends what is for Siro's host to a server on loopback, so that the client limits itself as for Siro."""

    def __init__(self, url: str) -> None:
        self._url = httpx.URL(url)
        self._inner = httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=CONNECTIONS))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request elsewhere."""
        request.url = request.url.copy_with(scheme=self._url.scheme, host=self._url.host, port=self._url.port)
        return self._inner.handle_request(request)


def throughput() -> list[float]:
    """Bulk calls a second over those of raw httpx with as many threads, a ratio a round."""
    with (
        server(BODY, str(LATENCY)) as url,
        httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"}) as raw,
        Siro(organization_token=TOKEN, integrations_url=url) as siro,
        ThreadPoolExecutor(CONNECTIONS) as pool,
    ):

        def put(_: int) -> object:
            return raw.put(url + PATH, json=BODY).raise_for_status().json()

        def with_httpx() -> None:
            list(pool.map(put, range(CALLS)))

        def with_siro() -> None:
            for synced in siro.sync_engagements(itertools.islice(engagements(), CALLS), concurrency=CONNECTIONS):
                if synced.error:
                    raise synced.error

        with_httpx()
        with_siro()
        return [seconds(with_httpx) / seconds(with_siro) for _ in range(ROUNDS)]


def seconds(work: Callable[[], None]) -> float:
    """How long it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def limited() -> tuple[float, int]:
    """What share of 1,000 requests a minute a bulk run uses in some minutes, and how many were answered 429."""
    with server(BODY, "0", "1000") as url:
        refused: list[str] = []
        siro = Siro(
            organization_token=TOKEN,
            transport=ToLoopback(url),
            max_retries=0,
            on_response=lambda attempt: refused.append(attempt.url) if attempt.status_code == 429 else None,  # noqa: PLR2004
        )
        ends = time.monotonic() + MINUTES * 60
        count = 0
        for synced in siro.sync_engagements(engagements(), concurrency=CONNECTIONS):
            if time.monotonic() >= ends:
                break
            count += synced.error is None
    return count / (1000 * MINUTES), len(refused)


def peaks() -> dict[int, float]:
    """The peak of memory in MiB while so many engagements are synced."""
    result: dict[int, float] = {}
    names = ("id", "externalId", "engagementType", "createdAt", "updatedAt", "organizationId")
    body = {"data": dict.fromkeys(names, "text")}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=body))
    for size in SIZES:
        with Siro(organization_token=TOKEN, transport=transport, rate_limit=False) as siro:
            tracemalloc.start()
            for synced in siro.sync_engagements(itertools.islice(engagements(), size), concurrency=CONNECTIONS):
                if synced.error:
                    raise synced.error
            result[size] = tracemalloc.get_traced_memory()[1] / 2**20
            tracemalloc.stop()
    return result


def main() -> None:
    """Print what was measured."""
    values = throughput()
    print(f"\nsync_engagements over {CONNECTIONS} connections at {LATENCY * 1000:.0f} ms, as a ratio to raw httpx\n")
    low, high = min(values), max(values)
    print(f"  calls a second {statistics.median(values):26.2f}  ({low:.2f} to {high:.2f})  at least {LIMIT}")
    print("\nPeak of memory of sync_engagements\n")
    for size, peak in peaks().items():
        print(f"  {size:>7,} engagements {peak:21.1f} MiB")
    used, refused = limited()
    print(f"\nsync_engagements at 1,000 requests a minute, for {MINUTES} minutes\n")
    print(f"  used of the limit {used:23.1%}  at least {USED:.0%}\n  answered 429 {refused:>28}  none")
