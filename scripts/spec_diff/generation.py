"""Bodies by generation, for where the values that were thought of show nothing."""

import json
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from scripts.layout import Json
from scripts.spec_diff.json_schema import JsonSchema

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_CASES = 300


def find(schema: JsonSchema, shows: Callable[[Json], bool]) -> tuple[Json] | None:
    """A small value of a schema that shows something, the same in every run; None if none of some hundred does."""
    # Imported here: they take longer than comparing does, and most reports need neither.
    import hypothesis  # noqa: PLC0415
    import schemathesis  # noqa: PLC0415
    from hypothesis.errors import HypothesisException  # noqa: PLC0415

    document: Any = schemathesis.openapi.from_dict(_document(schema))
    cases: SearchStrategy[Any] = document["/"]["POST"].as_strategy()
    values = cases.map(_body)
    check = hypothesis.HealthCheck
    quiet = hypothesis.settings(
        max_examples=_CASES,
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=[check.too_slow, check.data_too_large, check.filter_too_much, check.large_base_example],
    )
    seeded = random.Random(0)  # noqa: S311 - no secret: the same value in every run
    try:
        found = hypothesis.find(
            values, lambda value: _is_json(value) and shows(cast("Json", value)), settings=quiet, random=seeded
        )
    except (HypothesisException, schemathesis.errors.SchemathesisError):
        return None
    return (cast("Json", found),)


def _body(case: Any) -> Any:
    return case.body


def _is_json(value: object) -> bool:
    return value is None or isinstance(value, (dict, list, str, int, float))


def _document(schema: JsonSchema) -> dict[str, Any]:
    """An OpenAPI 3.1 document whose one body is of that schema: 3.1 takes JSON Schema as it is."""
    whole = json.loads(json.dumps(schema.whole).replace('"#/$defs/', '"#/components/schemas/'))
    definitions = whole.pop("$defs")
    body = {"required": True, "content": {"application/json": {"schema": whole}}}
    operation = {"requestBody": body, "responses": {"200": {"description": "Any"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "One body", "version": "1"},
        "paths": {"/": {"post": operation}},
        "components": {"schemas": definitions},
    }
