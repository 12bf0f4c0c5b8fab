"""Bodies that are no JSON, or no object."""

import ast
import json
import re
from collections.abc import Callable
from dataclasses import replace

from contract_tests.faults._edits import answers
from contract_tests.faults._plant import Ask, Call, Fault, Plant, Reply, alter, error, reply
from contract_tests.faults._probes import link, sync
from contract_tests.faults.protocol._common import ROW, crash_on, unwrapped

_E1 = b'{"externalId": "e-1"}'


def rewrites(operation: str, change: Callable[[bytes], bytes]) -> Plant:
    """Change the bytes of the body before it is parsed."""
    return alter(operation, lambda call, ask: ask(replace(call, body=change(call.body))))


def _first_value(body: bytes) -> bytes:
    try:
        value, _ = json.JSONDecoder().raw_decode(body.decode())
    except ValueError:
        return body
    return json.dumps(value).encode()


def _literal(body: bytes) -> bytes:
    try:
        return json.dumps(ast.literal_eval(body.decode())).encode()
    except (ValueError, SyntaxError):
        return body


def _closed(body: bytes) -> bytes:
    text = body.rstrip()
    return text + b"}" if text.startswith(b"{") and not text.endswith(b"}") else body


def _made_up(call: Call, ask: Ask) -> Reply:
    """Take no body for an empty object, and an empty object for a new engagement."""
    return ask(call if call.body else replace(call, body=b'{"externalId": "made-up"}'))


def _crash_if_not_object(call: Call, ask: Ask) -> Reply:
    return error(500, "Internal Server Error") if call.body.strip() in (b"null", b"[]") else ask(call)


def _crash_if_deep(call: Call, ask: Ask) -> Reply:
    return error(500, "Internal Server Error") if call.body.count(b"[") > 100 else ask(call)


def _html_if_malformed(answer: Reply) -> Reply:
    return reply(answer.status, "<html><body>SyntaxError</body></html>", "text/html; charset=utf-8")


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except ValueError:
        return False
    return True


FAULTS = (
    Fault(
        "sync-closes-json",
        "puts in a brace that lacks at the end",
        ("sync.protocol.json",),
        rewrites("sync", _closed),
        (sync(raw=_E1[:-1]),),
    ),
    Fault(
        "sync-trailing-bytes",
        "ignores what follows the first JSON value",
        ("sync.protocol.json",),
        rewrites("sync", _first_value),
        (sync(raw=_E1 + b" x"),),
    ),
    Fault(
        "link-trailing-bytes",
        "ignores what follows the first JSON value",
        ("link.protocol.json",),
        rewrites("link", _first_value),
        (sync(), link(ROW, raw=b'{"dataType": "LEAD", "id": "x"}{}')),
    ),
    Fault(
        "sync-trailing-comma",
        "accepts a comma before a closing brace",
        ("sync.protocol.json",),
        rewrites("sync", lambda body: re.sub(rb",\s*([}\]])", rb"\1", body)),
        (sync(raw=b'{"externalId": "e-1",}'),),
    ),
    Fault(
        "sync-python-literal",
        "accepts single quotes",
        ("sync.protocol.json",),
        rewrites("sync", _literal),
        (sync(raw=b"{'externalId': 'e-1'}"),),
    ),
    Fault(
        "sync-comments",
        "accepts comments",
        ("sync.protocol.json",),
        rewrites("sync", lambda body: re.sub(rb"/\*.*?\*/", b"", body)),
        (sync(raw=b'{"externalId": "e-1" /* a */}'),),
    ),
    Fault(
        "sync-bad-utf8",
        "replaces bytes that are no UTF-8",
        ("sync.protocol.json",),
        rewrites("sync", lambda body: body.decode(errors="replace").encode()),
        (sync(raw=b'{"externalId": "e-1", "subject": "\xff"}'),),
    ),
    Fault(
        "link-latin-1",
        "takes bytes that are no UTF-8 for Latin-1",
        ("link.protocol.json",),
        rewrites("link", lambda body: body if _is_utf8(body) else body.decode("latin-1").encode()),
        (link(ROW, raw=b'{"dataType": "LEAD", "id": "\xff"}'),),
    ),
    Fault(
        "sync-no-body",
        "takes no body for a new engagement",
        ("sync.protocol.body",),
        alter("sync", _made_up),
        (sync(raw=b""),),
    ),
    Fault(
        "sync-unwraps",
        "accepts a list of one engagement, or JSON in JSON text",
        ("sync.protocol.body",),
        rewrites("sync", unwrapped),
        (sync(raw=b"[" + _E1 + b"]"),),
    ),
    Fault(
        "link-unwraps",
        "accepts a list of one body, or JSON in JSON text",
        ("link.protocol.body",),
        rewrites("link", unwrapped),
        (link(ROW, raw=b'[{"dataType": "LEAD", "id": "x"}]'),),
    ),
    Fault(
        "sync-crash-null-body",
        "crashes on null, and on a list, as the body",
        ("sync.answer.server-error",),
        alter("sync", _crash_if_not_object),
        (sync(raw=b"null"),),
    ),
    Fault(
        "sync-crash-malformed",
        "crashes on malformed JSON",
        ("sync.answer.server-error",),
        crash_on(400, "sync"),
        (sync(raw=b"{"),),
    ),
    Fault(
        "link-crash-no-body",
        "crashes without a body",
        ("link.answer.server-error",),
        alter("link", lambda call, ask: ask(call) if call.body else error(500)),
        (link(ROW, raw=b""),),
    ),
    Fault(
        "sync-crash-deep",
        "crashes on lists within lists within lists",
        ("sync.answer.server-error",),
        alter("sync", _crash_if_deep),
        (sync(raw=b"[" * 1000 + b"]" * 1000),),
    ),
    Fault(
        "link-malformed-html",
        "answers malformed JSON with an HTML page",
        ("link.answer.content-type",),
        answers("link", _html_if_malformed, when=lambda answer: answer.status == 400),
        (link(ROW, raw=b"{"),),
    ),
    Fault(
        "sync-malformed-204",
        "answers 204 to malformed JSON",
        ("sync.answer.status", "sync.protocol.json"),
        answers("sync", lambda _: Reply(204, (), b""), when=lambda answer: answer.status == 400),
        (sync(raw=b"{"),),
    ),
)
