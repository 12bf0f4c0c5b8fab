"""Schemas of the effective spec without the indirections that it writes them with."""

from typing import Any, TypeAlias

from contract_tests.document import resolve
from contract_tests.values import WRONG_TYPES

Schema: TypeAlias = dict[str, Any]


def flat(schema: Schema) -> Schema:
    """What a `$ref`, or the one schema of an `allOf`, leads to, with what is said beside it.

    Raises:
        NotImplementedError: the schema has none of the types that the gate has wrong values for.

    """
    schema = resolve(schema)
    if "allOf" in schema:
        (inner,) = schema["allOf"]
        schema = {**flat(inner), **schema}
    if schema.get("type") not in WRONG_TYPES:
        raise NotImplementedError(f"the gate knows no schema like {schema}: teach shapes.py")
    return schema


def variants(schema: Schema) -> list[Schema]:
    """The schema without `oneOf`: once for each of its variants, with what is said beside them.

    What only some variants require is the choice between them. A sentence of the page decides that, and a test of its
    own checks it; `demanded` has what all of them require.
    """
    if "oneOf" not in schema:
        return [flat(schema)]
    chosen = [flat(variant) for variant in schema["oneOf"]]
    demanded = [name for name in chosen[0]["required"] if all(name in variant["required"] for variant in chosen)]
    beside = schema.get("properties", {})
    return [{**each, "properties": {**beside, **each["properties"]}, "demanded": demanded} for each in chosen]
