"""What the tables of protocol share."""

import json
from typing import Any

from contract_tests.faults._edits import answers, is_list, is_text
from contract_tests.faults._plant import Plant, error
from contract_tests.faults._probes import to

ROW = to("e-1")


def unwrapped(body: bytes) -> bytes:
    try:
        value: Any = json.loads(body)
    except ValueError:
        return body
    if is_list(value) and len(value) == 1:
        return json.dumps(value[0]).encode()
    return value.encode() if is_text(value) else body


def crash_on(status: int, operation: str) -> Plant:
    crash = error(500, "Internal Server Error")
    return answers(operation, lambda _: crash, when=lambda answer: answer.status == status)
