"""The local Siro as a user sees it: state, application and transport in one object."""

import os
from types import TracebackType
from typing import Self

from siro_client.testing._app import INTEGRATIONS_ROOT, create_app
from siro_client.testing._seed import ORGANIZATION, OTHER_ORGANIZATION, Organization
from siro_client.testing._store import Store
from siro_client.testing._transport import LocalTransport


class LocalSiro:
    """A Siro of your own, with two organizations that see nothing of each other.

    It may be used from any number of threads and tasks, and is a context manager that closes it.

    Args:
        database: a file, which survives a restart, or ":memory:". A new file is made and seeded.

    Attributes:
        app: the ASGI application. The link operation is at the root, sync below `/api-externalApi`.
        transport: for `httpx.Client(transport=...)` and `httpx.AsyncClient(transport=...)`, whatever their base URL.
        organization: the organization to act for.
        other_organization: the one that must not see what the first does.

    Raises:
        ValueError: the file holds another program's database.
        sqlite3.Error: the file cannot be opened, or is no database.

    """

    def __init__(self, database: str | os.PathLike[str] = ":memory:") -> None:
        self._store = Store(database)
        self.app = create_app(self._store)
        self.transport = LocalTransport(self.app)
        self.organization = ORGANIZATION
        self.other_organization = OTHER_ORGANIZATION

    def reset(self) -> None:
        """Return to the freshly seeded state."""
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
    }
