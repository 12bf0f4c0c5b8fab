"""Sync visits and link recordings in Celery tasks, which are retried or not by the class of the error.

    celery --workdir examples/tasks --app siro_tasks worker    # with a broker, at CELERY_BROKER_URL
    python examples/tasks/siro_tasks.py                        # without one: both tasks at once, in this process

What may pass is tried again later: no answer, 429, 5xx, and a row that another task has not synced yet. Everything else
fails at once. Errors of siro_client pickle: the result backend keeps the error itself, and `.get()` raises it with its
status and its issues where the task was sent from.

All worker processes keep to Siro's one limit for a token by a bucket in SQLite, which is a file on their machine; on
several machines, pyrate_limiter has a RedisBucket. It takes SIRO_ORGANIZATION_TOKEN, SIRO_USER_TOKEN,
SIRO_INTEGRATION_CONNECTION_ID, and SIRO_LIMIT_FILE if the bucket is to be elsewhere.
"""

import atexit
import os
import sys
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from celery import Celery  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs] - it has no types
from pyrate_limiter import Duration, Limiter, Rate, SQLiteBucket
from siro_openapi.models import DataType, Engagement

from siro_client import ExternalId, NotFoundError, RateLimitError, ServerError, Siro, SiroError, TransportError

MAX_RETRIES = 5
PER_MINUTE = 1000
"""What Siro allows for a token, whoever uses it."""

app: Any = Celery("siro_tasks")
app.conf.update(
    task_serializer="json",
    # Only for backends that nobody else can write to: to unpickle is to run what somebody wrote.
    result_serializer="pickle",
    accept_content=["json"],
    result_accept_content=["pickle"],
    task_acks_late=True,  # both operations are PUTs: a worker that dies may have done it, and it is done again
)


@cache
def siro() -> Siro:
    """The client of this process, made when its first task runs and so after the worker has forked."""
    bucket = SQLiteBucket.init_from_file(
        [Rate(PER_MINUTE, 61 * Duration.SECOND)],
        db_path=os.environ.get("SIRO_LIMIT_FILE") or str(Path(gettempdir()) / "siro-limit.sqlite"),
        use_file_lock=True,
    )
    # Celery waits without keeping a process busy, so that the client leaves most of the retrying to it.
    client = Siro.from_env(rate_limit=Limiter(bucket), max_retries=1, deadline=30, product="siro-tasks/1.0")
    atexit.register(client.close)
    return client


def seconds_until_retry(error: SiroError, retries: int) -> int | None:
    """After how many seconds a task is worth trying again; None if never."""
    match error:
        case RateLimitError(retry_after=told):
            return min(int(told), 600) if told and told.isdecimal() else 60
        case TransportError() | ServerError():
            return 1 << retries
        case NotFoundError():
            return 30
        case _:
            return None


@app.task(bind=True, max_retries=MAX_RETRIES)  # type: ignore[untyped-decorator]  # as above
def sync_visit(task: Any, visit: dict[str, Any]) -> str:
    """Sync a visit, given in Siro's own field names, and return Siro's id of it."""
    try:
        return siro().sync_engagement(Engagement.from_dict(visit)).data.id
    except SiroError as error:
        _retry_if_it_may_help(task, error)
        raise


@app.task(bind=True, max_retries=MAX_RETRIES)  # type: ignore[untyped-decorator]  # as above
def link_visit(task: Any, recording_id: str, external_id: str) -> str:
    """Link a recording to a visit by its id in the CRM, and return Siro's id of it."""
    target = ExternalId(external_id, integration_connection_id=os.environ["SIRO_INTEGRATION_CONNECTION_ID"])
    try:
        return siro().link_recording(recording_id, target, DataType.ENGAGEMENT).data.id
    except SiroError as error:
        _retry_if_it_may_help(task, error)
        raise


def _retry_if_it_may_help(task: Any, error: SiroError) -> None:
    seconds = seconds_until_retry(error, task.request.retries)
    if seconds is not None:
        raise task.retry(exc=error, countdown=seconds)


if __name__ == "__main__":
    app.conf.task_always_eager = True
    synced = sync_visit.delay({"externalId": "visit-1", "subject": "Kitchen, first visit"})
    linked = link_visit.delay("recording-1", "visit-1")
    sys.stdout.write(f"synced as {synced.get()}, linked to {linked.get()}\n")
