"""A link replaces the one before, repeats safely, and leaves no trace when it is refused."""

from typing import Any

import pytest

from contract_tests.compare import short
from contract_tests.document import methods_of
from contract_tests.echo import Echo
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.operations import LINK
from contract_tests.rows import Row


class Recordings:
    """Recordings that are linked to engagements, as the engagements' answers tell it."""

    def __init__(self, gate: Gate, echo: Echo) -> None:
        self.gate = gate
        self.echo = echo
        self.ids = gate.target.recording_ids[::-1]

    def engagement(self) -> Row:
        """A new engagement."""
        data = self.echo.sync({"externalId": self.gate.new_id()}).data
        return Row("ENGAGEMENT", str(data["id"]), str(data["externalId"]), self.gate.target.connection)

    def link(self, row: Row, number: int = 0, *, by_id: bool = False) -> Exchange:
        """Link a recording to a row."""
        body = row.by_id if by_id else row.by_external_id
        rule = "link.target.id" if by_id else "link.target.external-id"
        return self.gate.accept(rule, LINK, body, recording=self.ids[number])

    def answered(self, row: Row) -> Exchange:
        """Sync the engagement again: the answer may have the recording."""
        return self.echo.sync({"externalId": row.external_id})

    def check_linked(self, rule: str, row: Row, numbers: tuple[int, ...], *exchanges: Exchange) -> None:
        """The engagement has one of these recordings, where it answers any."""
        after = self.answered(row)
        found = after.data.get("recordingId")
        due = [self.ids[number] for number in numbers]
        message = f"recordingId is {short(found)}, and {short(due)} is linked to the engagement"
        self.gate.check(
            rule, found in due or (found is None and not self.echo.answers_recording), message, *exchanges, after
        )

    def check_not_linked(self, rule: str, row: Row, number: int, *exchanges: Exchange) -> None:
        """The engagement does not have this recording."""
        after = self.answered(row)
        message = f"recordingId is still {short(self.ids[number])}, which is linked to something else"
        self.gate.check(rule, after.data.get("recordingId") != self.ids[number], message, *exchanges, after)


@pytest.fixture(scope="module")
def recordings(gate: Gate, rows: dict[str, Row]) -> Recordings:
    assert rows
    return Recordings(gate, Echo(gate))


@pytest.mark.rules("link.state.replaces")
@pytest.mark.parametrize("by_id", [True, False])
def test_a_link_replaces_the_one_before(recordings: Recordings, by_id: bool) -> None:
    first, second = recordings.engagement(), recordings.engagement()
    links = [recordings.link(first, by_id=by_id)]
    recordings.check_linked("link.state.replaces", first, (0,), *links)
    recordings.check_not_linked("link.state.replaces", second, 0, *links)
    links.append(recordings.link(second, by_id=by_id))
    recordings.check_linked("link.state.replaces", second, (0,), *links)
    recordings.check_not_linked("link.state.replaces", first, 0, *links)
    links = [*links[1:], recordings.link(first, by_id=not by_id)]
    recordings.check_linked("link.state.replaces", first, (0,), *links)
    recordings.check_not_linked("link.state.replaces", second, 0, *links)


@pytest.mark.rules("link.state.replaces")
def test_a_link_after_one_to_a_row_of_another_type(gate: Gate, recordings: Recordings, rows: dict[str, Row]) -> None:
    """Whether the latter clears the engagement's too is open: "server clears prior links as needed"."""

    def check(row: Row) -> None:
        engagement = recordings.engagement()
        links = [recordings.link(row), recordings.link(engagement)]
        recordings.check_linked("link.state.replaces", engagement, (0,), *links)

    gate.each([row for data_type, row in rows.items() if data_type != "ENGAGEMENT"], check)


@pytest.mark.rules("link.state.replaces")
def test_each_recording_has_a_link_of_its_own(recordings: Recordings) -> None:
    if len(recordings.ids) < 2:
        pytest.skip("not checked: needs two recordings in SIRO_RECORDING_IDS")
    first, second = recordings.engagement(), recordings.engagement()
    links = [recordings.link(first, 0), recordings.link(second, 1)]
    recordings.check_linked("link.state.replaces", first, (0,), *links)
    recordings.check_linked("link.state.replaces", second, (1,), *links)
    links += [recordings.link(second, 0), recordings.link(first, 1)]
    recordings.check_linked("link.state.replaces", first, (1,), *links)
    recordings.check_linked("link.state.replaces", second, (0,), *links)
    # Whether an engagement has one recording at a time or several is left open.
    links = [links[-1], recordings.link(first, 0)]
    recordings.check_linked("link.state.replaces", first, (0, 1), *links)
    recordings.check_not_linked("link.state.replaces", second, 0, *links)
    links.append(recordings.link(second, 1))
    recordings.check_not_linked("link.state.replaces", first, 1, *links)


@pytest.mark.rules("link.state.replaces")
def test_a_sync_leaves_the_link(gate: Gate, recordings: Recordings) -> None:
    engagement = recordings.engagement()
    link = recordings.link(engagement)
    for changed in ({"subject": "changed"}, {"account": {"externalId": gate.new_id("account")}}, {"account": None}):
        sync = recordings.echo.sync({"externalId": engagement.external_id, **changed})
        recordings.check_linked("link.state.replaces", engagement, (0,), link, sync)


@pytest.mark.rules("link.state.repeats")
def test_the_same_link_again_is_answered_the_same(gate: Gate, recordings: Recordings, rows: dict[str, Row]) -> None:
    def check(row: Row) -> None:
        exchanges: list[Exchange] = []
        for body in (row.by_id, row.by_external_id, row.by_id, row.by_external_id):
            how: dict[str, Any] = {"recording": recordings.ids[0]}
            exchanges += [gate.accept("link.state.repeats", LINK, body, **how) for _ in range(2)]
        for exchange in exchanges:
            told = [{**each.data, "lastActivityAt": None} for each in (exchanges[0], exchange)]
            message = f"the same link is answered as {short(told[0])} and as {short(told[1])}"
            gate.check("link.state.repeats", told[0] == told[1], message, exchanges[0], exchange)

    gate.each(rows.values(), check)
    engagement = recordings.engagement()
    links = [recordings.link(engagement) for _ in range(3)]
    recordings.check_linked("link.state.repeats", engagement, (0,), *links[:2])


@pytest.mark.rules("link.state.refused")
def test_a_refused_link_changes_nothing(gate: Gate, recordings: Recordings, rows: dict[str, Row]) -> None:
    linked, other = recordings.engagement(), recordings.engagement()
    unknown = Row("ENGAGEMENT", gate.new_id("unknown"), gate.new_id("unknown"), other.connection)
    account = rows["ACCOUNT"]
    refused: list[tuple[str, dict[str, Any]]] = [
        ("link.target.both", {**other.by_id, **other.by_external_id}),
        ("link.target.both", {**other.by_id, "externalId": linked.external_id}),
        ("link.target.neither", {"dataType": "ENGAGEMENT"}),
        ("link.target.connection", {"dataType": "ENGAGEMENT", "externalId": other.external_id}),
        ("link.target.connection", {**other.by_external_id, "integrationConnectionId": ""}),
        ("link.target.unknown", unknown.by_id),
        ("link.target.unknown", unknown.by_external_id),
        ("link.target.unknown", {**other.by_external_id, "integrationConnectionId": unknown.id}),
        ("link.target.data-type", {**other.by_external_id, "dataType": "ACCOUNT"}),
        ("link.target.data-type", {**account.by_external_id, "dataType": "ENGAGEMENT"}),
        ("link.body.enum", {**other.by_id, "dataType": "engagement"}),
        ("link.body.enum", {**other.by_id, "trigger": "NONE"}),
        ("link.body.type", {**other.by_id, "trigger": 5}),
        ("link.body.required", {"id": other.id}),
        ("link.auth.required", other.by_id),
    ]

    if not other.id.isdecimal():  # else there may be an account of that number
        refused.append(("link.target.data-type", {**other.by_id, "dataType": "ACCOUNT"}))
        refused.append(("link.target.data-type", {**account.by_id, "dataType": "ENGAGEMENT"}))

    def check(case: tuple[str, dict[str, Any]]) -> None:
        rule, body = case
        how: dict[str, Any] = {"headers": {"Content-Type": "application/json"}} if rule == "link.auth.required" else {}
        link = recordings.link(linked)
        exchange = gate.refuse(rule, LINK, body, recording=recordings.ids[0], **how)
        recordings.check_linked("link.state.refused", linked, (0,), link, exchange)
        recordings.check_not_linked("link.state.refused", other, 0, link, exchange)

    gate.each(refused, check)

    def check_method(method: str) -> None:
        link = recordings.link(linked)
        exchange = gate.refuse("link.protocol.method", LINK, other.by_id, recording=recordings.ids[0], method=method)
        recordings.check_linked("link.state.refused", linked, (0,), link, exchange)

    gate.each([each for each in ("POST", "PATCH", "DELETE", "GET") if each not in methods_of(LINK.path)], check_method)
