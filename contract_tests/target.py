"""The Siro that a run is against: the local one in-process, or any pair of base URLs."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from siro_client.testing import LocalSiro, environment


@dataclass(frozen=True)
class Operation:
    """An operation on the wire: where it goes, and how its token is carried. The values are those of its page."""

    name: str
    """Its operation id."""
    short: str
    """What the ids of its rules begin with."""
    path: str
    url_variable: str
    token: str
    """The variable of its token, without `SIRO_` or `SIRO_OTHER_`."""
    header: str
    scheme: str

    @property
    def token_variable(self) -> str:
        """The variable of its token."""
        return f"SIRO_{self.token}"

    def credentials(self, token: str) -> dict[str, str]:
        """The header that carries a token to this operation."""
        return {self.header: f"{self.scheme} {token}".strip()}


LINK = Operation(
    name="link_recording",
    short="link",
    path="/v1/core/recordings/{id}/link",
    url_variable="SIRO_RECORDINGS_URL",
    token="USER_TOKEN",
    header="x-siro-auth-token",
    scheme="",
)
SYNC = Operation(
    name="sync_engagement",
    short="sync",
    path="/v1/integrations/sync/engagements",
    url_variable="SIRO_INTEGRATIONS_URL",
    token="ORGANIZATION_TOKEN",
    header="Authorization",
    scheme="Bearer",
)
OPERATIONS = {operation.name: operation for operation in (LINK, SYNC)}

OTHER = tuple(
    f"SIRO_OTHER_{name}" for name in ("USER_TOKEN", "ORGANIZATION_TOKEN", "RECORDING_IDS", "INTEGRATION_CONNECTION_ID")
)
"""The variables of a second organization, for the isolation rules."""


@dataclass
class Target:
    """What the tests send to."""

    variables: Mapping[str, str]
    """What a person set, or the local Siro says of itself; the keys are those of README.md."""
    client: httpx.Client = field(repr=False)

    def url(self, operation: Operation) -> str:
        """The base URL of an operation."""
        return self.variables[operation.url_variable].rstrip("/")

    def credentials(self, operation: Operation, *, other: bool = False) -> dict[str, str]:
        """The header with the operation's token, or with that of the second organization."""
        return operation.credentials(self.variables[f"SIRO_{'OTHER_' if other else ''}{operation.token}"])

    @property
    def tokens(self) -> list[str]:
        """Every token that was given."""
        return [value for name, value in self.variables.items() if name.endswith("_TOKEN") and value]

    @property
    def recording_ids(self) -> list[str]:
        """The recordings that may be linked."""
        return [part.strip() for part in self.variables.get("SIRO_RECORDING_IDS", "").split(",") if part.strip()]

    @property
    def other_recording_ids(self) -> list[str]:
        """The recordings of the second organization."""
        return [part.strip() for part in self.variables.get("SIRO_OTHER_RECORDING_IDS", "").split(",") if part.strip()]

    @property
    def connection(self) -> str:
        """The integration connection to which rows synced with the organization token belong."""
        return self.variables["SIRO_INTEGRATION_CONNECTION_ID"]

    @property
    def other_connection(self) -> str:
        """That of the second organization."""
        return self.variables["SIRO_OTHER_INTEGRATION_CONNECTION_ID"]

    def missing(self, *names: str) -> list[str]:
        """Those of the variables that are not set."""
        return [name for name in names if not self.variables.get(name)]


@contextmanager
def local() -> Generator[Target]:
    """A fresh local Siro, in-process, by the URLs of `make local`: what a report says can be repeated there."""
    with LocalSiro() as siro, httpx.Client(transport=siro.transport) as client:
        yield Target(environment(siro, "http://127.0.0.1:8080"), client)


@contextmanager
def remote(variables: Mapping[str, str], hook: Callable[[httpx.Request], None] | None = None) -> Generator[Target]:
    """Whatever is served at the URLs that the variables name; a hook sees each request before it is sent."""
    hooks = {"request": [hook] if hook else []}
    with httpx.Client(timeout=30, follow_redirects=False, event_hooks=hooks) as client:
        yield Target(variables, client)
