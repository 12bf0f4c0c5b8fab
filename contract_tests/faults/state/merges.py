"""Merges of accounts that do not migrate references."""

from typing import Any

from contract_tests.faults._edits import at, crashes, database, found, is_list, is_object, is_text, stores, without
from contract_tests.faults._plant import Ask, Call, Fault, Plant, Reply, alter, error
from contract_tests.faults._probes import sync
from contract_tests.faults.state._common_relations import E2, RESOLVE, A

_TO = ("sync.merge.to",)


_FROM = ("sync.merge.from",)


_B = sync({**E2, "account": {"externalId": "b", "name": "Best"}})


_A_TO_B = sync({**E2, "account": {"externalId": "a", "mergedToExternalId": "b"}})


_B_FROM_A = sync({**E2, "account": {"externalId": "b", "mergedFromExternalIds": ["a"]}})


_INTO = (A, _B, _A_TO_B, sync())


_OUT_OF = (A, _B, _B_FROM_A, sync())


def _migrates(first_only: bool) -> Plant:
    """Migrate the references of one engagement only: the first that there is, or the one that is synced."""

    def change(call: Call, ask: Ask) -> Reply:
        query = "SELECT rowid, row_id, target_id FROM relations WHERE name = 'account' ORDER BY rowid"
        earlier = call.sql(query)
        answer = ask(call)
        if not answer.is_success or "merged" not in str(call.sent.get("account")):
            return answer
        now = {row_id: target for _, row_id, target in call.sql(query)}
        moved = [(row_id, target) for _, row_id, target in earlier if now.get(row_id) != target]
        moved = [(row_id, target) for row_id, target in moved if row_id != answer.json["data"]["id"]]
        for row_id, target in moved[1:] if first_only else moved:
            call.sql("UPDATE relations SET target_id = ? WHERE name = 'account' AND row_id = ?", target, row_id)
        return answer

    return alter("sync", change)


def _reversed(account: Any) -> Any:
    """Take the row that is merged for the survivor."""
    if not is_object(account) or "mergedToExternalId" not in account or "externalId" not in account:
        return account
    return {**without("mergedToExternalId")(account), "mergedFromExternalIds": [account["mergedToExternalId"]]}


def _merges_once(call: Call, ask: Ask) -> Reply:
    """Let a row that survived one merge go into no other."""
    account: Any = call.sent.get("account")
    if not call.is_valid or not is_object(account) or "mergedToExternalId" not in account:
        return ask(call)
    survivors = call.memory.setdefault("survivors", [])
    if account.get("externalId") in survivors:
        return ask(call.with_json({**call.sent, "account": without("mergedToExternalId")(account)}))
    survivors.append(account["mergedToExternalId"])
    return ask(call)


def _cycle(call: Call, ask: Ask) -> Reply:
    """Follow merges until the stack ends."""
    account: Any = call.sent.get("account")
    if is_object(account) and is_text(account.get("mergedToExternalId")):
        merges = call.memory.setdefault("merges", {})
        merges[account.get("externalId")] = end = account["mergedToExternalId"]
        for _ in range(50):
            if end not in merges:
                return ask(call)
            end = merges[end]
        return error(500, "Internal Server Error")
    return ask(call)


def _survivor_nameless(call: Call, ask: Ask) -> Reply:
    answer = ask(call)
    account: Any = call.sent.get("account")
    if answer.is_success and is_object(account) and "mergedToExternalId" in account:
        call.sql("UPDATE rows SET fields = '{}' WHERE external_id = ?", account["mergedToExternalId"])
    return answer


def _is_self_merge(body: Any) -> bool:
    row = body.get("lead")
    if not is_object(row):
        return False
    merged = [*found(row, "mergedToExternalId"), *found(row, "mergedFromExternalIds.*")]
    return "externalId" in row and row["externalId"] in merged


FAULTS = (
    Fault(
        "sync-merge-to-ignored",
        "ignores an account's `mergedToExternalId`",
        _TO,
        stores(at("account", without("mergedToExternalId"))),
        _INTO,
    ),
    Fault(
        "sync-merge-from-ignored",
        "ignores an account's `mergedFromExternalIds`",
        _FROM,
        stores(at("account", without("mergedFromExternalIds"))),
        _OUT_OF,
    ),
    Fault(
        "sync-merge-from-first",
        "merges the first of `mergedFromExternalIds` only",
        _FROM,
        stores(at("account.mergedFromExternalIds", lambda items: items[:1] if is_list(items) else items)),
        (A, _B, sync({**E2, "account": {"externalId": "b", "mergedFromExternalIds": ["x", "a"]}}), sync()),
    ),
    Fault(
        "sync-merge-reversed",
        "takes the account that is merged for the survivor",
        _TO,
        stores(at("account", _reversed)),
        _INTO,
    ),
    Fault(
        "sync-merge-drops",
        "drops the references to an account that is merged",
        (*_TO, *_FROM),
        database(
            "CREATE TRIGGER fault AFTER UPDATE OF target_id ON relations"
            " BEGIN DELETE FROM relations WHERE row_id = NEW.row_id AND name = NEW.name; END"
        ),
        _OUT_OF,
    ),
    Fault(
        "sync-merge-own-only",
        "migrates the references of the engagement that is synced only",
        (*_TO, *_FROM),
        _migrates(first_only=False),
        _INTO,
    ),
    Fault(
        "sync-merge-one-only",
        "migrates the references of one engagement only",
        (*_TO, *_FROM),
        _migrates(first_only=True),
        (
            A,
            sync({"externalId": "e-3", "account": {"externalId": "a"}}),
            _B,
            _A_TO_B,
            sync(),
            sync({"externalId": "e-3"}),
        ),
    ),
    Fault(
        "sync-merge-once",
        "does not merge an account that survived an earlier merge",
        _TO,
        alter("sync", _merges_once),
        (A, _A_TO_B, sync({**E2, "account": {"externalId": "b", "mergedToExternalId": "c"}}), sync()),
    ),
    Fault(
        "sync-merge-of-contact-ignored",
        "ignores `mergedToExternalId` of a contact's account",
        _TO,
        stores(at("contact.account", without("mergedToExternalId"))),
        (
            A,
            _B,
            sync({**E2, "contact": {"externalId": "c", "account": {"externalId": "a", "mergedToExternalId": "b"}}}),
            sync(),
        ),
    ),
    Fault(
        "sync-merge-cycle-crash",
        "crashes where merges make a circle",
        ("sync.answer.server-error",),
        alter("sync", _cycle),
        (A, _A_TO_B, sync({"account": {"externalId": "b", "mergedToExternalId": "a"}})),
    ),
    Fault(
        "sync-merge-lead-self-crash",
        "crashes where a lead is merged with itself",
        ("sync.answer.server-error",),
        crashes("sync", _is_self_merge),
        (sync({"lead": {"externalId": "l", "mergedToExternalId": "l"}}),),
    ),
    Fault(
        "sync-merge-wipes-survivor",
        "wipes what was stored of the survivor",
        (*_TO, *RESOLVE),
        alter("sync", _survivor_nameless),
        _INTO,
    ),
)
