"""Who sends a request: each operation takes its own kind of token, in its own header."""

from starlette.datastructures import Headers

from siro_client.testing import _refusal
from siro_client.testing._store import Store, Token


def authenticate_organization(store: Store, headers: Headers) -> str:
    """Return the id of the organization whose organization token is in `Authorization: Bearer TOKEN`.

    Raises:
        Refusal: 401, there is no such token.

    """
    # RFC 9110, 11.4: the scheme's name is case-insensitive, one or more spaces follow it.
    scheme, _, token = _header(headers, "authorization").partition(" ")
    found = store.token("organization", token.lstrip(" ")) if scheme.lower() == "bearer" else None
    if found is None:
        message = "Unauthorized: send a valid organization token as Authorization: Bearer <organization token>"
        raise _refusal.error(401, message, {"www-authenticate": "Bearer"})
    return found.organization_id


def authenticate_user(store: Store, headers: Headers) -> str:
    """Return the id of the organization whose user token is in `x-siro-auth-token: TOKEN`.

    Raises:
        Refusal: 401, there is no such token, or it has expired; 403, it is only for reading.

    """
    found = _user_token(store, headers)
    if found.scope != "write":
        raise _refusal.error(403, f"Forbidden: the scope of the user token is {found.scope}, and this needs write")
    return found.organization_id


def authenticate_reader(store: Store, headers: Headers) -> str:
    """Return the same for what only reads, which a user token of either scope may do.

    Raises:
        Refusal: 401, there is no such token, or it has expired.

    """
    return _user_token(store, headers).organization_id


def _user_token(store: Store, headers: Headers) -> Token:
    found = store.token("user", _header(headers, "x-siro-auth-token"))
    if found is None:
        message = "Unauthorized: send a valid user token as x-siro-auth-token: <user token>"
        raise _refusal.error(401, message, {"www-authenticate": "SiroAuthToken"})
    return found


def _header(headers: Headers, name: str) -> str:
    # RFC 9110, 5.3: a field that comes twice means the joined list, which is no token. Taking the first of two would
    # let a request pass that somebody in between understood otherwise.
    return ", ".join(headers.getlist(name)).strip(" \t")
