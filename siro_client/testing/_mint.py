"""Mint a user token for an OAuth app."""

import secrets
import sqlite3
import uuid

import jsonschema_rs

from siro_client.testing import _refusal, _zod
from siro_client.testing._json import JsonObject
from siro_client.testing._refusal import Issue

MINT_PATH = "/v1/core/oauth/apps/{client_id}/access-token"

_LIFETIME = 16 * 3600
"""Seconds."""
_SCHEMA: JsonObject = {
    "type": "object",
    "required": ["clientSecret", "userId", "scope"],
    "properties": {
        "clientSecret": {"type": "string"},
        "userId": {"type": "string"},
        "scope": {"type": "string", "enum": ["read", "write"]},
    },
}
"""Written here, since none of the two pages has this operation."""
_VALIDATOR = jsonschema_rs.Draft202012Validator(_SCHEMA)


def mint_issues(body: JsonObject) -> list[Issue]:
    """Return what is wrong with the body of a minting."""
    return _zod.issues(_SCHEMA, _VALIDATOR.iter_errors(body))


def mint_user_token(
    db: sqlite3.Connection, organization_id: str, client_id: str, body: JsonObject, now: float
) -> JsonObject:
    """Write a new user token for a valid body, and return it as Siro answers it.

    Raises:
        Refusal: 404, the organization has no such app, or no such user; 401, the client secret is not the app's.

    """
    query = "SELECT secret FROM oauth_apps WHERE id = ? AND organization_id = ?"
    app = db.execute(query, (client_id, organization_id)).fetchone()
    if app is None:
        raise _refusal.error(404, "OAuth app not found")
    if app[0] != body["clientSecret"]:
        raise _refusal.error(401, "Unauthorized: the client secret is not that of the OAuth app")
    query = "SELECT 1 FROM users WHERE id = ? AND organization_id = ?"
    if db.execute(query, (body["userId"], organization_id)).fetchone() is None:
        raise _refusal.error(404, "User not found")
    token = secrets.token_urlsafe(32)
    values = (token, organization_id, body["scope"], now + _LIFETIME)
    db.execute("INSERT INTO tokens VALUES ('user', ?, ?, ?, ?)", values)
    return {"accessTokenId": str(uuid.uuid4()), "accessToken": token}


def minted(db: sqlite3.Connection) -> int:
    """Return how many user tokens were minted."""
    return int(db.execute("SELECT count(*) FROM tokens WHERE expires_at IS NOT NULL").fetchone()[0])


def expire(db: sqlite3.Connection, now: float) -> None:
    """Let the user tokens that were minted expire at once."""
    db.execute("UPDATE tokens SET expires_at = min(expires_at, ?)", (now,))
