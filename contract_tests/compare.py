"""What came back, compared with what was sent as far as the pages fix it, and no further."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard

TEXTS = ("subject", "content", "direction", "startTimeLocalized")
"""The properties that come back to the character, where they come back."""
INSTANTS = ("startTime", "endTime")
"""Those that come back as instants."""
ACCOUNT_DATA = (
    *("name", "latitude", "longitude", "addresses", "phoneNumbers", "emailAddresses"),
    *("lastActivityAt", "deletedAt", "owner"),
)
USER_DATA = ("email", "shareOfSale", "name", "deletedAt")
_ISO_8601 = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII | re.IGNORECASE)
# Many a database keeps no more; less would move what a person reads.
_PRECISION = timedelta(milliseconds=1)


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def instant(value: Any) -> datetime | None:
    """The instant that a text in ISO 8601 names to the second or finer, without an offset in UTC; None for others."""
    if not isinstance(value, str) or not _ISO_8601.fullmatch(value):
        return None
    try:
        moment = datetime.fromisoformat(value.upper())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def is_same_instant(sent: Any, answered: Any) -> bool:
    """Whether two texts name one instant; the form of an answer is open, so a text that cannot be read passes."""
    moments = instant(sent), instant(answered)
    if moments[0] is None or moments[1] is None:
        return isinstance(answered, str)
    return abs(moments[0] - moments[1]) <= _PRECISION


def is_old(name: str, old: Any, answered: Any) -> bool:
    """Whether what is answered is certainly what was stored before."""
    if name in INSTANTS and instant(answered) is None:
        return bool(old == answered)
    return answered is not None and not any(differences(old, answered, name))


def is_ordered(earlier: Any, later: Any) -> bool:
    """Whether one instant is not after another, as far as both can be read."""
    moments = instant(earlier), instant(later)
    return moments[0] is None or moments[1] is None or moments[0] - moments[1] <= _PRECISION


def differences(sent: Any, answered: Any, place: str) -> Iterator[str]:
    """What of a value was altered or lost, in words; what an answer has beside is no difference."""
    name = place.rpartition(".")[2]
    if is_object(sent) and is_object(answered):
        for key, value in sent.items():
            yield from differences(value, answered.get(key), f"{place}.{key}")
    elif is_list(sent) and is_list(answered) and len(sent) == len(answered):
        for number, (ours, theirs) in enumerate(zip(sent, answered, strict=True)):
            yield from differences(ours, theirs, f"{place}[{number}]")
    elif sent in (None, []) and answered is None:
        return
    elif name in (*INSTANTS, "lastActivityAt", "deletedAt") and sent is not None:
        if not is_same_instant(sent, answered):
            yield _told(place, sent, answered)
    elif sent != answered or isinstance(sent, bool) != isinstance(answered, bool):
        yield _told(place, sent, answered)


def _told(place: str, sent: Any, answered: Any) -> str:
    came = "did not come back" if answered is None else f"came back as {short(answered)}"
    return f"{place} was sent as {short(sent)} and {came}"


def short(value: Any) -> str:
    """A value as a message tells it."""
    text = json.dumps(value)
    return text if len(text) <= 100 else f"{text[:60]}… ({len(text)} characters)"


def account_id_differences(sent: dict[str, Any], answered: Any) -> Iterator[str]:
    """Whether another account came back than was sent."""
    if is_object(answered) and "externalId" in sent and answered.get("externalId") is not None:
        yield from differences(sent["externalId"], answered["externalId"], "account.externalId")


def account_differences(sent: dict[str, Any], answered: Any) -> Iterator[str]:
    """What of an account was altered or lost.

    The pages leave the form of `account` in an answer open: nothing, an id, ids alone. Once it has some of the data
    that was sent, the rest of it is due too.
    """
    if not is_object(answered):
        return
    data = {name: sent[name] for name in ACCOUNT_DATA if name in sent}
    if any(value is not None and answered.get(name) is not None for name, value in data.items()):
        yield from differences(data, answered, "account")
    else:
        yield from differences({name: None for name, value in data.items() if value is None}, answered, "account")


def _flat(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry with what objects in it hold: who the user is may stand apart from what share they have."""
    inner = [value for value in entry.values() if is_object(value)]
    return {name: value for each in (*inner, entry) for name, value in each.items()}


def user_differences(sent: list[dict[str, Any]], answered: list[Any]) -> Iterator[str]:
    """What of engagementUsers was altered or lost, in whatever order; as with an account, ids alone will do."""
    if sent and not answered:
        yield f"engagementUsers came back empty, and {len(sent)} were sent"
    entries = [_flat(entry) for entry in answered if is_object(entry)]
    has_data = any(entry.get(name) is not None for entry in entries for name in USER_DATA)
    if not has_data and not any("externalId" in entry for entry in entries):
        return
    known = {entry.get("externalId"): entry for entry in entries}
    for user in sent:
        place = f"engagementUsers of externalId {short(user['externalId'])}"
        if user["externalId"] not in known:
            yield f"{place} was sent and did not come back"
        elif has_data:
            yield from differences(user, known[user["externalId"]], place)
