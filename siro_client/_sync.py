"""The synchronous client; what it shares with the asynchronous one is in `_facade` and `_calls`."""

import os
from typing import TYPE_CHECKING, Any, Self, TypeVar

from siro_client._answer import RawResponse
from siro_client._errors import ClosedError
from siro_client._facade import Facade
from siro_client._host import INTEGRATIONS
from siro_client._prepare import Prepared, prepare_link, prepare_sync
from siro_client._target import LinkTarget

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from siro_openapi.models import DataType, Engagement, LinkResult, LinkTrigger, SyncResult

    from siro_client._bulk import JournalLike
    from siro_client._synced import Synced
    from siro_client._wires import Wires

T = TypeVar("T")


class Siro(Facade):
    """Siro's two operations, each sent to its own host with its own token.

    One client serves any number of threads. After a fork, a child makes connections of its own.

    Args:
        organization_token: for sync_engagement; from Siro's admin page (Person icon → API Tokens).
        user_token: for link_recording; an OAuth access token, which lives for 16 hours, or an `OAuthApp`, for which
            they are minted with the organization token, or a callable that returns one and is asked for each request.
        integrations_url: base URL of sync_engagement.
        recordings_url: base URL of link_recording.
        timeout: 5 seconds to connect and 30 for each read or write, unless given (a number is all of them, in seconds).
        deadline: seconds that a call may take with all its attempts, and with what it waits before and between them.
        max_retries: how often a request is repeated after 429, 502, 503, 504, a broken connection or a timeout.
        rate_limit: True for 1,000 requests a minute with each token, none to a host on loopback; False for none; or a
            pyrate_limiter.Limiter, asked by the names "organization token" and "user token", such as one whose bucket
            several processes share.
        allow_http: whether tokens may go to a host that is not loopback over plain http.
        product: what calls, for the User-Agent, such as `acme-sync/2.1`.
        on_request: called with an `Attempt` before each request is sent.
        on_response: called with an `Attempt` when its response, or none, came.
        transport: an httpx.BaseTransport to send through, such as that of the local Siro.
        http_client: an httpx.Client to send through, with its own connections and proxies; it is the caller's to close.
            Deadlines bound its reads one by one only, and a forked child is refused it.

    Either token may be absent; calling an operation without its token raises MissingTokenError.

    Raises:
        ValueError: if a token could not be one, an option is out of its range, or a base URL is plain http to a host
            that is not loopback.
    """

    def sync_engagement(self, engagement: "Engagement") -> "SyncResult":
        """Create the engagement in Siro, or update the one of the same external id.

        A property left out is not sent, and one that is None is sent as null, which clears it.

        Raises:
            MissingTokenError: if there is no organization token.
            ValueError: if the engagement cannot be sent as it is; nothing was sent.
            SiroError: if anything but success came back (see `siro_client._errors` for the tree).
        """
        return self._run(prepare_sync(engagement)).data

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
        return self._run(prepare_link(recording_id, target, data_type, trigger)).data

    def sync_engagements(
        self, engagements: "Iterable[Engagement]", *, concurrency: int = 10, journal: "JournalLike | None" = None
    ) -> "Generator[Synced]":
        """Sync many engagements, several at a time, and yield what became of each as it completes.

        The iterable may be endless: at most 4 times the concurrency are held. Engagements of one external id are sent
        one after another, in order. A SiroError or ValueError is the error of its engagement, and does not end the run.

        Ctrl-C and closing the generator stop it: nothing new is sent, what is in flight is waited for, and what comes
        out says what was in flight (`Stopped.of(error)`). A second Ctrl-C abandons that.

        Args:
            engagements: what to sync.
            concurrency: how many requests are in flight at most.
            journal: a `Journal`, or the path of one: what earlier runs have synced is skipped, and what this one syncs
                is recorded there as soon as Siro has acknowledged it.

        Raises:
            MissingTokenError: if there is no organization token.
            ValueError: if the concurrency is less than 1, or the journal is no journal.
            OSError: if the journal cannot be opened, or is in use.
        """
        from siro_client._bulk_sync import sync_in_bulk  # noqa: PLC0415 - threads are for those who want many

        target = self._shared.urls[INTEGRATIONS]
        return sync_in_bulk(self.sync_engagement, engagements, concurrency=concurrency, journal=journal, target=target)

    @property
    def with_raw_response(self) -> "RawSiro":
        """The same operations, returning a `RawResponse` with status, headers and body beside the result."""
        return RawSiro(self._run)

    def _run(self, prepared: Prepared[T]) -> RawResponse[T]:
        from siro_client._wires import run  # noqa: PLC0415 - costly, and not needed before

        return run(self._call(prepared))

    def _wires(self, operation: str) -> "Wires":
        from siro_client._wires import Wires  # noqa: PLC0415

        shared = self._shared
        if shared.wires is None:
            with shared.lock:
                if shared.is_closed:
                    raise ClosedError(operation)
                shared.wires = shared.wires or Wires(shared)
        wires: Wires = shared.wires
        return wires

    def close(self) -> None:
        """Close all connections; calling again does nothing.

        A call that waits for a response in another thread ends with its timeout.
        """
        shared = self._shared
        shared.is_closed = True
        if shared.http_client is None and shared.pid == os.getpid():
            with shared.lock:  # another thread may be about to make the connections
                wires: Wires | None = shared.wires
            if wires is not None:
                wires.client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class RawSiro:
    """The operations of `Siro`, returning the response beside the result."""

    def __init__(self, call: Any) -> None:
        self._call = call

    def sync_engagement(self, engagement: "Engagement") -> "RawResponse[SyncResult]":
        """Do what `Siro.sync_engagement` does."""
        response: RawResponse[SyncResult] = self._call(prepare_sync(engagement))
        return response

    def link_recording(
        self, recording_id: str, target: LinkTarget, data_type: "DataType", *, trigger: "LinkTrigger | None" = None
    ) -> "RawResponse[LinkResult]":
        """Do what `Siro.link_recording` does."""
        response: RawResponse[LinkResult] = self._call(prepare_link(recording_id, target, data_type, trigger))
        return response
