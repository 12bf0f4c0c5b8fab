"""Both operations in any order, against a model of what is stored."""

from typing import Any, cast

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from contract_tests.echo import Echo
from contract_tests.gate import Gate, Violation
from contract_tests.model import TEXTS, Model
from contract_tests.operations import LINK, NESTED, SYNC
from contract_tests.target import OTHER

MEANS = ("SIRO_RECORDING_IDS", "SIRO_INTEGRATION_CONNECTION_ID")
FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("sync.body.type", {"remoteCreatedAt": 5}),
    ("sync.body.required", {"engagementUsers": [{}]}),
    ("sync.body.format", {"deletedAt": "no date"}),
    ("sync.auth.required", {}),
]
UNAUTHORIZED = {"Content-Type": "application/json"}

Said = dict[str, bool]
Chosen = tuple[int, bool] | None
Related = dict[str, Chosen]

# Everything is few, so that steps meet: rows that are used once show nothing of each other.
engagements = st.integers(0, 1)
# What a sync says of a text: left out, null (False), or a new one.
said = st.dictionaries(st.sampled_from(TEXTS), st.booleans(), max_size=2)
# The number of a row, and whether its name comes along; None for null.
CHOICES: list[Chosen] = [(0, False), (1, False), (0, True), (1, True), None]
rows = st.sampled_from(CHOICES)
nested = st.sampled_from(["account", "account", "opportunity", "contact", "lead"])
both = st.fixed_dictionaries({"account": rows, "opportunity": rows})
related = st.dictionaries(nested, rows, max_size=1) | both


class Operations(RuleBasedStateMachine):
    """Steps that a person's systems may take, and some that Siro must refuse."""

    def __init__(self, echo: Echo) -> None:
        super().__init__()
        self.gate = echo.gate
        self.model = Model(echo)
        self.count = 0
        self.pools: dict[str, list[str]] = {}

    @initialize()
    def choose_external_ids(self) -> None:
        self.pools = {name: [self.gate.new_id(name) for _ in range(2)] for name in NESTED}
        self.pools["engagement"] = [self.gate.new_id() for _ in range(3)]
        for number in range(2):
            self.introduce(dict.fromkeys(NESTED, (number, True)))

    def introduce(self, chosen: Related) -> None:
        """Sync rows with data, before they are referred to by an external id alone, with an engagement of no other use.

        Whether an external id alone makes a row is left open.
        """
        rows = {name: self.row(name, each) for name, each in chosen.items()}
        self.model.sync({"externalId": self.gate.new_id("rows"), **rows})

    def text(self, name: str) -> str:
        """A text that was never sent before, so that whose it is can be told."""
        self.count += 1
        if name == "startTimeLocalized":
            return f"2026-01-{self.count % 28 + 1:02}T{self.count // 28 % 24:02}:{self.count // 672 % 60:02}:00"
        return ("INBOUND", "OUTBOUND")[self.count % 2] if name == "direction" else f"{name} {self.count}"

    def row(self, name: str, chosen: Chosen) -> dict[str, Any] | None:
        """A nested row from the pool."""
        if chosen is None:
            return None
        row = {"externalId": self.pools[name][chosen[0]]}
        if not chosen[1]:
            return row
        return {**row, "firstName" if name == "lead" else "name": self.text("name")}

    def body(self, number: int, said: Said, related: Related) -> dict[str, Any]:
        """A body of a sync."""
        texts = {name: self.text(name) if is_text else None for name, is_text in said.items()}
        nested = {name: self.row(name, chosen) for name, chosen in related.items()}
        return {"externalId": self.pools["engagement"][number], **texts, **nested}

    @rule(number=engagements, said=said, related=related)
    def sync(self, number: int, said: Said, related: Related) -> None:
        self.model.sync(self.body(number, said, related))

    @rule(number=engagements)
    def sync_nothing(self, number: int) -> None:
        self.model.sync(self.body(number, {}, {}))

    @rule(account=rows)
    def sync_contact_with_account(self, account: Chosen) -> None:
        # Whether the account of its contact is an engagement's too is left open: this one has no other.
        external_id = self.pools["engagement"][2]
        contact = {"externalId": external_id, "name": self.text("name"), "account": self.row("account", account)}
        self.model.sync({"externalId": external_id, "contact": contact})

    @rule(number=engagements, row=rows)
    def change_account(self, number: int, row: Chosen) -> None:
        self.model.sync(self.body(number, {}, {"account": row}))

    @rule(name=st.sampled_from(["account", "account", "contact", "lead"]), engagement=engagements, to=st.booleans())
    def merge(self, name: str, engagement: int, to: bool) -> None:
        gone, survivor = self.pools[name]
        # What a merge with a row that is not there does is left open, and there is a reference to be moved.
        self.model.sync({"externalId": self.pools["engagement"][engagement], name: {"externalId": gone}})
        row: dict[str, Any] = {"externalId": gone, "mergedToExternalId": survivor}
        if not to:
            row = {"externalId": survivor, "mergedFromExternalIds": [gone]}
        # So is what becomes of the merged row: it is sent no more.
        self.pools[name] = [survivor, self.gate.new_id(name)]
        self.model.merge({"externalId": self.gate.new_id("merge"), name: row})
        self.introduce({name: (1, True)})

    @rule(chosen=st.integers(0, 30), recording=engagements, by_id=st.booleans())
    def link(self, chosen: int, recording: int, by_id: bool) -> None:
        known = self.model.rows()
        if not known or self.gate.target.missing(*MEANS):
            return
        first, *others = self.gate.target.recording_ids
        key = known[chosen % len(known)]
        if key[0] != "ENGAGEMENT":
            # Apart: whether it clears the link to an engagement is left open ("as needed").
            self.model.link(key, first, by_id=by_id)
        elif others:
            self.model.link(key, others[-1 - recording % len(others)], by_id=by_id)

    @rule(number=engagements, said=said, related=related, fault=st.sampled_from(FAULTS))
    def sync_refused(
        self,
        number: int,
        said: Said,
        related: Related,
        fault: tuple[str, dict[str, Any]],
    ) -> None:
        name, broken = fault
        body = {**self.body(number, said, related), **broken}
        how = {} if broken else {"headers": UNAUTHORIZED}
        self.model.stranger("sync.upsert.refused", self.gate.refuse(name, SYNC, body, **how))

    @rule(number=engagements, said=said, related=related)
    def sync_as_another_organization(self, number: int, said: Said, related: Related) -> None:
        if not self.gate.target.missing(*OTHER):
            body = self.body(number, said, related)
            exchange = self.gate.accept("sync.body.accepts", SYNC, body, other=True)
            self.model.stranger("sync.upsert.isolation", exchange)

    @rule(chosen=st.integers(0, 30), kind=st.sampled_from(["both", "neither", "connection", "unknown", "auth"]))
    def link_refused(self, chosen: int, kind: str) -> None:
        known = self.model.rows()
        if not known or self.gate.target.missing(*MEANS):
            return
        data_type, external_id = known[chosen % len(known)]
        reference = {"externalId": external_id, "integrationConnectionId": self.gate.target.connection}
        body, name = {
            "both": ({**reference, "id": "any"}, "link.target.both"),
            "neither": ({}, "link.target.neither"),
            "connection": ({"externalId": external_id}, "link.target.connection"),
            "unknown": ({**reference, "externalId": self.gate.new_id("unknown")}, "link.target.unknown"),
            "auth": (reference, "link.auth.required"),
        }[kind]
        how = {"headers": UNAUTHORIZED} if kind == "auth" else {}
        recording = self.gate.target.recording_ids[-1]
        refused = self.gate.refuse(name, LINK, {**body, "dataType": data_type}, recording=recording, **how)
        self.model.refused_links[recording] = refused

    def teardown(self) -> None:
        for external_id in list(self.model.last):
            self.model.sync({"externalId": external_id})


@pytest.mark.rules(
    *("sync.upsert.identity", "sync.upsert.created-at", "sync.upsert.updated-at", "sync.upsert.replaces"),
    *("sync.upsert.null", "sync.upsert.refused", "sync.upsert.isolation", "sync.relations.resolve"),
    *("sync.relations.change", "sync.relations.linkable", "sync.merge.to", "sync.merge.from"),
    *("link.answer.names", "link.state.replaces", "link.state.refused"),
)
def test_any_order_of_operations(gate: Gate) -> None:
    echo = Echo(gate)
    # What is run takes whatever makes a machine, and says that it takes a class.
    machine = cast("type[Operations]", lambda: Operations(echo))
    told = set(gate.record.violations)
    try:
        run_state_machine_as_test(machine, settings=settings(phases=[Phase.generate], report_multiple_bugs=False))
    except Violation as violation:
        # Shrinking takes long, and what a sharper test has told needs none.
        if violation.rule not in told:
            run_state_machine_as_test(machine, settings=settings(report_multiple_bugs=False))
        raise
