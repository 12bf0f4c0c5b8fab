"""Bodies that tests were written with, when a page has come to require more since."""

from collections.abc import Callable
from functools import cache
from typing import Any

from contract_tests.coverage import of_body
from contract_tests.document import Json, body_schema
from contract_tests.operations import Operation
from contract_tests.sample import Sample, members
from contract_tests.shapes import Schema, variants

SPOKEN_OF = frozenset(
    {
        *("externalId", "dataType", "id", "integrationConnectionId", "name", "activityType"),
        *("country", "street", "city", "state", "zip"),
    }
)
"""The required properties that tests give, or leave out on purpose. What else is required has come since."""


def completed(operation: Operation, body: Any, new_id: Callable[[], str]) -> Any:
    """The body that a test was written with, with what the effective spec has come to require since, at any depth."""
    if not _asks_more(operation):
        return body
    return _completed(body_schema(operation.name), body, Sample(new_id))


@cache
def _asks_more(operation: Operation) -> bool:
    required = [each.pointer.rpartition("/")[2] for each in of_body(operation) if each.keyword == "required"]
    return not operation.is_added and not SPOKEN_OF.issuperset(required)


def _completed(schema: Schema, value: Json, sample: Sample) -> Json:
    if isinstance(value, list):
        items = variants(schema)[0].get("items", {})
        return [_completed(items, item, sample) for item in value]
    if not isinstance(value, dict):
        return value
    # Of a union, the variant that was meant.
    meant = max(variants(schema), key=lambda each: len(value.keys() & set(each.get("required", ()))))
    children = members(meant)
    whole = {
        name: _completed(children[name], inner, sample) if name in children else inner for name, inner in value.items()
    }
    missing = [name for name in meant.get("required", ()) if name not in whole and name not in SPOKEN_OF]
    return {**whole, **{name: sample.of(children.get(name, {}), name) for name in missing}}
