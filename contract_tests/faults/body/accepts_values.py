"""Bodies of a sync with null, or a value that is none of an enum or format, and are accepted."""

import re
from typing import Any

from contract_tests.faults._edits import (
    at,
    before,
    is_null,
    is_text,
    without_null,
)
from contract_tests.faults._plant import Fault
from contract_tests.faults._probes import sync
from contract_tests.faults.body._common_accepts import (
    ENUM,
    FORMAT,
    INSTANT,
    NULL,
    trimmed,
    turned,
    upper,
    when,
)

_OWNER = {"externalId": "u"}


def _is_other_text(value: Any) -> bool:
    """Whether it is a text, and not an instant, which stays as it is."""
    return is_text(value) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)", value, re.IGNORECASE) is None


def _is_date(value: Any) -> bool:
    return is_text(value) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


def _is_local(value: Any) -> bool:
    return is_text(value) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+", value) is not None


def _is_impossible(value: Any) -> bool:
    return is_text(value) and re.match(r"\d{4}-(02-3|(0[2469]|11)-31)", value) is not None


FAULTS = (
    Fault(
        "sync-accepts-account-name-null",
        "accepts null for an account's `name`",
        NULL,
        before(
            "sync",
            at("account", without_null("name")),
        ),
        (sync({"account": {"name": None}}),),
    ),
    Fault(
        "sync-accepts-users-null",
        "takes null for `engagementUsers` as none",
        NULL,
        when("engagementUsers", is_null, []),
        (sync({"engagementUsers": None}),),
    ),
    Fault(
        "sync-accepts-disposition-null",
        "accepts null for an opportunity's `disposition`",
        NULL,
        when("opportunity.disposition", is_null, "OPEN"),
        (sync({"opportunity": {"externalId": "o-1", "disposition": None}}),),
    ),
    Fault(
        "sync-accepts-deep-merged-null",
        "accepts null for the `mergedToExternalId` of a contact",
        NULL,
        before(
            "sync",
            at("contact", without_null("mergedToExternalId")),
        ),
        (sync({"contact": {"externalId": "c-1", "mergedToExternalId": None}}),),
    ),
    Fault(
        "sync-accepts-owner-id-null",
        "accepts null for the `externalId` of a lead's owner",
        NULL,
        when("lead.owner", lambda value: value == {"externalId": None}, _OWNER),
        (sync({"lead": {"externalId": "l-1", "owner": {"externalId": None}}}),),
    ),
    Fault(
        "sync-accepts-activity-null",
        "accepts null for `activityType`",
        (*NULL, "sync.body.enum"),
        when("engagementType.activityType", is_null, "EVENT"),
        (sync({"engagementType": {"name": "a", "activityType": None}}),),
    ),
    Fault(
        "sync-accepts-lower-direction",
        "accepts `direction` in lower case",
        ENUM,
        before("sync", at("direction", upper)),
        (sync({"direction": "inbound"}),),
    ),
    Fault(
        "sync-accepts-padded-direction",
        "accepts blanks around `direction`",
        ENUM,
        before("sync", at("direction", trimmed)),
        (sync({"direction": " INBOUND"}),),
    ),
    Fault(
        "sync-accepts-empty-direction",
        "takes an empty `direction` as null",
        ENUM,
        when("direction", lambda value: value == "", None),
        (sync({"direction": ""}),),
    ),
    Fault(
        "sync-accepts-unknown-activity",
        "takes an unknown `activityType` as EVENT",
        ENUM,
        turned(
            "engagementType.activityType",
            is_text,
            lambda value: (
                value
                if value == value.strip().upper()
                and value.rstrip("S")
                in {"MEETING", "CALL", "APPOINTMENT", "EMAIL", "TEXT", "EVENT", "SIRO_EVENT", "SIRO_BOT_RECORDING"}
                else "EVENT"
            ),
        ),
        (sync({"engagementType": {"name": "a", "activityType": "LUNCH"}}),),
    ),
    Fault(
        "sync-accepts-activity-line",
        "accepts a line feed behind `activityType`",
        ENUM,
        turned("engagementType.activityType", is_text, lambda value: value.removesuffix("\n")),
        (sync({"engagementType": {"name": "a", "activityType": "CALL\n"}}),),
    ),
    Fault(
        "sync-accepts-mixed-disposition",
        "accepts `disposition` in mixed case",
        ENUM,
        turned("opportunity.disposition", is_text, lambda value: value.upper() if value.istitle() else value),
        (sync({"opportunity": {"externalId": "o-1", "disposition": "Won"}}),),
    ),
    Fault(
        "sync-accepts-deleted-any",
        "accepts any text as `deletedAt`",
        FORMAT,
        when("deletedAt", _is_other_text, INSTANT),
        (sync({"deletedAt": "yesterday"}),),
    ),
    Fault(
        "sync-accepts-deleted-date",
        "accepts a date without a time as `deletedAt`",
        FORMAT,
        when("deletedAt", _is_date, INSTANT),
        (sync({"deletedAt": "2026-01-01"}),),
    ),
    Fault(
        "sync-accepts-deleted-impossible",
        "accepts a day that the month does not have as `deletedAt`",
        FORMAT,
        when("deletedAt", _is_impossible, INSTANT),
        (sync({"deletedAt": "2026-02-30T00:00:00Z"}),),
    ),
    Fault(
        "sync-accepts-deleted-empty",
        "takes an empty `deletedAt` of an account as null",
        FORMAT,
        when("account.deletedAt", lambda value: value == "", None),
        (sync({"account": {"deletedAt": ""}}),),
    ),
    Fault(
        "sync-accepts-lead-deleted-local",
        "accepts a lead's `deletedAt` without an offset",
        FORMAT,
        when("lead.deletedAt", _is_local, INSTANT),
        (sync({"lead": {"externalId": "l-1", "deletedAt": "2026-01-01T00:00:00"}}),),
    ),
    Fault(
        "sync-accepts-user-deleted-any",
        "accepts any text as a user's `deletedAt`",
        FORMAT,
        when("engagementUsers.*.deletedAt", _is_other_text, INSTANT),
        (sync({"engagementUsers": [{"externalId": "u", "deletedAt": "yes"}]}),),
    ),
    Fault(
        "sync-accepts-deep-deleted-any",
        "accepts any text as the `deletedAt` of a contact's account",
        FORMAT,
        when("contact.account.deletedAt", _is_other_text, INSTANT),
        (sync({"contact": {"externalId": "c-1", "account": {"deletedAt": "now"}}}),),
    ),
)
