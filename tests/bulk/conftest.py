import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from siro_client.testing import LocalSiro, environment, serve

from .commands import Served, Write
from .driving import Run, no_thread_left, run_async, run_sync


@pytest.fixture(params=[run_sync, run_async], ids=["sync", "async"])
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    with no_thread_left():
        chosen: Run = request.param
        yield chosen


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    with LocalSiro() as siro:
        app = siro.app
        watching: list[Served] = []

        async def watched(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                message = await receive()
                body = json.loads(message["body"])
                watching[0].bodies.append(body)
                await asyncio.sleep(watching[0].delay)
                if body.get("subject") == watching[0].refuses:
                    await send({"type": "http.response.start", "status": 422, "headers": []})
                    await send({"type": "http.response.body", "body": b""})
                    return

                async def again() -> Any:
                    return message

                await app(scope, again, send)

        monkeypatch.setattr(siro, "app", watched)
        with serve(siro) as root_url:
            watching.append(Served(environment(siro, root_url)))
            yield watching[0]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(*lines: str, name: str = "engagements.jsonl") -> str:
        path = tmp_path / name
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return str(path)

    return write
