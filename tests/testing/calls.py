"""How the tests call the local Siro: plain httpx, nothing of our own client."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import httpx

from siro_client.testing import LocalSiro, Organization

SYNC_URL = "/api-externalApi/v1/integrations/sync/engagements"


def link_url(recording_id: str) -> str:
    return f"/v1/core/recordings/{recording_id}/link"


class Caller:
    """Acts for one organization."""

    def __init__(self, client: httpx.Client, organization: Organization) -> None:
        self.client = client
        self.organization = organization
        self.sync_headers = {"authorization": f"Bearer {organization.organization_token}"}
        self.link_headers = {"x-siro-auth-token": organization.user_token}

    def sync(self, body: object) -> httpx.Response:
        return self.client.put(SYNC_URL, headers=self.sync_headers, json=body)

    def link(self, recording_id: str, body: object) -> httpx.Response:
        return self.client.put(link_url(recording_id), headers=self.link_headers, json=body)

    def synced(self, external_id: str, **properties: Any) -> dict[str, Any]:
        response = self.sync({"externalId": external_id, **properties})
        assert response.status_code == 200, response.text
        data: dict[str, Any] = response.json()["data"]
        return data

    def link_to(self, recording_id: str, data_type: str, external_id: str) -> httpx.Response:
        connection = self.organization.integration_connection_id
        body = {"dataType": data_type, "externalId": external_id, "integrationConnectionId": connection}
        return self.link(recording_id, body)

    def linked(self, recording_id: str, data_type: str, external_id: str) -> dict[str, Any]:
        response = self.link_to(recording_id, data_type, external_id)
        assert response.status_code == 200, response.text
        data: dict[str, Any] = response.json()["data"]
        return data


@contextmanager
def database(siro: LocalSiro) -> Generator[sqlite3.Connection]:
    with siro._store.transaction() as db:  # pyright: ignore[reportPrivateUsage]
        yield db


def dump(siro: LocalSiro) -> list[str]:
    """Everything that the database holds."""
    with database(siro) as db:
        return list(db.iterdump())
