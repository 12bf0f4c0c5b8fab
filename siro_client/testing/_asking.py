"""In which order a request is looked at, whatever its operation."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import Request

from siro_client.testing import _body, _parameters, _refusal
from siro_client.testing._json import JsonObject
from siro_client.testing._operations import Authenticate, Operation
from siro_client.testing._refusal import Issue
from siro_client.testing._store import Store

FindIssues: TypeAlias = Callable[[JsonObject], list[Issue]]


class Asked(NamedTuple):
    """A request that is valid."""

    organization_id: str
    """Whose it is."""
    body: JsonObject
    """Empty where there is none."""
    given: JsonObject
    """All that was sent, by name."""


async def looked_at(request: Request, store: Store, authenticate: Authenticate, find_issues: FindIssues) -> Asked:
    """Return a request that has a body and no parameters.

    Raises:
        HTTPException: 404, the path only looks like the operation's.
        Refusal: whichever rule of authentication, of bodies or of the operation's own it breaks first.

    """
    raw = await _read(request)
    organization_id = authenticate(store, request.headers)
    body = _body.parse(request.headers, raw)
    if issues := find_issues(body):
        raise _refusal.invalid(issues)
    return Asked(organization_id, body, body)


async def asked(request: Request, store: Store, operation: Operation, find_issues: FindIssues) -> Asked:
    """Return a request of an operation of the specification.

    Raises:
        HTTPException: 404, the path only looks like the operation's.
        Refusal: whichever rule of authentication, of bodies, of parameters or of the operation's own it breaks first.

    """
    raw = await _read(request)
    organization_id = operation.authenticate(store, request.headers)
    has_body = operation.has_body and (operation.needs_body or bool(raw))
    body = _body.parse(request.headers, raw) if has_body else JsonObject()
    values, issues = _parameters.found(operation.parameters, request)
    if issues := issues + (find_issues(body) if has_body else []):
        raise _refusal.invalid(issues)
    return Asked(organization_id, body, {**values, **body})


async def _read(request: Request) -> bytes:
    # Starlette's patterns end with "$", which lets a line feed (%0A) pass behind the path.
    if request.scope["path"].endswith("\n"):
        raise HTTPException(404)
    return await _body.read(request)
