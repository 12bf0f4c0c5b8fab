"""Doors that open to who takes another way."""

from contract_tests.faults._plant import Call
from contract_tests.faults.auth._common import admits, fault

_CONNECTION = "connection-1"
_GUESS = "constructor"


def _from_inside(call: Call) -> bool:
    return call.header("x-forwarded-for") == "127.0.0.1"


def _named_connection(call: Call) -> bool:
    return call.token == _CONNECTION


def _guessed(call: Call) -> bool:
    return call.token == _GUESS


FAULTS = (
    fault(
        "sync-from-inside",
        "asks for no token from 127.0.0.1, as a header has it",
        "auth.required",
        admits("sync", _from_inside),
        token=False,
        headers={"x-forwarded-for": "127.0.0.1"},
    ),
    fault(
        "link-from-inside",
        "asks for no token from 127.0.0.1, as a header has it",
        "auth.required",
        admits("link", _from_inside),
        token=False,
        headers={"x-forwarded-for": "127.0.0.1"},
    ),
    fault(
        "link-connection-token",
        "takes the id of a connection for a token",
        "auth.wrong",
        admits("link", _named_connection),
        token=False,
        headers={"x-siro-auth-token": _CONNECTION},
    ),
    fault(
        "sync-connection-token",
        "takes the id of a connection for a token",
        "auth.wrong",
        admits("sync", _named_connection),
        token=False,
        headers={"authorization": f"Bearer {_CONNECTION}"},
    ),
    fault(
        "sync-prototype-token",
        "finds a token in the prototype of what it looks it up in",
        "auth.wrong",
        admits("sync", _guessed),
        token=False,
        headers={"authorization": f"Bearer {_GUESS}"},
    ),
)
