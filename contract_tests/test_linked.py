"""What is linked is stored: of every recording, with every trigger, and for the row that was named and no other."""

from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests.compare import short
from contract_tests.document import body_schema, enum
from contract_tests.echo import Echo
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.operations import LINK, NESTED, SYNC
from contract_tests.rows import DATA_TYPES, Row, new_row
from contract_tests.shapes import Schema, flat
from contract_tests.target import OTHER

_OPEN = ("USER_UNLINK", "RECORDING_HARD_DELETED")
"""The triggers whose names say that there is no link afterwards. What they do is left open."""
_MOST = 10
"""Of how many recordings of an organization it is checked that they can be linked."""
_NO_DATE = "no date: 31/12, 25:00"


class Links:
    """Links in either organization, and the recording that an engagement is answered with."""

    def __init__(self, gate: Gate, echo: Echo, *, other: bool = False) -> None:
        self.gate = gate
        self.echo = echo
        self.other = other
        target = gate.target
        self.recordings = target.other_recording_ids if other else target.recording_ids
        self.connection = target.other_connection if other else target.connection

    def sync(self, body: dict[str, Any]) -> Exchange:
        rule = "sync.upsert.isolation" if self.other else "sync.body.accepts"
        return self.gate.accept(rule, SYNC, body, other=self.other)

    def link(self, rule: str, data_type: str, external_id: str, recording: str, **more: str) -> Exchange:
        reference = {"externalId": external_id, "integrationConnectionId": self.connection}
        body = {"dataType": data_type, **reference, **more}
        return self.gate.accept(rule, LINK, body, recording=recording, other=self.other)

    def check(self, rule: str, link: Exchange, recording: str) -> None:
        """The engagement that was linked has the recording, where it answers any."""
        after = self.sync({"externalId": link.sent["externalId"]})
        found = after.data.get("recordingId")
        message = f"recordingId is {short(found)}, and {short(recording)} was linked to the engagement"
        is_linked = found == recording or (found is None and not self.echo.answers_recording)
        self.gate.check(rule, is_linked, message, link, after)

    def check_none(self, rule: str, external_id: str, linked: str, *links: Exchange) -> None:
        """The engagement has none of the recordings, which were linked to something of the same external id."""
        after = self.sync({"externalId": external_id})
        found = after.data.get("recordingId")
        message = f"recordingId is {short(found)}, which was linked to {linked} with the external id of the engagement"
        sent = [str(link.request.url) for link in links]
        is_foreign = found is not None and any(f"/{found}/" in url for url in sent)
        self.gate.check(rule, not is_foreign, message, *links, after)


@pytest.fixture(scope="module")
def links(gate: Gate, echo: Echo, rows: dict[str, Row]) -> Links:
    assert rows
    return Links(gate, echo)


@pytest.fixture(scope="module")
def other_links(gate: Gate, echo: Echo, rows: dict[str, Row]) -> Links:
    if missing := gate.target.missing(*OTHER):
        pytest.skip(f"not checked: needs {', '.join(missing)}")
    assert rows
    return Links(gate, echo, other=True)


@pytest.mark.rules("link.target.data-type")
def test_a_link_to_a_row_of_another_type_is_none_to_the_engagement_of_its_external_id(gate: Gate, links: Links) -> None:
    def check(name: str) -> None:
        # The row came with another engagement: a Siro may associate a recording with what the row belongs to.
        shared = {"externalId": gate.new_id("shared")}
        links.sync(shared)
        links.sync({"externalId": gate.new_id(), name: new_row(name, shared["externalId"])})
        linked = links.link("link.target.external-id", name.upper(), shared["externalId"], links.recordings[-1])
        links.check_none("link.target.data-type", shared["externalId"], f"the {name.upper()}", linked)

    gate.each([name for name in NESTED if name.upper() in DATA_TYPES], check)


@pytest.mark.rules("link.state.isolation")
def test_a_link_of_another_organization_is_none_to_the_engagement_of_its_external_id(
    gate: Gate, links: Links, other_links: Links
) -> None:
    def check(case: tuple[str, Links, Links]) -> None:
        data_type, own, other = case
        shared = {"externalId": gate.new_id("shared")}
        own.sync(shared)
        row = new_row(data_type.lower(), shared["externalId"])
        other.sync(shared if data_type == "ENGAGEMENT" else {"externalId": gate.new_id(), data_type.lower(): row})
        linked = other.link("link.target.external-id", data_type, shared["externalId"], other.recordings[-1])
        own.check_none("link.state.isolation", shared["externalId"], f"another organization's {data_type}", linked)

    pairs = ((links, other_links), (other_links, links))
    gate.each([(data_type, *pair) for data_type in DATA_TYPES for pair in pairs], check)


@pytest.mark.rules("link.state.replaces")
def test_a_link_is_stored_whatever_its_trigger(gate: Gate, links: Links) -> None:
    recording = links.recordings[-1]
    engagements = [gate.new_id(), gate.new_id()]
    for external_id in engagements:
        links.sync({"externalId": external_id})

    def check(case: tuple[int, str]) -> None:
        number, trigger = case
        # In turn, so that each link is another than the one before.
        external_id = engagements[number % 2]
        linked = links.link("link.body.accepts", "ENGAGEMENT", external_id, recording, trigger=trigger)
        links.check("link.state.replaces", linked, recording)

    gate.each(enumerate(trigger for trigger in enum("LinkTrigger") if trigger not in _OPEN), check)


@pytest.mark.rules("link.state.replaces")
@pytest.mark.parametrize("organization", ["links", "other_links"])
def test_every_recording_can_be_linked(gate: Gate, organization: str, request: pytest.FixtureRequest) -> None:
    links: Links = request.getfixturevalue(organization)

    def check(recording: str) -> None:
        external_id = gate.new_id()
        links.sync({"externalId": external_id})
        linked = links.link("link.state.replaces", "ENGAGEMENT", external_id, recording)
        links.check("link.state.replaces", linked, recording)

    gate.each(links.recordings[:_MOST], check)


@pytest.mark.rules("sync.relations.linkable")
def test_rows_of_every_kind_can_be_linked(gate: Gate, links: Links) -> None:
    recording = links.recordings[-1]
    cases: list[tuple[str, dict[str, Any]]] = [
        *(("ENGAGEMENT", {"engagementType": {"name": "a", "activityType": each}}) for each in enum("ActivityType")),
        *(("ENGAGEMENT", {"direction": each}) for each in enum("Direction")),
        *(("OPPORTUNITY", {"disposition": each}) for each in enum("Disposition")),
    ]

    def check(case: tuple[str, dict[str, Any]]) -> None:
        data_type, fields = case
        row = {"externalId": gate.new_id("kind"), **fields}
        links.sync(row if data_type == "ENGAGEMENT" else {"externalId": gate.new_id(), data_type.lower(): row})
        linked = links.link("sync.relations.linkable", data_type, row["externalId"], recording)
        if data_type == "ENGAGEMENT":
            links.check("sync.relations.linkable", linked, recording)

    gate.each(cases, check)


@pytest.mark.rules("sync.relations.linkable")
def test_rows_can_be_linked_whatever_their_texts(gate: Gate, links: Links) -> None:
    """A text that is no date where one is meant may be refused; what is stored is there to be linked."""

    def check(case: tuple[str, str]) -> None:
        name, text = case
        row = {"externalId": gate.new_id("text"), text: _NO_DATE}
        synced = gate.put(SYNC, row if name == "engagement" else {"externalId": gate.new_id(), name: row})
        if synced.is_success:
            links.link("sync.relations.linkable", name.upper(), row["externalId"], links.recordings[-1])

    engagement = body_schema(SYNC.name)
    schemas = {"engagement": engagement, **{name: engagement["properties"][name] for name in NESTED}}
    gate.each([(name, text) for name, schema in schemas.items() for text in _texts(schema)], check)


def _texts(schema: Schema) -> Iterator[str]:
    """The properties of a row that may be any text, but for the ids."""
    for name, member in flat(schema)["properties"].items():
        said = flat(member)
        if said["type"] == "string" and not {"enum", "format"} & said.keys() and not name.endswith(("Id", "Ids")):
            yield name


@pytest.mark.rules("link.target.unknown", "link.target.id")
def test_a_user_is_no_row_to_link_to(gate: Gate, links: Links) -> None:
    user = {"externalId": gate.new_id("user")}
    account = {"externalId": gate.new_id("account"), "owner": user}
    links.sync({"externalId": gate.new_id(), "account": account, "engagementUsers": [user]})
    reference = {**user, "integrationConnectionId": links.connection}

    def check(case: tuple[str, str, dict[str, str]]) -> None:
        rule, data_type, named = case
        gate.refuse(rule, LINK, {"dataType": data_type, **named}, recording=links.recordings[-1])

    by_id = [("link.target.id", data_type, {"id": user["externalId"]}) for data_type in DATA_TYPES]
    gate.each([*by_id, *(("link.target.unknown", data_type, reference) for data_type in DATA_TYPES)], check)
