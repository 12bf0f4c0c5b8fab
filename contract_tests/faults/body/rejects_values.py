"""Values of an enum, null and empty lists: valid, and refused."""

from typing import Any

from contract_tests.faults._edits import (
    is_null,
    refuses,
    some,
)
from contract_tests.faults._plant import Fault, Plant
from contract_tests.faults._probes import link, sync, to
from contract_tests.faults.body._common_rejects import ACCEPTS, TEXT, account_with, subject

_LINK = ("link.body.accepts", "link.target.id", "link.target.external-id")


def _equal(path: str, value: Any) -> Plant:
    return refuses("sync", some(path, lambda given: given == value))


FAULTS = (
    Fault(
        "sync-rejects-outbound",
        "refuses OUTBOUND",
        (*ACCEPTS, "sync.answer.text"),
        _equal("direction", "OUTBOUND"),
        (sync({"direction": "OUTBOUND"}),),
    ),
    Fault(
        "sync-rejects-bot-recording",
        "refuses the `activityType` SIRO_BOT_RECORDING",
        ACCEPTS,
        _equal("engagementType.activityType", "SIRO_BOT_RECORDING"),
        (sync({"engagementType": {"name": "a", "activityType": "SIRO_BOT_RECORDING"}}),),
    ),
    Fault(
        "sync-rejects-lost",
        "refuses the `disposition` LOST",
        ACCEPTS,
        _equal("opportunity.disposition", "LOST"),
        (sync({"opportunity": {"externalId": "o-1", "disposition": "LOST"}}),),
    ),
    Fault(
        "link-rejects-contact",
        "refuses the `dataType` CONTACT",
        (*_LINK, "sync.relations.linkable"),
        refuses("link", some("dataType", lambda value: value == "CONTACT")),
        (),
    ),
    Fault(
        "link-rejects-hard-deleted",
        "refuses the `trigger` RECORDING_HARD_DELETED",
        _LINK,
        refuses("link", some("trigger", lambda value: value == "RECORDING_HARD_DELETED")),
        (sync(), link({**to("e-1"), "trigger": "RECORDING_HARD_DELETED"})),
    ),
    Fault(
        "link-rejects-trigger-by-id",
        "refuses a `trigger` together with `id`",
        _LINK,
        refuses("link", lambda body: "trigger" in body and "id" in body),
        (sync(), link({"dataType": "ENGAGEMENT", "id": "@0.id", "trigger": "CRM_DEEPLINK"})),
    ),
    Fault(
        "link-rejects-no-trigger",
        "refuses a body without `trigger`",
        _LINK,
        refuses("link", lambda body: "trigger" not in body),
    ),
    Fault(
        "link-rejects-deeplink-of-lead",
        "refuses an OPPORTUNITY_DEEPLINK to anything but an opportunity",
        _LINK,
        refuses(
            "link", lambda body: body.get("trigger") == "OPPORTUNITY_DEEPLINK" and body.get("dataType") != "OPPORTUNITY"
        ),
        (sync(), link({**to("e-1"), "trigger": "OPPORTUNITY_DEEPLINK"})),
    ),
    Fault(
        "sync-rejects-content-null",
        "refuses null for `content`",
        (*ACCEPTS, "sync.upsert.null"),
        refuses("sync", some("content", is_null)),
    ),
    Fault(
        "sync-rejects-type-null",
        "refuses null for `engagementType`",
        (*ACCEPTS, "sync.upsert.null"),
        refuses("sync", some("engagementType", is_null)),
        (sync({"engagementType": None}),),
    ),
    Fault(
        "sync-rejects-account-null",
        "refuses null for `account`",
        (*ACCEPTS, "sync.upsert.null", "sync.relations.change"),
        refuses("sync", some("account", is_null)),
    ),
    Fault(
        "sync-rejects-remote-created-null",
        "refuses null for `remoteCreatedAt`",
        (*ACCEPTS, "sync.upsert.null"),
        refuses("sync", some("remoteCreatedAt", is_null)),
        (sync({"remoteCreatedAt": None}),),
    ),
    Fault(
        "sync-rejects-lead-owner-null",
        "refuses null for a lead's `owner`",
        ACCEPTS,
        refuses("sync", some("lead.owner", is_null)),
        (sync({"lead": {"externalId": "l-1", "owner": None}}),),
    ),
    Fault(
        "sync-rejects-deep-deleted-null",
        "refuses null for the `deletedAt` of a contact's account",
        ACCEPTS,
        refuses("sync", some("contact.account.deletedAt", is_null)),
        (sync({"contact": {"externalId": "c-1", "account": {"deletedAt": None}}}),),
    ),
    Fault(
        "sync-rejects-contact-account-null",
        "refuses null for a contact's `account`",
        ACCEPTS,
        refuses("sync", some("contact.account", is_null)),
        (sync({"contact": {"externalId": "c-1", "account": None}}),),
    ),
    Fault(
        "sync-rejects-no-users",
        "refuses an empty list of `engagementUsers`",
        (*ACCEPTS, "sync.answer.users"),
        _equal("engagementUsers", []),
        (sync({"engagementUsers": []}),),
    ),
    Fault(
        "sync-rejects-no-addresses",
        "refuses an empty list of an account's `addresses`",
        ACCEPTS,
        _equal("account.addresses", []),
        account_with(addresses=[]),
    ),
    Fault(
        "sync-rejects-no-merged",
        "refuses an empty list of a contact's `mergedFromExternalIds`",
        ACCEPTS,
        _equal("contact.mergedFromExternalIds", []),
        (sync({"contact": {"externalId": "c-1", "mergedFromExternalIds": []}}),),
    ),
    Fault("sync-rejects-empty-subject", "refuses an empty `subject`", TEXT, _equal("subject", ""), subject("")),
    Fault(
        "sync-rejects-empty-user-name",
        "refuses an empty `name` of a user",
        ACCEPTS,
        _equal("engagementUsers.*.name", ""),
        (sync({"engagementUsers": [{"externalId": "u", "name": ""}]}),),
    ),
)
