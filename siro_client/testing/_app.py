"""The ASGI application: a route for each operation, and the order in which a request is looked at."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeAlias, cast

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from siro_client.testing import _body, _refusal
from siro_client.testing._auth import authenticate_organization, authenticate_user
from siro_client.testing._json import JsonObject
from siro_client.testing._link import link_recording
from siro_client.testing._mint import MINT_PATH, mint_issues, mint_user_token
from siro_client.testing._refusal import Issue, Refusal
from siro_client.testing._store import Store
from siro_client.testing._sync import sync_engagement
from siro_client.testing._validation import LINK_PATH, SYNC_PATH, compiled, link_issues, sync_issues

Authenticate: TypeAlias = Callable[[Store, Headers], str]
FindIssues: TypeAlias = Callable[[JsonObject], list[Issue]]

INTEGRATIONS_ROOT = "/api-externalApi"
"""Where the integrations host keeps its operations, on the one host of the local Siro."""


def create_app(store: Store) -> Starlette:
    """Return the application over a store; the name of a route is that of its operation.

    Raises:
        NotImplementedError: the specification uses what `_schema.py` does not know.

    """
    compiled(LINK_PATH)
    compiled(SYNC_PATH)

    async def link(request: Request) -> Response:
        organization_id, body = await _looked_at(request, store, authenticate_user, link_issues)
        with store.transaction() as db:
            data = link_recording(db, organization_id, request.path_params["id"], body)
        return JSONResponse({"data": data})

    async def sync(request: Request) -> Response:
        organization_id, body = await _looked_at(request, store, authenticate_organization, sync_issues)
        with store.transaction() as db:
            data = sync_engagement(db, organization_id, body)
        return JSONResponse({"data": data})

    async def mint(request: Request) -> Response:
        organization_id, body = await _looked_at(request, store, authenticate_organization, mint_issues)
        with store.transaction() as db:
            minted = mint_user_token(db, organization_id, request.path_params["client_id"], body, store.clock())
        return JSONResponse(minted, 201)

    app = Starlette(
        routes=[
            Route(LINK_PATH, link, methods=["PUT"], name="link_recording"),
            Route(INTEGRATIONS_ROOT + SYNC_PATH, sync, methods=["PUT"], name="sync_engagement"),
            Route(INTEGRATIONS_ROOT + MINT_PATH, mint, methods=["POST"], name="mint_user_token"),
        ],
        exception_handlers={
            Refusal: _answer_refusal,
            HTTPException: _answer_unrouted,
            Exception: _answer_bug,
        },
    )
    app.router.redirect_slashes = False
    return app


async def _looked_at(
    request: Request, store: Store, authenticate: Authenticate, find_issues: FindIssues
) -> tuple[str, JsonObject]:
    """Return whose request it is, and its valid body.

    Raises:
        HTTPException: 404, the path only looks like the operation's.
        Refusal: whichever rule of authentication, of bodies or of the operation's own it breaks first.

    """
    # Starlette's patterns end with "$", which lets a line feed (%0A) pass behind the path.
    if request.scope["path"].endswith("\n"):
        raise HTTPException(404)
    raw = await _body.read(request)
    organization_id = authenticate(store, request.headers)
    body = _body.parse(request.headers, raw)
    if issues := find_issues(body):
        raise _refusal.invalid(issues)
    return organization_id, body


# The handlers are coroutines, since Starlette runs plain functions in a thread: then a request would suspend, and
# LocalTransport could not drive it without an event loop.


async def _answer_refusal(_: Request, exception: Exception) -> Response:
    refusal = cast("Refusal", exception)
    return JSONResponse(refusal.body, refusal.status, refusal.headers)


async def _answer_unrouted(_: Request, exception: Exception) -> Response:
    refused = cast("HTTPException", exception)
    if refused.status_code == HTTPStatus.NOT_FOUND:
        return JSONResponse({"code": 404, "message": "The current request is not defined by this API."}, 404)
    return JSONResponse({"error": refused.detail}, refused.status_code, refused.headers)


async def _answer_bug(_: Request, _exception: Exception) -> Response:
    # Starlette raises the exception again behind this answer: a test sees it, a user's server logs it.
    return JSONResponse({"error": "Internal Server Error"}, 500)
