"""Gives up connections that a cancelled call left in the pool of httpcore for good."""

from typing import Any

import httpx


def forget_lost(client: httpx.AsyncClient) -> None:
    """Take connections out of the pool that were begun for nobody any more.

    httpcore 1.0 hands a request the connection that is to be made for it, and waits once more; a call that is cancelled
    just then leaves a connection behind that nobody opens, uses or closes, and that counts against the limit. There is
    no public way to it. Where these names are gone, nothing is done, and the tests of cancelled calls tell.
    """
    inner: Any = client
    for transport in (inner._transport, *inner._mounts.values()):  # noqa: SLF001 - as above
        pool: Any = getattr(transport, "_pool", None)
        requests, connections = getattr(pool, "_requests", None), getattr(pool, "_connections", None)
        if requests is None or connections is None:
            continue
        used = {id(request.connection) for request in requests}
        lost = [each for each in connections if id(each) not in used and getattr(each, "_connection", each) is None]
        for connection in lost:
            connections.remove(connection)
        if lost:
            pool._assign_requests_to_connections()  # noqa: SLF001 - those that wait
