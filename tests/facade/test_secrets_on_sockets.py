"""No secret in what comes out when a connection breaks, is interrupted or forked: frames below hold tokens there."""

import asyncio
import logging
import os
import pickle
import signal
import socket
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from siro_client import AsyncSiro, SiroError, SiroTimeoutError, TransportError
from tests.facade import wire
from tests.facade.raw_server import Act, Connection, RawServer, close_at_once, cut, endless, reset, silent, whole
from tests.facade.sentinels import VAULT, is_told, leaks, logged

OK = wire.response(200, b'{"data": {}}')
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
ACTS: dict[str, Act] = {
    "closed": close_at_once,
    "cut in the head": cut(OK, 20),
    "cut in the body": cut(OK, len(OK) - 3),
    "reset": reset(),
    "no HTTP": whole(b"SSH-2.0-OpenSSH\r\n\r\n"),
    "a status that is none": whole(b"HTTP/1.1 abc\r\n\r\n"),
    "a length that is none": whole(HEAD + b"Content-Length: x\r\n\r\n{}"),
    "a chunk that is none": whole(HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n"),
    "a head that does not end": endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
}


@pytest.fixture(autouse=True)
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert logged(caplog.get_records("call")) == []


@pytest.mark.parametrize("name", ACTS)
def test_a_connection_that_breaks_tells_no_secret(kind: str, operation: str, name: str) -> None:
    with (
        RawServer(ACTS[name]) as server,
        wire.client(kind, server.url, max_retries=0, **VAULT.tokens()) as siro,
        pytest.raises(TransportError) as caught,
    ):
        wire.call(siro, operation)
    assert leaks(caught.value) == []
    pickle.dumps(caught.value)


@pytest.mark.parametrize("name", ACTS)
def test_a_minting_that_breaks_tells_no_secret(kind: str, name: str) -> None:
    with (
        RawServer(ACTS[name]) as server,
        wire.client(kind, server.url, max_retries=0, **VAULT.tokens("app")) as siro,
        pytest.raises(TransportError, match="mint_user_token") as caught,
    ):
        wire.call(siro, "link_recording")
    assert leaks(caught.value) == []


def test_no_connection_and_no_answer_in_time_tell_no_secret(kind: str, operation: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with wire.client(kind, url, max_retries=0, **VAULT.tokens()) as siro, pytest.raises(TransportError) as caught:
            wire.call(siro, operation)
    assert leaks(caught.value) == []
    for options in ({"timeout": 0.1}, {"deadline": 0.1}):
        with (
            RawServer(silent) as server,
            wire.client(kind, server.url, max_retries=0, **options, **VAULT.tokens()) as siro,
            pytest.raises(SiroTimeoutError) as caught,
        ):
            wire.call(siro, operation)
        assert leaks(caught.value) == []


def interrupt(connection: Connection) -> None:
    """What a person does who presses Ctrl-C while the client waits for the answer."""
    connection.request()
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    connection.until_the_client_closes()


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("source", ["token", "app", "callable"])
def test_ctrl_c_in_the_middle_of_a_request_tells_no_secret(kind: str, operation: str, source: str) -> None:
    with (
        RawServer(interrupt) as server,
        wire.client(kind, server.url, **VAULT.tokens(source)) as siro,
        pytest.raises(KeyboardInterrupt) as caught,
    ):
        wire.call(siro, operation)
    assert leaks(caught.value) == []


@pytest.mark.parametrize("source", ["token", "app", "callable"])
def test_a_task_that_is_cancelled_in_the_middle_of_a_request_tells_no_secret(operation: str, source: str) -> None:
    async def main(url: str) -> None:
        async with AsyncSiro(integrations_url=url, recordings_url=url, **VAULT.tokens(source)) as siro:
            task = asyncio.ensure_future(wire.call(siro, operation))
            assert await asyncio.to_thread(arrived.wait, 30)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert leaks(caught.value) == []
            assert not is_told(repr(task))

    arrived = threading.Event()

    def silent_after_request(connection: Connection) -> None:
        connection.request()
        arrived.set()
        connection.until_the_client_closes()

    with RawServer(silent_after_request) as server:
        asyncio.run(main(server.url))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_tells_no_secret(operation: str) -> None:
    with RawServer(whole(wire.response(401))) as server, wire.client("sync", server.url, **VAULT.tokens()) as siro:
        with pytest.raises(SiroError):
            wire.call(siro, operation)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of forking with threads, which is what is tested
            child = os.fork()
        if child == 0:
            os._exit(_of_child(siro, operation))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _of_child(siro: Any, operation: str) -> int:
    try:
        wire.call(siro, operation)
    except SiroError as error:
        return 0 if leaks(error) == [] else 2
    return 1


def test_a_client_that_httpx_refuses_to_send_with_tells_no_secret(operation: str) -> None:
    theirs = httpx.Client()
    theirs.close()
    with (
        wire.client("sync", "http://127.0.0.1:1", http_client=theirs, **VAULT.tokens()) as siro,
        pytest.raises(SiroError) as caught,
    ):
        wire.call(siro, operation)
    assert leaks(caught.value) == []
