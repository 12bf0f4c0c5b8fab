"""Both ids accepted, or neither."""

from contract_tests.faults._edits import before, without
from contract_tests.faults._plant import Ask, Call, Fault, Object, Plant, Reply, alter
from contract_tests.faults._probes import link, to
from contract_tests.faults.link_rule._common import ROWS, When, fails_softly, has_none, is_both, makes_up

_BOTH = ("link.target.both", "link.body.null", "link.body.type", "link.body.fuzz")


_NEITHER = ("link.target.neither", "link.body.fuzz")


_AND_ID = {"dataType": "ENGAGEMENT", "id": "@0.id"}


_BOTH_IDS = (ROWS, link({**to("e-1"), "id": "@0.id"}))


def _is_neither(body: Object) -> bool:
    return "id" not in body and "externalId" not in body


def _prefers(name: str, when: When = lambda _: True) -> Plant:
    """Accept both ids, and go by one of them."""
    other = "externalId" if name == "id" else "id"
    return before("link", lambda body: without(other)(body) if is_both(body) and when(body) else body)


def _same_row(call: Call, ask: Ask) -> Reply:
    """Accept both ids if they name one row."""
    if not is_both(call.sent) or not call.sent.get("integrationConnectionId"):
        return ask(call)
    answer = ask(call.with_json(without("externalId")(call.sent)))
    is_same = answer.is_success and answer.json["data"]["externalId"] == call.sent["externalId"]
    return answer if is_same else ask(call)


FAULTS = (
    Fault("link-both-by-id", "accepts both ids, and goes by `id`", _BOTH, _prefers("id"), _BOTH_IDS),
    Fault(
        "link-both-by-external-id",
        "accepts both ids, and goes by `externalId`",
        _BOTH,
        _prefers("externalId"),
        _BOTH_IDS,
    ),
    Fault(
        "link-both-of-opportunity",
        "accepts both ids of an OPPORTUNITY",
        _BOTH,
        _prefers("externalId", lambda body: body.get("dataType") == "OPPORTUNITY"),
        (ROWS, link({**to("o-1", "OPPORTUNITY"), "id": "@0.opportunityId"})),
    ),
    Fault(
        "link-both-with-deeplink",
        "accepts both ids with the trigger CRM_DEEPLINK",
        _BOTH,
        _prefers("id", lambda body: body.get("trigger") == "CRM_DEEPLINK"),
        (ROWS, link({**to("e-1"), "id": "@0.id", "trigger": "CRM_DEEPLINK"})),
    ),
    Fault("link-both-same-row", "accepts both ids if they name one row", _BOTH, alter("link", _same_row), _BOTH_IDS),
    Fault(
        "link-both-without-connection",
        "accepts both ids if there is no connection",
        _BOTH,
        _prefers("id", has_none),
        (ROWS, link({**_AND_ID, "externalId": "e-1"})),
    ),
    Fault(
        "link-both-fails-softly",
        "answers both ids with 200 and an error",
        (*_BOTH, "link.target.error-in-200"),
        fails_softly(is_both),
        _BOTH_IDS,
    ),
    Fault("link-neither-made-up", "accepts neither id, and links nothing", _NEITHER, makes_up(422, _is_neither)),
    Fault(
        "link-neither-of-engagement",
        "accepts neither id of an ENGAGEMENT",
        _NEITHER,
        makes_up(422, lambda body: _is_neither(body) and body["dataType"] == "ENGAGEMENT"),
        (link({"dataType": "ENGAGEMENT"}),),
    ),
    Fault(
        "link-neither-to-unlink",
        "accepts neither id with the trigger USER_UNLINK",
        _NEITHER,
        makes_up(422, lambda body: _is_neither(body) and body.get("trigger") == "USER_UNLINK"),
        (link({"dataType": "LEAD", "trigger": "USER_UNLINK"}),),
    ),
    Fault(
        "link-neither-with-connection",
        "accepts neither id where there is a connection",
        _NEITHER,
        makes_up(422, lambda body: _is_neither(body) and bool(body.get("integrationConnectionId"))),
        (link({"dataType": "LEAD", "integrationConnectionId": "connection-1"}),),
    ),
    Fault(
        "link-neither-fails-softly",
        "answers neither id with 200 and an error",
        (*_NEITHER, "link.target.error-in-200", "link.protocol.body"),
        fails_softly(_is_neither),
    ),
)
