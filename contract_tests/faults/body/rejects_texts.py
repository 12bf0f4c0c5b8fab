"""Texts and numbers that are valid, and are refused."""

import re

from contract_tests.faults._edits import (
    is_number,
    is_text,
    refuses,
    some,
    texts,
)
from contract_tests.faults._plant import Fault
from contract_tests.faults._probes import sync
from contract_tests.faults.body._common_rejects import ACCEPTS, TEXT, account_with, subject


def _control(text: str) -> bool:
    return any(character < " " and character not in "\0\t\r\n" for character in text)


FAULTS = (
    Fault(
        "sync-rejects-long-content",
        "refuses `content` of more than 2,000 characters",
        TEXT,
        refuses("sync", some("content", lambda value: is_text(value) and len(value) > 2000)),
        (sync({"content": "a" * 3000}),),
    ),
    Fault(
        "sync-rejects-long-subject",
        "refuses `subject` of more than 255 characters",
        TEXT,
        refuses("sync", some("subject", lambda value: is_text(value) and len(value) > 255)),
        subject("a" * 300),
    ),
    Fault(
        "sync-rejects-astral",
        "refuses characters beyond the basic plane",
        TEXT,
        refuses("sync", texts(lambda text: any(c > "\uffff" for c in text))),
    ),
    Fault(
        "sync-rejects-quote",
        "refuses a single quote, as if it were SQL",
        TEXT,
        refuses("sync", texts(lambda text: "'" in text), 400),
        subject("O'Hara"),
    ),
    Fault(
        "sync-rejects-tag",
        "answers 403 to what looks like a tag, as a firewall would",
        TEXT,
        refuses("sync", texts(lambda text: "<script" in text.lower()), 403),
        subject("<script>alert(1)</script>"),
    ),
    Fault(
        "sync-rejects-percent",
        "refuses a percent sign that no two digits follow",
        TEXT,
        refuses("sync", texts(lambda text: re.search("%(?![0-9a-fA-F]{2})", text) is not None), 400),
        subject("100 %"),
    ),
    Fault(
        "sync-rejects-control",
        "refuses control characters other than NUL and white space",
        TEXT,
        refuses("sync", texts(_control)),
        subject("a\x07b"),
    ),
    Fault(
        "sync-rejects-del",
        "refuses the control character DEL",
        TEXT,
        refuses("sync", texts(lambda text: "\x7f" in text)),
        subject("a\x7fb"),
    ),
    Fault(
        "sync-rejects-dollar",
        "refuses text that begins with a dollar sign, as if it were an operator",
        TEXT,
        refuses("sync", texts(lambda text: text.startswith("$"))),
        subject("$100"),
    ),
    Fault(
        "sync-rejects-odd-email",
        "refuses an account's e-mail address without an at sign",
        ACCEPTS,
        refuses("sync", some("account.emailAddresses.*", lambda value: is_text(value) and "@" not in value)),
        account_with(emailAddresses=["none"]),
    ),
    Fault(
        "sync-rejects-latitude-zero",
        "takes a latitude of 0 as missing, and refuses",
        ACCEPTS,
        refuses("sync", some("account.latitude", lambda value: is_number(value) and not value)),
        account_with(latitude=0),
    ),
    Fault(
        "sync-rejects-longitude-negative",
        "refuses a negative longitude of a contact",
        ACCEPTS,
        refuses("sync", some("contact.longitude", lambda value: is_number(value) and value < 0)),
        (sync({"contact": {"externalId": "c-1", "longitude": -104.5}}),),
    ),
    Fault(
        "sync-rejects-amount-fraction",
        "refuses an `amount` that is no integer",
        ACCEPTS,
        refuses("sync", some("opportunity.amount", lambda value: is_number(value) and value % 1 != 0)),
        (sync({"opportunity": {"externalId": "o-1", "amount": 0.5}}),),
    ),
    Fault(
        "sync-rejects-amount-negative",
        "refuses a negative `amount`",
        ACCEPTS,
        refuses("sync", some("opportunity.amount", lambda value: is_number(value) and value < 0)),
        (sync({"opportunity": {"externalId": "o-1", "amount": -1}}),),
    ),
    Fault(
        "sync-rejects-amount-huge",
        "refuses an `amount` beyond 32 bits",
        ACCEPTS,
        refuses("sync", some("opportunity.amount", lambda value: is_number(value) and abs(value) >= 2**31)),
        (sync({"opportunity": {"externalId": "o-1", "amount": 2**31}}),),
    ),
    Fault(
        "sync-rejects-share-small",
        "refuses a `shareOfSale` of 0",
        ACCEPTS,
        refuses("sync", some("engagementUsers.*.shareOfSale", lambda value: is_number(value) and value == 0)),
        (sync({"engagementUsers": [{"externalId": "u", "shareOfSale": 0}]}),),
    ),
)
