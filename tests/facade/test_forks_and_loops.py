"""A forked child uses no connection of its parent's, and one event loop none of another's."""

import asyncio
import gc
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from siro_client import AsyncSiro, ClosedError, Siro
from tests.facade.leaks import open_files
from tests.facade.raw_server import RawServer, cut, drip, whole
from tests.facade.wire import ENGAGEMENT, RESULTS, TOKENS, call, is_success, leftover_tasks, ok, wait_until

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")

PREAMBLE = """
import asyncio, os, sys, threading, time, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # of forks beside threads, which are what this is about
from siro_client import AsyncSiro, Siro
from tests.facade.wire import TOKENS, call, is_success

kind, operation, url = sys.argv[1:]
siro = {"sync": Siro, "async": AsyncSiro}[kind](
    **TOKENS, integrations_url=url, recordings_url=url, max_retries=0, timeout=5.0
)
parent, runner = os.getpid(), asyncio.Runner()

def run(function):
    # A child that ran the event loop of its parent would share its selector, which no library can mend.
    return runner.run(function()) if os.getpid() == parent else asyncio.run(function())

def check(times=1):
    async def calls():
        for _ in range(times):
            assert is_success(operation, await call(siro, operation))

    if kind == "async":
        return run(calls)
    for _ in range(times):
        assert is_success(operation, call(siro, operation))

def close():
    run(siro.aclose) if kind == "async" else siro.close()

def in_child(work):
    if child := os.fork():
        return child
    try:
        work()
    except BaseException as error:
        print(repr(error), file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)

def ended(child):
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""


def run(script: str, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PREAMBLE + script, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@needs_fork
def test_a_child_makes_a_connection_of_its_own_and_the_parent_keeps_its_own(kind: str, operation: str) -> None:
    script = """
check()
ended(in_child(lambda: check(2)))
check()
ended(in_child(close))
check()
close()
"""
    with RawServer(whole(ok(operation))) as server:
        run(script, kind, operation, server.url)
        assert (server.accepted, len(server.requests)) == (2, 5)


@needs_fork
def test_many_children_at_once_make_connections_of_their_own(kind: str, operation: str) -> None:
    script = """
check()
for child in [in_child(lambda: check(3)) for _ in range(8)]:
    ended(child)
check()
close()
"""
    with RawServer(whole(ok(operation))) as server:
        run(script, kind, operation, server.url)
        assert (server.accepted, len(server.requests)) == (9, 26)


@needs_fork
def test_a_child_that_was_forked_while_others_called_can_call(operation: str) -> None:
    script = """
begun = threading.Event()
siro._shared.hooks = (lambda _: begun.set(), None)
calling = threading.Thread(target=check)
calling.start()
begun.wait(30)  # when all is imported: a child can import nothing that a thread of its parent had begun to
time.sleep(0.3)
with siro._shared.lock, siro._shared.minting:  # as other threads may hold them at that moment
    child = in_child(check)
ended(child)
calling.join()
check()
close()
"""
    with RawServer(drip(b"", [ok(operation)], 1.0), whole(ok(operation))) as server:
        run(script, "sync", operation, server.url)
        assert len(server.requests) == 3


@pytest.mark.parametrize("operation", RESULTS)
@pytest.mark.parametrize("keeps_alive", [True, False])
def test_one_client_serves_one_event_loop_after_another(operation: str, *, keeps_alive: bool) -> None:
    async def main() -> None:
        assert is_success(operation, await call(siro, operation))
        assert is_success(operation, await call(siro, operation))
        assert await leftover_tasks() == []

    answer = ok(operation)
    with RawServer(whole(answer) if keeps_alive else cut(answer, len(answer))) as server:
        siro = AsyncSiro(**TOKENS, integrations_url=server.url, recordings_url=server.url)
        asyncio.run(main())
        wait_until(lambda: server.connected == 0)
        before = open_files()
        for _ in range(20):
            asyncio.run(main())
        assert len(server.requests) == 42
        wait_until(lambda: server.connected == 0)
        assert open_files() <= before
        asyncio.run(siro.aclose())


@pytest.mark.parametrize("operation", RESULTS)
def test_event_loops_in_several_threads_share_one_client(operation: str) -> None:
    async def main() -> None:
        for _ in range(5):
            assert is_success(operation, await call(siro, operation))

    with RawServer(whole(ok(operation))) as server, ThreadPoolExecutor(4) as pool:
        siro = AsyncSiro(**TOKENS, integrations_url=server.url, recordings_url=server.url)
        list(pool.map(asyncio.run, [main() for _ in range(8)]))
        assert (server.accepted, len(server.requests)) == (8, 40)
        wait_until(lambda: server.connected == 0)
        asyncio.run(siro.aclose())


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_loop_that_was_not_shut_down_is_forgotten_when_the_next_one_comes() -> None:
    with RawServer(whole(ok("sync_engagement"))) as server:
        siro = AsyncSiro(**TOKENS, integrations_url=server.url, recordings_url=server.url)

        def without_a_shutdown() -> None:
            loop = asyncio.new_event_loop()
            loop.run_until_complete(siro.sync_engagement(ENGAGEMENT))
            loop.close()

        for _ in range(3):
            without_a_shutdown()
        asyncio.run(siro.sync_engagement(ENGAGEMENT))
        gc.collect()
        wait_until(lambda: server.connected == 0)
        assert server.accepted == 4


def test_a_child_is_refused_the_http_client_that_its_parent_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = httpx.MockTransport(lambda _: httpx.Response(200, json=RESULTS["sync_engagement"]))
    with httpx.Client(transport=answers) as given:
        siro = Siro(organization_token="token", http_client=given)
        assert siro.sync_engagement(ENGAGEMENT)
        pid = os.getpid()
        monkeypatch.setattr(os, "getpid", lambda: pid + 1)
        with pytest.raises(ClosedError) as caught:
            siro.sync_engagement(ENGAGEMENT)
    reason = "the http_client it was given belongs to the parent process"
    assert str(caught.value) == f"sync_engagement: {reason}: make a new one"
