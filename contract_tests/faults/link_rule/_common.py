"""What the tables of link rule share."""

from collections.abc import Callable

from contract_tests.faults._plant import Ask, Call, Object, Plant, Reply, alter, reply
from contract_tests.faults._probes import sync

UNKNOWN = ("link.target.unknown",)


TYPES = ("ACCOUNT", "CONTACT", "LEAD", "OPPORTUNITY", "ENGAGEMENT")


ROWS = sync({"account": {"externalId": "a-1"}, "lead": {"externalId": "l-1"}, "opportunity": {"externalId": "o-1"}})


When = Callable[[Object], bool]


def is_both(body: Object) -> bool:
    return "id" in body and "externalId" in body


def has_none(body: Object) -> bool:
    return "integrationConnectionId" not in body


def made_up(body: Object) -> Reply:
    data_type = body.get("dataType", "ENGAGEMENT")
    row = {"id": body.get("id", ""), "externalId": body.get("externalId", ""), "dataType": data_type}
    return reply(200, {"data": {**row, "name": "", "lastActivityAt": "2026-01-01T00:00:00Z"}})


def makes_up(status: int, when: When) -> Plant:
    """Answer a refusal as if a row had been linked."""

    def change(call: Call, ask: Ask) -> Reply:
        answer = ask(call)
        is_such = call.is_routed and answer.status == status and call.sent.get("dataType") in TYPES and when(call.sent)
        return made_up(call.sent) if is_such else answer

    return alter("link", change)


def fails_softly(when: When) -> Plant:
    """Answer 200 with an error."""

    def change(call: Call, ask: Ask) -> Reply:
        answer = ask(call)
        is_such = answer.status == 422 and when(call.sent)
        return reply(200, {"error": "Invalid request", "details": {}}) if is_such else answer

    return alter("link", change)
