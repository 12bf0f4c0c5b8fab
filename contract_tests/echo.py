"""What came back of what was sent: compared as far as the pages fix it, and no further."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, TypeGuard

from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.leeway import is_left_open
from contract_tests.target import LINK, SYNC

TEXTS = ("subject", "content", "direction", "startTimeLocalized")
"""The properties that come back to the character, where they come back."""
INSTANTS = ("startTime", "endTime")
"""Those that come back as instants."""
_ALL = {
    "subject": "a subject",
    "content": "a content",
    "direction": "OUTBOUND",
    "startTimeLocalized": "2026-01-02T04:00:00",
    "startTime": "2026-01-02T03:00:00Z",
    "endTime": "2026-01-02T05:00:00Z",
}
_ACCOUNT_DATA = (
    *("name", "latitude", "longitude", "addresses", "phoneNumbers", "emailAddresses"),
    *("lastActivityAt", "deletedAt", "owner"),
)
_USER_DATA = ("email", "shareOfSale", "name", "deletedAt")
_ISO_8601 = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII | re.IGNORECASE)
# Many a database keeps no more; less would move what a person reads.
_PRECISION = timedelta(milliseconds=1)


def _is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_list(value: Any) -> TypeGuard[list[Any]]:
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
    if _is_object(sent) and _is_object(answered):
        for key, value in sent.items():
            yield from differences(value, answered.get(key), f"{place}.{key}")
    elif _is_list(sent) and _is_list(answered) and len(sent) == len(answered):
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
    return f"{place} was sent as {short(sent)} and came back as {short(answered)}"


def short(value: Any) -> str:
    """A value as a message tells it."""
    text = json.dumps(value)
    return text if len(text) <= 100 else f"{text[:60]}… ({len(text)} characters)"


def account_id_differences(sent: dict[str, Any], answered: Any) -> Iterator[str]:
    """Whether another account came back than was sent."""
    if _is_object(answered) and "externalId" in sent and answered.get("externalId") is not None:
        yield from differences(sent["externalId"], answered["externalId"], "account.externalId")


def account_differences(sent: dict[str, Any], answered: Any) -> Iterator[str]:
    """What of an account was altered or lost.

    The pages leave the form of `account` in an answer open: nothing, an id, ids alone. Once it has some of the data
    that was sent, the rest of it is due too.
    """
    if not _is_object(answered):
        return
    data = {name: sent[name] for name in _ACCOUNT_DATA if name in sent}
    if any(value is not None and answered.get(name) is not None for name, value in data.items()):
        yield from differences(data, answered, "account")
    else:
        yield from differences({name: None for name, value in data.items() if value is None}, answered, "account")


def user_differences(sent: list[dict[str, Any]], answered: list[Any]) -> Iterator[str]:
    """What of engagementUsers was altered or lost, in whatever order; as with an account, ids alone will do."""
    if sent and not answered:
        yield f"engagementUsers came back empty, and {len(sent)} were sent"
    entries = [entry for entry in answered if _is_object(entry)]
    has_data = any(entry.get(name) is not None for entry in entries for name in _USER_DATA)
    if not has_data and not any("externalId" in entry for entry in entries):
        return
    known = {entry.get("externalId"): entry for entry in entries}
    for user in sent:
        place = f"engagementUsers of externalId {short(user['externalId'])}"
        if user["externalId"] not in known:
            yield f"{place} was sent and did not come back"
        elif has_data:
            yield from differences(user, known[user["externalId"]], place)


class Echo:
    """Syncs, and compares what is answered with what was sent.

    The pages let a Siro leave any of the optional properties out of its answers. What this one answers is learned
    first, and is due from then on.
    """

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.organization: Any = None
        self._linked: dict[str, str] = {}
        everything = self.everything()
        made = [everything, *({"externalId": gate.new_id("learn"), name: value} for name, value in _ALL.items())]
        self._first = {name for body in made for name in self._learn(body)}
        self._again = self._learn(everything)

    def answers(self, name: str, *, again: bool | None = None) -> bool:
        """Whether this Siro answers a property: at all, to a first sync or to one of what is known."""
        return name in {None: self._first | self._again, False: self._first, True: self._again}[again]

    @cached_property
    def answers_recording(self) -> bool:
        """Whether this Siro answers `recordingId` of an engagement that a recording is linked to."""
        target = self.gate.target
        body = {"externalId": self.gate.new_id("learn")}
        reference = {**body, "dataType": "ENGAGEMENT", "integrationConnectionId": target.connection}
        self._learn(body)
        self.gate.send(self.gate.request(LINK, reference, recording=target.recording_ids[-1]), LINK)
        return "recordingId" in self._learn(body)

    def everything(self) -> dict[str, Any]:
        """A new engagement with each property that an answer may have."""
        nested = {name: {"externalId": self.gate.new_id(name), "name": "a name"} for name in ("account", "opportunity")}
        users = [{"externalId": self.gate.new_id("user"), "name": "a user"}]
        return {"externalId": self.gate.new_id("learn"), **_ALL, **nested, "engagementUsers": users}

    def _learn(self, body: dict[str, Any]) -> set[str]:
        # Judged by nothing, so that a fault is told by the test that it breaks, not wherever something is learned.
        exchange = self.gate.send(self.gate.request(SYNC, body), SYNC)
        answer = exchange.answer if exchange.is_success else None
        data = answer.get("data") if _is_object(answer) else None
        if not _is_object(data):
            return set()
        self.organization = self.organization or data.get("organizationId")
        return {name for name, value in data.items() if value is not None}

    def sync(self, body: dict[str, Any], *, escaped: bool = False) -> Exchange:
        """Sync what must be accepted, or may be; the answer is what was sent."""
        again = body["externalId"] in self.gate.record.synced
        # A lone surrogate cannot be sent but in JSON's own escapes.
        is_open = is_left_open(body)
        content = json.dumps(body, ensure_ascii=escaped or is_open).encode()
        headers = {**self.gate.target.credentials(SYNC), "Content-Type": "application/json"}
        exchange = self.gate.put(SYNC, content=content, headers=headers)
        if not is_open:
            message = f"must be accepted, and is answered {exchange.told}"
            self.gate.check("sync.body.accepts", exchange.is_success, message, exchange)
        if exchange.is_success:
            self.check(exchange, again=again)
        return exchange

    def check(self, exchange: Exchange, *, again: bool = False) -> None:
        """Compare the answer of a success with what was sent."""
        sent, data = exchange.sent, exchange.data
        self._all("sync.answer.ids", differences(sent["externalId"], data["externalId"], "externalId"), exchange)
        if self.organization is not None:
            own = differences(self.organization, data["organizationId"], "organizationId")
            self._all("sync.answer.ids", (f"{each} before" for each in own), exchange)
        for name in (*TEXTS, *INSTANTS):
            if name in sent and sent[name] is None:
                message = f"{name} was sent as null and came back as {short(data.get(name))}"
                self.gate.check("sync.upsert.null", data.get(name) is None, message, exchange)
            elif name in sent and data.get(name) is not None:
                self._all(_rule(name), differences(sent[name], data[name], name), exchange)
        self._check_none_dropped(exchange, again=again)
        account, users = sent.get("account"), sent.get("engagementUsers")
        if account is not None and data.get("account") is not None:
            # Another account than the one that was sent is most likely the one before.
            rule = "sync.relations.change" if again else "sync.answer.account"
            self._all(rule, account_id_differences(account, data["account"]), exchange)
            self._all("sync.answer.account", account_differences(account, data["account"]), exchange)
        if users is not None and data.get("engagementUsers") is not None:
            self._all("sync.answer.users", user_differences(users, data["engagementUsers"]), exchange)

    def _check_none_dropped(self, exchange: Exchange, *, again: bool) -> None:
        due = [n for n in (*TEXTS, *INSTANTS) if exchange.sent.get(n) is not None and self.answers(n)]
        back = [name for name in due if exchange.data.get(name) is not None]
        for name in due:
            # An answer to a later sync may have less than the first, but not some of it.
            demanded = bool(back) or self.answers(name, again=again)
            message = f"{name} was sent as {short(exchange.sent[name])} and did not come back, as it does elsewhere"
            self.gate.check(_rule(name), name in back or not demanded, message, exchange)
        if exchange.sent.get("engagementUsers") and self.answers("engagementUsers", again=again):
            is_back = exchange.data.get("engagementUsers") is not None
            message = "engagementUsers did not come back, as they do elsewhere"
            self.gate.check("sync.answer.users", is_back, message, exchange)

    def _all(self, rule: str, found: Iterator[str], exchange: Exchange) -> None:
        message = next(found, "")
        self.gate.check(rule, not message, message, exchange)

    def link(self, data_type: str, external_id: str, rule: str = "sync.relations.linkable") -> Exchange:
        """Link a recording to a row by its external id; the answer names that row."""
        target = self.gate.target
        reference = {"externalId": external_id, "integrationConnectionId": target.connection}
        body = {"dataType": data_type, **reference}
        if self._linked == body:
            rule = "link.state.repeats"
        self._linked = body
        exchange = self.gate.accept(rule, LINK, body, recording=target.recording_ids[-1])
        named = (exchange.data["dataType"], exchange.data["externalId"])
        message = f"{named} was linked, and {(data_type, external_id)} was asked for"
        self.gate.check("link.answer.names", named == (data_type, external_id), message, exchange)
        return exchange


def _rule(name: str) -> str:
    return "sync.answer.instants" if name in INSTANTS else "sync.answer.text"
