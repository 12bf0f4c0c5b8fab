"""What the tables of state share."""

from typing import Any

from contract_tests.faults._plant import Call
from contract_tests.faults._probes import Probe, link, sync, to

NULL = ("sync.upsert.null",)


TWICE = (sync({"subject": "a"}), sync({"subject": "b"}))


E2 = {"externalId": "e-2"}


def key_of(call: Call, *more: Any) -> str:
    return repr((call.organization.id, call.sent.get("externalId"), *more))


def link_pair(second: Any) -> tuple[Probe, ...]:
    return (sync(), sync(E2), link(to("e-1")), link(second), sync())
