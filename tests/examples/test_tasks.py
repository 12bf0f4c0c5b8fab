"""The Celery tasks, run eagerly: what is tried again, and what comes back through a result backend that pickles."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
from celery.result import AsyncResult  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs] - it has no types
from pyrate_limiter import Duration, Rate, SQLiteBucket
from siro_openapi.models import Engagement

import siro_client
import siro_tasks
from siro_client import NotFoundError, RequestError, ServerError, Siro, SiroError, SiroTimeoutError
from siro_client.testing import Failure
from siro_tasks import app, link_visit, seconds_until_retry, sync_visit

from .conftest import EXAMPLES, Served

pytestmark = pytest.mark.usefixtures("backend", "served")
VISIT = {"externalId": "visit-1", "subject": "Kitchen, first visit"}


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result backend in files, to which the application is set for good: it keeps the one that it used first."""
    folder = tmp_path_factory.mktemp("results")
    app.conf.update(
        task_always_eager=True,
        task_eager_propagates=False,
        task_store_eager_result=True,
        result_backend=folder.as_uri(),
    )
    for task in (sync_visit, link_visit):  # which read their settings when pytest collected them
        task.store_eager_result = True
    return folder


@pytest.fixture(autouse=True)
def limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    """The file that holds the limit of a client that is made for the test."""
    file = tmp_path / "limit.sqlite"
    monkeypatch.setenv("SIRO_LIMIT_FILE", str(file))
    yield file
    if siro_tasks.siro.cache_info().currsize:
        siro_tasks.siro().close()
    siro_tasks.siro.cache_clear()


def from_backend(result: Any) -> Any:
    """The same result as another process would see it."""
    return AsyncResult(result.id, app=app)


def admitted(limit: Path) -> int:
    bucket = SQLiteBucket.init_from_file([Rate(1000, 61 * Duration.SECOND)], db_path=str(limit), use_file_lock=True)
    with closing(cast("Any", bucket)):  # its close() has no types
        return bucket.count()


def test_a_visit_is_synced_and_a_recording_linked(served: Served, limit: Path) -> None:
    synced, linked = sync_visit.delay(VISIT), link_visit.delay("recording-1", "visit-1")
    assert from_backend(synced).get(timeout=10) == from_backend(linked).get(timeout=10) != ""
    assert served.synced("visit-1") == VISIT
    assert served.local.requests == {"sync_engagement": 1, "link_recording": 1}
    assert admitted(limit) == 2


def test_an_outage_is_sat_out_by_the_task(served: Served, limit: Path) -> None:
    outage = served.local.fail(Failure(status=503, times=2))  # the client gives up after two attempts
    assert from_backend(sync_visit.delay(VISIT)).state == "SUCCESS"
    assert outage.left == 0
    assert served.local.requests["sync_engagement"] == admitted(limit) == 3


def test_an_error_comes_back_from_the_backend_as_it_was(served: Served, backend: Path) -> None:
    issue = {"code": "custom", "path": ["subject"], "message": "Siro does not like it"}
    body = json.dumps({"issues": [issue], "name": "ZodError"})
    served.local.fail(Failure(status=422, headers={"x-request-id": "request-7"}, body=body))
    result = sync_visit.delay(VISIT)
    assert isinstance(result.result, RequestError)
    with pytest.raises(RequestError) as caught:
        from_backend(result).get(timeout=10)
    error = caught.value
    assert error is not result.result
    assert error.answer == result.result.answer
    assert (error.status_code, error.request_id, error.attempts) == (422, "request-7", 1)
    assert [str(one) for one in error.issues] == ["subject: Siro does not like it"]
    assert served.local.requests["sync_engagement"] == 1
    kept = b"".join(file.read_bytes() for file in backend.iterdir())
    assert b"request-7" in kept
    assert served.local.organization.organization_token.encode() not in kept


def test_every_error_comes_back_with_its_class_and_its_words(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_visit, "max_retries", 0)
    failures = [Failure(status=status) for status in (307, 400, 401, 403, 404, 409, 418, 422, 500)]
    failures += [Failure(status=429, times=2), Failure(status=200, body="{"), Failure(no_answer=True, times=2)]
    classes = set[type]()
    for failure in failures:
        served.local.fail(failure)
        result = sync_visit.delay(VISIT)
        with pytest.raises(SiroError) as caught:
            from_backend(result).get(timeout=10)
        assert type(caught.value) is type(result.result)
        assert str(caught.value) == str(result.result)
        classes.add(type(caught.value))
    assert len(classes) == 11  # 400 and 422 are of one class


def test_a_task_gives_up_after_its_retries(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_visit, "max_retries", 1)
    served.local.fail(Failure(status=500, times=9))  # which the client itself does not repeat
    with pytest.raises(ServerError, match="status 500"):
        from_backend(sync_visit.delay(VISIT)).get(timeout=10)
    assert served.local.requests["sync_engagement"] == 2


def test_a_link_waits_for_its_visit(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_visit, "max_retries", 2)
    with pytest.raises(NotFoundError):
        from_backend(link_visit.delay("recording-1", "visit-1")).get(timeout=10)
    assert served.local.requests["link_recording"] == 3


def test_each_class_has_its_policy() -> None:
    tried_again = {"RateLimitError", "TransportError", "SiroConnectionError", "SiroTimeoutError", "ServerError"}
    errors = [getattr(siro_client, name) for name in siro_client.__all__]
    kinds = [kind for kind in errors if isinstance(kind, type) and issubclass(kind, SiroError)]
    seconds = {kind.__name__: seconds_until_retry(_made(kind), 3) for kind in kinds}
    assert {name for name, one in seconds.items() if one is not None} == tried_again | {"NotFoundError"}
    assert (seconds["ServerError"], seconds["SiroTimeoutError"], seconds["RateLimitError"]) == (8, 8, 60)


@pytest.mark.parametrize(("told", "seconds"), [("7", 7), ("86400", 600), ("Fri, 27 Nov 2026 06:00:00 GMT", 60)])
def test_a_task_waits_as_siro_says(served: Served, told: str, seconds: int) -> None:
    served.local.fail(Failure(status=429, headers={"Retry-After": told}))
    with pytest.raises(siro_client.RateLimitError) as caught:
        siro_tasks.siro().with_options(max_retries=0).sync_engagement(Engagement("visit-1"))
    assert seconds_until_retry(caught.value, 0) == seconds


def test_processes_share_one_limit(served: Served, limit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = [sys.executable, "-W", "error", str(EXAMPLES / "tasks" / "siro_tasks.py")]
    run = subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, check=True)
    assert run.stdout.startswith("synced as ")
    assert run.stderr == ""
    assert admitted(limit) == 2
    monkeypatch.setattr(siro_tasks, "PER_MINUTE", 2)
    with pytest.raises(SiroTimeoutError) as caught:
        siro_tasks.siro().with_options(deadline=1).sync_engagement(Engagement("visit-2"))
    assert caught.value.attempts == 0
    assert served.local.requests == {"sync_engagement": 1, "link_recording": 1}


def _made(kind: type[SiroError]) -> SiroError:
    """An error as if it had been raised; of a response, one without headers."""
    answer = siro_client.Answer("sync_engagement", "PUT", "https://siro.example", 400, {}, b"", 1)
    if issubclass(kind, siro_client.TransportError):
        return kind("sync_engagement", "PUT", "https://siro.example", "late", 1)
    if issubclass(kind, siro_client.MissingTokenError):
        return kind("sync_engagement", "organization token", "organization_token", "SIRO_ORGANIZATION_TOKEN")
    if issubclass(kind, siro_client.ClosedError):
        return kind("sync_engagement")
    return kind(answer) if kind is not SiroError else SiroError()


def test_the_client_of_a_process_is_one(served: Served) -> None:
    sync_visit.delay(VISIT)
    assert isinstance(siro_tasks.siro(), Siro)
    assert siro_tasks.siro() is siro_tasks.siro()
    assert served.headers[0]["user-agent"].startswith("siro-tasks/1.0 ")
