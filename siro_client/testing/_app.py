"""The ASGI application: a route for each operation, and what it answers."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import TypeAlias, cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from siro_client.testing._asking import Asked, asked, looked_at
from siro_client.testing._auth import authenticate_organization
from siro_client.testing._json import JsonObject
from siro_client.testing._link import link_recording
from siro_client.testing._mint import MINT_PATH, mint_issues, mint_user_token
from siro_client.testing._operations import INTEGRATIONS_ROOT, Operation, operations
from siro_client.testing._refusal import Issue, Refusal
from siro_client.testing._store import Store
from siro_client.testing._sync import sync_engagement
from siro_client.testing._validation import (
    LINK_PATH,
    SYNC_PATH,
    compiled,
    link_issues,
    specification_issues,
    sync_issues,
)

Handle: TypeAlias = Callable[[Request], Awaitable[Response]]

_TEXT = "text"
"""A body of another media type than JSON."""


def create_app(store: Store) -> Starlette:
    """Return the application over a store; the name of a route is that of its operation.

    An operation of the specification that is not implemented here has no behaviour of its own. Its token, parameters
    and body are looked at as those of the others are, and its answer is an example of the response schema, always the
    same, with what was sent where a property has its name and allows it; of another media type than JSON, it is a text.
    Nothing is stored. One of a host or a security scheme that is not known has no route.

    Raises:
        NotImplementedError: the specification uses what `_schema.py`, `_parameters.py` or `_sample.py` does not know.

    """
    described = {operation.name: operation for operation in operations()}
    implemented = {
        "link_recording": _link(store, _known(described, "link_recording")),
        "sync_engagement": _sync(store, _known(described, "sync_engagement")),
    }

    async def mint(request: Request) -> Response:
        minting = await looked_at(request, store, authenticate_organization, mint_issues)
        organization_id, client_id = minting.organization_id, request.path_params["client_id"]
        with store.transaction() as db:
            minted = mint_user_token(db, organization_id, client_id, minting.body, store.clock())
        return JSONResponse(minted, 201)

    app = Starlette(
        routes=[
            Route(INTEGRATIONS_ROOT + MINT_PATH, mint, methods=["POST"], name="mint_user_token"),
            *(
                Route(each.route, implemented.get(name) or _added(store, each), methods=[each.method], name=name)
                for name, each in described.items()
            ),
        ],
        exception_handlers={
            Refusal: _answer_refusal,
            HTTPException: _answer_unrouted,
            Exception: _answer_bug,
        },
    )
    app.router.redirect_slashes = False
    return app


def _known(described: Mapping[str, Operation], name: str) -> Operation:
    if name not in described:
        reason = f"the effective spec has {name} at no host, or with no token, that is known here"
        raise NotImplementedError(f"{reason}: teach siro_client/testing/_operations.py")
    return described[name]


def _link(store: Store, operation: Operation) -> Handle:
    compiled(LINK_PATH)

    async def answer(request: Request) -> Response:
        link = await asked(request, store, operation, link_issues)
        with store.transaction() as db:
            data = link_recording(db, link.organization_id, request.path_params["p0"], link.body)
        return _told(operation, link, data)

    return answer


def _sync(store: Store, operation: Operation) -> Handle:
    compiled(SYNC_PATH)

    async def answer(request: Request) -> Response:
        sync = await asked(request, store, operation, sync_issues)
        with store.transaction() as db:
            data = sync_engagement(db, sync.organization_id, sync.body)
        return _told(operation, sync, data)

    return answer


def _told(operation: Operation, request: Asked, data: JsonObject) -> Response:
    """Answer what was done, and what the specification has come to require of an answer since this was written."""
    return JSONResponse(operation.complete({"data": data}, request.given), operation.status)


def _added(store: Store, operation: Operation) -> Handle:
    """Answer for an operation that nothing is known of but what the specification says."""
    if operation.has_body:
        compiled(operation.path, operation.method.lower())
    # Made now, so that what no example is known of is told at the start.
    make = None if operation.answer is None else operation.example

    def issues(body: JsonObject) -> list[Issue]:
        return specification_issues(operation.path, body, operation.method.lower())

    async def answer(request: Request) -> Response:
        found = await asked(request, store, operation, issues)
        if make is None:
            content = operation.media_type and _TEXT
            return Response(content, operation.status, media_type=operation.media_type)
        return JSONResponse(make(found.given), operation.status)

    return answer


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
