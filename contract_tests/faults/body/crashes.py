"""Bodies, valid and not, that crash the server."""

import re

from contract_tests.faults._edits import (
    crashes,
    found,
    is_null,
    is_number,
    is_object,
    is_text,
    some,
    texts,
)
from contract_tests.faults._plant import Ask, Call, Fault, Reply, alter, error
from contract_tests.faults._probes import link, sync, to
from contract_tests.faults.body._common_rejects import account_with, subject

_CRASH = ("sync.answer.server-error", "sync.body.accepts")


_INVALID_CRASH = ("sync.answer.server-error",)


def _link_crash(call: Call, ask: Ask) -> Reply:
    answer = ask(call)
    return error(500, "Internal Server Error") if answer.status == 404 and call.is_routed else answer


def _crash_on_invalid(call: Call, ask: Ask) -> Reply:
    answer = ask(call)
    nested = any(not is_object(account) and account is not None for account in found(call.sent, "contact"))
    return error(500, "Internal Server Error") if answer.status == 422 and nested else answer


FAULTS = (
    Fault(
        "sync-crash-astral",
        "crashes on a character beyond the basic plane",
        (*_CRASH, "sync.answer.text"),
        crashes("sync", texts(lambda text: any(c > "\uffff" for c in text))),
    ),
    Fault(
        "sync-crash-quote",
        "crashes on a double quote in `content`",
        _CRASH,
        crashes("sync", some("content", lambda value: is_text(value) and '"' in value)),
        (sync({"content": 'a "b"'}),),
    ),
    Fault(
        "sync-crash-empty-list",
        "crashes on an empty list of a lead's `phoneNumbers`",
        _CRASH,
        crashes("sync", some("lead.phoneNumbers", lambda value: value == [])),
        (sync({"lead": {"externalId": "l-1", "phoneNumbers": []}}),),
    ),
    Fault(
        "sync-crash-nul",
        "crashes on NUL in text",
        _INVALID_CRASH,
        crashes("sync", texts(lambda text: "\0" in text)),
        subject("a\0b"),
    ),
    Fault(
        "sync-crash-surrogate",
        "crashes on a lone surrogate in text",
        _INVALID_CRASH,
        crashes("sync", texts(lambda text: any("\ud800" <= c <= "\udfff" for c in text))),
        subject("a\ud800b"),
    ),
    Fault(
        "sync-crash-nested-text",
        "crashes on a contact that is no object",
        _INVALID_CRASH,
        alter("sync", _crash_on_invalid),
        (sync({"contact": "Jo"}),),
    ),
    Fault(
        "sync-crash-empty-id",
        "crashes on an empty `externalId`",
        _INVALID_CRASH,
        crashes("sync", some("externalId", lambda value: value == "")),
        (sync({"externalId": ""}),),
    ),
    Fault(
        "sync-crash-pole",
        "crashes on a latitude beyond the poles",
        _INVALID_CRASH,
        crashes("sync", some("account.latitude", lambda value: is_number(value) and abs(value) > 90)),
        account_with(latitude=91),
    ),
    Fault(
        "sync-crash-start-text",
        "crashes on a `startTime` that is no instant",
        _CRASH,
        crashes("sync", some("startTime", lambda value: is_text(value) and not re.match(r"\d{4}-", value))),
        (sync({"startTime": "soon"}),),
    ),
    Fault(
        "link-crash-unknown",
        "crashes on a recording or row that is not known",
        ("link.answer.server-error",),
        alter("link", _link_crash),
    ),
    Fault(
        "link-crash-connection-null",
        "crashes on null for `integrationConnectionId`",
        ("link.answer.server-error",),
        crashes("link", some("integrationConnectionId", is_null)),
        (link({**to("e-1"), "integrationConnectionId": None}),),
    ),
    Fault(
        "link-crash-data-type",
        "crashes on a `dataType` that is not known",
        ("link.answer.server-error",),
        crashes(
            "link",
            some(
                "dataType",
                lambda value: (
                    is_text(value) and value not in {"ACCOUNT", "CONTACT", "LEAD", "OPPORTUNITY", "ENGAGEMENT"}
                ),
            ),
        ),
        (link({"dataType": "DEAL", "id": "x"}),),
    ),
    Fault(
        "link-crash-astral-id",
        "crashes on an external id that is not ASCII",
        ("link.answer.server-error",),
        crashes("link", some("externalId", lambda value: is_text(value) and not value.isascii())),
        (link(to("ä-1")),),
    ),
)
