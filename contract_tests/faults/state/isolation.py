"""Organizations that see each other's data."""

from typing import Any

from contract_tests.faults._edits import after
from contract_tests.faults._plant import Ask, Call, Fault, Object, Reply, alter, error
from contract_tests.faults._probes import link, sync, to
from siro_client.testing import Organization

_SYNC = ("sync.upsert.isolation",)


_LINK = ("link.state.isolation",)


_ROW = {"dataType": "ENGAGEMENT", "id": "@0.id"}


def _other(call: Call) -> Organization:
    own = call.organization
    return call.siro.organization if own is call.siro.other_organization else call.siro.other_organization


def _shared_id(data: Object, call: Call) -> Object:
    return {**data, "id": call.memory.setdefault(data["externalId"], data["id"])}


def _shared_account_id(data: Object, call: Call) -> Object:
    account: Object = data.get("account") or {}
    if "externalId" not in account:
        return data
    return {**data, "accountId": call.memory.setdefault(account["externalId"], data["accountId"])}


def _taken(call: Call, ask: Ask) -> Reply:
    """Hold external ids to be unique in all of Siro."""
    owner = call.memory.setdefault(str(call.sent.get("externalId")), call.organization.id)
    return ask(call) if owner == call.organization.id else error(409, "externalId is taken")


def _sees_account(call: Call, ask: Ask) -> Reply:
    """Resolve an account by external id in all of Siro."""
    answer = ask(call)
    account: Any = answer.json["data"].get("account") if answer.is_success else None
    if not account or set(account) != {"externalId"}:
        return answer
    query = "SELECT json_extract(fields, '$.name') FROM rows WHERE data_type = 'ACCOUNT' AND external_id = ?"
    names = [name for (name,) in call.sql(query, account["externalId"]) if name]
    data = answer.json["data"]
    return answer.with_json({"data": {**data, "account": {**account, "name": names[0]}}}) if names else answer


def _sees_text(call: Call, ask: Ask) -> Reply:
    """Answer the text that another organization stored under the external id, where none was sent."""
    answer = ask(call)
    if not answer.is_success:
        return answer
    data = answer.json["data"]
    subjects = call.memory.setdefault(data["externalId"], {})
    if "subject" in data:
        subjects[call.organization.id] = data["subject"]
        return answer
    others = [subject for owner, subject in subjects.items() if owner != call.organization.id]
    return answer.with_json({"data": {"subject": others[0], **data}}) if others else answer


def _as_other(call: Call, ask: Ask, when: str) -> Reply:
    """Link another organization's row, by what the body has."""
    answer = ask(call)
    if answer.status != 404 or when not in call.sent:
        return answer
    other = _other(call)
    return ask(call.signed(other).with_recording(other.recording_ids[0]))


def _own_connection(call: Call, ask: Ask) -> Reply:
    """Take any connection that exists for the caller's."""
    if call.sent.get("integrationConnectionId") != _other(call).integration_connection_id:
        return ask(call)
    return ask(call.with_json({**call.sent, "integrationConnectionId": call.organization.integration_connection_id}))


def _any_recording(call: Call, ask: Ask) -> Reply:
    """Link another organization's recording to a row of the caller's."""
    is_other = call.recording in _other(call).recording_ids
    return ask(call.with_recording(call.organization.recording_ids[-1])) if is_other else ask(call)


def _recording_decides(call: Call, ask: Ask) -> Reply:
    """Go by the recording's organization, not by the token's."""
    other = _other(call)
    is_known = call.token in (call.siro.organization.user_token, call.siro.other_organization.user_token)
    return ask(call.signed(other)) if is_known and call.recording in other.recording_ids else ask(call)


FAULTS = (
    Fault(
        "sync-shared-engagements",
        "answers the same id for one external id in two organizations",
        _SYNC,
        after("sync", _shared_id),
        (sync(), sync(other=True)),
    ),
    Fault(
        "sync-shared-accounts",
        "answers the same `accountId` for one external id in two organizations",
        _SYNC,
        after("sync", _shared_account_id),
        (sync({"account": {"externalId": "a"}}), sync({"account": {"externalId": "a"}}, other=True)),
    ),
    Fault(
        "sync-taken-elsewhere",
        "answers 409 to an external id that another organization has",
        _SYNC,
        alter("sync", _taken),
        (sync(), sync(other=True)),
    ),
    Fault(
        "sync-sees-account",
        "resolves an account by external id in another organization",
        _SYNC,
        alter("sync", _sees_account),
        (sync({"account": {"externalId": "a", "name": "Acme"}}), sync({"account": {"externalId": "a"}}, other=True)),
    ),
    Fault(
        "sync-sees-text",
        "answers another organization's subject where none was sent",
        _SYNC,
        alter("sync", _sees_text),
        (sync({"subject": "a"}), sync(other=True)),
    ),
    Fault(
        "link-other-row-by-id",
        "links another organization's row by `id`",
        _LINK,
        alter("link", lambda call, ask: _as_other(call, ask, "id")),
        (sync(other=True), link(_ROW)),
    ),
    Fault(
        "link-other-row-by-external-id",
        "links another organization's row by its external id and connection",
        _LINK,
        alter("link", lambda call, ask: _as_other(call, ask, "externalId")),
        (sync(other=True), link(to("e-1", connection="other-connection-1"))),
    ),
    Fault(
        "link-other-connection",
        "takes another organization's connection for the caller's",
        (*_LINK, "link.target.unknown"),
        alter("link", _own_connection),
        (sync(), link(to("e-1", connection="other-connection-1"))),
    ),
    Fault(
        "link-other-recording",
        "links another organization's recording",
        (*_LINK, "link.recording.unknown"),
        alter("link", _any_recording),
        (sync(), link(_ROW, recording="other-recording-1")),
    ),
    Fault(
        "link-recording-decides",
        "goes by the recording's organization, not by the token's",
        (*_LINK, "link.recording.unknown"),
        alter("link", _recording_decides),
        (sync(other=True), link(_ROW, recording="other-recording-1")),
    ),
)
