"""A second sync that does not replace the first."""

from typing import Any, cast

from contract_tests.faults._edits import after, database, is_list, is_text, stores, without
from contract_tests.faults._plant import Ask, Call, Fault, Object, Plant, Reply, alter
from contract_tests.faults._probes import sync
from contract_tests.faults.state._common_state import NULL, TWICE, key_of

_REPLACES = ("sync.upsert.replaces",)


def _keeps_first(name: str) -> Plant:
    """Keep the first value of a property."""

    def change(call: Call, ask: Ask) -> Reply:
        if call.sent.get(name) is None or not call.is_valid:
            return ask(call)
        return ask(call.with_json({**call.sent, name: call.memory.setdefault(key_of(call, name), call.sent[name])}))

    return alter("sync", change)


def _adds_users(call: Call, ask: Ask) -> Reply:
    users = call.sent.get("engagementUsers")
    if not is_list(users):
        return ask(call)
    known = call.memory.setdefault(key_of(call), {})
    answer = ask(call)
    if not answer.is_success:
        return answer
    known.update({user["externalId"]: user for user in cast("list[Object]", users)})
    return answer.with_json({"data": {**answer.json["data"], "engagementUsers": list(known.values())}})


def _keeps_as_many(call: Call, ask: Ask) -> Reply:
    users = call.sent.get("engagementUsers")
    if not is_list(users) or not call.is_valid:
        return ask(call)
    known = call.memory.get(key_of(call), [])
    if len(known) != len(users):
        call.memory[key_of(call)] = known = users
    return ask(call.with_json({**call.sent, "engagementUsers": known}))


def _adds_phones(data: Object, call: Call) -> Object:
    account = data.get("account")
    if not account or "phoneNumbers" not in account or "externalId" not in account:
        return data
    known = call.memory.setdefault(account["externalId"], [])
    known.extend(phone for phone in account["phoneNumbers"] if phone not in known)
    return {**data, "account": {**account, "phoneNumbers": [*known]}}


def _stale(data: Object, call: Call) -> Object:
    """Answer what was stored before this sync."""
    last = call.memory.get(data["id"], data)
    call.memory[data["id"]] = data
    return {**last, "updatedAt": data["updatedAt"]}


def _mixes_up(data: Object, call: Call) -> Object:
    """Answer the neighbour's subject once there are many."""
    before_it = call.memory.get("last", data)
    call.memory["last"] = data
    is_many = call.count("many") > 60 and "subject" in data and "subject" in before_it
    return {**data, "subject": before_it["subject"]} if is_many else data


def _longest(call: Call) -> Any:
    subject = call.sent.get("subject")
    if not is_text(subject) or not call.is_valid:
        return call.sent
    kept = max(call.memory.get(key_of(call), ""), subject, key=len)
    call.memory[key_of(call)] = kept
    return {**call.sent, "subject": kept}


FAULTS = (
    Fault(
        "sync-first-content",
        "keeps the first content",
        (*_REPLACES, "sync.answer.text"),
        _keeps_first("content"),
        (sync({"content": "a"}), sync({"content": "b"})),
    ),
    Fault(
        "sync-first-direction",
        "keeps the first direction",
        (*_REPLACES, "sync.answer.text"),
        _keeps_first("direction"),
        (sync({"direction": "INBOUND"}), sync({"direction": "OUTBOUND"})),
    ),
    Fault(
        "sync-first-start",
        "keeps the first `startTime`",
        (*_REPLACES, "sync.answer.instants"),
        _keeps_first("startTime"),
        (sync({"startTime": "2026-01-01T00:00:00Z"}), sync({"startTime": "2026-02-01T00:00:00Z"})),
    ),
    Fault(
        "sync-second-ignored",
        "stores nothing of the second sync of an engagement",
        (*_REPLACES, *NULL, "sync.answer.text"),
        database(
            "CREATE TRIGGER fault BEFORE UPDATE OF fields ON rows WHEN NEW.data_type = 'ENGAGEMENT'"
            " BEGIN SELECT RAISE(IGNORE); END"
        ),
        TWICE,
    ),
    Fault(
        "sync-stale",
        "answers what was stored before",
        (*_REPLACES, *NULL, "sync.answer.text", "sync.relations.change"),
        after("sync", _stale),
        TWICE,
    ),
    Fault(
        "sync-adds-users",
        "adds users to those of the sync before",
        (*_REPLACES, "sync.answer.users"),
        alter("sync", _adds_users),
        (sync({"engagementUsers": [{"externalId": "1"}]}), sync({"engagementUsers": [{"externalId": "2"}]})),
    ),
    Fault(
        "sync-keeps-users",
        "keeps the users where an empty list was sent",
        (*_REPLACES, "sync.answer.users"),
        stores(lambda body: without("engagementUsers")(body) if body.get("engagementUsers") == [] else body),
        (sync({"engagementUsers": [{"externalId": "1"}]}), sync({"engagementUsers": []})),
    ),
    Fault(
        "sync-keeps-as-many-users",
        "keeps the users where as many others were sent",
        (*_REPLACES, "sync.answer.users"),
        alter("sync", _keeps_as_many),
        (sync({"engagementUsers": [{"externalId": "1"}]}), sync({"engagementUsers": [{"externalId": "2"}]})),
    ),
    Fault(
        "sync-adds-phones",
        "adds an account's telephone numbers to those it had",
        (*_REPLACES, "sync.answer.account"),
        after("sync", _adds_phones),
        (
            sync({"account": {"externalId": "a", "phoneNumbers": ["1"]}}),
            sync({"account": {"externalId": "a", "phoneNumbers": ["2"]}}),
        ),
    ),
    Fault(
        "sync-shorter-ignored",
        "keeps a subject that a shorter one should replace",
        (*_REPLACES, "sync.answer.text"),
        alter("sync", lambda call, ask: ask(call.with_json(_longest(call)))),
        (sync({"subject": "long"}), sync({"subject": "s"})),
    ),
    Fault(
        "sync-mixes-up",
        "answers the subject of the engagement before, once there are 60",
        (*_REPLACES, "sync.answer.text"),
        after("sync", _mixes_up),
        tuple(sync({"externalId": f"e-{number}", "subject": f"{number}"}) for number in range(70)),
    ),
)
