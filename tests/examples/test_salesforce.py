"""The Salesforce export: what the local Siro is sent, and what is told of the lines that it is not."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from siro_openapi.models import DataType
from siro_openapi.types import UNSET

from salesforce_export import main
from salesforce_mapping import Export
from salesforce_records import instant, record_id, rows, timestamp
from siro_client.testing import Failure

from .conftest import EXAMPLES, Served

EXPORT = EXAMPLES / "salesforce"
VISIT, ESTIMATE, ALL_DAY, DELETED, UNKNOWN = (f"00U8c00000Ev{number}AbEAJ" for number in range(1, 6))
LINES = {VISIT: 2, ESTIMATE: 5, ALL_DAY: 6, DELETED: 7, UNKNOWN: 8}
"""The description of the first has two line breaks."""


class Run:
    """The example in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.export = folder / "export"
        self.export.mkdir()
        for file in EXPORT.glob("*.csv"):
            shutil.copy(file, self.export)
        self._files = ["--journal", str(folder / "journal.sqlite"), "--errors", str(folder / "errors.jsonl")]
        self._errors = folder / "errors.jsonl"

    def __call__(self) -> int:
        return main([str(self.export), *self._files])

    @property
    def errors(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._errors.read_text("utf-8").splitlines()]

    def replace(self, old: str, new: str, file: str = "Event.csv") -> None:
        content = (self.export / file).read_bytes()
        assert old.encode() in content
        (self.export / file).write_bytes(content.replace(old.encode(), new.encode()))


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def test_an_event_is_synced_with_all_that_it_refers_to(served: Served, run: Run) -> None:
    assert run() == 1
    visit = served.synced(VISIT)
    assert visit["content"] == 'Measured both rooms.\n\nRosa asks for "soft close", and for a price by Friday.'
    assert visit["startTime"] == "2026-11-21T15:00:00.000Z"
    assert visit["engagementUsers"] == [
        {"externalId": "0058c00000Us9AbAAJ", "name": "Dana Whitfield", "email": "dana.whitfield@acme.example"}
    ]
    assert visit["opportunity"]["amount"] == 48250.5
    assert visit["opportunity"]["disposition"] == "OPEN"
    assert "closedAt" not in visit["opportunity"]
    assert visit["account"]["addresses"][0]["street"] == "12 Quay Street\nUnit 4"
    assert visit["account"]["mergedFromExternalIds"] == ["0018c00000Kq3aBAAR"]
    assert visit["contact"]["account"] == visit["account"]
    assert visit["contact"]["phoneNumbers"] == ["+1 207 555 0142", "+1 207 555 0187"]
    assert served.stored(DataType.OPPORTUNITY, "0068c00000Op7AbAAJ") == "Harbour Kitchens, refit"
    assert served.stored(DataType.ACCOUNT, "0018c00000Kq3AbAAJ") == "Harbour Kitchens"
    assert served.stored(DataType.CONTACT, "0038c00000Xw1AbAAJ") == "Rosa Okafor"


def test_ids_of_15_and_of_18_characters_are_one(served: Served, run: Run) -> None:
    run()
    assert served.synced(ESTIMATE)["lead"]["externalId"] == "00Q8c00000Lm2AbEAJ"
    assert served.stored(DataType.LEAD, "00Q8c00000Lm2AbEAJ") == "Ama Lindqvist"
    assert served.stored(DataType.ENGAGEMENT, ESTIMATE) == "Roof, estimate"


def test_who_and_what_are_told_apart_by_their_ids(served: Served, run: Run) -> None:
    run()
    related = {"account", "contact", "lead", "opportunity"}
    assert [related & served.synced(one).keys() for one in LINES] == [
        {"account", "contact", "opportunity"},
        {"lead"},
        {"account"},
        {"account", "contact", "opportunity"},
        {"lead"},  # and a case, for which Siro has no place
    ]
    assert served.synced(UNKNOWN)["lead"] == {"externalId": "00Q8c00000Lm2AcEAJ"}


def test_a_day_is_the_same_day_everywhere(served: Served, run: Run) -> None:
    run()
    assert served.synced(ALL_DAY)["startTimeLocalized"] == "2026-11-23T00:00:00.000"
    assert "startTimeLocalized" not in served.synced(VISIT)


def test_what_is_deleted_is_told_as_deleted(served: Served, run: Run) -> None:
    run()
    deleted = served.synced(DELETED)
    assert datetime.fromisoformat(deleted["deletedAt"]) == datetime(2026, 11, 19, 6, 5, tzinfo=UTC)
    assert deleted["opportunity"]["disposition"] == "WON"
    assert deleted["opportunity"]["closedAt"] == "2026-11-18T00:00:00.000Z"
    assert [one for one in LINES if "deletedAt" in served.synced(one)] == [DELETED]


def test_empty_cells_are_left_out(served: Served, run: Run) -> None:
    run()
    assert "content" not in served.synced(ESTIMATE)
    assert "engagementType" not in served.synced(ALL_DAY)
    assert len(served.bodies) == len(LINES)
    empty = {place for body in served.bodies for place, value in _leaves(body) if value in ("", None)}
    assert {place.rpartition(".")[0] for place in empty} <= {"account.addresses", "contact.addresses"} | {
        "contact.account.addresses"
    }


def test_lines_that_are_wrong_are_told_and_all_others_synced(served: Served, run: Run) -> None:
    assert run() == 1
    assert [(error["line"], error["id"], error["error"]) for error in run.errors] == [
        (9, "00U8C00000EV6ABEAJ", "ValueError"),
        (10, "00U8c00000Ev7AbEAJ", "ValueError"),
    ]
    assert "changed the case" in run.errors[0]["reason"]
    assert "StartDateTime is '24.11.26 11:00'" in run.errors[1]["reason"]
    assert served.local.requests["sync_engagement"] == len(LINES)


def test_the_next_run_sends_what_was_mended_only(served: Served, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run()
    run.replace("00U8C00000EV6ABEAJ", "00U8c00000Ev6AbEAJ")
    run.replace("24.11.26 11:00", "2026-11-24 11:00:00")
    assert run() == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 synced, 5 skipped, 0 failed"
    assert run.errors == []
    assert served.local.requests["sync_engagement"] == len(LINES) + 2


def test_what_siro_refuses_is_told_by_its_line_and_sent_again(served: Served, run: Run) -> None:
    served.local.fail(Failure(status=422, times=len(LINES)))
    assert run() == 1
    refused = {error["line"]: error["id"] for error in run.errors if error["error"] == "RequestError"}
    assert refused == {line: external_id for external_id, line in LINES.items()}
    run()
    assert served.local.requests["sync_engagement"] == 2 * len(LINES)
    assert len(run.errors) == 2


def test_a_token_that_is_refused_ends_the_run(
    served: Served, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (header, *_) = (run.export / "Event.csv").read_text("utf-8").splitlines()
    events = [f'"{record_id(f"00U8c00000Ev{number}")}"' + ',""' * header.count(",") for number in range(100, 400)]
    (run.export / "Event.csv").write_text("\n".join([header, *events]), "utf-8")
    monkeypatch.setenv("SIRO_ORGANIZATION_TOKEN", "revoked-token")
    assert run() == 2
    assert served.local.requests["sync_engagement"] < 50
    told = capsys.readouterr().err
    assert "status 401" in told
    assert "revoked-token" not in told


def test_a_row_of_other_width_is_told_and_the_next_is_read(served: Served, run: Run) -> None:
    run.replace(f'"{ALL_DAY}","",', f'"{ALL_DAY}",')
    assert run() == 1
    assert [error["line"] for error in run.errors] == [6, 9, 10]
    assert "18 cells" in run.errors[0]["reason"]
    assert served.local.requests["sync_engagement"] == len(LINES) - 1


def test_a_quote_that_is_never_closed_is_told(run: Run) -> None:
    run.replace('"A time that a spreadsheet rewrote"', '"A time')
    *_, (line, row) = rows(run.export / "Event.csv")
    assert line == 10
    assert isinstance(row, ValueError)


def test_events_alone_are_enough(served: Served, run: Run) -> None:
    for file in run.export.glob("*.csv"):
        if file.name != "Event.csv":
            file.unlink()
    run()
    assert served.synced(VISIT)["contact"] == {"externalId": "0038c00000Xw1AbAAJ"}
    assert served.synced(VISIT)["opportunity"] == {"externalId": "0068c00000Op7AbAAJ"}
    assert served.synced(VISIT)["engagementUsers"] == [{"externalId": "0058c00000Us9AbAAJ"}]


@pytest.mark.parametrize("missing", [True, False])
def test_an_export_that_cannot_be_read_is_told(run: Run, capsys: pytest.CaptureFixture[str], *, missing: bool) -> None:
    if missing:
        (run.export / "Event.csv").unlink()
    else:
        run.replace("0018c00000Kq3AcAAJ", "0018C00000KQ3ACAAJ", "Account.csv")
    with pytest.raises(SystemExit, match="2"):
        run()
    assert ("Event.csv" if missing else "Account.csv, line 4") in capsys.readouterr().err


def test_without_a_byte_order_mark_it_is_the_same(run: Run) -> None:
    export = Export(run.export)
    before = [export.engagement(row) for row in _rows(run)]
    content = (run.export / "Event.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    (run.export / "Event.csv").write_bytes(content[3:].replace(b"\r\n", b"\n"))
    assert [export.engagement(row) for row in _rows(run)] == before


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-21 15:00:00",
        "2026-11-21T15:00:00.000Z",
        "2026-11-21T15:00:00.000+0000",
        "2026-11-21T09:00:00.000-0600",
    ],
)
def test_every_form_of_an_instant_is_the_same_instant(cell: str) -> None:
    assert timestamp({"StartDateTime": cell}, "StartDateTime") == "2026-11-21T15:00:00.000Z"
    assert instant({"StartDateTime": cell}, "StartDateTime") == datetime(2026, 11, 21, 15, tzinfo=UTC)
    assert timestamp({"StartDateTime": ""}, "StartDateTime") is UNSET


@pytest.mark.parametrize("short", ["001000000000000", "00Q8c00000Lm2Ab", "abcdeABCDEaBcDe"])
def test_an_id_is_completed_and_checked(short: str) -> None:
    assert len(record_id(short)) == 18
    assert record_id(record_id(short)) == record_id(short)


def test_the_three_characters_are_those_that_salesforce_adds() -> None:
    # By hand: of `Lm2Ab` the first and the fourth letter are capitals, 0b01001, the tenth of A to Z; of `00Q8c` the
    # third, 0b00100, the fifth.
    assert record_id("00Q8c00000Lm2Ab") == "00Q8c00000Lm2Ab" + "EAJ"
    assert record_id("abcdeABCDEaBcDe") == "abcdeABCDEaBcDe" + "A5K"
    assert record_id("001A0000006Vm9r") == "001A0000006Vm9r" + "IAC"


@pytest.mark.parametrize("text", ["", "00Q8c00000Lm2", "00Q8c00000Lm2AbEAA", "00Q8C00000LM2ABEAJ", "00Q8c-0000Lm2Ab"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no record id"):
        record_id(text)


def _rows(run: Run) -> list[dict[str, str]]:
    read = [row for _, row in rows(run.export / "Event.csv")][: len(LINES)]
    return [row for row in read if not isinstance(row, ValueError)]


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():  # pyright: ignore[reportUnknownVariableType] - JSON
            yield from _leaves(inner, f"{place}.{name}".removeprefix("."))
    elif isinstance(value, list):
        for inner in value:  # pyright: ignore[reportUnknownVariableType] - as above
            yield from _leaves(inner, place)
    else:
        yield place, value
