"""Schemathesis, as the gate uses it: it makes cases and judges answers; sending, and tokens, are the target's."""

import json
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

import httpx
import requests
import schemathesis
from hypothesis import settings
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from contract_tests.document import effective
from contract_tests.target import OPERATIONS, Operation, Target

Test = Callable[..., None]
Case = Any
"""A case of schemathesis."""


@cache
def _schema() -> Any:
    document = json.loads(json.dumps(effective()))
    for path_item in document["paths"].values():
        for operation in path_item.values():
            if "operationId" in operation:
                operation["security"] = []
    untyped: Any = SchemathesisConfig
    config = untyped.from_dict(tomllib.loads(Path(__file__).with_name("schemathesis.toml").read_text("utf-8")))
    return schemathesis.openapi.from_dict(document, config=config)


def every_operation_but(*operations: Operation, max_examples: int) -> Callable[[Test], Test]:
    """Run a test with cases of every operation of the effective spec but the given ones, new operations included."""
    return _parametrized(_schema().exclude(operation_id=[operation.name for operation in operations]), max_examples)


def only(operation: Operation, max_examples: int) -> Callable[[Test], Test]:
    """Run a test with cases of one operation."""
    return _parametrized(_schema().include(operation_id=operation.name), max_examples)


def _parametrized(schema: Any, max_examples: int) -> Callable[[Test], Test]:
    return lambda test: cast("Test", schema.parametrize()(settings(max_examples=max_examples)(test)))


def bodies(operation: Operation) -> SearchStrategy[dict[str, Any]]:
    """A strategy of bodies that the effective spec allows."""
    described = _schema()[operation.path]["PUT"]
    cases: SearchStrategy[Case] = described.as_strategy(generation_mode=GenerationMode.POSITIVE)
    return cases.map(lambda case: case.body)


def operation_of(case: Case) -> Operation:
    """The operation that a case is of."""
    return OPERATIONS[case.operation.definition.raw["operationId"]]


def is_positive(case: Case) -> bool:
    """Whether the case is one that the effective spec allows."""
    return bool(case.meta.generation.mode.is_positive)


def send(case: Case, target: Target) -> httpx.Response:
    """Send a case as schemathesis would."""
    operation = operation_of(case)
    prepared: Any = requests.Request(**case.as_transport_kwargs(base_url=target.url(operation))).prepare()
    request = httpx.Request(prepared.method, prepared.url, headers=dict(prepared.headers), content=prepared.body)
    return target.send_request(operation, request)
