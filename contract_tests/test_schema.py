"""Schemathesis drives both operations from the effective spec: positive and negative data, in all its phases."""

from typing import Any

import httpx
import pytest
import requests
from hypothesis import settings

from contract_tests.document import schema
from contract_tests.leeway import is_left_open
from contract_tests.rows import Row
from contract_tests.target import LINK, OPERATIONS, Operation, Target


EXAMPLES = settings(max_examples=100)


@schema().exclude(operation_id=LINK.name).parametrize()
@EXAMPLES
def test_schema(case: Any, target: Target) -> None:
    _check(case, target, OPERATIONS[case.operation.definition.raw["operationId"]])


@schema().include(operation_id=LINK.name).parametrize()
@EXAMPLES
def test_link_schema(case: Any, target: Target, rows: dict[str, Row]) -> None:
    _aim(case, target, rows)
    _check(case, target, LINK)


def _check(case: Any, target: Target, operation: Operation) -> None:
    prepared = requests.Request(**case.as_transport_kwargs(base_url=target.url(operation))).prepare()
    request = httpx.Request(prepared.method, prepared.url, headers=dict(prepared.headers), content=prepared.body)
    response = target.send_request(operation, request)
    case.validate_response(response)
    if _is_positive(case) and not is_left_open(case.body):
        assert response.status_code == 200, f"what the spec allows is refused: {response.status_code} {response.text}"


def _aim(case: Any, target: Target, rows: dict[str, Row]) -> None:
    """Let a valid link name a recording and a row that exist: else the answer is 404, which shows little."""
    case.path_parameters = {"id": target.recording_ids[0]}
    if _is_positive(case):
        row = rows[case.body["dataType"]]
        ids = (
            {"id": row.id}
            if "id" in case.body
            else {
                "externalId": row.external_id,
                "integrationConnectionId": target.connection,
            }
        )
        case.body = {**case.body, **ids}


def _is_positive(case: Any) -> bool:
    return bool(case.meta.generation.mode.is_positive)
