"""The local Siro as a user sees it: state, application and transport in one object."""

import os
import time
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from siro_client.testing import _mint
from siro_client.testing._app import create_app
from siro_client.testing._failing import Failing, PlannedFailure
from siro_client.testing._failure import Failure
from siro_client.testing._operations import INTEGRATIONS_ROOT
from siro_client.testing._seed import ORGANIZATION, OTHER_ORGANIZATION, Organization
from siro_client.testing._store import Store
from siro_client.testing._stored import stored_link, stored_row
from siro_client.testing._transport import LocalTransport

if TYPE_CHECKING:
    from starlette.types import ASGIApp


class LocalSiro:
    """A Siro of your own, with two organizations that see nothing of each other.

    It may be used from any number of threads and tasks, and is a context manager that closes it.

    Args:
        database: a file, which survives a restart, or ":memory:". A new file is made and seeded.
        clock: seconds, like time.time; by it, minted user tokens expire after 16 hours.

    Attributes:
        app: the ASGI application. The link operation is at the root, the others are below `/api-externalApi`.
        transport: for `httpx.Client(transport=...)` and `httpx.AsyncClient(transport=...)`, whatever their base URL.
        organization: the organization to act for.
        other_organization: the one that must not see what the first does.

    Raises:
        ValueError: the file holds another program's database, or that of another version of the local Siro.
        sqlite3.Error: the file cannot be opened, or is no database.

    """

    def __init__(
        self, database: str | os.PathLike[str] = ":memory:", *, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = Store(database, clock)
        try:
            self._failing = Failing(create_app(self._store))
        except BaseException:
            self._store.close()
            raise
        self.app: ASGIApp = self._failing
        self.transport = LocalTransport(self.app)
        self.organization = ORGANIZATION
        self.other_organization = OTHER_ORGANIZATION

    def fail(self, failure: Failure) -> PlannedFailure:
        """Let the next requests fail, in the order in which failures were planned.

        What it returns says how many are still to fail:

            limited = siro.fail(Failure(status=429, headers={"Retry-After": "1"}, times=3))
            ...
            assert limited.left == 0

        """
        return self._failing.plan(failure)

    @property
    def requests(self) -> Counter[str]:
        """How often each operation was asked for, whatever the answer: `siro.requests["sync_engagement"]`."""
        return self._failing.requests()

    def crm_row(self, data_type: str, external_id: str) -> dict[str, Any] | None:
        """Look up what was synced of a CRM row of `organization`, by all requests so far.

        Args:
            data_type: `ACCOUNT`, `CONTACT`, `LEAD`, `OPPORTUNITY` or `ENGAGEMENT`.
            external_id: the CRM's id of the row.

        Returns:
            The properties in Siro's names, with each row that it refers to by its external id alone (an account that
            has none, by its properties); None if it was never synced.

        Raises:
            ValueError: there is no such data type.

        """
        with self._store.transaction() as db:
            return stored_row(db, self.organization, data_type, external_id)

    def crm_link(self, recording_id: str) -> dict[str, Any] | None:
        """Look up the row that a recording of `organization` is linked to.

        Args:
            recording_id: Siro's id of the recording.

        Returns:
            The row's `dataType`, `id` and `externalId`, and the `trigger` that was sent, each of the last two None
            where there is none; None if the recording is not linked.

        """
        with self._store.transaction() as db:
            return stored_link(db, self.organization, recording_id)

    @property
    def minted(self) -> int:
        """How many user tokens were minted."""
        with self._store.transaction() as db:
            return _mint.minted(db)

    def expire_user_tokens(self) -> None:
        """Let all user tokens that were minted so far expire at once; the seeded ones never do."""
        with self._store.transaction() as db:
            _mint.expire(db, self._store.clock())

    def reset(self) -> None:
        """Return to the freshly seeded state, in which nothing is planned to fail and nothing was asked for."""
        self._failing.reset()
        self._store.reset()

    def close(self) -> None:
        """Close the database; an in-memory one is gone then. Closing twice is harmless."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def environment(siro: LocalSiro, root_url: str) -> dict[str, str]:
    """Return the environment variables that point a program at a served local Siro.

    Args:
        siro: the local Siro.
        root_url: where it is served, such as `serve` yields.

    """
    root_url = root_url.rstrip("/")
    return {
        "SIRO_RECORDINGS_URL": root_url,
        "SIRO_INTEGRATIONS_URL": root_url + INTEGRATIONS_ROOT,
        **_variables("SIRO", siro.organization),
        **_variables("SIRO_OTHER", siro.other_organization),
    }


def _variables(prefix: str, organization: Organization) -> dict[str, str]:
    return {
        f"{prefix}_USER_TOKEN": organization.user_token,
        f"{prefix}_ORGANIZATION_TOKEN": organization.organization_token,
        f"{prefix}_RECORDING_IDS": ",".join(organization.recording_ids),
        f"{prefix}_INTEGRATION_CONNECTION_ID": organization.integration_connection_id,
        f"{prefix}_CLIENT_ID": organization.client_id,
        f"{prefix}_CLIENT_SECRET": organization.client_secret,
        f"{prefix}_USER_ID": organization.user_id,
    }
