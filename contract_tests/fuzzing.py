"""Schemathesis, as the gate uses it: it makes cases and judges answers; sending, and tokens, are the gate's."""

import json
import tomllib
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import requests
import schemathesis
from hypothesis import settings
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.meta import TestPhase
from schemathesis.pytest import lazy

from contract_tests.document import effective
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.operations import OPERATIONS, Operation
from contract_tests.profiles import PROFILES

Case = Any
"""A case of schemathesis."""

_OF_THE_WIRE = {"content-encoding", "content-length", "transfer-encoding"}
"""Headers that are about the bytes on the wire, which the content of an exchange is decoded from."""


@cache
def _schema() -> Any:
    document = json.loads(json.dumps(effective()))
    for path_item in document["paths"].values():
        for operation in path_item.values():
            if "operationId" in operation:
                operation["security"] = []
    untyped: Any = SchemathesisConfig
    told = tomllib.loads(Path(__file__).with_name("schemathesis.toml").read_text("utf-8"))
    # Its cases are as many as a quick run should have in all, and take half of its time: walk.py's are sharper.
    told["phases"]["coverage"]["enabled"] = settings().max_examples > PROFILES["quick"].examples
    config = untyped.from_dict(told)
    return schemathesis.openapi.from_dict(document, config=config)


def run(operation: Operation, test: Callable[[Case], None]) -> None:
    """Run a test with cases of an operation, in all phases.

    They are made here, and not by `@schema.parametrize()` while pytest collects: that takes longer than all else that
    a run does before its first request.
    """
    load_all_checks()
    schema = _schema().include(operation_id=operation.name)
    # The profile's number of examples, which schemathesis would otherwise replace by its own.
    cases = settings(max_examples=settings().max_examples)
    untyped: Any = lazy
    [made] = untyped.get_all_tests(schema=schema, test_func=test, settings=cases, given_kwargs={})
    made.ok()[1]()


def bodies(operation: Operation) -> SearchStrategy[dict[str, Any]]:
    """A strategy of bodies that the effective spec allows."""
    described = _schema()[operation.path][operation.method]
    cases: SearchStrategy[Case] = described.as_strategy(generation_mode=GenerationMode.POSITIVE)
    return cases.map(lambda case: case.body)


def operation_of(case: Case) -> Operation:
    """The operation that a case is of."""
    return OPERATIONS[case.operation.definition.raw["operationId"]]


def is_positive(case: Case) -> bool:
    """Whether the case is one that the effective spec allows."""
    return bool(case.meta.generation.mode.is_positive)


def is_shrunk(case: Case) -> bool:
    """Whether Hypothesis makes a failing case smaller; the coverage phase's are explicit examples, which it keeps."""
    return case.meta.phase.name is not TestPhase.COVERAGE


def send(case: Case, gate: Gate) -> tuple[Exchange, httpx.Response]:
    """Send a case as schemathesis would; the answer as the gate and as schemathesis read it."""
    operation = operation_of(case)
    prepared: Any = requests.Request(**case.as_transport_kwargs(base_url=gate.target.url(operation))).prepare()
    sent = {**dict(prepared.headers), **gate.target.credentials(operation)}
    request = httpx.Request(prepared.method, prepared.url, headers=sent, content=prepared.body)
    exchange = gate.send(request, operation)
    headers = {name: value for name, value in exchange.headers.items() if name.lower() not in _OF_THE_WIRE}
    response = httpx.Response(exchange.status, headers=headers, content=exchange.content, request=request)
    response.elapsed = timedelta(seconds=exchange.seconds)
    return exchange, response
