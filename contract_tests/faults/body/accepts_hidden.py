"""Bodies with a fault where a careless server looks less closely: beside something else, or far back in a list."""

from typing import Any

from contract_tests.faults._edits import Edit, is_list, is_object, replaced, tolerates
from contract_tests.faults._plant import Fault
from contract_tests.faults._probes import ADDRESS, sync

_LOOKED_AT = 20
_USER = {"externalId": "u"}


def _first(name: str) -> Edit:
    """Keep the first items of a list."""

    def change(body: Any) -> Any:
        items = body.get(name)
        return {**body, name: items[:_LOOKED_AT]} if is_list(items) else body

    return change


def _without_beside(name: str, other: str) -> Edit:
    """Leave a property out beside another one."""

    def change(body: Any) -> Any:
        return {key: value for key, value in body.items() if key != name} if name in body and other in body else body

    return change


def _contact_alone(body: Any) -> Any:
    contact = body.get("contact")
    if not body.get("account") or not is_object(contact) or "account" not in contact:
        return body
    return {**body, "contact": {name: value for name, value in contact.items() if name != "account"}}


FAULTS = (
    Fault(
        "sync-accepts-late-users",
        "looks at the first 20 users of an engagement",
        ("sync.body.type", "sync.body.required", "sync.body.null", "sync.body.format"),
        tolerates("sync", _first("engagementUsers")),
        (sync({"engagementUsers": [_USER] * 20 + [{"name": "Ann"}]}),),
    ),
    Fault(
        "sync-accepts-type-beside-id",
        "does not look at `engagementType` beside `engagementTypeId`",
        ("sync.body.type", "sync.body.required", "sync.body.enum", "sync.body.null"),
        tolerates("sync", _without_beside("engagementType", "engagementTypeId")),
        (sync({"engagementTypeId": "t-1", "engagementType": {"name": "Visit"}}),),
    ),
    Fault(
        "sync-accepts-second-account",
        "does not look at the account of a contact beside an account",
        ("sync.body.type", "sync.body.required", "sync.body.null", "sync.body.format"),
        tolerates("sync", _contact_alone),
        (
            sync(
                {
                    "account": {"externalId": "a-1"},
                    "contact": {"externalId": "c-1", "account": {"addresses": [{**ADDRESS, "zip": 5}]}},
                }
            ),
        ),
    ),
    Fault(
        "sync-accepts-stranger-activity",
        "takes a data type for an activity type",
        ("sync.body.enum",),
        tolerates("sync", replaced("engagementType.activityType", lambda value: value == "LEAD", "CALL")),
        (sync({"engagementType": {"name": "Visit", "activityType": "LEAD"}}),),
    ),
    Fault(
        "sync-accepts-plural-disposition",
        "takes other words for a disposition",
        ("sync.body.enum",),
        tolerates("sync", replaced("opportunity.disposition", lambda value: value in ("OPENS", "OTHER"), "OPEN")),
        (sync({"opportunity": {"externalId": "o-1", "disposition": "OTHER"}}),),
    ),
    Fault(
        "sync-accepts-leap-day",
        "takes 29 February of any year for a date",
        ("sync.body.format",),
        tolerates(
            "sync",
            replaced("deletedAt", lambda value: str(value)[4:10] == "-02-29", "2024-02-29T09:30:00Z"),
        ),
        (sync({"deletedAt": "2026-02-29T09:30:00Z"}),),
    ),
)
