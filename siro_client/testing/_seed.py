"""The two organizations that every local Siro begins with."""

import sqlite3
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Organization:
    """An organization of the local Siro: everything a test must know to act for it.

    Attributes:
        id: Siro's id of the organization.
        organization_token: for `Authorization: Bearer TOKEN`, on sync, and where user tokens are minted.
        user_token: for `x-siro-auth-token: TOKEN`, on link. Unlike a minted one, it does not expire.
        recording_ids: Siro's ids of its recordings.
        integration_connection_id: Siro's id of its one integration connection.
        client_id: of its OAuth app, for which user tokens are minted.
        client_secret: of that app.
        user_id: Siro's id of its one user.

    """

    id: str
    organization_token: str = field(repr=False)
    user_token: str = field(repr=False)
    recording_ids: tuple[str, ...]
    integration_connection_id: str
    client_id: str
    client_secret: str = field(repr=False)
    user_id: str


ORGANIZATION = Organization(
    id="local-organization",
    organization_token="local-organization-token",  # noqa: S106 - a name to be read in examples, no secret
    user_token="local-user-token",  # noqa: S106 - as above
    recording_ids=tuple(f"recording-{number}" for number in range(1, 9)),
    integration_connection_id="connection-1",
    client_id="local-client",
    client_secret="local-client-secret",  # noqa: S106 - as above
    user_id="local-user",
)
OTHER_ORGANIZATION = Organization(
    id="other-organization",
    organization_token="other-organization-token",  # noqa: S106 - as above
    user_token="other-user-token",  # noqa: S106 - as above
    recording_ids=tuple(f"other-recording-{number}" for number in range(1, 9)),
    integration_connection_id="other-connection-1",
    client_id="other-client",
    client_secret="other-client-secret",  # noqa: S106 - as above
    user_id="other-user",
)


def seed(db: sqlite3.Connection) -> None:
    """Write the two organizations into an empty database."""
    for organization in (ORGANIZATION, OTHER_ORGANIZATION):
        owner = organization.id
        db.execute("INSERT INTO organizations VALUES (?)", (owner,))
        for kind, token in (("organization", organization.organization_token), ("user", organization.user_token)):
            db.execute("INSERT INTO tokens VALUES (?, ?, ?, 'write', NULL)", (kind, token, owner))
        app = (organization.client_id, organization.client_secret, owner)
        db.execute("INSERT INTO oauth_apps VALUES (?, ?, ?)", app)
        db.execute("INSERT INTO users VALUES (?, ?)", (organization.user_id, owner))
        db.execute("INSERT INTO integration_connections VALUES (?, ?)", (organization.integration_connection_id, owner))
        recordings = [(recording_id, owner) for recording_id in organization.recording_ids]
        db.executemany("INSERT INTO recordings VALUES (?, ?)", recordings)
