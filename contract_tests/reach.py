"""Whether a run against a target could mean anything: asked before the first test, answered in one line."""

import ipaddress
from urllib.parse import urlsplit

import httpx

from contract_tests.gate import Gate
from contract_tests.operations import CHECKABLE


def obstacle(gate: Gate, *, live: bool) -> str | None:
    """What keeps the run from judging the target, and what to set; None if nothing does."""
    target = gate.target
    needed = [name for operation in CHECKABLE.values() for name in (operation.url_variable, operation.token_variable)]
    if missing := target.missing(*dict.fromkeys(needed)):
        return f"set {', '.join(missing)} too, or none of the URLs for the local Siro"
    for operation in CHECKABLE.values():
        url = target.url(operation)
        if not live and not _is_loopback(urlsplit(url).hostname or ""):
            return f"{url} is not loopback, and the gate writes to it: say --live to allow that"
    # Of an added operation it is not known what stores nothing.
    for operation in (each for each in CHECKABLE.values() if each.is_reading or not each.is_added):
        url = target.url(operation)
        try:
            response = target.client.send(
                gate.request(operation, None if operation.is_reading else {}, recording="contract-test", as_is=True)
            )
        except httpx.TransportError as error:
            return f"{url} cannot be reached ({error}); check {operation.url_variable}"
        if response.status_code in (401, 403):
            return f"{url} refuses the token; check {operation.token_variable}"
    return None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
