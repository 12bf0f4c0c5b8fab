"""The target of a link: exactly one of two ids, of a row that exists, under its own data type."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests import bodies
from contract_tests.awkward import WORDS
from contract_tests.document import Json, enum
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.lattice import KINDS, LINKED, OPEN, PAGE_RULES, Cell, cells
from contract_tests.near import unknown_ids
from contract_tests.operations import LINK
from contract_tests.rows import DATA_TYPES, Row, check_names
from contract_tests.walk import Body

UNKNOWN = bodies.UNKNOWN
PLAIN = {"absent", "valid", "empty"}
REFUSED = ("target.both", "target.neither", "target.connection", "target.unknown", "body.null")
refusal_rules = pytest.mark.rules(
    *(f"link.{rule}" for rule in REFUSED), "link.target.error-in-200", "link.target.status-422"
)
link_rules = pytest.mark.rules(
    "link.target.id", "link.target.external-id", "link.answer.names", "link.target.id-with-connection"
)


@dataclass(frozen=True)
class Case:
    """A cell of the lattice with a data type, and with a trigger or without."""

    cell: Cell
    data_type: str
    trigger: str | None = None

    def body(self, row: Row) -> Body:
        """The body whose valid ids are those of a row."""
        valid = {**row.by_id, **row.by_external_id}
        values: dict[str, str | None] = {"null": None, "empty": "", "blank": " ", "unknown": UNKNOWN}
        ids: Body = {name: values.get(kind, valid[name]) for name, kind in self.cell.kinds.items() if kind != "absent"}
        trigger: Body = {} if self.trigger is None else {"trigger": self.trigger}
        return {"dataType": self.data_type, **ids, **trigger}


def cases(*, exhaustive: bool, needs_rows: bool) -> Iterator[Case]:
    """Each cell with every data type, and with one of the triggers in turn, every one where it links.

    If not exhaustive: each cell with one data type in turn.
    """
    types, triggers = DATA_TYPES, enum("LinkTrigger")
    for number, cell in enumerate(cell for cell in cells() if cell.needs_rows is needs_rows):
        data_type, trigger = types[number % len(types)], triggers[number % len(triggers)]
        yield from (Case(cell, each) for each in (types if exhaustive else [data_type]))
        if exhaustive and cell.due == LINKED:
            yield from (Case(cell, *each) for each in itertools.product(types, triggers))
        elif exhaustive:
            yield Case(cell, data_type, trigger)
    if exhaustive and needs_rows:
        # What the page's sentence is about, at its plainest, with each trigger: none of them lifts the rule.
        plain = [cell for cell in cells() if cell.due in PAGE_RULES and set(cell.kinds.values()) <= PLAIN]
        for number, (cell, trigger) in enumerate(itertools.product(plain, triggers)):
            yield Case(cell, types[number % len(types)], trigger)


def check(gate: Gate, row: Row, case: Case) -> None:
    """Send the body of a case, and check that what becomes of it is due."""
    body, due = case.body(row), case.cell.due
    exchange = gate.put(LINK, body)
    if due == LINKED:
        rule = "link.target.id" if "id" in body else "link.target.external-id"
        check_made(gate, exchange)
        gate.check(rule, exchange.is_success, f"must be accepted, and is answered {exchange.told}", exchange)
        check_names(gate, exchange, row)
    elif due == OPEN:
        check_open(gate, exchange, row, case.cell)
    else:
        rule = "link.body.null" if due == "null" else f"link.target.{due}"
        check_refused(gate, rule, exchange)
        if due in PAGE_RULES and case.cell.is_certain:
            message = f"is typically answered 422, and is answered {exchange.status}"
            gate.check("link.target.status-422", exchange.status == 422, message, exchange)


def check_made(gate: Gate, exchange: Exchange) -> None:
    """An error is not told with 200; that a link is refused, or made, is for another rule to say."""
    # The judge has seen to it that a success has the one or the other.
    holds = not exchange.is_success or "data" in exchange.answer
    gate.check("link.target.error-in-200", holds, f"a link that is not made is answered {exchange.told}", exchange)


def check_refused(gate: Gate, rule: str, exchange: Exchange) -> None:
    check_made(gate, exchange)
    gate.check(rule, exchange.is_refusal, f"must be refused with 4xx, and is answered {exchange.told}", exchange)


def check_open(gate: Gate, exchange: Exchange, row: Row, cell: Cell) -> None:
    """What may be refused, and if it is not names what it asked for."""
    check_made(gate, exchange)
    if (cell.id, cell.external_id, cell.connection) == ("valid", "absent", "valid"):
        message = f"the page says not to send it, and it is answered {exchange.told}"
        gate.check("link.target.id-with-connection", exchange.is_refusal, message, exchange)
    if not exchange.is_success:
        return
    if "valid" in (cell.id, cell.external_id):
        check_names(gate, exchange, row)
    else:
        sent = [name for name in ("id", "externalId") if name in exchange.sent]
        names_it = any(exchange.data[name] == exchange.sent[name] for name in sent)
        gate.check("link.answer.names", names_it, f"another row is answered: {exchange.told}", exchange)


def need_recordings(gate: Gate) -> None:
    if missing := gate.target.missing("SIRO_RECORDING_IDS"):
        pytest.skip(f"not checked: needs {missing[0]}")


@pytest.fixture
def exhaustive(request: pytest.FixtureRequest) -> bool:
    return bodies.is_exhaustive(request)


@link_rules
@refusal_rules
def test_the_ids_of_a_row(gate: Gate, rows: dict[str, Row], exhaustive: bool) -> None:
    gate.each(
        cases(exhaustive=exhaustive, needs_rows=True), lambda case: check(gate, rows[case.data_type], case), whole=True
    )


@pytest.mark.rejections
@refusal_rules
def test_ids_of_no_row(gate: Gate, exhaustive: bool) -> None:
    need_recordings(gate)
    connection = gate.target.variables["SIRO_INTEGRATION_CONNECTION_ID"] or UNKNOWN
    none = Row("", UNKNOWN, UNKNOWN, connection)
    gate.each(cases(exhaustive=exhaustive, needs_rows=False), lambda case: check(gate, none, case), whole=True)


@link_rules
@refusal_rules
@given(st.builds(Cell, *[st.sampled_from(KINDS)] * 3), st.sampled_from(DATA_TYPES), st.data())
def test_any_ids_with_any_trigger(
    gate: Gate, rows: dict[str, Row], cell: Cell, data_type: str, data: st.DataObject
) -> None:
    trigger = data.draw(st.none() | st.sampled_from(enum("LinkTrigger")))
    check(gate, rows[data_type], Case(cell, data_type, trigger))


@pytest.mark.rules("link.target.data-type", "link.target.error-in-200")
def test_a_row_is_linked_under_no_other_data_type(gate: Gate, rows: dict[str, Row]) -> None:
    def check(case: tuple[Row, str, dict[str, str]]) -> None:
        row, other, body = case
        exchange = gate.put(LINK, {**body, "dataType": other})
        if exchange.is_success and "id" in body and row.id.isdecimal():
            # Rows of each data type may be numbered apart: then another row has this number too.
            check_made(gate, exchange)
            named = exchange.data["dataType"], exchange.data["id"], exchange.data["externalId"] == row.external_id
            message = f"{body} with the data type {other} is answered {exchange.told}"
            gate.check("link.target.data-type", named == (other, row.id, False), message, exchange)
        else:
            check_refused(gate, "link.target.data-type", exchange)

    kinds = [(row, other) for row in rows.values() for other in rows if other != row.data_type]
    gate.each([(*kind, body) for kind in kinds for body in (kind[0].by_id, kind[0].by_external_id)], check)


@pytest.mark.rules("link.target.unknown", "link.target.error-in-200")
def test_what_is_near_to_a_row_is_none(gate: Gate, rows: dict[str, Row], exhaustive: bool) -> None:
    def wrong(row: Row) -> Iterator[Body]:
        recording = gate.target.recording_ids[0]
        for unknown in unknown_ids(row.id, *ODD_IDS, row.external_id, row.connection, recording):
            yield {**row.by_id, "id": unknown}
        for unknown in unknown_ids(row.external_id, *ODD_IDS, row.id, row.connection, recording):
            if unknown not in WORDS:  # else an earlier run has such a row
                yield {**row.by_external_id, "externalId": unknown}
        for unknown in unknown_ids(row.connection, *ODD_IDS, row.id, row.external_id, recording):
            yield {**row.by_external_id, "integrationConnectionId": unknown}

    chosen = list(rows.values())[: None if exhaustive else 1]
    cases = [body for row in chosen for body in wrong(row)]
    gate.each(cases, lambda body: check_refused(gate, "link.target.unknown", gate.put(LINK, body)))


@pytest.mark.rejections
@pytest.mark.rules("link.recording.unknown")
def test_what_is_near_to_a_recording_is_none(gate: Gate, request: pytest.FixtureRequest) -> None:
    need_recordings(gate)
    recordings = gate.target.recording_ids
    odd = [UNKNOWN, *ODD_IDS, "no/recording", "no recording", "a?b#c;d", "x" * 2_000]
    unknown = [each for each in unknown_ids(recordings[0], *odd) if each not in recordings]
    body = bodies.object_of(gate, request, LINK)
    gate.each(unknown, lambda each: refuse_recording(gate, each, body))


@pytest.mark.rules("link.recording.unknown")
def test_a_row_is_no_recording(gate: Gate, rows: dict[str, Row]) -> None:
    # Where recordings are numbered, a row's number may be that of a recording too.
    known = gate.target.recording_ids[0]
    cases = [
        (each, row)
        for row in rows.values()
        for each in (row.id, row.external_id, row.connection)
        if not (each.isdecimal() and known.isdecimal())
    ]
    gate.each(cases, lambda case: refuse_recording(gate, case[0], case[1].by_id))


def refuse_recording(gate: Gate, recording: str, body: Mapping[str, Json]) -> None:
    exchange = gate.put(LINK, body, recording=recording)
    check_refused(gate, "link.recording.unknown", exchange)


ODD_IDS = ("null", "undefined", "0", "%", "_", "*", "' OR '1'='1", '"', "é😀", "a\0b", "__proto__")
"""Ids that nothing has, and that a careless look-up finds something by."""
