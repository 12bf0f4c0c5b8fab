"""Users and accounts that are not answered as they were sent."""

import re
import unicodedata
from typing import Any

from contract_tests.faults._edits import Edit, after, at, is_object, is_text
from contract_tests.faults._plant import Fault, Plant
from contract_tests.faults._probes import sync
from contract_tests.faults.semantics._common import numeric, swapped

_USERS = ("sync.answer.users",)


_ACCOUNT = ("sync.answer.account",)


def _edit(path: str, change: Edit) -> Plant:
    return after("sync", lambda data, _: at(path, change)(data))


def _by_email(users: Any) -> Any:
    return list({user.get("email", user["externalId"]): user for user in users}.values())


def _swap_places(account: Any) -> Any:
    return swapped(account, "latitude", "longitude") if is_object(account) else account


def _digits(value: Any) -> Any:
    return re.sub(r"(?!^\+)\D", "", value) if is_text(value) else value


FAULTS = (
    Fault(
        "sync-first-user-only", "answers the first user only", _USERS, _edit("engagementUsers", lambda users: users[:1])
    ),
    Fault(
        "sync-ten-users-only",
        "answers the first ten users only",
        _USERS,
        _edit("engagementUsers", lambda users: users[:10]),
        (sync({"engagementUsers": [{"externalId": str(number)} for number in range(12)]}),),
    ),
    Fault(
        "sync-users-by-email",
        "answers one of the users that share an e-mail address",
        _USERS,
        _edit("engagementUsers", _by_email),
        (sync({"engagementUsers": [{"externalId": "1", "email": "a@b.c"}, {"externalId": "2", "email": "a@b.c"}]}),),
    ),
    Fault(
        "sync-rounds-share",
        "rounds `shareOfSale` to two digits",
        _USERS,
        _edit("engagementUsers.*.shareOfSale", lambda value: round(value, 2)),
    ),
    Fault(
        "sync-lowers-email",
        "answers a user's e-mail address in lower case",
        _USERS,
        _edit("engagementUsers.*.email", str.lower),
    ),
    Fault("sync-trims-user-name", "trims a user's name", _USERS, _edit("engagementUsers.*.name", str.strip)),
    Fault(
        "sync-mixes-users",
        "answers each user with the external id of the first",
        _USERS,
        _edit("engagementUsers", lambda users: [{**user, "externalId": users[0]["externalId"]} for user in users]),
    ),
    Fault("sync-swaps-coordinates", "answers latitude and longitude swapped", _ACCOUNT, _edit("account", _swap_places)),
    Fault(
        "sync-rounds-latitude",
        "rounds the latitude to four digits",
        _ACCOUNT,
        _edit("account.latitude", lambda value: round(value, 4)),
    ),
    Fault(
        "sync-phone-digits",
        "takes all but digits out of telephone numbers",
        _ACCOUNT,
        _edit("account.phoneNumbers.*", _digits),
    ),
    Fault(
        "sync-first-address-only",
        "answers the account's first address only",
        _ACCOUNT,
        _edit("account.addresses", lambda items: items[:1]),
    ),
    Fault(
        "sync-zip-numeric",
        "drops zeros in front of a zip of digits",
        _ACCOUNT,
        _edit("account.addresses.*.zip", numeric),
    ),
    Fault(
        "sync-account-email-lower",
        "answers the account's e-mail addresses in lower case",
        _ACCOUNT,
        _edit("account.emailAddresses.*", str.lower),
    ),
    Fault(
        "sync-account-name-ascii",
        "answers the account's name in ASCII",
        _ACCOUNT,
        _edit("account.name", lambda value: unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()),
    ),
    Fault(
        "sync-account-activity-shifted",
        "answers the account's `lastActivityAt` a day late",
        _ACCOUNT,
        _edit("account.lastActivityAt", lambda value: value.replace("-02T", "-03T").replace("-01T", "-02T")),
    ),
    Fault(
        "sync-account-owner-external",
        "answers the account's external id as its owner's",
        _ACCOUNT,
        _edit(
            "account",
            lambda value: (
                {**value, "owner": {"externalId": value["externalId"]}}
                if {"owner", "externalId"} <= value.keys()
                else value
            ),
        ),
    ),
    Fault(
        "sync-account-of-other-case",
        "answers the account's external id in upper case",
        (*_ACCOUNT, "sync.relations.resolve"),
        _edit("account.externalId", str.upper),
    ),
)
