"""Bodies that are valid, and are refused for what they lack or how they say it."""

import re
from typing import Any

from contract_tests.faults._edits import (
    found,
    is_list,
    is_object,
    is_text,
    refuses,
    some,
)
from contract_tests.faults._plant import Fault
from contract_tests.faults._probes import sync
from contract_tests.faults.body._common_rejects import ACCEPTS, account_with


def _is_old(value: Any) -> bool:
    return is_text(value) and value < "1970"


def _has_offset(value: Any) -> bool:
    return is_text(value) and re.search(r"[+-]\d\d:\d\d$", value) is not None


def _nameless_contact(body: Any) -> bool:
    return any(is_object(contact) and "name" not in contact for contact in found(body, "contact"))


def _id_less_account(body: Any) -> bool:
    return any(is_object(account) and "externalId" not in account for account in found(body, "account"))


FAULTS = (
    Fault(
        "sync-rejects-account-without-id",
        "demands an account's `externalId`, which is optional",
        ACCEPTS,
        refuses("sync", _id_less_account),
        account_with(name="Acme"),
    ),
    Fault(
        "sync-rejects-contact-nameless",
        "demands a contact's `name`, which is optional",
        (*ACCEPTS, "sync.relations.resolve"),
        refuses("sync", _nameless_contact),
        (sync({"contact": {"externalId": "c-1"}}),),
    ),
    Fault(
        "sync-rejects-no-subject",
        "demands `subject`, which is optional",
        ACCEPTS,
        refuses("sync", lambda body: "subject" not in body),
    ),
    Fault(
        "sync-rejects-bare-type",
        "demands the `externalId` of an `engagementType`, which is optional",
        ACCEPTS,
        refuses("sync", some("engagementType", lambda value: is_object(value) and "externalId" not in value)),
    ),
    Fault(
        "sync-rejects-old-deleted",
        "refuses a `deletedAt` before 1970",
        ACCEPTS,
        refuses("sync", some("deletedAt", _is_old)),
        (sync({"deletedAt": "1969-12-31T23:59:59Z"}),),
    ),
    Fault(
        "sync-rejects-deleted-offset",
        "refuses a `deletedAt` with an offset other than Z",
        ACCEPTS,
        refuses("sync", some("deletedAt", _has_offset)),
        (sync({"deletedAt": "2026-01-01T00:00:00+02:00"}),),
    ),
    Fault(
        "sync-rejects-deleted-fraction",
        "refuses an account's `deletedAt` with fractions of a second",
        ACCEPTS,
        refuses("sync", some("account.deletedAt", lambda value: is_text(value) and "." in value)),
        account_with(deletedAt="2026-01-01T00:00:00.5Z"),
    ),
    Fault(
        "sync-rejects-eleven-users",
        "refuses more than ten users",
        (*ACCEPTS, "sync.answer.users"),
        refuses("sync", some("engagementUsers", lambda value: is_list(value) and len(value) > 10)),
        (sync({"engagementUsers": [{"externalId": str(number)} for number in range(11)]}),),
    ),
)
