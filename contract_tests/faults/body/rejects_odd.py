"""Bodies that are valid, and are refused, crash or are rewritten for what a person finds odd in them."""

import re
from typing import Any

from contract_tests.faults._edits import after, crashes, found, is_list, is_number, is_text, refuses, some, text
from contract_tests.faults._plant import Fault, Object
from contract_tests.faults._probes import link, sync, to
from contract_tests.faults.body._common_rejects import ACCEPTS, subject

_LINKS = ("link.target.external-id", "sync.relations.linkable")


def _ends_early(body: Object) -> bool:
    start, end = body.get("startTime"), body.get("endTime")
    return is_text(start) and is_text(end) and end < start


def _has_shares(body: Object) -> bool:
    shares = [share for share in found(body, "engagementUsers.*.shareOfSale") if is_number(share)]
    return float(sum(shares)) > 1.5


def _same_account(body: Object) -> bool:
    return any(each in found(body, "account.externalId") for each in found(body, "contact.account.externalId"))


def _is_long(value: Any) -> bool:
    return is_text(value) and len(value) > 255


def _repeats(value: Any) -> bool:
    return is_list(value) and len({*map(str, value)}) < len(value)


FAULTS = (
    Fault(
        "sync-rejects-long-id",
        "refuses an external id of more than 255 characters",
        ACCEPTS,
        refuses("sync", some("externalId", _is_long)),
        (sync({"externalId": "e" * 256}),),
    ),
    Fault(
        "sync-crash-long-nested-id",
        "crashes on an account's external id of more than 255 characters",
        ("sync.answer.server-error", *ACCEPTS),
        crashes("sync", some("account.externalId", _is_long)),
        (sync({"account": {"externalId": "a" * 256}}),),
    ),
    Fault(
        "sync-rejects-digits-account",
        "refuses an account's external id of digits only",
        ACCEPTS,
        refuses("sync", some("account.externalId", lambda value: is_text(value) and value.isdecimal())),
        (sync({"account": {"externalId": "7"}}),),
    ),
    Fault(
        "link-rejects-quote",
        "refuses an external id with a quote",
        _LINKS,
        refuses("link", some("externalId", lambda value: is_text(value) and '"' in value)),
        (sync({"externalId": 'e"1'}), link(to('e"1'))),
    ),
    Fault(
        "sync-rejects-many-users",
        "refuses more than 50 users",
        ACCEPTS,
        refuses("sync", some("engagementUsers", lambda value: is_list(value) and len(value) > 50)),
        (sync({"engagementUsers": [{"externalId": str(number)} for number in range(51)]}),),
    ),
    Fault(
        "sync-rejects-shares",
        "refuses shares of more than 1.5 together",
        ACCEPTS,
        refuses("sync", _has_shares),
        (sync({"engagementUsers": [{"externalId": each, "shareOfSale": 1} for each in "ab"]}),),
    ),
    Fault(
        "sync-rejects-cent-parts",
        "refuses an amount of more than two decimals",
        ACCEPTS,
        refuses("sync", some("opportunity.amount", lambda value: is_number(value) and round(value, 2) != value)),
        (sync({"opportunity": {"externalId": "o-1", "amount": 1.125}}),),
    ),
    Fault(
        "sync-rejects-early-end",
        "refuses an `endTime` before `startTime`",
        (*ACCEPTS, "sync.answer.instants"),
        refuses("sync", _ends_early),
        (sync({"startTime": "2026-01-02T00:00:00Z", "endTime": "2026-01-01T00:00:00Z"}),),
    ),
    Fault(
        "sync-rejects-repeated-phone",
        "refuses a contact's phone number that comes twice",
        ACCEPTS,
        refuses("sync", some("contact.phoneNumbers", _repeats)),
        (sync({"contact": {"externalId": "c-1", "phoneNumbers": ["1", "1"]}}),),
    ),
    Fault(
        "sync-crash-account-twice",
        "crashes where the account of the contact is that of the engagement",
        ("sync.answer.server-error", *ACCEPTS),
        crashes("sync", _same_account),
        (sync({"account": {"externalId": "a"}, "contact": {"externalId": "c", "account": {"externalId": "a"}}}),),
    ),
    Fault(
        "sync-crash-prototype",
        "crashes on an external id that every object of JavaScript has",
        ("sync.answer.server-error", *ACCEPTS),
        crashes("sync", some("externalId", lambda value: value in ("__proto__", "constructor", "toString"))),
        (sync({"externalId": "__proto__"}),),
    ),
    Fault(
        "sync-rejects-capitals",
        "refuses a subject in capitals alone",
        (*ACCEPTS, "sync.answer.text"),
        refuses("sync", some("subject", lambda value: is_text(value) and len(value) > 20 and value.isupper())),
        subject("ROOF INSPECTION AT NOON"),
    ),
    Fault(
        "sync-masks-numbers",
        "masks what looks like a social security number",
        ("sync.answer.text",),
        after("sync", text("content", to=lambda value: re.sub(r"\b\d{3}-\d\d-\d{4}\b", "***", value))),
        (sync({"content": "123-45-6789"}),),
    ),
    Fault(
        "sync-plain-quotes",
        "makes smart quotes plain",
        ("sync.answer.text",),
        after("sync", text("subject", to=lambda value: re.sub("[\u201c\u201d]", '"', value))),
        subject("\u201cso\u201d"),
    ),
)
