"""A sync that does not tell one engagement from another."""

import asyncio
import unicodedata
import uuid
from collections.abc import Callable
from typing import Any

from starlette.types import Receive, Scope, Send

from contract_tests.faults._edits import after, is_text
from contract_tests.faults._plant import Ask, Call, Fault, Object, Plant, Reply, alter, put
from contract_tests.faults._probes import sync
from contract_tests.faults.state._common_state import NULL, TWICE, key_of
from siro_client.testing import LocalSiro

_IDENTITY = ("sync.upsert.identity",)


def _new_id(since: int) -> Callable[[Object, Call], Object]:
    """Answer another id from that sync of an engagement on."""
    return lambda data, call: {**data, "id": str(uuid.uuid4())} if call.count(data["id"]) >= since else data


def _new_id_if_changed(data: Object, call: Call) -> Object:
    known = call.memory.setdefault(key_of(call), call.sent.get("subject"))
    return data if known == call.sent.get("subject") else {**data, "id": str(uuid.uuid4())}


def _one(key: Callable[[str], str]) -> Plant:
    """Take external ids for one that are the same by a looser measure."""

    def change(call: Call, ask: Ask) -> Reply:
        sent = call.sent.get("externalId")
        if not is_text(sent) or not call.is_valid:
            return ask(call)
        first = call.memory.setdefault(repr((call.organization.id, key(sent))), sent)
        answer = ask(call.with_json({**call.sent, "externalId": first}))
        if not answer.is_success:
            return answer
        return answer.with_json({"data": {**answer.json["data"], "externalId": sent}})

    return alter("sync", change)


def _forgets(call: Call, ask: Ask) -> Reply:
    """Take null for the deletion of the engagement: what is synced next is another."""
    if None in call.sent.values():
        call.memory[key_of(call)] = True
    answer = ask(call)
    if not answer.is_success or key_of(call) not in call.memory:
        return answer
    return answer.with_json({"data": {**answer.json["data"], "id": str(uuid.uuid4())}})


def _races(siro: LocalSiro) -> None:
    """Look an engagement up, wait, and make it: who comes meanwhile makes another."""
    app = siro.app
    under_way: dict[bytes, int] = {}
    known: set[bytes] = set()

    async def altered(scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        body = message.get("body", b"")
        concerned = scope["path"].endswith("/sync/engagements") and body not in known
        under_way[body] = under_way.get(body, 0) + 1
        is_second = under_way[body] > 1
        if concerned and asyncio._get_running_loop() is not None:
            await asyncio.sleep(0.01)
        await app(scope, _again(message), _second(send) if is_second and concerned else send)
        known.add(body)
        under_way[body] -= 1

    put(siro, altered)


def _again(message: Any) -> Receive:
    async def receive() -> Any:
        return message

    return receive


def _second(send: Send) -> Send:
    """Answer an id of its own."""

    async def altered(message: Any) -> None:
        body = message.get("body", b"")
        if b'"id":"' in body:
            start = body.index(b'"id":"') + 6
            message = {**message, "body": body[:start] + str(uuid.uuid4()).encode() + body[start + 36 :]}
        await send(message)

    return altered


def _forgets_old(call: Call, ask: Ask) -> Reply:
    """Know the last 100 engagements only: an older one is made anew."""
    answer = ask(call)
    if answer.is_success:
        row = answer.json["data"]["id"]
        kept = call.memory.setdefault("kept", {})
        kept.pop(row, None)
        kept[row] = True
        for old in list(kept)[:-100]:
            del kept[old]
            call.sql("UPDATE rows SET external_id = 'forgotten-' || id WHERE id = ?", old)
    return answer


FAULTS = (
    Fault(
        "sync-new-id",
        "answers a new id from the second sync on",
        (*_IDENTITY, "sync.relations.linkable"),
        after("sync", _new_id(2)),
        TWICE,
    ),
    Fault(
        "sync-new-id-third",
        "answers a new id from the third sync on",
        (*_IDENTITY, "sync.relations.linkable"),
        after("sync", _new_id(3)),
        (*TWICE, *TWICE),
    ),
    Fault(
        "sync-new-id-changed",
        "answers a new id if the subject changed",
        _IDENTITY,
        after("sync", _new_id_if_changed),
        TWICE,
    ),
    Fault(
        "sync-null-deletes",
        "answers new ids once null was sent for anything",
        (*_IDENTITY, *NULL),
        alter("sync", _forgets),
        (sync(), sync({"subject": None})),
    ),
    Fault(
        "sync-case-insensitive",
        "takes external ids for one that differ in case",
        _IDENTITY,
        _one(str.lower),
        (sync(), sync({"externalId": "E-1"})),
    ),
    Fault(
        "sync-trims-identity",
        "takes external ids for one that differ in blanks around",
        _IDENTITY,
        _one(str.strip),
        (sync(), sync({"externalId": "e-1 "})),
    ),
    Fault(
        "sync-prefix-identity",
        "takes external ids for one that are the same for 64 characters",
        _IDENTITY,
        _one(lambda value: value[:64]),
        (sync({"externalId": "e" * 70}), sync({"externalId": "e" * 71})),
    ),
    Fault(
        "sync-numeric-identity",
        "takes external ids of digits for one that are the same number",
        _IDENTITY,
        _one(lambda value: str(int(value)) if value.isdecimal() else value),
        (sync({"externalId": "7"}), sync({"externalId": "007"})),
    ),
    Fault(
        "sync-normalized-identity",
        "takes external ids for one that are the same in NFC",
        _IDENTITY,
        _one(lambda value: unicodedata.normalize("NFC", value)),
        (sync({"externalId": "\u00e9"}), sync({"externalId": "e\u0301"})),
    ),
    Fault(
        "sync-accentless-identity",
        "takes external ids for one that differ in accents, as some collations do",
        _IDENTITY,
        _one(lambda value: unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode() or value),
        (sync({"externalId": "e"}), sync({"externalId": "\u00e9"})),
    ),
    Fault(
        "sync-like-identity",
        "takes an underscore in an external id for any character",
        _IDENTITY,
        _one(lambda value: value.replace("_", "-")),
        (sync(), sync({"externalId": "e_1"})),
    ),
    Fault(
        "sync-race",
        "makes two engagements of simultaneous first syncs",
        ("sync.upsert.race", *_IDENTITY),
        _races,
        (sync(), sync()),
        together=True,
    ),
    Fault(
        "sync-forgets-old",
        "forgets an engagement when 100 others were synced",
        (*_IDENTITY, "link.target.external-id", "sync.upsert.created-at"),
        alter("sync", _forgets_old),
        tuple(sync({"externalId": f"e-{number % 101}"}) for number in range(102)),
    ),
)
