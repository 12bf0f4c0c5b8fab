"""A recording is linked to a row of each type, and the link tells of the row what was synced."""

import pytest

from contract_tests.awkward import AWKWARD
from contract_tests.echo import Echo
from contract_tests.gate import Gate
from contract_tests.operations import LINK
from contract_tests.rows import Row, check_names

NAMES = [text for text in AWKWARD if text.strip() and "\0" not in text and text != "\ud83d" and len(text) < 300]


@pytest.mark.rules("link.target.id", "link.target.external-id", "link.answer.names")
def test_a_row_of_each_type_is_linked_by_either_reference(gate: Gate, rows: dict[str, Row]) -> None:
    def check(case: tuple[Row, str, dict[str, str]]) -> None:
        row, rule, body = case
        linked = gate.accept(rule, LINK, body, recording=gate.target.recording_ids[0])
        check_names(gate, linked, row)

    by_external_id = [(row, "link.target.external-id", row.by_external_id) for row in rows.values()]
    gate.each([*by_external_id, *((row, "link.target.id", row.by_id) for row in rows.values())], check)


@pytest.mark.rules("link.answer.names")
def test_a_link_tells_the_name_that_the_row_was_synced_with(gate: Gate, echo: Echo, rows: dict[str, Row]) -> None:
    def check(case: tuple[str, str]) -> None:
        data_type, name = case
        row = {"externalId": gate.new_id(data_type), "name": name}
        synced = echo.sync({"externalId": gate.new_id(), data_type.lower(): row})
        linked = echo.link(data_type, row["externalId"])
        message = f"the name was synced as {name!r} and came back as {linked.data['name']!r}"
        gate.check("link.answer.names", linked.data["name"] == name, message, synced, linked)

    assert set(rows) > {"ACCOUNT", "CONTACT", "OPPORTUNITY"}
    cases = [("ACCOUNT", name) for name in NAMES]
    cases += [(kind, name) for kind in ("CONTACT", "OPPORTUNITY") for name in NAMES]
    gate.each(cases, check)
