"""The rules of any answer: every one that the gate gets is judged by them, whatever was asked."""

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import jsonschema_rs

from contract_tests.document import effective, success_contents, validator
from contract_tests.operations import OPERATIONS
from contract_tests.rules import table

if TYPE_CHECKING:
    from contract_tests.exchange import Exchange
    from contract_tests.gate import Gate
    from contract_tests.operations import Operation

_JSON = "application/json"
Bodies: TypeAlias = Mapping[str, jsonschema_rs.Validator | None]
"""The media types that an answer may have, and what is said of its body; nothing of one that is no JSON."""
_TRACE = re.compile(
    rb"Traceback \(most recent call last\)|File \"[^\"]+\", line \d+"  # Python
    rb"|^\s+at \S+ ?\(.*:\d+\)|\.(?:js|ts|java|go):\d+[:)]",  # Node, the JVM, Go
    re.MULTILINE,
)

RULES = ("server-error", "leak", "status", "content-type", "schema", "error")
"""The rules of any answer, in the order in which it is judged: each explains whatever else is wrong with it."""


@cache
def judged() -> list[str]:
    """The rules of any answer: whatever test sends a request checks them."""
    rules = [f"{each.short}.answer.{name}" for each in OPERATIONS.values() for name in RULES]
    return [rule for rule in rules if rule in table()]


def judge(gate: "Gate", exchange: "Exchange") -> None:
    """Check one answer by each rule in turn; raise Violation at the first that it breaks."""
    rule = exchange.operation.short + ".answer."
    told = f"answered {exchange.told}"
    gate.check(rule + "server-error", exchange.status < 500, told, exchange)
    whole = exchange.content + b"".join(value for _, value in exchange.headers.raw)
    leaked = any(token.encode() in whole for token in gate.target.tokens)
    gate.check(rule + "leak", not leaked, "a token is answered", exchange)
    gate.check(rule + "leak", not _TRACE.search(exchange.content), "a stack trace is answered", exchange)
    succeeded = exchange.is_success
    gate.check(rule + "status", succeeded or exchange.is_refusal, told, exchange)
    media_type = exchange.headers.get("content-type", "").partition(";")[0].strip().lower()
    due = success_bodies(exchange.operation, exchange.status) if succeeded else refusal_bodies()
    # A refusal without a body needs no type, nor does a success that has none.
    typed = media_type in due or (not exchange.content and not (succeeded and due))
    gate.check(rule + "content-type", typed, f"{exchange.status} comes as {media_type or 'no media type'}", exchange)
    if succeeded and not due:
        gate.check(rule + "schema", not exchange.content, f"has no body by the spec, and is {told}", exchange)
    elif schema := due.get(media_type):
        _judge_body(gate, rule + ("schema" if succeeded else "error"), exchange, schema)


def _judge_body(gate: "Gate", rule: str, exchange: "Exchange", schema: jsonschema_rs.Validator) -> None:
    if exchange.answer is None:
        gate.check(rule, False, f"the body is no JSON: {exchange.told}", exchange)
    error = next(iter(schema.iter_errors(exchange.answer)), None)
    place = "/".join(str(part) for part in error.instance_path) if error else ""
    found = f"at /{place} the body of the answer breaks the spec: {error.message}" if error else ""
    gate.check(rule, error is None, found, exchange)


@cache
def success_bodies(operation: "Operation", status: int) -> Bodies:
    """What the effective spec says of the body of a success; empty if it has none."""
    contents = success_contents(operation.name)
    content = contents.get(str(status), contents.get("2XX", {}))
    return {
        media_type: validator(body.get("schema", {})) if media_type == _JSON else None
        for media_type, body in content.items()
    }


@cache
def refusal_bodies() -> Bodies:
    """What it says of the body of any refusal; which of the shapes goes with which status is open."""
    responses = effective()["components"]["responses"]
    return {_JSON: validator(responses["ClientError"]["content"][_JSON]["schema"]), "text/plain": None}
