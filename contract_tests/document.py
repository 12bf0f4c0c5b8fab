"""The effective spec as the gate reads it."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from contract_tests.target import Operation


@cache
def effective() -> dict[str, Any]:
    """The effective spec, as it ships beside the generated client."""
    return json.loads(files("siro_openapi").joinpath("openapi.json").read_text("utf-8"))


def enum(name: str) -> list[str]:
    """The values of a named enum."""
    return effective()["components"]["schemas"][name]["enum"]


@cache
def schema() -> Any:
    """The effective spec for schemathesis, which is left to know nothing of tokens."""
    document = json.loads(json.dumps(effective()))
    for path_item in document["paths"].values():
        path_item["put"]["security"] = []
    config = SchemathesisConfig.from_path(Path(__file__).with_name("schemathesis.toml"))
    return schemathesis.openapi.from_dict(document, config=config)


def bodies(operation: Operation) -> Any:
    """A Hypothesis strategy of bodies that the effective spec allows."""
    described = schema()[operation.path]["PUT"]
    return described.as_strategy(generation_mode=GenerationMode.POSITIVE).map(lambda case: case.body)
