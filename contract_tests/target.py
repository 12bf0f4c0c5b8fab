"""The Siro that a run is against: the local one in-process, or any pair of base URLs."""

import re
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from contract_tests.document import Json
from contract_tests.operations import Operation
from contract_tests.parameters import Key
from siro_client.testing import LocalSiro, environment

OTHER = tuple(
    f"SIRO_OTHER_{name}" for name in ("USER_TOKEN", "ORGANIZATION_TOKEN", "RECORDING_IDS", "INTEGRATION_CONNECTION_ID")
)
"""The variables of a second organization, for the isolation rules."""


OPTIONS = {
    "--recordings-url": "SIRO_RECORDINGS_URL",
    "--integrations-url": "SIRO_INTEGRATIONS_URL",
    "--recording-ids": "SIRO_RECORDING_IDS",
    "--integration-connection-id": "SIRO_INTEGRATION_CONNECTION_ID",
}
"""The options of a run that say what variables say otherwise."""


def in_path(operation: Operation) -> Iterator[tuple[str, str]]:
    """The parameters in the path of an operation, each after the segment before its own."""
    for parameter in re.finditer(r"\{([^{}]+)\}", operation.path):
        before = operation.path[: parameter.start()].rpartition("/")[0]
        yield before.rpartition("/")[2], parameter[1]


def variable_of(operation: Operation, parameter: str) -> str:
    """The variable that says what a parameter in the path of an added operation may be."""
    return re.sub(r"\W+", "_", f"SIRO_{operation.name}_{parameter}").upper()


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

    def is_of_other(self, request: httpx.Request, operation: Operation) -> bool:
        """Whether a request carries the token of the second organization."""
        token = self.variables.get(f"SIRO_OTHER_{operation.token}")
        return bool(token) and request.headers.get(operation.header) == f"{operation.scheme} {token}".strip()

    def known(self, operation: Operation) -> dict[Key, Json]:
        """The parameters of an operation that a run was told: recordings, and what a variable says."""
        told: dict[Key, Json] = {}
        for before, name in in_path(operation):
            if before == "recordings":
                told["path", name] = self.recording_ids[0] if self.recording_ids else "unknown"
            elif value := self.variables.get(variable_of(operation, name)):
                told["path", name] = value
        return told

    def unknown(self, operation: Operation) -> list[str]:
        """The variables of what the path of an added operation names, where the run was not told: it may not exist."""
        if not operation.is_added:
            return []
        said_by = (
            "SIRO_RECORDING_IDS" if before == "recordings" else variable_of(operation, name)
            for before, name in in_path(operation)
        )
        return self.missing(*dict.fromkeys(said_by))

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
