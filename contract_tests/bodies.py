"""Valid bodies of each operation, as far as a run can have them."""

import pytest

from contract_tests.document import has_body
from contract_tests.gate import PREFIX, Gate
from contract_tests.operations import LINK, Operation
from contract_tests.parameter_walk import ParameterWalk
from contract_tests.profiles import PROFILES
from contract_tests.rows import Row
from contract_tests.walk import Body, Filling, Walk

UNKNOWN = f"{PREFIX}unknown"


def knows_rows(request: pytest.FixtureRequest) -> bool:
    """Whether there are rows to link to: with --rejections-only nothing is synced."""
    return not request.config.getoption("--rejections-only")


def is_exhaustive(request: pytest.FixtureRequest) -> bool:
    """Whether tables are run through whole."""
    return PROFILES[str(request.config.getoption("--profile"))].exhaustive


def filling(request: pytest.FixtureRequest, operation: Operation) -> Filling:
    """What valid bodies of an operation take from elsewhere: a link points at a row that exists.

    Where there is none it points at an unknown row: it is refused anyhow then, so a refusal shows less.
    """
    if operation is not LINK:
        return Filling()
    rows: dict[str, Row] = request.getfixturevalue("rows") if knows_rows(request) else {}

    def fill(body: Body) -> Body:
        data_type = str(body["dataType"])
        row = rows.get(data_type, Row(data_type, UNKNOWN, UNKNOWN, UNKNOWN))
        known: Body = {**row.by_id, **row.by_external_id}
        return {name: known.get(name, value) for name, value in body.items()}

    return Filling(frozenset({"id", "externalId", "integrationConnectionId"}), fill)


def walk(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> Walk:
    """The cases of an operation's body."""
    return Walk(operation.name, gate.new_id, filling(request, operation))


def smallest(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> Body | None:
    """A valid body with nothing but what is required; None for an operation that takes none."""
    return walk(gate, request, operation).smallest()[0] if has_body(operation.name) else None


def object_of(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> Body:
    """That of an operation that takes a body, which is never empty: there would be little in it to get wrong."""
    cases = walk(gate, request, operation)
    smallest = cases.smallest()[0]
    return smallest or next(case.body for case in cases.accepted() if case.body and case.kind == "accepts")


def parameters(gate: Gate, operation: Operation) -> ParameterWalk:
    """The cases of an operation's parameters."""
    return ParameterWalk(operation, gate.new_id, gate.target.known(operation))


def need_leave_to_store(request: pytest.FixtureRequest, operation: Operation) -> None:
    """Skip what an added operation would store in a real organization, where nobody knows how to take it away again."""
    if operation.is_added and not operation.is_reading and request.config.getoption("--live"):
        pytest.skip(f"not checked: needs a target of nobody's, since {operation.name} may store for good")
