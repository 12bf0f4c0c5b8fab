"""A refused request that leaves a trace."""

import uuid
from collections.abc import Callable

from contract_tests.faults._edits import is_list, is_object, is_text, without
from contract_tests.faults._plant import Ask, Call, Fault, Object, Plant, Reply, alter
from contract_tests.faults._probes import link, sync, to
from contract_tests.faults.state._common_state import E2, link_pair

_REFUSED = ("sync.upsert.refused",)


def _leaves(kept: Callable[[Object], Object], status: tuple[int, ...] = (400, 422)) -> Plant:
    """Store a part of what is refused."""

    def change(call: Call, ask: Ask) -> Reply:
        answer = ask(call)
        if answer.status in status and (part := kept(call.sent)):
            ask(call.signed().with_json(part))
        return answer

    return alter("sync", change)


def _texts_of(body: Object) -> Object:
    names = ("externalId", "subject", "content")
    kept = {name: body[name] for name in names if is_text(body.get(name))}
    return kept if "externalId" in kept and len(kept) > 1 else {}


def _users_of(body: Object) -> Object:
    users = body.get("engagementUsers")
    is_such = is_list(users) and all(is_object(user) and is_text(user.get("externalId")) for user in users)
    return {"externalId": body["externalId"], "engagementUsers": users} if is_such else {}


def _localized_of(body: Object) -> Object:
    kept: Object = {name: body[name] for name in ("externalId", "startTimeLocalized") if name in body}
    return kept if len(kept) > 1 else {}


def _rows_of(body: Object) -> Object:
    rows = {
        name: {"externalId": body[name]["externalId"]}
        for name in ("account", "contact", "lead", "opportunity")
        if is_object(body.get(name)) and is_text(body[name].get("externalId"))
    }
    return {"externalId": f"trace-{uuid.uuid4()}", **rows} if rows else {}


def _refused_clears(call: Call, ask: Ask) -> Reply:
    answer = ask(call)
    if answer.status == 404 and "not found: " in answer.json.get("error", ""):
        call.sql("DELETE FROM links WHERE recording_id = ?", call.recording)
    return answer


def _refused_links(call: Call, ask: Ask) -> Reply:
    """Link, and then find that both ids were sent."""
    answer = ask(call)
    if answer.status == 422 and "id" in call.sent and "externalId" in call.sent:
        ask(call.with_json(without("externalId")(call.sent)))
    return answer


def _mismatch_links(call: Call, ask: Ask) -> Reply:
    """Link, and then find that the data type is another."""
    answer = ask(call)
    if answer.status == 404:
        ask(call.with_json({**call.sent, "dataType": "ENGAGEMENT"}))
    return answer


FAULTS = (
    Fault(
        "sync-refused-texts",
        "stores subject and content of what it refuses",
        _REFUSED,
        _leaves(_texts_of),
        (sync(), sync({"subject": "b", "direction": "UP"}), sync()),
    ),
    Fault(
        "sync-refused-users",
        "stores the users of what it refuses",
        _REFUSED,
        _leaves(_users_of),
        (sync(), sync({"engagementUsers": [{"externalId": "u"}], "direction": "UP"}), sync()),
    ),
    Fault(
        "sync-refused-localized",
        "stores `startTimeLocalized` of what it refuses",
        _REFUSED,
        _leaves(_localized_of),
        (sync(), sync({"startTimeLocalized": "2026-01-02T03:04:05", "direction": "UP"}), sync()),
    ),
    Fault(
        "sync-refused-rows",
        "stores the rows that came with what it refuses",
        _REFUSED,
        _leaves(_rows_of),
        (sync({"direction": "UP", "lead": {"externalId": "l-9"}}), link(to("l-9", "LEAD"))),
    ),
    Fault(
        "sync-unauthorized-stored",
        "stores what it answers 401 to",
        (*_REFUSED, "sync.auth.required", "sync.auth.wrong"),
        _leaves(_texts_of, (401,)),
        (sync(), sync({"subject": "b"}, token=False), sync()),
    ),
    Fault(
        "link-refused-clears",
        "clears the link of a recording when the next is refused",
        ("link.state.refused",),
        alter("link", _refused_clears),
        link_pair(to("unknown")),
    ),
    Fault(
        "link-refused-links",
        "links by `id` what it refuses for both ids",
        ("link.state.refused",),
        alter("link", _refused_links),
        (sync(), sync(E2), link(to("e-2")), link({**to("e-2"), "id": "@0.id"}), sync()),
    ),
    Fault(
        "link-mismatch-links",
        "links an engagement that it refuses for its data type",
        ("link.state.refused",),
        alter("link", _mismatch_links),
        (sync(), link({"dataType": "LEAD", "id": "@0.id"}), sync()),
    ),
)
