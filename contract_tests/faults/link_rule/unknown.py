"""Rows and recordings that are taken for others, or made up."""

from typing import Any

from contract_tests.faults._edits import is_text, some, tolerates
from contract_tests.faults._plant import Ask, Call, Fault, Plant, Reply, alter, error
from contract_tests.faults._probes import link, to
from contract_tests.faults.link_rule._common import ROWS, TYPES, UNKNOWN, makes_up


def _any_type(*types: str) -> Plant:
    """Find a row under a data type that is not its own, and answer as if it were."""

    def change(call: Call, ask: Ask) -> Reply:
        answer, asked = ask(call), call.sent.get("dataType")
        if answer.status != 404 or asked not in types:
            return answer
        for data_type in types:
            other = ask(call.with_json({**call.sent, "dataType": data_type}))
            if other.is_success:
                return other.with_json({"data": {**other.json["data"], "dataType": asked}})
        return answer

    return alter("link", change)


def _other_reference(call: Call, ask: Ask) -> Reply:
    """Take an external id that stands in `id`."""
    answer = ask(call)
    if answer.status != 404 or "id" not in call.sent:
        return answer
    named = {"externalId": call.sent["id"], "integrationConnectionId": call.organization.integration_connection_id}
    return ask(call.with_json({"dataType": call.sent["dataType"], **named}))


def _any_recording(call: Call, ask: Ask) -> Reply:
    answer = ask(call)
    if answer.status != 404 or "Recording" not in answer.json.get("error", ""):
        return answer
    return ask(call.with_recording(call.organization.recording_ids[-1]))


def _row_as_recording(call: Call, ask: Ask) -> Reply:
    known = call.sql("SELECT 1 FROM rows WHERE id = ? OR external_id = ?", call.recording, call.recording)
    return _any_recording(call, ask) if known else ask(call)


def _longer_recording(call: Call, ask: Ask) -> Reply:
    for recording in call.organization.recording_ids:
        if call.recording.startswith(recording):
            return ask(call.with_recording(recording))
    return ask(call)


def _trimmed(body: Any) -> Any:
    return {name: value.strip() if is_text(value) and name == "id" else value for name, value in body.items()}


FAULTS = (
    Fault(
        "link-unknown-id",
        "accepts an `id` that is not known",
        UNKNOWN,
        makes_up(404, some("id", lambda _: True)),
        (link({"dataType": "LEAD", "id": "unknown"}),),
    ),
    Fault(
        "link-unknown-external-id",
        "accepts an `externalId` that is not known",
        UNKNOWN,
        makes_up(404, some("externalId", lambda _: True)),
    ),
    Fault(
        "link-unknown-contact",
        "makes a contact that is not known",
        UNKNOWN,
        makes_up(404, lambda body: body["dataType"] == "CONTACT" and "externalId" in body),
        (link(to("unknown", "CONTACT")),),
    ),
    Fault(
        "link-external-id-as-id",
        "takes the CRM's external id in `id`",
        UNKNOWN,
        alter("link", _other_reference),
        (ROWS, link({"dataType": "ENGAGEMENT", "id": "e-1"})),
    ),
    Fault(
        "link-trims-id",
        "takes blanks around `id` away",
        (*UNKNOWN, "link.target.id"),
        tolerates("link", _trimmed),
        (ROWS, link({"dataType": "ENGAGEMENT", "id": "@0.id"}), link({"dataType": "ENGAGEMENT", "id": " @0.id"})),
    ),
    Fault(
        "link-any-data-type",
        "does not look at `dataType`",
        ("link.target.data-type",),
        _any_type(*TYPES),
        (ROWS, link({"dataType": "LEAD", "id": "@0.id"})),
    ),
    Fault(
        "link-account-as-contact",
        "takes accounts and contacts for one kind",
        ("link.target.data-type",),
        _any_type("ACCOUNT", "CONTACT"),
        (ROWS, link({"dataType": "CONTACT", "id": "@0.accountId"})),
    ),
    Fault(
        "link-lead-as-opportunity",
        "takes leads and opportunities for one kind, by external id too",
        ("link.target.data-type",),
        _any_type("LEAD", "OPPORTUNITY"),
        (ROWS, link(to("l-1", "OPPORTUNITY"))),
    ),
    Fault(
        "link-any-recording",
        "accepts a recording that is not known",
        ("link.recording.unknown",),
        alter("link", _any_recording),
        (ROWS, link(to("e-1"), recording="unknown")),
    ),
    Fault(
        "link-row-as-recording",
        "accepts the id or external id of a CRM row as a recording",
        ("link.recording.unknown",),
        alter("link", _row_as_recording),
        (ROWS, link(to("e-1"), recording="e-1")),
    ),
    Fault(
        "link-longer-recording",
        "compares only the beginning of the recording id",
        ("link.recording.unknown",),
        alter("link", _longer_recording),
        (ROWS, link(to("e-1"), recording="recording-1-x")),
    ),
    Fault(
        "link-recording-crash",
        "crashes on a recording id that is not ASCII",
        ("link.answer.server-error",),
        alter("link", lambda call, ask: ask(call) if call.recording.isascii() else error(500)),
        (link(to("e-1"), recording="%C3%A4"),),
    ),
)
