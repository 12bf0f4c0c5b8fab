"""Schemathesis drives every operation from the effective spec: positive and negative data, in all its phases."""

import httpx
import pytest
from schemathesis.core.failures import FailureGroup

from contract_tests import bodies, fuzzing
from contract_tests.document import Json, has_body, has_unknown_properties, needs_body, request_is_valid
from contract_tests.exchange import Exchange
from contract_tests.fuzzing import Case
from contract_tests.gate import NOT_FOUND, Gate, Violation
from contract_tests.judge import judge
from contract_tests.leeway import IDS, is_left_open, names_unknown_row
from contract_tests.operations import LINK, OPERATIONS, Operation
from contract_tests.parameters import verdict
from contract_tests.rows import DATA_TYPES, Row
from contract_tests.rules import table
from contract_tests.shrink import smallest

DECIDED = ("body.fuzz", "body.accepts", "parameter.refused", "parameter.accepts")
NOT_FUZZED = [operation for operation in OPERATIONS.values() if operation.lacks]
CLAIMED = [
    rule
    for operation in OPERATIONS.values()
    if operation is not LINK and operation not in NOT_FUZZED
    for rule in (f"{operation.short}.{name}" for name in DECIDED)
    if rule in table()
]


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS.values() if each not in (LINK, *NOT_FUZZED)], ids=lambda each: each.short
)
@pytest.mark.rules(*CLAIMED)
def test_fuzz(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> None:
    bodies.need_leave_to_store(request, operation)

    def try_out(case: Case) -> None:
        if fuzzing.is_positive(case) and has_body(operation.name):
            case.body = named(case.body, gate)
        check(case, gate)

    fuzzing.run(operation, try_out)


@pytest.mark.rules("link.body.fuzz", "link.body.accepts")
def test_link_fuzz(gate: Gate, rows: dict[str, Row]) -> None:
    def try_out(case: Case) -> None:
        case.path_parameters = {"id": gate.target.recording_ids[0]}
        if fuzzing.is_positive(case) and case.body["dataType"] in rows:
            # A row that exists: else the answer is a refusal, which shows little.
            row = rows[case.body["dataType"]]
            case.body = {**case.body, **(row.by_id if "id" in case.body else row.by_external_id)}
        check(case, gate)

    fuzzing.run(LINK, try_out)


def check(case: Case, gate: Gate) -> None:
    exchange, response = fuzzing.send(case, gate)
    is_aimed = fuzzing.is_positive(case)
    try:
        verify(gate, exchange, is_aimed=is_aimed)
    except Violation as violation:
        if not fuzzing.is_shrunk(case) and isinstance(exchange.sent, dict):
            shrink(gate, exchange, violation.rule, is_aimed=is_aimed)
        raise
    try:
        case.validate_response(response)
    except FailureGroup as group:
        told = "; ".join(failure.title for failure in group.exceptions)
        gate.check(f"{exchange.operation.short}.answer.schema", False, f"schemathesis: {told}", exchange)


def verify(gate: Gate, exchange: Exchange, *, is_aimed: bool) -> None:
    """Judge the answer, and whether the request was to be accepted, by what was sent rather than by what was meant."""
    judge(gate, exchange)
    operation, told = exchange.operation, exchange.told
    rule = f"{operation.short}."
    if not _is_decided(exchange):
        return
    parameters = verdict(operation, gate.target.url(operation), exchange.request)
    if not _body_is_valid(exchange):
        gate.check(rule + "body.fuzz", exchange.is_refusal, f"must be refused, and is answered {told}", exchange)
    elif parameters == "invalid":
        gate.check(
            rule + "parameter.refused", exchange.is_refusal, f"must be refused, and is answered {told}", exchange
        )
    elif is_aimed and parameters == "valid" and not _is_open(gate, exchange):
        rule += "body.accepts" if has_body(operation.name) else "parameter.accepts"
        gate.check(rule, exchange.is_success, f"must be accepted, and is answered {told}", exchange)


def shrink(gate: Gate, exchange: Exchange, rule: str, *, is_aimed: bool) -> None:
    """Find a smaller body that breaks the rule; the gate keeps it by itself."""

    def breaks(body: Json) -> bool:
        request = exchange.request
        smaller = httpx.Request(request.method, request.url, headers=_headers(request), json=body)
        try:
            verify(gate, gate.send(smaller, exchange.operation), is_aimed=is_aimed)
        except Violation as violation:
            return violation.rule == rule
        return False

    smallest(exchange.sent, breaks)


def _headers(request: httpx.Request) -> dict[str, str]:
    return {name: value for name, value in request.headers.items() if name.lower() != "content-length"}


def _body_is_valid(exchange: Exchange) -> bool:
    name, content = exchange.operation.name, exchange.request.content
    if not has_body(name):
        return True
    return request_is_valid(name, content) if content else not needs_body(name)


def _is_open(gate: Gate, exchange: Exchange) -> bool:
    """Whether what the effective spec allows may be refused all the same."""
    name = exchange.operation.name
    if exchange.status == NOT_FOUND and gate.target.unknown(exchange.operation):
        return True
    if exchange.operation is LINK and exchange.sent["dataType"] not in DATA_TYPES:
        return True
    has_one = has_body(name) and bool(exchange.request.content)
    if not has_one:
        return False
    sent = exchange.sent
    return is_left_open(sent) or names_unknown_row(sent) or has_unknown_properties(name, sent)


def _is_decided(exchange: Exchange) -> bool:
    """Whether the pages say what becomes of it: what a body without a media type is, they leave open."""
    if not has_body(exchange.operation.name):
        return not exchange.request.content
    return str(exchange.request.headers.get("content-type", "")).partition(";")[0].strip() == "application/json"


def named(body: Json, gate: Gate) -> Json:
    """The body with new external ids: schemathesis mostly makes empty ones, and whether those are ids is left open."""
    if isinstance(body, dict):
        return {key: _id(key, value, gate) for key, value in body.items()}
    return [named(item, gate) for item in body] if isinstance(body, list) else body


def _id(key: str, value: Json, gate: Gate) -> Json:
    if key == "mergedFromExternalIds" and isinstance(value, list):
        return [gate.new_id() for _ in value]
    return gate.new_id() if key in IDS and isinstance(value, str) else named(value, gate)
