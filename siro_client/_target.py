"""The two ways to point at the CRM row that a recording is linked to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from siro_openapi import models

if TYPE_CHECKING:
    from siro_openapi.models import DataType, LinkByExternalId, LinkById, LinkTrigger


@dataclass(frozen=True, slots=True)
class SiroId:
    """Points at a CRM row by Siro's internal id, such as the `id` that syncing it returned.

    Raises:
        ValueError: if the id is empty.
    """

    id: str
    """Siro's internal id of the CRM row."""

    def __post_init__(self) -> None:
        _check(self.id, "id")


@dataclass(frozen=True, slots=True)
class ExternalId:
    """Points at a CRM row by the CRM's own id, which is unique only within one integration connection.

    Raises:
        ValueError: if either is empty. "The API rejects the body if you send ... `externalId` without a non-empty
            `integrationConnectionId`", says the page.
    """

    external_id: str
    """The id of the CRM row in the CRM."""
    integration_connection_id: str
    """Siro's id of the integration connection that the row came by."""

    def __post_init__(self) -> None:
        _check(self.external_id, "external_id")
        _check(self.integration_connection_id, "integration_connection_id")


LinkTarget = SiroId | ExternalId
"""What `link_recording` links a recording to."""


def link_body(
    target: LinkTarget, data_type: "DataType", trigger: "LinkTrigger | None"
) -> "LinkById | LinkByExternalId":
    """The request body that links to the target."""
    body: LinkById | LinkByExternalId
    if isinstance(target, SiroId):
        body = models.LinkById(data_type=data_type, id=target.id)
    else:
        body = models.LinkByExternalId(
            data_type=data_type,
            external_id=target.external_id,
            integration_connection_id=target.integration_connection_id,
        )
    if trigger is not None:
        body.trigger = trigger
    return body


def _check(value: str, name: str) -> None:
    if not value:
        raise ValueError(f"{name} must not be empty: it names the CRM row to link to")
