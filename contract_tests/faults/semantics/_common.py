"""What the faults of what comes back share."""

from collections.abc import Callable

from contract_tests.faults._edits import after, text
from contract_tests.faults._plant import Object, Plant


def told(to: Callable[[str], str], *names: str) -> Plant:
    return after("sync", text(*(names or ("subject", "content")), to=to))


def swapped(data: Object, first: str, second: str) -> Object:
    if first not in data or second not in data:
        return data
    return {**data, first: data[second], second: data[first]}


def numeric(value: str) -> str:
    return str(int(value)) if value.isdecimal() else value
