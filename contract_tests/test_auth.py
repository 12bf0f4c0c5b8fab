"""Who may call: 401 or 403 for anyone else, with a request that is valid but for its credentials."""

import base64
from collections.abc import Callable, Mapping, Sequence

import pytest

from contract_tests import bodies
from contract_tests.document import has_body
from contract_tests.each_operation import each_operation
from contract_tests.exchange import Exchange
from contract_tests.gate import NOT_FOUND, Gate
from contract_tests.judge import judge
from contract_tests.near import near_tokens
from contract_tests.operations import LINK, SYNC, Operation

Headers = Mapping[str, str]
Send = Callable[[Headers], None]

WRONG = "contract-test-wrong"
WORDS = ("*", "null", "undefined", "Bearer", "bearer", "Basic")
"""What a careless caller sends for want of a token."""
GUESSES = (
    *("constructor", "__proto__", "toString", "admin", "test", "demo", "token", "secret", "true", "0", "1"),
    # A JSON Web Token without a signature: {"alg":"none"}, {"sub":"1"}.
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
)
"""What a careless look-up finds something by, and what somebody left in for tests."""
LOCAL = ({"X-Forwarded-For": "127.0.0.1"}, {"X-Real-IP": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"})
"""What tells a careless server that a request comes from the inside."""


def token_of(gate: Gate, operation: Operation) -> str:
    return gate.target.variables[operation.token_variable]


def other_than(operation: Operation) -> Operation:
    """An operation that takes the other kind of token."""
    return SYNC if operation.header == LINK.header else LINK


@pytest.fixture
def send(gate: Gate, request: pytest.FixtureRequest) -> Callable[[Operation, str], Send]:
    """Send a request with given headers, which nobody may answer but with 401 or 403."""
    is_isolated = bodies.knows_rows(request)

    def sender(operation: Operation, rule: str) -> Send:
        body = bodies.smallest(gate, request, operation)

        def refused(headers: Headers) -> None:
            exchange = gate.put(operation, body, headers=headers)
            needed = (
                ["a row that is known"] if operation is LINK and not is_isolated else gate.target.unknown(operation)
            )
            if needed and exchange.is_refusal and exchange.status not in (401, 403):
                # Which of several faults is told first is left open.
                gate.record.not_checked[f"{operation.short}.auth.{rule}"] = f"not checked: needs {', '.join(needed)}"
                return
            check_unauthorized(gate, f"{operation.short}.auth.{rule}", exchange)

        return refused

    return sender


def check_unauthorized(gate: Gate, rule: str, exchange: Exchange) -> None:
    message = f"must be answered 401 or 403, and is answered {exchange.told}"
    gate.check(rule, exchange.status in (401, 403), message, exchange)


@pytest.mark.rejections
@each_operation("auth.required")
def test_a_token_is_required(gate: Gate, send: Callable[[Operation, str], Send], operation: Operation) -> None:
    # A scheme without a token; where the token stands alone, such a word is one, and a wrong one.
    values = ["", "Bearer", "bearer", "Basic"] if operation.scheme else [""]
    gate.each([{}, *({operation.header: value} for value in values), *LOCAL], send(operation, "required"))


@pytest.mark.rejections
@each_operation("auth.required")
def test_no_spelling_of_the_path_does_without_a_token(
    gate: Gate, request: pytest.FixtureRequest, operation: Operation
) -> None:
    """Whether another spelling leads anywhere is left open, and so is a redirect."""
    body = bodies.smallest(gate, request, operation)
    headers = {"Content-Type": "application/json"}

    def refused(spelling: str) -> None:
        unsent = gate.request(operation, body, headers=headers)
        path = unsent.url.path
        unsent.url = unsent.url.copy_with(path=spelling.format(path=path, upper=path.upper()))
        exchange = gate.send(unsent, operation)
        message = f"without a token {unsent.url.path} is answered {exchange.told}"
        gate.check(f"{operation.short}.auth.required", 300 <= exchange.status < 500, message, exchange)

    gate.each(("{path}/", "{upper}", "/{path}", "{path};x"), refused)


@pytest.mark.rejections
@each_operation("auth.wrong")
def test_a_wrong_token_opens_nothing(gate: Gate, send: Callable[[Operation, str], Send], operation: Operation) -> None:
    known = [*gate.target.recording_ids, gate.target.variables["SIRO_INTEGRATION_CONNECTION_ID"]]
    tokens = [WRONG, "' OR '1'='1", *near_tokens(token_of(gate, operation)), *GUESSES, *filter(None, known[-3:])]
    wrong = [operation.credentials(token) for token in [*tokens, *WORDS] if token not in gate.target.tokens]
    gate.each([*wrong, *({operation.header: word} for word in WORDS)], send(operation, "wrong"))


@pytest.mark.rejections
@each_operation("auth.kind")
def test_the_other_operations_token_opens_nothing(
    gate: Gate, send: Callable[[Operation, str], Send], operation: Operation
) -> None:
    other = other_than(operation)
    token = token_of(gate, other)
    if token == token_of(gate, operation):
        pytest.skip("not checked: needs tokens that differ")
    headers = [operation.credentials(token), {operation.header: token}, other.credentials(token)]
    gate.each(headers, send(operation, "kind"))


@pytest.mark.rejections
@each_operation("auth.place")
def test_a_token_elsewhere_opens_nothing(
    gate: Gate, send: Callable[[Operation, str], Send], operation: Operation
) -> None:
    gate.each(misplaced(operation, token_of(gate, operation)), send(operation, "place"))


def misplaced(operation: Operation, token: str) -> Sequence[Headers]:
    """Headers that carry a valid token, none of them in its place."""
    other = other_than(operation)
    basic = base64.b64encode(f"{token}:".encode()).decode()
    schemes = [
        "Basic {}",
        "Token {}",
        "Bearer: {}",
        "Bearer:{}",
        "Bearer{}",
        "Bearer Bearer {}",
        "ApiKey {}",
        "token={}",
    ]
    # A scheme is for the operation that has one; the other one's token stands alone.
    schemes += ["{}"] if operation.scheme else ["Bearer {}", "bearer {}"]
    headers = [{operation.header: scheme.replace("{}", token)} for scheme in schemes]
    headers += [{operation.header: f"Basic {basic}"}]
    elsewhere = ["X-API-Key", "X-Auth-Token", "X-Access-Token", "Api-Key", "Proxy-Authorization", "Siro-Auth-Token"]
    headers += [{name: token} for name in elsewhere] + [{"Proxy-Authorization": f"Bearer {token}"}]
    headers += [other.credentials(token), {other.header: token}, {other.header: f"Bearer {token}"}]
    headers += [{**other.credentials(token), **operation.credentials(WRONG)}]
    names = ["token", "access_token", "session", operation.header]
    return headers + [{"Cookie": f"{name}={token}"} for name in names]


@pytest.mark.rejections
@each_operation("auth.place")
def test_a_token_in_the_query_or_the_body_opens_nothing(
    gate: Gate, request: pytest.FixtureRequest, operation: Operation
) -> None:
    """Any 4xx will do: a server may refuse what it does not know in either before it asks who is calling."""
    rule, token = f"{operation.short}.auth.place", token_of(gate, operation)

    def in_query(name: str) -> None:
        unsent = gate.request(operation, bodies.smallest(gate, request, operation), headers={})
        unsent.url = unsent.url.copy_merge_params({name: token})
        exchange = gate.send(unsent, operation)
        judge(gate, exchange)
        gate.check(rule, exchange.is_refusal, f"must be refused, and is answered {exchange.told}", exchange)

    def in_body(name: str) -> None:
        gate.refuse(rule, operation, {**bodies.object_of(gate, request, operation), name: token}, headers={})

    names = ["token", "access_token", "accessToken", "api_key", "apiKey", "key", "auth", operation.header]
    gate.each(names, in_query)
    if has_body(operation.name):
        gate.each(names, in_body)


@each_operation("auth.lasting")
def test_auth_is_asked_for_again_after_a_good_request(
    gate: Gate, request: pytest.FixtureRequest, operation: Operation
) -> None:
    """The very request that was good is refused without its token: nothing remembers the caller, or the answer."""
    bodies.need_leave_to_store(request, operation)
    rule = f"{operation.short}.auth.lasting"
    refused = [
        {},
        operation.credentials(WRONG),
        operation.credentials(token_of(gate, operation) + "x"),
        other_than(operation).credentials(token_of(gate, other_than(operation))),
    ]

    def between_good_ones(headers: Headers) -> None:
        body = bodies.smallest(gate, request, operation)
        gate.put(operation, body)
        refused = gate.put(operation, body, headers=headers)
        if refused.status == NOT_FOUND and (needed := gate.target.unknown(operation)):
            gate.record.not_checked[rule] = f"not checked: needs {', '.join(needed)}"
            return
        check_unauthorized(gate, rule, refused)
        again = gate.put(operation, bodies.smallest(gate, request, operation))
        # Whatever else may be wrong with it, its token is not.
        message = f"a valid token after a wrong one is answered {again.told}"
        gate.check(rule, again.status not in (401, 403), message, again)

    gate.each(refused, between_good_ones)
