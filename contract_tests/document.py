"""The effective spec, as the gate reads it."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | float | bool | None"


@cache
def effective() -> dict[str, Any]:
    """The effective spec, as it ships beside the generated client."""
    document: dict[str, Any] = json.loads(files("siro_openapi").joinpath("openapi.json").read_text("utf-8"))
    return document


def enum(name: str) -> list[str]:
    """The values of a named enum."""
    values: list[str] = effective()["components"]["schemas"][name]["enum"]
    return values
