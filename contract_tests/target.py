"""The Siro that a run is against: the local one in-process, or any pair of base URLs."""

from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from siro_client.testing import LocalSiro, environment


@dataclass(frozen=True)
class Operation:
    """An operation on the wire: where it goes, and how its token is carried. The values are those of its page."""

    name: str
    path: str
    url_variable: str
    token_variable: str
    header: str
    prefix: str

    def credentials(self, token: str) -> dict[str, str]:
        """The header that carries a token to this operation."""
        return {self.header: f"{self.prefix} {token}".strip()}


LINK = Operation(
    name="link_recording",
    path="/v1/core/recordings/{id}/link",
    url_variable="SIRO_RECORDINGS_URL",
    token_variable="SIRO_USER_TOKEN",
    header="x-siro-auth-token",
    prefix="",
)
SYNC = Operation(
    name="sync_engagement",
    path="/v1/integrations/sync/engagements",
    url_variable="SIRO_INTEGRATIONS_URL",
    token_variable="SIRO_ORGANIZATION_TOKEN",
    header="Authorization",
    prefix="Bearer",
)
OPERATIONS = {operation.name: operation for operation in (LINK, SYNC)}


@dataclass
class Target:
    """What the tests send to."""

    variables: Mapping[str, str]
    """What a person set, or the local Siro says of itself; the keys are those of README.md."""
    client: httpx.Client = field(repr=False)
    answers: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])
    """How often each operation answered with each status."""

    def url(self, operation: Operation) -> str:
        """The base URL of an operation."""
        return self.variables[operation.url_variable].rstrip("/")

    def send(
        self,
        operation: Operation,
        body: Any = None,
        *,
        recording: str = "",
        headers: Mapping[str, str] | None = None,
        **request: Any,
    ) -> httpx.Response:
        """Send a body as JSON, with the operation's token unless other headers are given."""
        url = self.url(operation) + operation.path.replace("{id}", recording)
        return self.send_request(operation, httpx.Request("PUT", url, headers=headers, json=body, **request), headers)

    def send_request(
        self, operation: Operation, request: httpx.Request, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Send a request, with the operation's token unless other headers are given."""
        if headers is None:
            request.headers.update(operation.credentials(self.variables[operation.token_variable]))
        response = self.client.send(request)
        self.answers[operation.name, response.status_code] += 1
        return response

    @property
    def recording_ids(self) -> list[str]:
        """The recordings that may be linked."""
        return [part for part in self.variables.get("SIRO_RECORDING_IDS", "").split(",") if part]

    @property
    def connection(self) -> str:
        """The integration connection to which synced rows belong."""
        return self.variables["SIRO_INTEGRATION_CONNECTION_ID"]

    def missing(self, *names: str) -> list[str]:
        """Those of the variables that are not set."""
        return [name for name in names if not self.variables.get(name)]


@contextmanager
def local() -> Generator[Target]:
    """A fresh local Siro, in-process."""
    with LocalSiro() as siro, httpx.Client(transport=siro.transport) as client:
        yield Target(environment(siro, "http://127.0.0.1"), client)


@contextmanager
def remote(variables: Mapping[str, str]) -> Generator[Target]:
    """Whatever is served at the URLs that the variables name."""
    with httpx.Client(timeout=30, follow_redirects=False) as client:
        yield Target(variables, client)
