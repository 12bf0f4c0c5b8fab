"""Syncs and links whose answers are compared with what was sent."""

import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from contract_tests.compare import (
    INSTANTS,
    TEXTS,
    account_differences,
    account_id_differences,
    differences,
    is_object,
    is_old,
    short,
    user_differences,
)
from contract_tests.completing import completed
from contract_tests.document import request_validator, success_schema
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.leeway import is_left_open
from contract_tests.operations import LINK, SYNC
from contract_tests.shapes import flat

PROPERTIES = [*flat(flat(success_schema(SYNC.name, "200"))["properties"]["data"])["properties"]]
"""What the page has an answer tell of an engagement."""
_ALL = {
    "subject": "a subject",
    "content": "a content",
    "direction": "OUTBOUND",
    "startTimeLocalized": "2026-01-02T04:00:00",
    "startTime": "2026-01-02T03:00:00Z",
    "endTime": "2026-01-02T05:00:00Z",
}


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
        data = answer.get("data") if is_object(answer) else None
        if not is_object(data):
            return set()
        self.organization = self.organization or data.get("organizationId")
        return {name for name, value in data.items() if value is not None}

    def sync(self, body: dict[str, Any], *, escaped: bool = False) -> Exchange:
        """Sync what must be accepted, or may be; the answer is what was sent.

        What a test was written with, a page may have come to refuse since; then it is checked only if it is accepted.
        """
        again = (body["externalId"], False) in self.gate.record.synced
        # A lone surrogate cannot be sent but in JSON's own escapes.
        body = completed(SYNC, body, self.gate.new_id)
        is_open = is_left_open(body) or not request_validator(SYNC.name).is_valid(body)
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

    def check_same(self, *exchanges: Exchange) -> None:
        """Check that the first and the last of syncs are answered as one engagement."""
        ids = [exchange.data["id"] for exchange in exchanges]
        message = f"one external id is answered as the engagements {ids[0]} and {ids[-1]}"
        self.gate.check("sync.upsert.identity", ids[0] == ids[-1], message, *exchanges)

    def check_gone(self, rule: str, name: str, value: Any, *exchanges: Exchange) -> None:
        """Check that what was replaced, cleared or refused is not what is answered last."""
        answered = exchanges[-1].data.get(name)
        message = f"{name} is answered as {short(answered)}, which is stored no more"
        self.gate.check(rule, not is_old(name, value, answered), message, *exchanges)

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
