"""What sync_engagements makes of a rate limit, of connections, and of memory."""

import itertools
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx
from siro_openapi.models import Engagement

from benchmarks.calls import BODY, TOKEN, subjects
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


def throughput(*, with_rival: bool) -> dict[str, list[float]]:
    """Calls a second over those of raw httpx, all over as many connections, for each subject a ratio a round."""
    with (
        server(BODY, str(LATENCY)) as url,
        Siro(organization_token=TOKEN, integrations_url=url) as siro,
        ThreadPoolExecutor(CONNECTIONS) as pool,
    ):

        def in_threads(call: Callable[[], object]) -> None:
            for done in [pool.submit(call) for _ in range(CALLS)]:
                done.result()

        def in_bulk() -> None:
            for synced in siro.sync_engagements(itertools.islice(engagements(), CALLS), concurrency=CONNECTIONS):
                if synced.error:
                    raise synced.error

        every = subjects(url, with_rival=with_rival, connections=CONNECTIONS)
        works: dict[str, Callable[[], None]] = {name: partial(in_threads, call) for name, call in every.items()}
        works["Siro.sync_engagements"] = in_bulk
        result: dict[str, list[float]] = {name: [] for name in works}
        for work in works.values():
            work()
        for _ in range(ROUNDS):
            took = {name: seconds(work) for name, work in works.items()}
            for name, spent in took.items():
                result[name].append(took["httpx"] / spent)
    return result


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


def main(*, with_rival: bool) -> None:
    """Print what was measured."""
    print(
        f"\nCalls a second over {CONNECTIONS} connections at {LATENCY * 1000:.0f} ms, as a ratio to httpx "
        f"(median of {ROUNDS} rounds, extremes)\n"
    )
    for name, values in throughput(with_rival=with_rival).items():
        limit = f"  at least {LIMIT}" if name == "Siro.sync_engagements" else ""
        print(f"  {name:<36} {statistics.median(values):.2f}  ({min(values):.2f} to {max(values):.2f}){limit}")
    print("\nPeak of memory of sync_engagements\n")
    for size, peak in peaks().items():
        print(f"  {size:>7,} engagements {peak:21.1f} MiB")
    used, refused = limited()
    print(f"\nsync_engagements at 1,000 requests a minute, for {MINUTES} minutes\n")
    print(f"  used of the limit {used:23.1%}  at least {USED:.0%}\n  answered 429 {refused:>28}  none")
