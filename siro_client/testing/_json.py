"""JSON as Python types, and the one way in which the local Siro writes it down."""

import json
from typing import TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
JsonObject: TypeAlias = dict[str, Json]


def dump(value: Json) -> str:
    """Write JSON text with every character as itself.

    Raises:
        ValueError: `value` holds a number that is no JSON, such as infinity.

    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
