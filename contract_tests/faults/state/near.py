"""Rows that are taken for one another, since their external ids are near."""

from collections.abc import Callable

from contract_tests.faults._edits import is_text
from contract_tests.faults._plant import Ask, Call, Fault, Plant, Reply, alter
from contract_tests.faults._probes import link, sync, to

_RESOLVE = ("sync.relations.resolve", "sync.relations.linkable", "link.answer.names", "link.target.unknown")


def _one(name: str, key: Callable[[str], str]) -> Plant:
    """Take external ids of nested rows for one that are the same by a looser measure, as a collation does."""

    def change(call: Call, ask: Ask) -> Reply:
        if call.operation == "link":
            return _linked(call, ask)
        row = call.sent.get(name)
        if not call.is_valid or not row or not is_text(row.get("externalId")):
            return ask(call)
        first = call.memory.setdefault(repr((call.organization.id, key(row["externalId"]))), row["externalId"])
        return ask(call.with_json({**call.sent, name: {**row, "externalId": first}}))

    def _linked(call: Call, ask: Ask) -> Reply:
        sent = call.sent.get("externalId")
        if call.sent.get("dataType") != name.upper() or not is_text(sent):
            return ask(call)
        first = call.memory.get(repr((call.organization.id, key(sent))), sent)
        answer = ask(call.with_json({**call.sent, "externalId": first}))
        if not answer.is_success:
            return answer
        return answer.with_json({**answer.json, "data": {**answer.json["data"], "externalId": sent}})

    return alter("", change)


def _loosely(key: Callable[[str], str]) -> Plant:
    """Look a row up by its external id as it is, and else by what is the same by a looser measure."""

    def change(call: Call, ask: Ask) -> Reply:
        answer, sent = ask(call), call.sent.get("externalId")
        if answer.is_success or not is_text(sent) or not call.is_valid:
            return answer
        known = [name for (name,) in call.sql("SELECT external_id FROM rows WHERE external_id IS NOT NULL")]
        same = [name for name in known if key(name) == key(sent)]
        return ask(call.with_json({**call.sent, "externalId": same[0]})) if same else answer

    return alter("link", change)


def _number(text: str) -> str:
    return str(int(text)) if text.isdecimal() else text


def _named(name: str, value: str) -> dict[str, str]:
    return {} if name == "lead" else {"name": f"the {name} {value}"}


FAULTS = (
    *(
        Fault(
            f"sync-{name}-case",
            f"takes the external ids of {name}s for one that differ in case",
            # Of these rows, an answer tells the account's external id.
            (*_RESOLVE, "sync.answer.account") if name == "account" else _RESOLVE,
            _one(name, str.lower),
            (
                sync({"externalId": "e-1", name: {"externalId": "a", **_named(name, "a")}}),
                sync({"externalId": "e-2", name: {"externalId": "A", **_named(name, "A")}}),
                link(to("a", name.upper())),
                link(to("A", name.upper())),
            ),
        )
        for name in ("account", "contact", "lead", "opportunity")
    ),
    Fault(
        "link-trims-external-id",
        "finds a row whose external id has no blank at its end by one that has",
        ("link.target.unknown",),
        _loosely(str.rstrip),
        (sync(), link(to("e-1 "))),
    ),
    Fault(
        "link-same-number",
        "finds a row whose external id is 007 by 7",
        ("link.target.unknown",),
        _loosely(_number),
        (sync({"externalId": "007"}), link(to("7"))),
    ),
)
