"""Merges that leave a reference out, or change more than the reference."""

from typing import Any

from contract_tests.faults._edits import database, is_list, is_object, is_text
from contract_tests.faults._plant import Ask, Call, Fault, Plant, Reply, alter
from contract_tests.faults._probes import link, sync, to
from contract_tests.faults.state._common_relations import E2, A

_MERGE = ("sync.merge.to", "sync.merge.from")
_B = sync({**E2, "account": {"externalId": "b"}})
_A_TO_B = sync({**E2, "account": {"externalId": "a", "mergedToExternalId": "b"}})


def _leaves_out(condition: str) -> Plant:
    """Move no reference of such a row."""
    return database(
        f"CREATE TRIGGER fault BEFORE UPDATE OF target_id ON relations WHEN {condition} BEGIN SELECT RAISE(IGNORE); END"
    )


def _drops(statement: str) -> Plant:
    """Change the row whose account is moved."""
    return database(
        f"CREATE TRIGGER fault AFTER UPDATE OF target_id ON relations WHEN NEW.name = 'account' BEGIN {statement}; END"
    )


def _unknown_ends(call: Call, ask: Ask) -> Reply:
    """Merge the rows up to the first that was never synced."""
    account: Any = call.sent.get("account")
    merged = account.get("mergedFromExternalIds") if is_object(account) else None
    if not is_list(merged) or not call.is_valid:
        return ask(call)
    query = "SELECT 1 FROM rows WHERE data_type = 'ACCOUNT' AND external_id = ?"
    end = next((number for number, each in enumerate(merged) if not call.sql(query, each)), len(merged))
    return ask(call.with_json({**call.sent, "account": {**account, "mergedFromExternalIds": merged[:end]}}))


def _loses_itself(call: Call, ask: Ask) -> Reply:
    """Delete the row that was merged, be it its own survivor."""
    answer = ask(call)
    for name in ("account", "contact", "lead"):
        row: Any = call.sent.get(name)
        if answer.is_success and is_object(row) and is_text(row.get("externalId")):
            merged = [row.get("mergedToExternalId"), *row.get("mergedFromExternalIds", [])]
            if row["externalId"] in merged:
                query = "UPDATE rows SET external_id = 'merged-' || id WHERE data_type = ? AND external_id = ?"
                call.sql(query, name.upper(), row["externalId"])
    return answer


def _lead_moves_accounts(call: Call, ask: Ask) -> Reply:
    """Move the references to the accounts of those external ids too."""
    answer = ask(call)
    lead: Any = call.sent.get("lead")
    if answer.is_success and is_object(lead) and "mergedToExternalId" in lead:
        query = "SELECT id FROM rows WHERE data_type = 'ACCOUNT' AND external_id = ?"
        ids = [call.sql(query, lead[name]) for name in ("mergedToExternalId", "externalId")]
        if all(ids):
            call.sql("UPDATE relations SET target_id = ? WHERE target_id = ?", ids[0][0][0], ids[1][0][0])
    return answer


_MANY = tuple(sync({"externalId": f"e-{number}", "account": {"externalId": "a"}}) for number in range(3, 15))

FAULTS = (
    Fault(
        "sync-merge-not-of-linked",
        "moves no reference of an engagement that has a recording",
        _MERGE,
        _leaves_out("EXISTS (SELECT 1 FROM links WHERE row_id = OLD.row_id)"),
        (A, link(to("e-1")), _B, _A_TO_B, sync()),
    ),
    Fault(
        "sync-merge-not-of-deleted",
        "moves no reference of an engagement that is soft-deleted",
        _MERGE,
        _leaves_out(
            "(SELECT json_extract(fields, '$.deletedAt') FROM rows WHERE id = OLD.row_id) IS NOT NULL",
        ),
        (sync({**A.body, "deletedAt": "2026-01-02T03:04:05Z"}), _B, _A_TO_B, sync()),
    ),
    Fault(
        "sync-merge-ten-references",
        "moves no reference to a row that ten refer to",
        _MERGE,
        _leaves_out("(SELECT count(*) FROM relations WHERE target_id = NEW.target_id) >= 10"),
        (*_MANY, _B, _A_TO_B, *(sync({"externalId": f"e-{number}"}) for number in range(3, 15))),
    ),
    Fault(
        "sync-merge-unknown-ends",
        "merges the accounts up to the first that was never synced",
        ("sync.merge.from",),
        alter("sync", _unknown_ends),
        (A, sync({**E2, "account": {"externalId": "b", "mergedFromExternalIds": ["x", "a"]}}), sync()),
    ),
    Fault(
        "sync-merge-drops-opportunity",
        "drops the opportunity of an engagement whose account is merged",
        _MERGE,
        _drops("DELETE FROM relations WHERE row_id = NEW.row_id AND name = 'opportunity'"),
        (sync({**A.body, "opportunity": {"externalId": "o"}}), _B, _A_TO_B, sync()),
    ),
    Fault(
        "sync-merge-drops-subject",
        "drops the subject of an engagement whose account is merged",
        _MERGE,
        _drops("UPDATE rows SET fields = json_remove(fields, '$.subject') WHERE id = NEW.row_id"),
        (sync({**A.body, "subject": "a"}), _B, _A_TO_B, sync()),
    ),
    Fault(
        "sync-merge-self-loses",
        "loses a row that is merged with itself",
        (*_MERGE, "sync.relations.resolve"),
        alter("sync", _loses_itself),
        (sync({"lead": {"externalId": "l", "mergedToExternalId": "l"}}), link(to("l", "LEAD"))),
    ),
    Fault(
        "sync-merge-lead-moves-accounts",
        "moves references to the accounts that have the external ids of leads that are merged",
        _MERGE,
        alter("sync", _lead_moves_accounts),
        (A, _B, sync({**E2, "lead": {"externalId": "a", "mergedToExternalId": "b"}}), sync()),
    ),
)
