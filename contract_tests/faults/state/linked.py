"""A link that is answered and not stored, refused for what the row is, or taken for that of another row."""

import json
from collections.abc import Callable

from contract_tests.faults._edits import after, database
from contract_tests.faults._plant import Ask, Call, Fault, Object, Plant, Reply, alter, error
from contract_tests.faults._probes import link, sync, to
from contract_tests.faults.link_rule._common import made_up
from contract_tests.faults.state._common_state import E2

_REPLACES = ("link.state.replaces",)
_LINKABLE = ("sync.relations.linkable",)
_LINKED = "SELECT recording_id FROM links JOIN rows ON rows.id = row_id WHERE external_id = ?"


def _recording(data: Object, found: list[tuple[str]]) -> Object:
    return {"recordingId": found[0][0], **data} if found else data


def _of_another_type(data: Object, call: Call) -> Object:
    """Look the recording up by the external id of whatever row."""
    query = f"{_LINKED} AND integration_connection_id = ?"
    return _recording(data, call.sql(query, data["externalId"], call.organization.integration_connection_id))


def _of_another_organization(data: Object, call: Call) -> Object:
    """Look the recording up by the external id of an engagement, whoever's."""
    return _recording(data, call.sql(f"{_LINKED} AND data_type = 'ENGAGEMENT'", data["externalId"]))


def _forgets(call: Call, ask: Ask) -> Reply:
    """Answer a link with that trigger, and keep none."""
    answer = ask(call)
    if answer.is_success and call.sent.get("trigger") == "CALENDAR_MATCH":
        call.sql("DELETE FROM links WHERE recording_id = ?", call.recording)
    return answer


def _ignores(condition: str) -> Plant:
    """Answer such a link, and do not store it."""
    return database(
        f"CREATE TRIGGER fault BEFORE INSERT ON links WHEN {condition} BEGIN SELECT RAISE(IGNORE); END",
    )


def _fails(is_such: Callable[[Call, Reply], bool], status: int) -> Plant:
    """Answer a link that was made with an error."""

    def change(call: Call, ask: Ask) -> Reply:
        answer = ask(call)
        return error(status, "Failed") if answer.is_success and is_such(call, answer) else answer

    return alter("link", change)


def _has(path: str, value: str) -> Callable[[Call, Reply], bool]:
    query = "SELECT 1 FROM rows WHERE id = ? AND json_extract(fields, ?) = ?"
    return lambda call, answer: bool(call.sql(query, answer.json["data"]["id"], path, value))


def _was_active_at_no_date(_: Call, answer: Reply) -> bool:
    return not answer.json["data"]["lastActivityAt"][:4].isdecimal()


def _links_user(call: Call, ask: Ask) -> Reply:
    """Find a user by external id where no row has the id."""
    answer = ask(call)
    if answer.status != 404 or "id" not in call.sent:
        return answer
    user = json.dumps({"externalId": call.sent["id"]}, separators=(",", ":"))[:-1]
    is_user = call.sql("SELECT 1 FROM rows WHERE instr(fields ->> '$.engagementUsers', ?)", user)
    return made_up(call.sent) if is_user else answer


FAULTS = (
    Fault(
        "sync-recording-of-another-type",
        "answers the recording that is linked to a row of another type with the external id of the engagement",
        ("link.target.data-type", *_REPLACES),
        after("sync", _of_another_type),
        (sync(), sync({**E2, "lead": {"externalId": "e-1"}}), link(to("e-1", "LEAD")), sync()),
    ),
    Fault(
        "sync-recording-of-another-organization",
        "answers the recording that another organization linked to an engagement of that external id",
        ("link.state.isolation", "sync.upsert.isolation"),
        after("sync", _of_another_organization),
        (sync(), sync(other=True), link(to("e-1")), sync(other=True)),
    ),
    Fault(
        "link-trigger-not-stored",
        "answers a link with the trigger CALENDAR_MATCH, and stores none",
        _REPLACES,
        alter("link", _forgets),
        (sync(), link({**to("e-1"), "trigger": "CALENDAR_MATCH"}), sync()),
    ),
    Fault(
        "link-later-recording-not-stored",
        "answers a link of the fifth recording, and does not store it",
        _REPLACES,
        _ignores("NEW.recording_id LIKE '%-5'"),
        (sync(), link(to("e-1"), recording="recording-5"), sync()),
    ),
    Fault(
        "link-other-organization-not-stored",
        "answers a link in the second organization, and does not store it",
        _REPLACES,
        _ignores("NEW.recording_id LIKE 'other-%'"),
        (
            sync(other=True),
            link(to("e-1", connection="other-connection-1"), recording="other-recording-1", other=True),
            sync(other=True),
        ),
    ),
    Fault(
        "link-refuses-email",
        "links no engagement of the type EMAIL",
        (*_LINKABLE, "link.target.external-id"),
        _fails(_has("$.engagementType.activityType", "EMAIL"), 404),
        (sync({"engagementType": {"name": "a", "activityType": "EMAIL"}}), link(to("e-1"))),
    ),
    Fault(
        "link-refuses-lost",
        "links no opportunity that is lost",
        (*_LINKABLE, "link.target.external-id"),
        _fails(_has("$.disposition", "LOST"), 404),
        (sync({"opportunity": {"externalId": "o", "disposition": "LOST"}}), link(to("o", "OPPORTUNITY"))),
    ),
    Fault(
        "link-crash-no-date",
        "crashes where `lastActivityAt` of the row is no date",
        ("link.answer.server-error", *_LINKABLE),
        _fails(_was_active_at_no_date, 500),
        (sync({"contact": {"externalId": "c", "lastActivityAt": "never"}}), link(to("c", "CONTACT"))),
    ),
    Fault(
        "link-user-by-id",
        "links a user by external id in the place of `id`",
        ("link.target.id", "link.target.unknown", "link.target.data-type"),
        alter("link", _links_user),
        (sync({"engagementUsers": [{"externalId": "u"}]}), link({"dataType": "CONTACT", "id": "u"})),
    ),
)
