"""The asynchronous facade; what is not I/O is in `_hosts`."""

from typing import TYPE_CHECKING, Any, Self, TypeVar

from siro_openapi import models
from siro_openapi.api.integrations import sync_engagement
from siro_openapi.api.recordings import link_recording

from siro_client._hosts import FAILURES, INTEGRATIONS, RECORDINGS, Hosts, failure, result
from siro_client._target import LinkTarget, link_body

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from siro_openapi.models import DataType, Engagement, LinkResult, LinkTrigger, SyncResult
    from siro_openapi.types import Response

T = TypeVar("T")


class AsyncSiro(Hosts):
    """What `Siro` is, for code that runs on asyncio: the same arguments, methods and errors.

    `transport` is an httpx.AsyncBaseTransport.
    """

    async def sync_engagement(self, engagement: "Engagement") -> "SyncResult":
        """Do what `Siro.sync_engagement` does."""
        client = self._client(INTEGRATIONS, "sync_engagement")
        return await self._send(
            "sync_engagement",
            models.SyncResult,
            lambda: sync_engagement.asyncio_detailed(client=client, body=engagement),
        )

    async def link_recording(
        self, recording_id: str, target: LinkTarget, data_type: "DataType", *, trigger: "LinkTrigger | None" = None
    ) -> "LinkResult":
        """Do what `Siro.link_recording` does."""
        client = self._client(RECORDINGS, "link_recording")
        body = link_body(target, data_type, trigger)
        return await self._send(
            "link_recording",
            models.LinkResult,
            lambda: link_recording.asyncio_detailed(recording_id, client=client, body=body),
        )

    async def _send(self, operation: str, expected: type[T], call: "Callable[[], Awaitable[Response[Any]]]") -> T:
        try:
            response = await call()
        except FAILURES as error:
            failed = failure(operation, error)
        else:
            return result(operation, expected, response)
        raise failed

    async def aclose(self) -> None:
        """Close all connections; calling again does nothing."""
        for client in self._clients.values():
            await client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.aclose()
