"""The local Siro over real HTTP, on 127.0.0.1 only."""

import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn

from siro_client.testing._local_siro import LocalSiro

_HOST = "127.0.0.1"


@contextmanager
def serve(siro: LocalSiro, port: int = 0) -> Generator[str]:
    """Serve over HTTP in a background thread, and yield the root URL, such as `http://127.0.0.1:8080`.

    It accepts connections when the block begins. When the block ends it answers what is under way and stops.

    Args:
        siro: the local Siro; it stays open.
        port: 0 picks a free one.

    Raises:
        OSError: the port is taken.

    """
    with socket.create_server((_HOST, port)) as listener:
        # Connections inherit it; asyncio would set it only on sockets that name their protocol, and every answer that
        # is written in two parts would wait for the client's delayed acknowledgement, some 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Named, so that nothing depends on what else is installed. Only a bug of the server is logged.
        config = uvicorn.Config(siro.app, http="h11", loop="asyncio", ws="none", lifespan="off", log_level="error")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="local-siro", daemon=True)
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.001)
            yield f"http://{_HOST}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
