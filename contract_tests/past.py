"""Bodies that a page once allowed and does not any more: `specs/once_allowed.json`, which `make update` writes.

What is taken away leaves nothing in the spec that a case could be made from, such as a value that an enum does not list
any more. So the witness that the comparison of the two pages found is kept.
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from contract_tests.document import has_body, request_validator
from contract_tests.operations import Operation
from contract_tests.walk import Body

FILE = Path(__file__).resolve().parents[1] / "specs" / "once_allowed.json"


class Past(NamedTuple):
    """A body that must be refused by now."""

    pointer: str
    """What changed, in the page of then."""
    body: Body


@cache
def of(operation: Operation) -> tuple[Past, ...]:
    """Those of an operation; what a page has come to allow again is left out."""
    if not FILE.exists() or not has_body(operation.name):
        return ()
    entries = json.loads(FILE.read_text("utf-8"))
    mine = [each for each in entries if each["operation"] == f"{operation.method} {operation.path}"]
    validator = request_validator(operation.name)
    return tuple(Past(each["pointer"], each["body"]) for each in mine if not validator.is_valid(each["body"]))
