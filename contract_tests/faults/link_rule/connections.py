"""An external id accepted without its connection."""

from typing import Any

from contract_tests.faults._edits import before
from contract_tests.faults._plant import Fault, Plant
from contract_tests.faults._probes import link, to
from contract_tests.faults.link_rule._common import ROWS, UNKNOWN, When, fails_softly, has_none, is_both

_CONNECTION = ("link.target.connection", "link.body.fuzz")


_NO_CONNECTION = {"dataType": "ENGAGEMENT", "externalId": "e-1"}


def _default(when: When) -> Plant:
    """Put in the one connection there is."""

    def change(body: Any) -> Any:
        is_short = "externalId" in body and "id" not in body and when(body)
        return {**body, "integrationConnectionId": "connection-1"} if is_short else body

    return before("link", change)


FAULTS = (
    Fault(
        "link-no-connection",
        "accepts an external id without a connection",
        _CONNECTION,
        _default(has_none),
        (ROWS, link(_NO_CONNECTION)),
    ),
    Fault(
        "link-empty-connection",
        "accepts an external id with an empty connection",
        _CONNECTION,
        _default(lambda body: body.get("integrationConnectionId") == ""),
        (ROWS, link(to("e-1", connection=""))),
    ),
    Fault(
        "link-null-connection",
        "accepts an external id with null for the connection",
        (*_CONNECTION, "link.body.null"),
        _default(lambda body: body.get("integrationConnectionId", "") is None),
        (ROWS, link({**_NO_CONNECTION, "integrationConnectionId": None})),
    ),
    Fault(
        "link-blank-connection",
        "takes a blank connection as the only one there is",
        (*_CONNECTION, *UNKNOWN),
        _default(lambda body: str(body.get("integrationConnectionId", "x")).isspace()),
        (ROWS, link(to("e-1", connection=" "))),
    ),
    Fault(
        "link-no-connection-of-lead",
        "accepts the external id of a LEAD without a connection",
        _CONNECTION,
        _default(lambda body: has_none(body) and body.get("dataType") == "LEAD"),
        (ROWS, link({"dataType": "LEAD", "externalId": "l-1"})),
    ),
    Fault(
        "link-no-connection-with-calendar",
        "accepts an external id without a connection with the trigger CALENDAR_MATCH",
        _CONNECTION,
        _default(lambda body: has_none(body) and body.get("trigger") == "CALENDAR_MATCH"),
        (ROWS, link({**_NO_CONNECTION, "trigger": "CALENDAR_MATCH"})),
    ),
    Fault(
        "link-no-connection-fails-softly",
        "answers an external id without a connection with 200 and an error",
        (*_CONNECTION, "link.target.error-in-200"),
        fails_softly(lambda body: "externalId" in body and not is_both(body)),
        (ROWS, link(_NO_CONNECTION)),
    ),
    Fault(
        "link-any-connection",
        "does not look at the connection, if there is one",
        UNKNOWN,
        _default(lambda body: bool(body.get("integrationConnectionId"))),
        (ROWS, link(to("e-1", connection="unknown"))),
    ),
)
