"""The client-side rate limit: each attempt takes its turn, and who waits too long is told so."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from pyrate_limiter import Duration, InMemoryBucket, Limiter, Rate, RateItem, SingleBucketFactory

from siro_client import ServerError, SiroTimeoutError
from tests.facade.conftest import Waits
from tests.facade.raw_server import RawServer, whole
from tests.facade.wire import RESULTS, call, client, is_success, ok, response, within

FOREIGN = "https://siro.test"


class Counting(Limiter):
    """A limiter that tells what it was asked for."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            SingleBucketFactory(InMemoryBucket([Rate(limit, Duration.HOUR)]), schedule_leak=False), buffer_ms=0
        )
        self.asked: list[str] = []

    def try_acquire(self, name: str = "", *args: Any, **kwargs: Any) -> Any:
        self.asked.append(name)
        return super().try_acquire(name, *args, **kwargs)

    async def try_acquire_async(self, name: str = "", *args: Any, **kwargs: Any) -> bool:
        self.asked.append(name)
        return await super().try_acquire_async(name, *args, **kwargs)


def sent(answer: Callable[[], httpx.Response]) -> tuple[list[str], httpx.MockTransport]:
    """A transport that answers, and the paths of what it was sent."""
    paths: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.path)
        return answer()

    return paths, httpx.MockTransport(handle)


CREDENTIALS = {"sync_engagement": "organization token", "link_recording": "user token"}


def test_a_limiter_is_asked_before_each_attempt(kind: str, operation: str, waits: Waits) -> None:
    limiter = Counting(100)
    paths, transport = sent(lambda: httpx.Response(503))
    with client(kind, FOREIGN, transport=transport, rate_limit=limiter, max_retries=2) as siro:
        for each in (siro, siro.with_options(max_retries=3)):
            with pytest.raises(ServerError):
                call(each, operation)
    assert limiter.asked == [CREDENTIALS[operation]] * 7
    assert (len(paths), len(waits)) == (7, 5)


def test_a_limiter_is_shared_by_clients_and_stops_them_at_its_limit(kind: str, operation: str) -> None:
    limiter = Counting(3)
    paths, transport = sent(lambda: httpx.Response(200, json=RESULTS[operation]))
    options = {"transport": transport, "rate_limit": limiter, "deadline": 0.3}
    with client(kind, FOREIGN, **options) as one, client(kind, FOREIGN, **options) as other:
        for each in (one, other, one.with_options(timeout=1)):
            call(each, operation)
        for each in (one, other):
            with (
                within(0.3),
                pytest.raises(SiroTimeoutError, match="the rate limit left no turn before the deadline") as caught,
            ):
                call(each, operation)
            assert caught.value.attempts == 0
    assert len(paths) == 3


def test_a_retry_that_gets_no_turn_is_not_sent(kind: str, operation: str, waits: Waits) -> None:
    paths, transport = sent(lambda: httpx.Response(503))
    with (
        client(kind, FOREIGN, transport=transport, rate_limit=Counting(2), deadline=2.0) as siro,
        within(2),
        pytest.raises(SiroTimeoutError, match="in 2 attempts"),
    ):
        call(siro, operation)
    assert (len(paths), len(waits)) == (2, 2)


def test_1000_requests_a_minute_may_be_sent_and_the_next_one_waits(kind: str, operation: str) -> None:
    paths, transport = sent(lambda: httpx.Response(200, json=RESULTS[operation]))
    with client(kind, FOREIGN, transport=transport, deadline=30.0) as siro:
        for number in range(1000):
            call(siro if number % 2 else siro.with_options(timeout=1), operation)
        assert len(paths) == 1000
        with within(0.3), pytest.raises(SiroTimeoutError, match="rate limit"):
            call(siro.with_options(deadline=0.3), operation)
        assert len(paths) == 1000
        # The other token has a limit of its own.
        other = next(each for each in RESULTS if each != operation)
        with pytest.raises(Exception, match="invalid body"):
            call(siro, other)
        assert len(paths) == 1001


def test_the_minutes_before_are_forgotten(kind: str, operation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic_ns()
    for clock in ("time.monotonic_ns", "pyrate_limiter.clocks.monotonic_ns"):
        monkeypatch.setattr(clock, lambda: now)
    put = InMemoryBucket.put
    remembered: list[int] = []

    def counted(bucket: InMemoryBucket, item: RateItem) -> bool:
        remembered.append(bucket.count())
        return put(bucket, item)

    monkeypatch.setattr(InMemoryBucket, "put", counted)
    paths, transport = sent(lambda: httpx.Response(200, json=RESULTS[operation]))
    with client(kind, FOREIGN, transport=transport, deadline=5.0) as siro:
        for _ in range(3):
            for _ in range(700):
                call(siro, operation)
            now += 62 * 10**9
    assert len(paths) == 2100
    assert 700 < max(remembered) <= 1001


def test_threads_share_the_limit() -> None:
    paths, transport = sent(lambda: httpx.Response(200, json=RESULTS["sync_engagement"]))

    def work(siro: Any) -> None:
        for _ in range(120):
            call(siro, "sync_engagement")

    with client("sync", FOREIGN, transport=transport, deadline=30.0) as siro, ThreadPoolExecutor(8) as pool:
        list(pool.map(work, [siro, siro.with_options(timeout=1)] * 4))
        assert len(paths) == 960
        for _ in range(40):
            call(siro, "sync_engagement")
        with pytest.raises(SiroTimeoutError, match="rate limit"):
            call(siro.with_options(deadline=0.3), "sync_engagement")
    assert len(paths) == 1000


@pytest.mark.parametrize("options", [{}, {"rate_limit": False}])
def test_there_is_no_limit_on_loopback_nor_where_it_is_turned_off(
    kind: str, operation: str, options: dict[str, Any]
) -> None:
    paths, transport = sent(lambda: httpx.Response(200, json=RESULTS[operation]))
    url = FOREIGN if options else "http://127.0.0.1:1"
    with client(kind, url, transport=transport, deadline=10.0, **options) as siro:
        for _ in range(1001):
            call(siro, operation)
    assert len(paths) == 1001


def test_a_limiter_that_is_given_limits_loopback_too(kind: str, operation: str) -> None:
    limiter = Counting(1)
    with RawServer(whole(ok(operation))) as server, client(kind, server.url, rate_limit=limiter, deadline=0.3) as siro:
        assert is_success(operation, call(siro, operation))
        with pytest.raises(SiroTimeoutError, match="rate limit"):
            call(siro, operation)
        assert len(server.requests) == 1


def test_the_token_of_a_401_that_is_minted_anew_takes_a_turn_of_its_own(kind: str) -> None:
    tokens = iter(["first", "second"])
    limiter = Counting(100)
    acts = whole(response(401, b"{}"), ok("link_recording"))
    with (
        RawServer(acts) as server,
        client(kind, server.url, user_token=lambda: next(tokens), rate_limit=limiter) as siro,
    ):
        assert is_success("link_recording", call(siro, "link_recording"))
        assert len(server.requests) == 2
    assert limiter.asked == ["user token"] * 2
