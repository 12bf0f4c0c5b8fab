"""Requests that show a fault: the plain local Siro answers them otherwise."""

import itertools
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import httpx

from contract_tests.completing import completed
from contract_tests.operations import LINK, SYNC
from siro_client.testing import LocalSiro, Organization

RECORDING = "recording-1"


@dataclass(frozen=True)
class Probe:
    """One request.

    "@0.id" in a text of the body stands for the `id` that the first request of the sequence was answered.
    """

    operation: str
    body: Any = None
    raw: bytes | None = None
    """Sent instead of the body, byte for byte."""
    method: str = "PUT"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Instead of, or beside, those that the request would have."""
    token: bool = True
    """Whether the operation's token is sent."""
    other: bool = False
    """Whether it is sent for the second organization."""
    recording: str = RECORDING
    query: str = ""

    def request(self, siro: LocalSiro, answered: Sequence[httpx.Response]) -> httpx.Request:
        """Make the request for a local Siro."""
        owner = siro.other_organization if self.other else siro.organization
        credentials = _credentials(self.operation, owner) if self.token else {}
        body = completed(_OPERATIONS[self.operation], _resolve(self.body, answered), _new_id())
        content = json.dumps(body).encode() if self.raw is None else self.raw
        headers = {"content-type": "application/json", **credentials, **self.headers}
        path = _PATHS[self.operation].replace("{id}", self.recording)
        return httpx.Request(self.method, f"http://local{path}{self.query}", headers=headers, content=content)


def _new_id() -> Callable[[], str]:
    numbers = itertools.count()
    return lambda: f"id-{next(numbers)}"


_OPERATIONS = {operation.short: operation for operation in (LINK, SYNC)}
_PATHS = {"link": "/v1/core/recordings/{id}/link", "sync": "/api-externalApi/v1/integrations/sync/engagements"}


def _credentials(operation: str, owner: Organization) -> dict[str, str]:
    if operation == "link":
        return {"x-siro-auth-token": owner.user_token}
    return {"authorization": f"Bearer {owner.organization_token}"}


def _resolve(value: Any, answered: Sequence[httpx.Response]) -> Any:
    if isinstance(value, dict):
        return {name: _resolve(inner, answered) for name, inner in cast("dict[str, Any]", value).items()}
    if not isinstance(value, str):
        return value

    def known(reference: re.Match[str]) -> str:
        data = _data(answered[int(reference[1])])
        return str(data.get(reference[2], "unknown"))

    return re.sub(r"@(\d+)\.(\w+)", known, value)


def _data(answer: httpx.Response) -> dict[str, Any]:
    """What an answer tells of a row; a faulty server may tell nothing."""
    try:
        data = answer.json()["data"]
    except (ValueError, KeyError, TypeError):
        return {}
    return cast("dict[str, Any]", data) if isinstance(data, dict) else {}


def sync(body: Mapping[str, Any] | None = None, /, **wire: Any) -> Probe:
    """Sync the engagement e-1, unless the body says another."""
    return Probe("sync", {"externalId": "e-1", **(body or {})}, **wire)


def link(body: Mapping[str, Any], /, **wire: Any) -> Probe:
    """Link a recording."""
    return Probe("link", body, **wire)


def to(
    external_id: str, data_type: str = "ENGAGEMENT", connection: str = "connection-1", **more: Any
) -> Mapping[str, Any]:
    """Point at a row by external id."""
    return {"dataType": data_type, "externalId": external_id, "integrationConnectionId": connection, **more}


ADDRESS = {"country": "US", "street": "1 Main St", "city": "Denver", "state": "CO", "zip": "01234"}
ACCOUNT = {
    "externalId": "a-1",
    "name": "Muster & Söhne",
    "latitude": 39.7392358,
    "longitude": -104.990251,
    "addresses": [ADDRESS, {**ADDRESS, "street": "2 Main St"}],
    "phoneNumbers": ["+1 (303) 555-0100", "0049 30 1"],
    "emailAddresses": ["Info@Example.com", "b@example.com"],
    "lastActivityAt": "2026-01-02T03:04:05Z",
    "owner": {"externalId": "u-1"},
}
USERS = [
    {"externalId": "u-1", "email": "Ann@Example.com", "name": "Ann Lee ", "shareOfSale": 0.3333},
    {"externalId": "u-2", "shareOfSale": 0.6667, "deletedAt": "2026-01-01T00:00:00Z"},
]
RICH = {
    "direction": "OUTBOUND",
    "subject": " Roof: 100% “new” ",
    "content": "a < b & c\r\n\tCafe\u0301  \U0001f3e0",
    "startTime": "2026-07-01T09:00:00.123+02:00",
    "startTimeLocalized": "2026-07-01T09:00",
    "endTime": "2026-07-01T10:00:00Z",
    "engagementType": {"name": "Visit", "activityType": "MEETING"},
    "account": ACCOUNT,
    "engagementUsers": USERS,
    "opportunity": {"externalId": "o-1", "name": "New roof", "amount": 1999.5},
    "lead": {"externalId": "l-1", "firstName": "Jo", "lastName": "Doe"},
    "contact": {"externalId": "c-1", "name": "Jo Doe", "account": {"externalId": "a-2", "name": "Second"}},
}
VALID = (
    sync(RICH),
    sync({"externalId": "e-2"}),
    sync({"subject": "Second", "content": None, "account": {"externalId": "a-1"}}),
    link({"dataType": "ENGAGEMENT", "id": "@0.id"}),
    *(link(to(f"{name[0].lower()}-1", name)) for name in ("ACCOUNT", "CONTACT", "LEAD", "OPPORTUNITY")),
    link({**to("e-2"), "trigger": "CRM_DEEPLINK"}),
    sync({"externalId": "e-2", "account": None}),
)
"""What every conforming Siro answers with 200."""
INVALID = (
    sync({"subject": 5}),
    sync(token=False),
    link({"dataType": "ACCOUNT"}),
    link(to("unknown")),
    link(to("e-1"), token=False),
)
SUITE = (*VALID, *INVALID)
