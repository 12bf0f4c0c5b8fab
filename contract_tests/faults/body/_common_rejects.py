"""What the tables of rejects share."""

from typing import Any

from contract_tests.faults._probes import Probe, sync

ACCEPTS = ("sync.body.accepts",)


TEXT = ("sync.body.accepts", "sync.answer.text")


def subject(text: str) -> tuple[Probe, ...]:
    return (sync({"subject": text}),)


def account_with(**account: Any) -> tuple[Probe, ...]:
    return (sync({"account": account}),)
