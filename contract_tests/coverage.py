"""Which constraints of requests the gate has cases for: `python -m contract_tests.coverage [--json]`.

One a line: the operation, the JSON pointer into the effective spec (references written out, and the branches of a union
taken for one, so that it reads as in a page), and the keyword that a case breaks. It is made from the spec alone, so
what a page adds stands here with no code written.
"""

import argparse
import json
import sys
from functools import cache

from contract_tests import past
from contract_tests.document import has_body
from contract_tests.operations import OPERATIONS, Operation
from contract_tests.parameter_walk import ParameterWalk
from contract_tests.walk import Constraint, Walk


@cache
def of_body(operation: Operation) -> tuple[Constraint, ...]:
    """What the effective spec demands of the body of an operation.

    Raises:
        NotImplementedError: there is a keyword that no case is known for.

    """
    return tuple(Walk(operation.name, _id).constraints()) if has_body(operation.name) else ()


@cache
def of_parameters(operation: Operation) -> tuple[Constraint, ...]:
    """What the effective spec demands of the parameters of an operation.

    Raises:
        NotImplementedError: there is a keyword that no case is known for.

    """
    return tuple(ParameterWalk(operation, _id).constraints())


def of_the_past(operation: Operation) -> list[Constraint]:
    """What an operation was once allowed to be sent."""
    return [Constraint(each.pointer, "once-allowed") for each in past.of(operation)]


def _id() -> str:
    return "id"


def main() -> int:
    """List them; 1 and one line if the effective spec has what no case is known for."""
    parser = argparse.ArgumentParser(prog="python -m contract_tests.coverage", description=__doc__)
    parser.add_argument("--json", action="store_true", help="as JSON: a list of operation, pointer and constraint")
    arguments = parser.parse_args()
    try:
        found = [
            {"operation": operation.name, "pointer": each.pointer, "constraint": each.keyword}
            for operation in OPERATIONS.values()
            for each in (*of_parameters(operation), *of_body(operation), *of_the_past(operation))
        ]
    except NotImplementedError as error:
        sys.stderr.write(f"coverage: {error}\n")
        return 1
    lines = [f"{each['operation']} {each['pointer']} {each['constraint']}" for each in found]
    sys.stdout.write((json.dumps(found, indent=1) if arguments.json else "\n".join(lines)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
