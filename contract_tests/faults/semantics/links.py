"""Answers to a link that do not name the row."""

import html
from collections.abc import Callable

from contract_tests.faults._edits import after, text
from contract_tests.faults._plant import Call, Fault, Object, Plant
from contract_tests.faults._probes import link, sync
from contract_tests.faults.semantics._common import swapped

_NAMES = ("link.answer.names",)


def _link(change: Callable[[Object, Call], Object]) -> Plant:
    return after("link", change)


def _named_by_id(data: Object, _: Call) -> Object:
    return {**data, "name": data["externalId"]} if data["dataType"] == "CONTACT" else data


FAULTS = (
    Fault(
        "link-swaps-ids",
        "answers `id` and `externalId` swapped",
        _NAMES,
        _link(lambda data, _: swapped(data, "id", "externalId")),
    ),
    Fault(
        "link-answers-recording",
        "answers the recording's id as `id`",
        (*_NAMES, "link.target.id"),
        _link(lambda data, call: {**data, "id": call.recording}),
    ),
    Fault(
        "link-answers-random-id",
        "answers another `id` each time",
        (*_NAMES, "link.state.repeats"),
        _link(lambda data, call: {**data, "id": f"{data['id']}-{call.count('link')}"}),
    ),
    Fault(
        "link-answers-account",
        "answers ACCOUNT as `dataType` of a contact",
        _NAMES,
        _link(lambda data, _: {**data, "dataType": "ACCOUNT"} if data["dataType"] == "CONTACT" else data),
    ),
    Fault(
        "link-upper-external-id",
        "answers the external id in upper case",
        _NAMES,
        _link(text("externalId", to=str.upper)),
    ),
    Fault(
        "link-name-is-id", "answers a contact's external id as its name, though it has one", _NAMES, _link(_named_by_id)
    ),
    Fault("link-escapes-name", "escapes the name for HTML", _NAMES, _link(text("name", to=html.escape))),
    Fault(
        "link-cuts-name",
        "cuts the name at 40 characters",
        _NAMES,
        _link(text("name", to=lambda value: value[:40])),
        (
            sync({"contact": {"externalId": "c-1", "name": "a" * 50}}),
            link({"dataType": "CONTACT", "externalId": "c-1", "integrationConnectionId": "connection-1"}),
        ),
    ),
    Fault(
        "link-external-id-by-id",
        "answers an empty external id where the row was named by `id`",
        _NAMES,
        _link(lambda data, call: {**data, "externalId": ""} if "id" in call.sent else data),
    ),
)
