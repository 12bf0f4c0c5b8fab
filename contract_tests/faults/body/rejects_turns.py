"""Syncs that are valid, and are refused or taken for another row for what was stored before."""

from collections.abc import Callable
from typing import Any

from contract_tests.faults._edits import found
from contract_tests.faults._plant import Ask, Call, Fault, Object, Plant, Reply, alter, error
from contract_tests.faults._probes import link, sync, to
from contract_tests.faults.body._common_rejects import ACCEPTS

_DELETED = {"deletedAt": "2026-01-01T00:00:00Z"}


def _refuses_after(when: Callable[[Object, Object], bool], status: int = 409) -> Plant:
    """Refuse a sync for what the sync of the same row before it was."""

    def altered(call: Call, ask: Ask) -> Reply:
        key = f"sent {call.sent.get('externalId')!r}"
        before = call.memory.get(key)
        if call.is_authorized and call.is_valid and before is not None and when(before, call.sent):
            return error(status)
        answer = ask(call)
        if answer.is_success:
            call.memory[key] = {**(before or {}), **call.sent}
        return answer

    return alter("sync", altered)


def _turned(path: str, *turns: tuple[Any, Any]) -> Callable[[Object, Object], bool]:
    def test(before: Object, sent: Object) -> bool:
        old, new = found(before, path), found(sent, path)
        return bool(old and new) and ((old[0], new[0]) in turns if turns else old[0] != new[0])

    return test


def _is_older(before: Object, sent: Object) -> bool:
    old, new = before.get("remoteUpdatedAt"), sent.get("remoteUpdatedAt")
    return bool(old and new and new < old)


def _reborn(call: Call, ask: Ask) -> Reply:
    answer = ask(call)
    key = f"lives {call.sent.get('externalId')!r}"
    lives = call.memory.get(key, 0)
    if answer.is_success and call.sent.get("deletedAt"):
        call.memory[key] = lives + 1
    if not answer.is_success or not lives or call.sent.get("deletedAt"):
        return answer
    return answer.with_json({"data": {**answer.json["data"], "id": f"{answer.json['data']['id']}-{lives}"}})


def _moves_linked(call: Call, ask: Ask) -> Reply:
    linked: set[str] = call.memory.setdefault("linked", set())
    if call.operation == "link":
        answer = ask(call)
        if answer.is_success and "externalId" in call.sent:
            linked.add(call.sent["externalId"])
        return answer
    if call.is_authorized and call.is_valid and call.sent["externalId"] in linked and call.sent.get("startTime"):
        return error(409)
    return ask(call)


def _type(kind: str) -> Object:
    return {"engagementType": {"name": "a", "activityType": kind}}


FAULTS = (
    Fault(
        "sync-gone-after-delete",
        "answers 410 to a sync of an engagement that was soft-deleted",
        ACCEPTS,
        _refuses_after(lambda before, _: bool(before.get("deletedAt")), 410),
        (sync(_DELETED), sync()),
    ),
    Fault(
        "sync-rejects-undelete",
        "refuses `deletedAt` null where it was an instant",
        ACCEPTS,
        _refuses_after(lambda before, sent: bool(before.get("deletedAt")) and sent.get("deletedAt", 0) is None),
        (sync(_DELETED), sync({"deletedAt": None})),
    ),
    Fault(
        "sync-reborn-after-delete",
        "answers another `id` after a soft delete",
        ("sync.upsert.identity", "link.answer.names"),
        alter("sync", _reborn),
        (sync(_DELETED), sync()),
    ),
    Fault(
        "sync-rejects-other-activity",
        "refuses another `activityType` than before",
        ACCEPTS,
        _refuses_after(_turned("engagementType.activityType")),
        (sync(_type("CALL")), sync(_type("EMAIL"))),
    ),
    Fault(
        "sync-rejects-reopening",
        "refuses an opportunity that was lost, and is open",
        ACCEPTS,
        _refuses_after(_turned("opportunity.disposition", ("LOST", "OPEN"))),
        tuple(sync({"opportunity": {"externalId": "o-1", "disposition": each}}) for each in ("LOST", "OPEN")),
    ),
    Fault(
        "sync-rejects-older",
        "answers 409 to an older `remoteUpdatedAt` than before",
        ACCEPTS,
        _refuses_after(_is_older),
        tuple(sync({"remoteUpdatedAt": f"{year}-01-01T00:00:00Z"}) for year in (2026, 2025)),
    ),
    Fault(
        "sync-rejects-moving-linked",
        "refuses a `startTime` of an engagement that a recording is linked to",
        (*ACCEPTS, "link.state.replaces"),
        alter("", _moves_linked),
        (sync(), link(to("e-1")), sync({"startTime": "2026-01-01T00:00:00Z"})),
    ),
    Fault(
        "sync-rejects-type-id-after-type",
        "refuses `engagementTypeId` where there was an `engagementType`",
        ACCEPTS,
        _refuses_after(lambda before, sent: bool(before.get("engagementType") and sent.get("engagementTypeId"))),
        (sync(_type("CALL")), sync({"engagementTypeId": "t-1"})),
    ),
)
