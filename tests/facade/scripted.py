"""A server that answers with one status after another, without a socket."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.facade import wire
from tests.facade.sentinels import minting

URL = "http://127.0.0.1:1"
LINK = f"{URL}/v1/core/recordings/r-1/link"
MINT = f"{URL}/v1/core/oauth/apps/client-1/access-token"
Respond = Callable[[httpx.Request], httpx.Response]


def success(request: httpx.Request) -> httpx.Response:
    operation = "link_recording" if request.url.path.endswith("/link") else "sync_engagement"
    return minting(request) or httpx.Response(200, json=wire.RESULTS[operation], headers={"x-request-id": "r-7"})


def scripted(*statuses: int) -> Respond:
    """Answer with one status after another, and then with success."""
    left = list(statuses)
    return lambda request: minting(request) or (httpx.Response(left.pop(0)) if left else success(request))


@contextmanager
def client(kind: str, respond: Respond = success, **options: Any) -> Generator[Any]:
    with wire.client(kind, URL, transport=httpx.MockTransport(respond), **options) as siro:
        yield siro
