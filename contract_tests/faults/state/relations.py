"""Rows that come with an engagement, resolved or changed wrongly."""

from typing import Any

from contract_tests.faults._edits import at, database, is_object, stores, without
from contract_tests.faults._plant import Ask, Call, Fault, Plant, Reply, alter, error
from contract_tests.faults._probes import link, sync, to
from contract_tests.faults.state._common_relations import E2, RESOLVE, A

_CHANGE = ("sync.relations.change",)


_LINKABLE = ("sync.relations.linkable", "link.target.id", "link.target.external-id")


_ROWS = sync(
    {
        "lead": {"externalId": "l"},
        "contact": {"externalId": "c", "account": {"externalId": "ca"}},
        "opportunity": {"externalId": "o"},
    }
)


def _once(name: str) -> Plant:
    """Keep the first row that an engagement was related to."""
    return database(
        f"CREATE TRIGGER fault BEFORE INSERT ON relations WHEN NEW.name = '{name}' AND EXISTS"  # noqa: S608
        " (SELECT 1 FROM relations WHERE row_id = NEW.row_id AND name = NEW.name) BEGIN SELECT RAISE(IGNORE); END"
    )


def _wipes(path: str, **empty: str) -> Plant:
    """Store what was left out as empty where a row comes by external id alone."""
    return stores(at(path, lambda row: {**row, **empty} if is_object(row) and set(row) == {"externalId"} else row))


def _duplicates(name: str) -> Plant:
    """Make a row anew each time it comes."""

    def change(call: Call, ask: Ask) -> Reply:
        row: Any = call.sent.get(name)
        if call.is_valid and call.is_authorized and is_object(row) and "externalId" in row:
            call.sql(
                "UPDATE rows SET external_id = external_id || '~' || id WHERE data_type = ? AND external_id = ?",
                name.upper(),
                str(row["externalId"]),
            )
        return ask(call)

    return alter("sync", change)


def _not_linkable(data_type: str, name: str) -> Plant:
    def change(call: Call, ask: Ask) -> Reply:
        answer = ask(call)
        is_such = answer.is_success and call.sent["dataType"] == data_type and name in call.sent
        return error(404, f"{data_type} not found") if is_such else answer

    return alter("link", change)


FAULTS = (
    Fault(
        "sync-first-account",
        "keeps the first account",
        _CHANGE,
        _once("account"),
        (A, sync({"account": {"externalId": "b"}})),
    ),
    Fault(
        "sync-first-opportunity",
        "keeps the first opportunity",
        _CHANGE,
        _once("opportunity"),
        (_ROWS, sync({"opportunity": {"externalId": "p"}})),
    ),
    Fault(
        "sync-null-account-kept",
        "keeps the account where null was sent",
        (*_CHANGE, "sync.upsert.null"),
        stores(lambda body: without("account")(body) if body.get("account", "") is None else body),
        (A, sync({"account": None})),
    ),
    Fault(
        "sync-null-opportunity-kept",
        "keeps the opportunity where null was sent",
        (*_CHANGE, "sync.upsert.null"),
        stores(lambda body: without("opportunity")(body) if body.get("opportunity", "") is None else body),
        (_ROWS, sync({"opportunity": None})),
    ),
    Fault(
        "sync-wipes-account",
        "wipes the name of an account that comes by external id alone",
        RESOLVE,
        _wipes("account", name=""),
        (A, sync({"account": {"externalId": "a"}})),
    ),
    Fault(
        "sync-wipes-contact",
        "wipes the name of a contact that comes by external id alone",
        RESOLVE,
        _wipes("contact", name=""),
        (
            sync({"contact": {"externalId": "c", "name": "Jo"}}),
            sync({"contact": {"externalId": "c"}}),
            link(to("c", "CONTACT")),
        ),
    ),
    Fault(
        "sync-wipes-opportunity",
        "wipes the name of an opportunity that comes by external id alone",
        RESOLVE,
        _wipes("opportunity", name=""),
        (
            sync({"opportunity": {"externalId": "o", "name": "Roof"}}),
            sync({"opportunity": {"externalId": "o"}}),
            link(to("o", "OPPORTUNITY")),
        ),
    ),
    Fault(
        "sync-wipes-contact-account",
        "wipes the name of a contact's account that comes by external id alone",
        RESOLVE,
        _wipes("contact.account", name=""),
        (A, sync({**E2, "contact": {"externalId": "c", "account": {"externalId": "a"}}}), sync()),
    ),
    Fault(
        "sync-new-account",
        "makes an account anew each time it comes",
        (*RESOLVE, "link.answer.names"),
        _duplicates("account"),
        (A, A, sync({**E2, "account": {"externalId": "a"}})),
    ),
    Fault(
        "sync-new-contact",
        "makes a contact anew each time it comes",
        RESOLVE,
        _duplicates("contact"),
        (
            sync({"contact": {"externalId": "c", "name": "Jo"}}),
            sync({"contact": {"externalId": "c"}}),
            link(to("c", "CONTACT")),
        ),
    ),
    Fault(
        "sync-new-lead",
        "makes a lead anew each time it comes",
        RESOLVE,
        _duplicates("lead"),
        (
            sync({"lead": {"externalId": "l", "firstName": "Jo"}}),
            sync({"lead": {"externalId": "l"}}),
            link(to("l", "LEAD")),
        ),
    ),
    Fault(
        "sync-new-opportunity",
        "makes an opportunity anew each time it comes",
        RESOLVE,
        _duplicates("opportunity"),
        (_ROWS, _ROWS),
    ),
    Fault(
        "sync-contact-account-lost",
        "does not store a contact's account",
        _LINKABLE,
        stores(at("contact", without("account"))),
        (_ROWS, link(to("ca", "ACCOUNT"))),
    ),
    Fault(
        "sync-lead-lost",
        "does not store the lead of an engagement that has a contact",
        _LINKABLE,
        stores(
            lambda body: without("lead")(body) if body.get("contact") and is_object(body.get("lead")) else body,
        ),
        (_ROWS, link(to("l", "LEAD"))),
    ),
    Fault(
        "link-lead-by-id-lost",
        "does not find a lead by `id`",
        _LINKABLE,
        _not_linkable("LEAD", "id"),
        (sync({"lead": {"externalId": "l"}}), link(to("l", "LEAD")), link({"dataType": "LEAD", "id": "@1.id"})),
    ),
    Fault(
        "link-opportunity-by-external-id-lost",
        "does not find an opportunity by external id",
        _LINKABLE,
        _not_linkable("OPPORTUNITY", "externalId"),
    ),
)
