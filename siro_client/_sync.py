"""The synchronous facade; what is not I/O is in `_hosts`."""

from typing import TYPE_CHECKING, Any, Self, TypeVar

from siro_openapi import models
from siro_openapi.api.integrations import sync_engagement
from siro_openapi.api.recordings import link_recording

from siro_client._hosts import FAILURES, INTEGRATIONS, RECORDINGS, Hosts, failure, result
from siro_client._target import LinkTarget, link_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from siro_openapi.models import DataType, Engagement, LinkResult, LinkTrigger, SyncResult
    from siro_openapi.types import Response

T = TypeVar("T")


class Siro(Hosts):
    """Siro's two operations, each sent to its own host with its own token.

    Args:
        organization_token: for sync_engagement; from Siro's admin page (Person icon → API Tokens).
        user_token: for link_recording; an OAuth access token, which lives for 16 hours.
        integrations_url: base URL of sync_engagement.
        recordings_url: base URL of link_recording.
        timeout: 5 seconds to connect and 30 for each read or write, unless given.
        transport: an httpx.BaseTransport to send through, such as that of the local Siro.

    Either token may be absent; calling an operation without its token raises MissingTokenError.

    Raises:
        ValueError: if a base URL is plain http to a host that is not loopback.
    """

    def sync_engagement(self, engagement: "Engagement") -> "SyncResult":
        """Create the engagement in Siro, or update the one of the same external id.

        A property left out is not sent, and one that is None is sent as null, which clears it.

        Raises:
            MissingTokenError: if there is no organization token.
            ValueError: if the engagement cannot be sent as it is; nothing was sent.
            SiroError: if anything but success came back (see `siro_client._errors` for the tree).
        """
        client = self._client(INTEGRATIONS, "sync_engagement")
        return self._send(
            "sync_engagement",
            models.SyncResult,
            lambda: sync_engagement.sync_detailed(client=client, body=engagement),
        )

    def link_recording(
        self, recording_id: str, target: LinkTarget, data_type: "DataType", *, trigger: "LinkTrigger | None" = None
    ) -> "LinkResult":
        """Link the recording to a CRM row that was synced before, in place of what it was linked to.

        Args:
            recording_id: Siro's internal id of the recording, not an external id.
            target: the CRM row, by `SiroId` or by `ExternalId`.
            data_type: what kind of CRM row the target is.
            trigger: what caused the link.

        Raises:
            MissingTokenError: if there is no user token.
            ValueError: if the recording id would change the path of the request; nothing was sent.
            LinkError: if Siro answers 200 with an error, which the page allows.
            SiroError: if anything else but success came back (see `siro_client._errors` for the tree).
        """
        client = self._client(RECORDINGS, "link_recording")
        body = link_body(target, data_type, trigger)
        return self._send(
            "link_recording",
            models.LinkResult,
            lambda: link_recording.sync_detailed(recording_id, client=client, body=body),
        )

    def _send(self, operation: str, expected: type[T], call: "Callable[[], Response[Any]]") -> T:
        try:
            response = call()
        except FAILURES as error:
            failed = failure(operation, error)
        else:
            return result(operation, expected, response)
        raise failed

    def close(self) -> None:
        """Close all connections; calling again does nothing."""
        for client in self._clients.values():
            client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
