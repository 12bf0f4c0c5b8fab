"""What the tables of auth share."""

from collections.abc import Callable

from contract_tests.faults._plant import Call, Fault, Plant, alter
from contract_tests.faults._probes import Probe, link, sync

ROW = {"dataType": "ENGAGEMENT", "id": "@0.id"}


def admits(operation: str, when: Callable[[Call], bool]) -> Plant:
    """Let a request in as if it had the token."""
    return alter(operation, lambda call, ask: ask(call.signed() if when(call) else call))


def valid(call: Call) -> str:
    owner = call.siro.organization
    return owner.user_token if call.operation == "link" else owner.organization_token


def both_schemes(operation: str, scheme: str) -> Plant:
    def when(call: Call) -> bool:
        given = call.header("authorization") or ""
        return given.lower() == f"{scheme} {valid(call)}".strip().lower()

    return admits(operation, when)


def fault(name: str, says: str, rule: str, plant: Plant, *, more: tuple[str, ...] = (), **wire: object) -> Fault:
    """A fault of one operation, shown by one request after a good one."""
    operation = name.partition("-")[0]
    rules = tuple(f"{operation}.{part}" for part in (rule, *more))
    shown = Probe("sync", {"externalId": "e-1"}, **wire) if operation == "sync" else link(ROW, **wire)  # type: ignore[arg-type]
    return Fault(name, says, rules, plant, (sync(), shown))
