"""Sync an engagement: an upsert by external id of an engagement and of the rows that come with it."""

import sqlite3
from typing import cast

from siro_client.testing import _rows
from siro_client.testing._json import JsonObject
from siro_client.testing._rows import DataType, Relation, Rows

_RELATIONS: dict[Relation, DataType] = {
    "account": "ACCOUNT",
    "contact": "CONTACT",
    "lead": "LEAD",
    "opportunity": "OPPORTUNITY",
}
_ECHOED = ("direction", "subject", "content", "startTime", "startTimeLocalized", "endTime", "engagementUsers")
_NO_TYPE = "Engagement"


def sync_engagement(db: sqlite3.Connection, organization_id: str, body: JsonObject) -> JsonObject:
    """Write a valid body, and return the engagement as Siro answers it.

    Each nested row is written before any is merged, so that "all existing references" includes this request's.
    """
    query = "SELECT id FROM integration_connections WHERE organization_id = ?"
    rows = Rows(db, db.execute(query, (organization_id,)).fetchone()[0])
    engagement_id = rows.upsert("ENGAGEMENT", str(body["externalId"]), _own_fields(body))
    # A contact and its account come before the engagement's account: where both are one row, the latter is answered.
    written = _write_contact(rows, engagement_id, body)
    for name in ("account", "lead", "opportunity"):
        if name in body:
            written += _write_related(rows, engagement_id, name, _given(body, name))
    _copy_relationships(rows, db, engagement_id, _given(body, "opportunity"))
    for data_type, row_id, given in written:
        _merge(rows, data_type, row_id, given)
    return _answer(db, organization_id, engagement_id)


_Written = list[tuple[DataType, str, JsonObject]]


def _write_contact(rows: Rows, engagement_id: str, body: JsonObject) -> _Written:
    if "contact" not in body:
        return []
    contact = _given(body, "contact")
    written = _write_related(rows, engagement_id, "contact", contact)
    if contact is not None and "account" in contact:
        _, contact_id, _ = written[0]
        written += _write_related(rows, contact_id, "account", _given(contact, "account"))
    return written


def _write_related(rows: Rows, owner_id: str, name: Relation, given: JsonObject | None) -> _Written:
    """Upsert a nested row and make it the owner's; null takes the relation away and leaves the row."""
    if given is None:
        rows.relate(owner_id, name, None)
        return []
    data_type, fields = _RELATIONS[name], _own_fields(given)
    if "externalId" in given:
        row_id = rows.upsert(data_type, str(given["externalId"]), fields)
    else:
        # Only an account may lack an external id; it is known by its owner alone.
        nameless = rows.nameless_account_of(owner_id)
        row_id = rows.create(data_type, None, fields) if nameless is None else rows.update(nameless, fields)
    rows.relate(owner_id, name, row_id)
    return [(data_type, row_id, given)]


def _copy_relationships(rows: Rows, db: sqlite3.Connection, engagement_id: str, opportunity: JsonObject | None) -> None:
    """Copy, "When true, [...] the available engagement relationships (contact, account, users)"."""
    if opportunity is None or opportunity.get("copyEngagementRelationships") is not True:
        return
    relations = _rows.relations_of(db, engagement_id)
    opportunity_id = relations["opportunity"]
    for name in ("contact", "account"):
        if name in relations:
            rows.relate(opportunity_id, name, relations[name])
    engagement = _rows.get(db, engagement_id)
    if "engagementUsers" in engagement.fields:
        rows.update(opportunity_id, {"engagementUsers": engagement.fields["engagementUsers"]})


def _merge(rows: Rows, data_type: DataType, row_id: str, given: JsonObject) -> None:
    """Migrate the references that exist now; a survivor that was never synced is made.

    "Will migrate all existing references from this Account to the surviving Account." Nothing is followed later, so
    that chains and cycles of merges end.
    """
    for merged_id in cast("list[str]", given.get("mergedFromExternalIds", [])):
        merged = rows.find(data_type, merged_id)
        if merged is not None:
            rows.migrate(merged, row_id)
    if "mergedToExternalId" in given:
        rows.migrate(row_id, rows.upsert(data_type, str(given["mergedToExternalId"]), {}))


def _answer(db: sqlite3.Connection, organization_id: str, engagement_id: str) -> JsonObject:
    engagement = _rows.get(db, engagement_id)
    relations = _rows.relations_of(db, engagement_id)
    answer: JsonObject = {
        "id": engagement.id,
        "externalId": engagement.external_id,
        "engagementType": _type_name(engagement.fields),
        "createdAt": engagement.created_at,
        "updatedAt": engagement.updated_at,
        "organizationId": organization_id,
    }
    # Stored nulls are left out: the page's response schema has these as plain strings.
    answer |= {name: engagement.fields[name] for name in _ECHOED if engagement.fields.get(name) is not None}
    if "account" in relations:
        account = _rows.get(db, relations["account"])
        external_id: JsonObject = {} if account.external_id is None else {"externalId": account.external_id}
        answer |= {"accountId": account.id, "account": external_id | account.fields}
    if "opportunity" in relations:
        answer["opportunityId"] = relations["opportunity"]
    query = "SELECT recording_id FROM links WHERE row_id = ? ORDER BY sequence DESC LIMIT 1"
    for (recording_id,) in db.execute(query, (engagement_id,)):
        answer["recordingId"] = recording_id
    return answer


def _type_name(fields: JsonObject) -> str:
    # "only use if you know the internal value of the engagement type as it will override the engagementType object
    # args": the id is then all that is known of the type.
    engagement_type = cast("JsonObject | None", fields.get("engagementType"))
    if fields.get("engagementTypeId") is not None:
        return str(fields["engagementTypeId"])
    return _NO_TYPE if engagement_type is None else str(engagement_type["name"])


def _own_fields(given: JsonObject) -> JsonObject:
    return {name: value for name, value in given.items() if name != "externalId" and name not in _RELATIONS}


def _given(body: JsonObject, name: str) -> JsonObject | None:
    return cast("JsonObject | None", body.get(name))
