"""Answers that carry a token or a stack trace."""

from contract_tests.faults._edits import answers
from contract_tests.faults._plant import Ask, Call, Fault, Plant, Reply, alter, error, reply
from contract_tests.faults._probes import sync

_TRACE = (
    'Traceback (most recent call last):\n  File "/srv/app.py", line 42, in sync\n    raise KeyError(name)\nKeyError'
)


_NODE_TRACE = "Error: not found\n    at find (/srv/dist/rows.js:17:11)\n    at link (/srv/dist/link.js:4:9)"


def _tells_token(call: Call, ask: Ask) -> Reply:
    answer = ask(call)
    return error(401, f"unknown token {call.token}") if answer.status == 401 and call.token else answer


def _tells_valid_token(call: Call, ask: Ask) -> Reply:
    answer = ask(call)
    return error(422, f"invalid body of {call.token}") if answer.status == 422 else answer


def _header_token(call: Call, ask: Ask) -> Reply:
    return ask(call).with_header("x-debug-authorization", call.header("authorization") or "none")


def _traced(operation: str, status: int, trace: str) -> Plant:
    return answers(
        operation, lambda answer: reply(answer.status, {"error": trace}), when=lambda answer: answer.status == status
    )


FAULTS = (
    Fault(
        "sync-tells-token",
        "answers the token that it refuses",
        ("sync.answer.leak",),
        alter("sync", _tells_token),
        (sync(headers={"authorization": "Bearer local-user-token"}),),
    ),
    Fault(
        "link-tells-token",
        "answers the caller's token in a 422",
        ("link.answer.leak",),
        alter("link", _tells_valid_token),
    ),
    Fault(
        "sync-header-token",
        "answers the caller's token in a header",
        ("sync.answer.leak",),
        alter("sync", _header_token),
    ),
    Fault(
        "sync-trace",
        "answers a Python stack trace in a 400",
        ("sync.answer.leak",),
        _traced("sync", 400, _TRACE),
        (sync(raw=b"{"),),
    ),
    Fault(
        "link-trace", "answers a Node stack trace in a 404", ("link.answer.leak",), _traced("link", 404, _NODE_TRACE)
    ),
)
