"""What the tables of accepts share."""

from typing import Any

from contract_tests.faults._edits import (
    Edit,
    Test,
    at,
    before,
    is_text,
    replaced,
)
from contract_tests.faults._plant import Plant

INSTANT = "2026-01-01T00:00:00Z"


def when(path: str, test: Test, value: Any) -> Plant:
    return before("sync", replaced(path, test, value))


def turned(path: str, test: Test, change: Edit) -> Plant:
    return before("sync", at(path, lambda value: change(value) if test(value) else value))


def upper(value: Any) -> Any:
    return value.upper() if is_text(value) else value


def trimmed(value: Any) -> Any:
    return value.strip() if is_text(value) else value


REQUIRED, TYPE, NULL, ENUM, FORMAT = (
    (f"sync.body.{kind}", "sync.body.fuzz") for kind in ("required", "type", "null", "enum", "format")
)
