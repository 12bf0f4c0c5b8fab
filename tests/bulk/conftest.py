from collections.abc import Iterator

import pytest

from .driving import Run, no_thread_left, run_async, run_sync


@pytest.fixture(params=[run_sync, run_async], ids=["sync", "async"])
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    with no_thread_left():
        chosen: Run = request.param
        yield chosen
