"""CRM rows that a run synced itself, so that there is something to link to."""

from dataclasses import dataclass

from contract_tests.document import enum
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.operations import LINK, NESTED, SYNC

MERGED = ("account", "contact", "lead")
"""Those of NESTED that can be merged."""
DATA_TYPES = [each for each in enum("DataType") if each == "ENGAGEMENT" or each.lower() in NESTED]
"""The data types of a link whose rows a sync makes. A page may come to have others: nothing is there to link to."""


@dataclass(frozen=True)
class Row:
    """A synced CRM row."""

    data_type: str
    id: str
    external_id: str
    connection: str

    @property
    def by_id(self) -> dict[str, str]:
        """The body that links to it by Siro's id."""
        return {"dataType": self.data_type, "id": self.id}

    @property
    def by_external_id(self) -> dict[str, str]:
        """The body that links to it by the CRM's id."""
        return {
            "dataType": self.data_type,
            "externalId": self.external_id,
            "integrationConnectionId": self.connection,
        }


def new_row(name: str, external_id: str) -> dict[str, str]:
    """A nested row that was never synced, with some data: whether an external id alone makes a row is left open.

    "Supplying just an externalId will resolve to an already-synced account", say the pages.
    """
    return {"externalId": external_id, "firstName" if name == "lead" else "name": f"new {name}"}


def unique_id(data_type: str, row_id: str) -> tuple[str, str]:
    """What no two rows share: an id, or a number with its data type, since each may be numbered apart."""
    return (data_type if row_id.isdecimal() else "", row_id)


def sync_rows(gate: Gate, *, other: bool = False) -> dict[str, Row]:
    """Sync one new engagement with a row of each other data type, and learn their Siro ids; by data type."""
    names = {name: gate.new_id(name) for name in ("engagement", *NESTED)}
    nested = {name: new_row(name, names[name]) for name in NESTED}
    synced = gate.accept("sync.body.accepts", SYNC, {"externalId": names["engagement"], **nested}, other=other)
    told, sent = synced.data["externalId"], names["engagement"]
    gate.check("sync.answer.ids", told == sent, f"externalId was sent as {sent} and came back as {told}", synced)
    sent_as = {name.upper(): external_id for name, external_id in names.items()}
    rows = {kind: learn(gate, kind, sent_as[kind], other=other) for kind in DATA_TYPES}
    found, due = rows["ENGAGEMENT"].id, synced.data["id"]
    gate.check("link.answer.names", found == due, f"the engagement {due} is linked as {found}", synced)
    return rows


def learn(gate: Gate, data_type: str, external_id: str, *, other: bool = False) -> Row:
    """Learn the Siro id of a row that was synced, by linking a recording to its external id."""
    target = gate.target
    connection = target.other_connection if other else target.connection
    recording = (target.other_recording_ids if other else target.recording_ids)[0]
    row = Row(data_type, "", external_id, connection)
    exchange = gate.accept("link.target.external-id", LINK, row.by_external_id, recording=recording, other=other)
    return Row(data_type, str(exchange.data["id"]), external_id, connection)


def check_names(gate: Gate, exchange: Exchange, row: Row) -> None:
    """A link tells of the row that was named."""
    for name, due in {"id": row.id, "externalId": row.external_id, "dataType": row.data_type}.items():
        found = exchange.data[name]
        gate.check("link.answer.names", found == due, f"{name} is {found!r}, and must be {due!r}", exchange)
