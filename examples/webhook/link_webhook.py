"""Link a recording when a webhook says so: FastAPI, one `AsyncSiro` for the life of the application.

    uvicorn --app-dir examples/webhook link_webhook:app

The event is of a system of your own: {"recordingId": ..., "objectType": "OPPORTUNITY", "crmId": ...}, signed with a
secret that both sides share. It shows what to answer for each `SiroError`, so that the sender sends again what may help
and nothing else.

It takes SIRO_USER_TOKEN (or SIRO_CLIENT_ID, SIRO_CLIENT_SECRET, SIRO_USER_ID and SIRO_ORGANIZATION_TOKEN, by which the
client mints one), SIRO_INTEGRATION_CONNECTION_ID, and WEBHOOK_SECRET.
"""

import hashlib
import hmac
import logging
import os
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Annotated

from fastapi import FastAPI, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from siro_openapi.models import DataType, LinkTrigger

from siro_client import (
    AsyncSiro,
    ConflictError,
    ExternalId,
    InvalidResponseError,
    LinkError,
    NotFoundError,
    RateLimitError,
    RequestError,
    ServerError,
    SiroError,
    TransportError,
)

LOGGER = logging.getLogger("link_webhook")
MAX_AGE = 300
"""Seconds after which a signature is worth nothing, so that an old event cannot be sent again by somebody else."""
ANSWERS: dict[type[SiroError], tuple[HTTPStatus, int | None]] = {
    RateLimitError: (HTTPStatus.SERVICE_UNAVAILABLE, 60),
    TransportError: (HTTPStatus.SERVICE_UNAVAILABLE, 10),
    ServerError: (HTTPStatus.SERVICE_UNAVAILABLE, 10),
    NotFoundError: (HTTPStatus.NOT_FOUND, None),  # the recording, or a row that is not synced yet
    ConflictError: (HTTPStatus.CONFLICT, None),
    RequestError: (HTTPStatus.UNPROCESSABLE_ENTITY, None),
    LinkError: (HTTPStatus.UNPROCESSABLE_ENTITY, None),
    InvalidResponseError: (HTTPStatus.ACCEPTED, None),  # it took effect, and only the answer is strange
    SiroError: (HTTPStatus.INTERNAL_SERVER_ERROR, None),  # a token, a URL: ours to mend, not the sender's
}
"""What the sender is told, and after how many seconds it may try again."""


class LinkEvent(BaseModel):
    """What the webhook is called with."""

    model_config = ConfigDict(alias_generator=to_camel)

    recording_id: str
    object_type: DataType
    crm_id: str


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    """Read the configuration and hold one client, whose connections all requests share."""
    app.state.secret = os.environ["WEBHOOK_SECRET"].encode()
    app.state.connection = os.environ["SIRO_INTEGRATION_CONNECTION_ID"]
    # Those who send webhooks wait some ten seconds: be done by then, and leave it to them to try again.
    async with AsyncSiro.from_env(deadline=8, max_retries=1, product="link-webhook/1.0") as siro:
        app.state.siro = siro
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/links")
async def link(
    request: Request,
    x_timestamp: Annotated[str, Header()] = "",
    x_signature: Annotated[str, Header()] = "",
) -> Response:
    """Link a recording to a CRM row."""
    body, state = await request.body(), request.app.state
    if not is_genuine(state.secret, x_timestamp, x_signature, body):
        return _told(HTTPStatus.UNAUTHORIZED, "the signature does not fit")
    try:
        event = LinkEvent.model_validate_json(body)
        target = ExternalId(event.crm_id, integration_connection_id=state.connection)
        linked = await state.siro.link_recording(
            event.recording_id, target, event.object_type, trigger=LinkTrigger.CRM_DEEPLINK
        )
    except ValidationError as error:
        places = sorted({".".join(map(str, one["loc"])) or "body" for one in error.errors()})
        return _told(HTTPStatus.UNPROCESSABLE_ENTITY, f"not as documented: {', '.join(places)}")
    except ValueError as error:  # what the client would not send
        return _told(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
    except SiroError as error:
        return answer_to(error)
    return JSONResponse({"linked": linked.data.name})


def is_genuine(secret: bytes, timestamp: str, signature: str, body: bytes) -> bool:
    """Whether the signature is HMAC-SHA256 of `timestamp.body`, in hex, and fresh."""
    if not (timestamp.isascii() and timestamp.isdigit() and abs(time.time() - int(timestamp)) <= MAX_AGE):
        return False
    expected = hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())


def answer_to(error: SiroError) -> Response:
    """What the sender is told of an error: by the nearest of its classes that is in the table."""
    status, seconds = next(ANSWERS[kind] for kind in type(error).__mro__ if kind in ANSWERS)
    # An error of siro_client holds no token, so that it may be logged as it is.
    LOGGER.log(logging.WARNING if status < HTTPStatus.INTERNAL_SERVER_ERROR or seconds else logging.ERROR, "%s", error)
    if status == HTTPStatus.ACCEPTED:
        return _told(status, "linked; Siro's answer could not be read")
    if seconds is None:
        ours = status == HTTPStatus.INTERNAL_SERVER_ERROR
        return _told(status, "the webhook cannot use Siro, see its log" if ours else str(error))
    asked = error.retry_after if isinstance(error, RateLimitError) else None
    return _told(status, "Siro is not available: try again", {"Retry-After": asked or str(seconds)})


def _told(status: HTTPStatus, what: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"detail": what}, status, headers)
