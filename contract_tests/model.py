"""What was stored, as far as the answers must show it: the model that the state machine compares them with."""

from dataclasses import dataclass, field
from typing import Any

from contract_tests.compare import is_ordered, is_same_instant, short
from contract_tests.echo import Echo
from contract_tests.exchange import Exchange
from contract_tests.operations import LINK, NESTED, SYNC
from contract_tests.rows import unique_id

TEXTS = ("subject", "content", "startTimeLocalized", "direction")
RELATED = ("account", "opportunity")
"""The rows whose ids an answer may have."""

Key = tuple[str, str]
"""A row: its data type and its external id."""


@dataclass
class Known:
    """What may be answered of a property; None stands for nothing."""

    possible: list[Any]
    rule: str
    """The rule that another answer breaks."""
    because: list[Exchange]


@dataclass
class Model:
    """The rows of one run of the machine. It raises a violation for an answer that it does not allow."""

    echo: Echo
    properties: dict[tuple[str, str], Known] = field(default_factory=dict[tuple[str, str], Known])
    """By the external id of the engagement, and the name of the property."""
    names: dict[Key, tuple[str, Exchange]] = field(default_factory=dict[Key, tuple[str, Exchange]])
    ids: dict[Key, tuple[str, Exchange]] = field(default_factory=dict[Key, tuple[str, Exchange]])
    owners: dict[Key, tuple[Key, Exchange]] = field(default_factory=dict[Key, tuple[Key, Exchange]])
    last: dict[str, Exchange] = field(default_factory=dict[str, Exchange])
    """The last answer of each engagement."""
    links: dict[str, tuple[Key, Exchange]] = field(default_factory=dict[str, tuple[Key, Exchange]])
    """By recording, what it is linked to."""
    newest: dict[Key, str] = field(default_factory=dict[Key, str])
    """By row, the recording that was linked to it last."""
    refused_links: dict[str, Exchange] = field(default_factory=dict[str, Exchange])
    """By recording, what was refused since it was linked."""
    strangers: dict[str, tuple[str, Exchange]] = field(default_factory=dict[str, tuple[str, Exchange]])
    """Texts that must not be answered, and the rule that says so: what was refused, and what is not of this
    organization."""
    authors: dict[str, tuple[str, Exchange]] = field(default_factory=dict[str, tuple[str, Exchange]])
    """Texts, and the engagement that they were sent for."""

    def rows(self) -> list[Key]:
        """Every row that was synced and not merged."""
        return [*(("ENGAGEMENT", name) for name in self.last), *self.names]

    def stranger(self, rule: str, exchange: Exchange) -> None:
        """Remember what was sent and must not be answered: it was refused, or is another organization's."""
        rows: list[dict[str, Any] | None] = [exchange.sent, *(exchange.sent.get(name) for name in NESTED)]
        texts = [row.get(name) for row in rows if row for name in ("name", *TEXTS) if name != "direction"]
        self.strangers |= {text: (rule, exchange) for text in texts if text is not None}

    def merge(self, body: dict[str, Any]) -> None:
        """Sync what merges a row, of an engagement that is not looked at again."""
        exchange = self.echo.gate.accept("sync.body.accepts", SYNC, body)
        for name in ("account", "contact", "lead"):
            if name in body:
                # The name was left out beside another property, so it may be kept, and may be cleared.
                self.names[name.upper(), body[name]["externalId"]] = "", exchange
                self._merge(name, body[name], exchange)

    def sync(self, body: dict[str, Any]) -> None:
        """Sync, and compare what is answered."""
        exchange = self.echo.sync(body)
        external_id = str(body["externalId"])
        for name in TEXTS:
            rule = "sync.upsert.null" if name in body and body[name] is None else "sync.upsert.replaces"
            given = [body[name]] if name in body else []
            self._remember((external_id, name), Known(given, rule, [exchange]))
            if name != "direction" and body.get(name) is not None:
                self.authors[body[name]] = external_id, exchange
        for name in RELATED:
            row = body.get(name)
            rule = "sync.relations.change" if row is None else "sync.relations.resolve"
            given = [row and row["externalId"]] if name in body else []
            self._remember((external_id, name), Known(given, rule, [exchange]))
        contact: dict[str, Any] = body.get("contact") or {}
        nested = [(name, body.get(name)) for name in NESTED] + [("account", contact.get("account"))]
        for name, row in nested:
            if row is not None:
                key = name.upper(), str(row["externalId"])
                # An external id alone resolves; beside another property the name may be kept, and may be cleared.
                stored = self.names.get(key, ("", exchange)) if len(row) == 1 else ("", exchange)
                self.names[key] = (row["name"], exchange) if "name" in row else stored
        self._check_sync(exchange)

    def _remember(self, place: tuple[str, str], given: Known) -> None:
        known = self.properties.get(place)
        if given.possible:
            self.properties[place] = given
        elif known is not None and None not in known.possible:
            # What is left out may be kept, and may be cleared.
            known.possible = [*known.possible, None]

    def _merge(self, name: str, row: dict[str, Any], exchange: Exchange) -> None:
        gone = [(each, row["externalId"], "sync.merge.from") for each in row.get("mergedFromExternalIds", [])]
        if "mergedToExternalId" in row:
            gone += [(row["externalId"], row["mergedToExternalId"], "sync.merge.to")]
        for merged, survivor, rule in gone:
            for (_, related), known in self.properties.items():
                if related == name and merged in known.possible:
                    known.possible = [survivor if each == merged else each for each in known.possible]
                    known.rule, known.because = rule, [*known.because, exchange]
            self.names.pop((name.upper(), merged), None)

    def _check_sync(self, exchange: Exchange) -> None:
        external_id, data = str(exchange.sent["externalId"]), exchange.data
        before = self.last.get(external_id)
        self._check_id("sync.upsert.identity", ("ENGAGEMENT", external_id), data["id"], exchange)
        if before is not None:
            self._check_clocks(before, exchange)
        self.last[external_id] = exchange
        for name in TEXTS:
            self._check_text(external_id, name, data.get(name), exchange)
        for name in RELATED:
            known = self.properties.get((external_id, name))
            if known is not None:
                is_due = self.echo.answers(f"{name}Id", again=before is not None)
                self._check_related(name.upper(), known, data.get(f"{name}Id"), exchange, is_due=is_due)
        self._check_recording(external_id, data.get("recordingId"), exchange)

    def _check(self, rule: str, holds: bool, message: str, *exchanges: Exchange) -> None:
        # Each once: what led to a violation may be two things at a time, and the last is the one that is wrong.
        earlier = {id(exchange): exchange for exchange in exchanges[:-1] if exchange is not exchanges[-1]}
        self.echo.gate.check(rule, holds, message, *earlier.values(), *exchanges[-1:])

    def _check_id(self, rule: str, key: Key, found: Any, exchange: Exchange) -> None:
        known, first = self.ids.setdefault(key, (found, exchange))
        message = f"{' '.join(key)} is answered as {found}, and was {known}"
        self._check(rule, found == known, message, first, exchange)
        owner, other = self.owners.setdefault(unique_id(key[0], found), (key, exchange))
        message = f"{' '.join(key)} has the id of {' '.join(owner)}"
        self._check(rule, owner == key, message, other, exchange)

    def _check_clocks(self, before: Exchange, exchange: Exchange) -> None:
        old, new = before.data["createdAt"], exchange.data["createdAt"]
        is_same = old == new or is_same_instant(old, new)
        self._check("sync.upsert.created-at", is_same, f"createdAt was {old} and is {new}", before, exchange)
        old, new = before.data["updatedAt"], exchange.data["updatedAt"]
        message = f"updatedAt was {old} and is {new}"
        self._check("sync.upsert.updated-at", is_ordered(old, new), message, before, exchange)

    def _check_text(self, external_id: str, name: str, found: Any, exchange: Exchange) -> None:
        if found is None:
            return  # Whether what was sent came back is for the echo to say.
        known = self.properties.get((external_id, name))
        if known is not None and found in known.possible:
            return
        if known is not None:
            message = f"{name} is {short(found)}, and {short(known.possible)} may be stored"
            rule, because = self._explain(external_id, found, known)
            self._check(rule, False, message, *because, exchange)
        for rule, told in [self.strangers[found]] if found in self.strangers else []:
            self._check(rule, False, f"{name} is {short(found)}, which was never stored", told, exchange)
        author, told = self.authors.get(found, (external_id, exchange))
        message = f"{name} is {short(found)}, which is that of {author}"
        self._check("sync.upsert.identity", name == "direction" or author == external_id, message, told, exchange)

    def _explain(self, external_id: str, found: Any, known: Known) -> tuple[str, list[Exchange]]:
        if found in self.strangers:
            rule, told = self.strangers[found]
            return rule, [*known.because, told]
        author, told = self.authors.get(found, (external_id, known.because[0]))
        return ("sync.upsert.identity", [told]) if author != external_id else (known.rule, [told, *known.because])

    def _check_related(self, data_type: str, known: Known, found: Any, exchange: Exchange, *, is_due: bool) -> None:
        name = f"{data_type.lower()}Id"
        if found is None:
            message = f"{name} is left out, and {short(known.possible)} is due"
            self._check(known.rule, None in known.possible or not is_due, message, *known.because, exchange)
            return
        possible = [each for each in known.possible if each is not None]
        message = f"{name} is {found}, and nothing is due"
        self._check(known.rule, bool(possible), message, *known.because, exchange)
        known_ids = [self.ids.get((data_type, each)) for each in possible]
        if None in known_ids:
            self._check_id(known.rule, (data_type, possible[known_ids.index(None)]), found, exchange)
            return
        told = [each for each in known_ids if each is not None]
        message = f"{name} is {found}, and that of {short(possible)} is due"
        because = [exchange for _, exchange in told]
        self._check(known.rule, found in [each for each, _ in told], message, *because, *known.because, exchange)

    def _check_recording(self, external_id: str, found: Any, exchange: Exchange) -> None:
        key = "ENGAGEMENT", external_id
        linked = {recording: link for recording, (row, link) in self.links.items() if row == key}
        if found is None:
            # An engagement may have one recording at a time: only the last that was linked to it is sure.
            if not (linked and self.newest[key] in linked and self.echo.answers_recording):
                return  # Nothing was looked at, so that no case is counted.
            message = f"recordingId is left out, and {short(list(linked))} is linked"
            refused = [self.refused_links[recording] for recording in linked if recording in self.refused_links]
            rule = "link.state.refused" if refused else "link.state.replaces"
            self._check(rule, False, message, *linked.values(), *refused, exchange)
        elif found in self.links:
            message = f"recordingId is {short(found)}, and {short(list(linked))} is linked"
            told = [self.links[found][1], self.refused_links.get(found, self.links[found][1])]
            rule = "link.state.replaces" if told[0] is told[1] else "link.state.refused"
            self._check(rule, found in linked, message, *told, exchange)

    def link(self, key: Key, recording: str, *, by_id: bool) -> None:
        """Link a recording, and compare what is answered."""
        gate = self.echo.gate
        body = {"dataType": key[0], "externalId": key[1], "integrationConnectionId": gate.target.connection}
        if by_id and key in self.ids:
            body = {"dataType": key[0], "id": self.ids[key][0]}
        told = self.names[key][1] if key in self.names else self.last[key[1]]
        exchange = gate.put(LINK, body, recording=recording)
        message = f"{' '.join(key)} was synced, and its link is answered {exchange.told}"
        self._check("sync.relations.linkable", exchange.is_success, message, told, exchange)
        named = exchange.data["dataType"], exchange.data["externalId"]
        self._check("link.answer.names", named == key, f"{named} was linked, and {key} was asked for", exchange)
        rule = "sync.upsert.identity" if key[0] == "ENGAGEMENT" else "sync.relations.resolve"
        self._check_id(rule, key, exchange.data["id"], exchange)
        self.links[recording] = key, exchange
        self.refused_links.pop(recording, None)
        self.newest[key] = recording
        name, told = self.names.get(key, ("", exchange))
        if name and key[0] != "LEAD":
            found = exchange.data["name"]
            rule, other = self.strangers.get(found, ("link.answer.names", told))
            message = f"the name was synced as {name!r} and is {found!r}"
            self._check(rule, found == name, message, told, other, exchange)
