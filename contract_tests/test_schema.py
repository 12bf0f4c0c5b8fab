"""Schemathesis drives both operations from the effective spec: positive and negative data, in all its phases."""

from contract_tests import fuzzing
from contract_tests.fuzzing import Case
from contract_tests.leeway import is_left_open
from contract_tests.rows import Row
from contract_tests.target import LINK, Target

EXAMPLES = 100


@fuzzing.every_operation_but(LINK, max_examples=EXAMPLES)
def test_schema(case: Case, target: Target) -> None:
    check(case, target)


@fuzzing.only(LINK, max_examples=EXAMPLES)
def test_link_schema(case: Case, target: Target, rows: dict[str, Row]) -> None:
    aim(case, target, rows)
    check(case, target)


def check(case: Case, target: Target) -> None:
    response = fuzzing.send(case, target)
    case.validate_response(response)
    if fuzzing.is_positive(case) and not is_left_open(case.body):
        assert response.status_code == 200, f"what the spec allows is refused: {response.status_code} {response.text}"


def aim(case: Case, target: Target, rows: dict[str, Row]) -> None:
    """Let a valid link name a recording and a row that exist: else the answer is 404, which shows little."""
    case.path_parameters = {"id": target.recording_ids[0]}
    if fuzzing.is_positive(case):
        row = rows[case.body["dataType"]]
        by_external_id = {"externalId": row.external_id, "integrationConnectionId": target.connection}
        case.body = {**case.body, **({"id": row.id} if "id" in case.body else by_external_id)}
