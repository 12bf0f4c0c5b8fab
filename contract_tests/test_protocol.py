"""What is no request of the operation: another method, another media type, a body that is no JSON object."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from contract_tests import bodies
from contract_tests.document import has_body, methods_of, needs_body
from contract_tests.each_operation import each_operation
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.operations import Operation

DEPTH = 200
"""Deep enough for a careless parser, and no deeper than what every careful one takes or refuses."""


def typed(gate: Gate, operation: Operation, media_type: str = "application/json") -> Mapping[str, str]:
    """The headers of a body that is given byte for byte."""
    return {**gate.target.credentials(operation), "Content-Type": media_type}


@pytest.mark.rejections
@each_operation("protocol.method")
def test_other_methods_do_not_succeed(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> None:
    body = bodies.smallest(gate, request, operation)
    others = [
        method for method in ("POST", "PATCH", "GET", "DELETE", "PUT") if method not in methods_of(operation.path)
    ]
    cases = [(method, sent) for method in others for sent in ((body, None) if body else (None,))]
    rule = f"{operation.short}.protocol.method"
    gate.each(cases, lambda case: gate.refuse(rule, operation, case[1], method=case[0]))


@pytest.mark.rejections
@each_operation("protocol.json")
def test_what_is_no_json_text_is_refused(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> None:
    text = json.dumps(bodies.object_of(gate, request, operation))
    headers = typed(gate, operation)
    rule = f"{operation.short}.protocol.json"
    cases = [*malformed(text), *no_utf8(text)]
    gate.each(cases, lambda content: gate.refuse(rule, operation, headers=headers, content=content))


def malformed(text: str) -> list[bytes]:
    """Texts that are near to the JSON text of an object, and are none."""
    inner = text[1:-1]
    name, _, rest = inner.partition(":")
    texts = [
        text[:-1],
        text[: len(text) // 2],
        text[1:],
        "{",
        inner,
        text.replace('"', "'"),
        "{" + name.strip('"') + ":" + rest + "}",
        f"{{{inner},}}",
        f"{{,{inner}}}",
        f"{{/* */{inner}}}",
        f"{text}// the end",
        f"# the start\n{text}",
        text.replace(":", "=", 1),
        text.replace(":", "", 1),
        text + text,
        f"{text}\n{text}",
        text + "}",
        text + ",",
        text + "x",
        text + "\0",
        "x" + text,
        ")]}',\n" + text,
        f"({text})",
        " \r\n\t",
        # In a property that nobody knows, and that may be ignored: what stands there is no JSON all the same.
        *(f'{{{inner}, "contractTest": {value}}}' for value in NO_VALUES),
    ]
    return [text.encode() for text in texts] + [b"[" * DEPTH, b'{"a":' * DEPTH, text[:-1].encode() + b"{" * DEPTH]


NO_VALUES = (
    *("undefined", "True", "None", "01", "+1", ".5", "1.", "0x10", "1_000", "'x'"),
    *('"\n"', '"\t"', r'"\x41"', r'"\u12"', '"', "[1,]", "[1 2]", "[,]", "{1: 2}"),
)
"""What other languages have as a value, and JSON has not. NaN and Infinity, which many a parser takes, are apart."""


def no_utf8(text: str) -> list[bytes]:
    """An object whose text has bytes that are no UTF-8, in the last string."""
    before, quote, after = text.encode().rpartition(b'"')
    broken = [b"\xff", b"\xc3", b"\xe9t\xe9", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82"]
    # In a property that nobody knows too: there, nothing else is wrong with the request.
    unknown = [text[:-1].encode() + b', "contractTest": "' + each + b'"}' for each in broken]
    return [*(before + each + quote + after for each in broken), *unknown]


@pytest.mark.rejections
@each_operation("protocol.body")
def test_a_body_that_is_no_object_is_refused(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> None:
    body = bodies.object_of(gate, request, operation)
    values: list[Any] = [[], "x", "", 5, 0, True, False, None, [body], [[body]], json.dumps(body), list(body)]
    nothing = [b""] if needs_body(operation.name) else []
    contents = [*nothing, *(json.dumps(value).encode() for value in values), b"[" * DEPTH + b"]" * DEPTH]
    headers, rule = typed(gate, operation), f"{operation.short}.protocol.body"
    gate.each(contents, lambda content: gate.refuse(rule, operation, headers=headers, content=content))
    if needs_body(operation.name):
        # Without a media type too, as a client sends it that has no body.
        gate.refuse(rule, operation)


@pytest.mark.rejections
@each_operation("protocol.media-type")
def test_another_media_type_is_refused(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> None:
    body = bodies.object_of(gate, request, operation)
    cases = [(media_type, json.dumps(body).encode()) for media_type in OTHER_TYPES]
    form = "&".join(f"{name}={value}" for name, value in body.items()).encode()
    cases += [("application/x-www-form-urlencoded", form), (MULTIPART, _multipart(body))]
    rule = f"{operation.short}.protocol.media-type"
    gate.each(
        cases, lambda case: gate.refuse(rule, operation, headers=typed(gate, operation, case[0]), content=case[1])
    )


MULTIPART = "multipart/form-data; boundary=contract-test"
OTHER_TYPES = (
    "text/plain",
    "text/plain; charset=utf-8",
    "text/json",
    "text/html",
    "application/x-www-form-urlencoded",
    "application/xml",
    "application/octet-stream",
    "application/x-json",
    "application/javascript",
    "image/png",
    MULTIPART,
)


def _multipart(body: Mapping[str, object]) -> bytes:
    parts = [
        f'--contract-test\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in body.items()
    ]
    return "".join([*parts, "--contract-test--\r\n"]).encode()


@each_operation("protocol.parameters")
def test_parameters_and_accept_do_not_matter(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> None:
    bodies.need_leave_to_store(request, operation)
    takes_body = has_body(operation.name)

    def put(headers: Mapping[str, str]) -> Exchange:
        if not takes_body:
            return gate.put(operation, headers={**gate.target.credentials(operation), **headers})
        content = json.dumps(bodies.object_of(gate, request, operation)).encode()
        return gate.put(operation, headers={**typed(gate, operation), **headers}, content=content)

    def accepted(headers: Mapping[str, str]) -> None:
        exchange = put(headers)
        # Where the plain request is refused too, the headers are not to blame.
        holds = exchange.is_success or not put({}).is_success
        message = f"must be accepted, as it is without these headers, and is answered {exchange.told}"
        gate.check(f"{operation.short}.protocol.parameters", holds, message, exchange)

    types = ["application/json; charset=utf-8", "application/json;charset=UTF-8"] if takes_body else []
    accepts = ["application/json", "*/*", "application/*", "application/json, text/plain;q=0.5", "text/html, */*;q=0.8"]
    gate.each([*({"Content-Type": each} for each in types), *({"Accept": each} for each in accepts)], accepted)


@each_operation("answer.server-error")
def test_what_is_left_open_is_answered(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> None:
    """Accepted or refused: each answer is judged by the rules of any answer."""
    bodies.need_leave_to_store(request, operation)
    if not has_body(operation.name):
        gate.put(operation, headers={**gate.target.credentials(operation), "Accept": "text/html"})
        return
    text = json.dumps(bodies.object_of(gate, request, operation)).encode()
    deep = text[:-1] + b', "contractTest": ' + b"[" * DEPTH + b"]" * DEPTH + b"}"
    unasked = {**typed(gate, operation), "Accept": "text/html"}
    cases = [
        (gate.target.credentials(operation), text),
        (typed(gate, operation, "application/json; charset=iso-8859-1"), text),
        (unasked, text),
        (typed(gate, operation), b"\xef\xbb\xbf" + text),
        (typed(gate, operation), deep),
        (typed(gate, operation), text[:-1] + b', "contractTest": 1e999}'),
        (typed(gate, operation), text[:-1] + b', "contractTest": ' + b"9" * DEPTH + b"}"),
        (typed(gate, operation), text[:-1] + b', "contractTest": NaN}'),
        (typed(gate, operation), text[:-1] + b', "contractTest": -Infinity}'),
        # RFC 8259 has UTF-8 alone, and parsers that know the others by their first bytes are in wide use.
        *((typed(gate, operation), text.decode().encode(encoding)) for encoding in ("utf-16", "utf-16-le", "utf-32")),
        (typed(gate, operation, "application/jsonx"), text),
        (typed(gate, operation), text[:-1] + b', "__proto__": {"contractTest": true}}'),
    ]
    gate.each(cases, lambda case: gate.put(operation, headers=case[0], content=case[1]))
