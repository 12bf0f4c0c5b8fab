import json
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from siro_openapi.models import DataType
from starlette.types import Message, Receive, Scope, Send

from siro_client import ExternalId, Siro
from siro_client.testing import LocalSiro, environment, serve

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass
class Served:
    """A local Siro on loopback, to which the environment points, and what it was sent."""

    local: LocalSiro
    environment: dict[str, str] = field(default_factory=dict[str, str])
    bodies: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    def synced(self, external_id: str) -> dict[str, Any]:
        """The one body that was sent for an engagement."""
        synced = (body for body in self.bodies if "dataType" not in body)
        (body,) = [body for body in synced if body["externalId"] == external_id]
        return body

    def stored(self, data_type: DataType, external_id: str) -> str:
        """Under which name Siro has a row, which is told of what is linked."""
        organization = self.local.organization
        target = ExternalId(external_id, organization.integration_connection_id)
        with Siro(user_token=organization.user_token, transport=self.local.transport) as siro:
            return siro.link_recording(organization.recording_ids[-1], target, data_type).data.name


@pytest.fixture(scope="session")
def root_served() -> Generator[Served]:
    """One for all tests, since to serve it anew takes longer than most of them."""
    with LocalSiro() as local:
        served = Served(local)
        app = local.app

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                served.headers.append({name.decode(): value.decode("latin-1") for name, value in scope["headers"]})
                receive = _watched(receive, served.bodies)
            await app(scope, receive, send)

        local.app = watched
        with serve(local) as root_url:
            served.environment = environment(local, root_url)
            yield served


@pytest.fixture
def served(root_served: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    root_served.local.reset()
    root_served.bodies.clear()
    root_served.headers.clear()
    for name, value in root_served.environment.items():
        monkeypatch.setenv(name, value)
    return root_served


def _watched(receive: Receive, bodies: list[dict[str, Any]]) -> Receive:
    content = bytearray()

    async def read() -> Message:
        message = await receive()
        if message["type"] == "http.request":
            content.extend(message.get("body", b""))
            if not message.get("more_body", False):
                bodies.append(json.loads(content))
        return message

    return read
