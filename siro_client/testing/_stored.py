"""What is stored, for a test that asks what its program has made of a Siro."""

import sqlite3
from typing import Any, Final, cast, get_args

from siro_client.testing import _rows
from siro_client.testing._seed import Organization

_LINK: Final = """
    SELECT data_type, row_id, external_id, link_trigger
    FROM links JOIN rows ON rows.id = row_id JOIN recordings ON recordings.id = recording_id
    WHERE recording_id = ? AND organization_id = ?"""


def stored_row(
    db: sqlite3.Connection, organization: Organization, data_type: str, external_id: str
) -> dict[str, Any] | None:
    """Return a CRM row as a body that syncs it would have it, and what it refers to by external id.

    Raises:
        ValueError: there is no such data type.

    """
    if data_type not in get_args(_rows.DataType):
        message = f"data_type is {data_type!r}: give one of {', '.join(get_args(_rows.DataType))}"
        raise ValueError(message)
    rows = _rows.Rows(db, organization.integration_connection_id)
    row_id = rows.find(cast("_rows.DataType", data_type), external_id)
    if row_id is None:
        return None
    body: dict[str, Any] = {"externalId": external_id, **_rows.get(db, row_id).fields}
    for name, related_id in _rows.relations_of(db, row_id).items():
        related = _rows.get(db, related_id)
        body[name] = related.fields if related.external_id is None else {"externalId": related.external_id}
    return body


def stored_link(db: sqlite3.Connection, organization: Organization, recording_id: str) -> dict[str, Any] | None:
    """Return the link of a recording: the row that it leads to, and the trigger that it was sent with."""
    found = db.execute(_LINK, (recording_id, organization.id)).fetchone()
    return None if found is None else dict(zip(("dataType", "id", "externalId", "trigger"), found, strict=True))
