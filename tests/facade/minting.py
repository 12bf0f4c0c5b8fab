"""Clients of the local Siro whose user tokens are minted."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from siro_openapi.models import DataType

from siro_client import OAuthApp, SiroId
from siro_client.testing import LocalSiro
from tests.facade import wire


def app_of(local: LocalSiro, **changed: str) -> OAuthApp:
    organization = local.organization
    ours = {name: getattr(organization, name) for name in ("client_id", "client_secret", "user_id")}
    return OAuthApp(**{**ours, **changed})


def options(local: LocalSiro, **changed: Any) -> dict[str, Any]:
    return {
        "integrations_url": "http://127.0.0.1:1/api-externalApi",
        "transport": local.transport,
        "organization_token": local.organization.organization_token,
        "user_token": app_of(local),
        **changed,
    }


@contextmanager
def client(kind: str, local: LocalSiro, **changed: Any) -> Generator[Any]:
    with wire.client(kind, "http://127.0.0.1:1", **options(local, **changed)) as siro:
        yield siro


def link(siro: Any, local: LocalSiro) -> Any:
    """Link a recording to an engagement that was synced."""
    synced = siro.sync_engagement(wire.ENGAGEMENT)
    return siro.link_recording(local.organization.recording_ids[0], SiroId(synced.data.id), DataType.ENGAGEMENT)
