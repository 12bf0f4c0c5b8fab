"""A CRM row of each data type, synced by the run itself, so that there is something to link to."""

from dataclasses import dataclass

from contract_tests.target import LINK, SYNC, Target


@dataclass(frozen=True)
class Row:
    """A synced CRM row."""

    data_type: str
    id: str
    external_id: str


PREFIX = "contract-test-"
"""What the external ids that the gate makes up begin with."""


def sync_rows(target: Target) -> dict[str, Row]:
    """Sync one engagement with a row of each other data type; learn their Siro ids by linking to their external ids."""
    nested = {name: {"externalId": PREFIX + name} for name in ("account", "contact", "lead", "opportunity")}
    response = target.send(SYNC, {"externalId": PREFIX + "engagement", **nested})
    assert response.status_code == 200, f"a plain engagement is refused: {response.status_code} {response.text}"
    return {name.upper(): _learn(target, name) for name in ("engagement", *nested)}


def _learn(target: Target, name: str) -> Row:
    body = {
        "dataType": name.upper(),
        "externalId": PREFIX + name,
        "integrationConnectionId": target.connection,
    }
    response = target.send(LINK, body, recording=target.recording_ids[0])
    assert response.status_code == 200, (
        f"{name} was synced and cannot be linked: {response.status_code} {response.text}"
    )
    return Row(name.upper(), response.json()["data"]["id"], PREFIX + name)
