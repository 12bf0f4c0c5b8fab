"""Create or replace the CRM link of a recording."""

import sqlite3

from siro_client.testing import _refusal, _rows
from siro_client.testing._json import JsonObject
from siro_client.testing._rows import Row


def link_recording(db: sqlite3.Connection, organization_id: str, recording_id: str, body: JsonObject) -> JsonObject:
    """Write a valid body, and return the linked row as Siro answers it.

    Raises:
        Refusal: 404, the organization has no such recording, or no such row.

    """
    query = "SELECT 1 FROM recordings WHERE id = ? AND organization_id = ?"
    if db.execute(query, (recording_id, organization_id)).fetchone() is None:
        raise _refusal.error(404, "Recording not found")
    row = _find(db, organization_id, body)
    # "server clears prior links as needed"
    replace = "INSERT OR REPLACE INTO links (recording_id, row_id, link_trigger) VALUES (?, ?, ?)"
    db.execute(replace, (recording_id, row.id, body.get("trigger")))
    return _answer(str(body["dataType"]), row)


def _find(db: sqlite3.Connection, organization_id: str, body: JsonObject) -> Row:
    query = """
        SELECT rows.id FROM rows
        JOIN integration_connections AS connections ON connections.id = rows.integration_connection_id
        WHERE organization_id = ? AND data_type = ?"""
    parameters = [organization_id, body["dataType"]]
    if "id" in body:
        query += " AND rows.id = ?"
        parameters += [body["id"]]
    else:
        query += " AND connections.id = ? AND external_id = ?"
        parameters += [body["integrationConnectionId"], body["externalId"]]
    found = db.execute(query, parameters).fetchone()
    if found is None:
        raise _refusal.error(404, f"{body['dataType']} not found: sync it before a recording is linked to it")
    return _rows.get(db, found[0])


def _answer(data_type: str, row: Row) -> JsonObject:
    # Siro requires a string here. Only an account can lack an external id.
    external_id = "" if row.external_id is None else row.external_id
    name = _name(data_type, row.fields)
    # An engagement has no such property; what a caller sends beyond the schema may be of any type.
    last_activity_at = None if data_type == "ENGAGEMENT" else row.fields.get("lastActivityAt")
    return {
        "id": row.id,
        "externalId": external_id,
        "dataType": data_type,
        "name": external_id if name is None else name,
        "lastActivityAt": row.updated_at if last_activity_at is None else last_activity_at,
    }


def _name(data_type: str, fields: JsonObject) -> str | None:
    names = {"LEAD": ("firstName", "lastName"), "ENGAGEMENT": ("subject",)}.get(data_type, ("name",))
    parts = [str(fields[name]) for name in names if fields.get(name) is not None]
    return " ".join(part for part in parts if part) if parts else None
