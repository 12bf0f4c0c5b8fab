"""Other readings of what may be sent."""

import json
import re
from typing import Any

from contract_tests.document import body_schema, follow
from contract_tests.faults._edits import (
    before,
    both,
    found,
    is_list,
    is_number,
    is_object,
    is_text,
    refuses,
    texts,
)
from contract_tests.faults._plant import Ask, Call, Object, Reply, Variant, alter, error
from contract_tests.faults.protocol.syntax import rewrites

_IDS = ("id", "externalId", "integrationConnectionId", "mergedToExternalId", "engagementTypeId")


_OPTIONAL = ("direction", "subject", "content", "startTime", "startTimeLocalized", "endTime", "engagementType")


_NESTED = ("account", "lead", "contact", "opportunity")


_EMPTY: Object = {**dict.fromkeys((*_OPTIONAL, *_NESTED)), "engagementUsers": []}


def _unknown(schema: Any, value: Any) -> bool:
    """Whether a value has a property that its schema does not name."""
    schema = follow(schema)
    for part in schema.get("allOf", ()):
        schema = {**schema, **follow(part)}
    if is_list(value):
        return any(_unknown(schema.get("items", {}), item) for item in value)
    if not is_object(value):
        return False
    properties = schema.get("properties", {})
    return any(name not in properties or _unknown(properties[name], inner) for name, inner in value.items())


def _knows_link(body: Any) -> bool:
    return bool(set(body) <= {"id", "externalId", "integrationConnectionId", "dataType", "trigger"})


def _has_blank_id(body: Any) -> bool:
    if is_list(body):
        return any(_has_blank_id(item) for item in body)
    if not is_object(body):
        return False
    blank = any(is_text(value) and not value.strip() for name, value in body.items() if name in _IDS)
    merged = any(is_text(value) and not value.strip() for value in found(body, "mergedFromExternalIds.*"))
    return blank or merged or any(_has_blank_id(value) for value in body.values())


def _is_off_earth(body: Any) -> bool:
    places = [
        body,
        *(found(body, "account") + found(body, "lead") + found(body, "contact")),
        *found(body, "contact.account"),
    ]
    bounds = {"latitude": 90, "longitude": 180}
    return any(
        is_number(value) and abs(value) > bound
        for place in places
        for name, bound in bounds.items()
        for value in found(place, name)
    )


def _deleted(call: Call, ask: Ask) -> Reply:
    """Let nothing be linked that is deleted in the CRM."""
    answer = ask(call)
    if not answer.is_success:
        return answer
    row, deleted = answer.json["data"]["id"], call.memory.setdefault("deleted", set())
    if call.operation == "sync":
        (deleted.add if call.sent.get("deletedAt") else deleted.discard)(row)
        return answer
    return error(404, "The row is deleted") if row in deleted else answer


def _any_unicode(body: bytes) -> bytes:
    """Guess the encoding, and take NaN and Infinity, as `json.loads` does."""
    try:
        return json.dumps(json.loads(re.sub(rb":\s*-?(NaN|Infinity)", b": 0", body))).encode()
    except (ValueError, RecursionError):
        return body


def _without_stubs(call: Call, ask: Ask) -> Reply:
    """Make no row of an external id alone: it resolves to a row that was synced, or to none."""
    body = call.sent if call.is_valid else {}

    def kept(data_type: str, row: Any) -> Any:
        if not is_object(row) or set(row) != {"externalId"}:
            return row
        query = "SELECT id FROM rows WHERE data_type = ? AND external_id = ? AND integration_connection_id = ?"
        known = call.sql(query, data_type, row["externalId"], call.organization.integration_connection_id)
        return row if known else None

    changed = {name: kept(name.upper(), body[name]) for name in _NESTED if name in body}
    if is_object(contact := changed.get("contact")) and "account" in contact:
        changed["contact"] = {**contact, "account": kept("ACCOUNT", contact["account"])}
    return ask(call.with_json({**body, **changed}) if body else call)


VARIANTS = (
    Variant("no-stubs", "makes no row of an external id alone that it does not know", alter("sync", _without_stubs)),
    Variant(
        "lenient-json",
        "takes NaN, Infinity, UTF-16 and UTF-32, as widely used parsers do",
        rewrites("", _any_unicode),
    ),
    Variant(
        "refuses-unknown",
        "refuses unknown properties",
        both(
            refuses("link", lambda body: not _knows_link(body)),
            refuses("sync", lambda body: _unknown(body_schema("sync_engagement"), body)),
        ),
    ),
    Variant(
        "refuses-id-with-connection",
        "refuses a connection beside `id`",
        refuses("link", lambda body: "id" in body and "integrationConnectionId" in body),
    ),
    Variant("refuses-nul", "refuses NUL in text", refuses("", texts(lambda text: "\0" in text), 400)),
    Variant("refuses-blank-ids", "refuses ids that are empty or blank", refuses("", _has_blank_id)),
    Variant(
        "refuses-large",
        "refuses bodies over ten kilobytes",
        alter("", lambda call, ask: ask(call) if len(call.body) <= 10_240 else error(413, "Too large")),
    ),
    Variant(
        "refuses-off-earth", "refuses latitudes beyond 90 and longitudes beyond 180", refuses("sync", _is_off_earth)
    ),
    Variant("clears-omitted", "clears what a sync leaves out", before("sync", lambda body: {**_EMPTY, **body})),
    Variant("deleted-not-linkable", "links no recording to an engagement that is deleted", alter("", _deleted)),
)
