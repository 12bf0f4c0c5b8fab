"""The HubSpot export: what the local Siro is sent, and what is told of the meetings that it is not."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from siro_openapi.models import DataType
from siro_openapi.types import UNSET

from hubspot_export import main
from hubspot_mapping import Export
from hubspot_properties import plain, timestamp
from siro_client.testing import Failure

from .conftest import EXAMPLES, Served

EXPORT = EXAMPLES / "hubspot" / "export.json"
VISIT, ESTIMATE, CANCELED, ARCHIVED, UNKNOWN, WRONG = (f"5821440010{number}" for number in range(1, 7))
GOOD = (VISIT, ESTIMATE, CANCELED, ARCHIVED, UNKNOWN)


class Run:
    """The example, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.export: dict[str, Any] = json.loads(EXPORT.read_text("utf-8"))
        self._file, self._journal = folder / "export.json", folder / "journal.sqlite"

    def __call__(self) -> int:
        self._file.write_text(json.dumps(self.export), "utf-8")
        return main([str(self._file), "--journal", str(self._journal)])

    def properties(self, external_id: str) -> dict[str, Any]:
        (found,) = [one for one in self.export["meetings"]["results"] if one["id"] == external_id]
        properties: dict[str, Any] = found["properties"]
        return properties


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def test_a_meeting_is_synced_with_all_that_it_is_associated_with(served: Served, run: Run) -> None:
    assert run() == 1
    visit = served.synced(VISIT)
    assert visit["content"] == 'Measured both rooms.\nRosa & Kofi want "soft close".'
    assert visit["startTime"] == "2026-11-21T15:00:00.000Z"
    assert visit["engagementType"] == {"name": "On-site visit", "activityType": "MEETING"}
    assert visit["engagementUsers"] == [
        {"externalId": "71820455", "name": "Dana Whitfield", "email": "dana.whitfield@acme.example"}
    ]
    assert visit["account"]["mergedFromExternalIds"] == ["18233900770", "18233900768"]
    assert visit["account"]["owner"] == {"externalId": "71820455"}
    assert visit["contact"]["account"] == visit["account"]
    assert "addresses" not in visit["contact"]
    assert visit["opportunity"]["amount"] == 48250.5
    assert served.stored(DataType.ENGAGEMENT, VISIT) == "Kitchen refit, first visit"
    assert served.stored(DataType.ACCOUNT, "18233900771") == "Harbour Kitchens"
    assert served.stored(DataType.CONTACT, "40115") == "Rosa Okafor"
    assert served.stored(DataType.OPPORTUNITY, "9920551") == "Harbour Kitchens, refit"


def test_instants_are_the_same_in_both_forms(served: Served, run: Run) -> None:
    run()
    assert served.synced(ESTIMATE)["startTime"] == "2026-11-22T14:30:00.000Z"  # milliseconds, in the export
    assert timestamp({"closedate": "2026-12-18"}, "closedate") == "2026-12-18T00:00:00.000Z"
    assert timestamp({"closedate": ""}, "closedate") is UNSET


def test_what_is_canceled_or_archived_is_told_as_deleted(served: Served, run: Run) -> None:
    run()
    deleted = {
        one: datetime.fromisoformat(served.synced(one)["deletedAt"])
        for one in GOOD
        if "deletedAt" in served.synced(one)
    }
    assert deleted == {
        CANCELED: datetime(2026, 11, 20, 17, 42, 31, 512_000, tzinfo=UTC),
        ARCHIVED: datetime(2026, 11, 19, 6, 5, tzinfo=UTC),
    }


def test_what_hubspot_lacks_is_left_out(served: Served, run: Run) -> None:
    run()
    assert served.synced(UNKNOWN) == {
        "externalId": UNKNOWN,
        "subject": "A company that was not exported",
        "startTime": "2026-11-25T09:00:00.000Z",  # hs_timestamp
        "remoteCreatedAt": "2026-11-10T08:30:00.000Z",
        "remoteUpdatedAt": "2026-11-20T17:42:31.512Z",
        "engagementType": {"name": "Meeting", "activityType": "MEETING"},
        "account": {"externalId": "18233900999"},
    }


def test_a_deal_that_is_closed_is_won_or_lost(run: Run) -> None:
    (deal,) = run.export["deals"]["results"]
    for is_won, disposition in (("true", "WON"), ("false", "LOST")):
        deal["properties"] |= {"hs_is_closed": "true", "hs_is_closed_won": is_won}
        export = Export(run.export)
        opportunity = export.engagement(export.meetings[0]).to_dict()["opportunity"]
        assert (opportunity["disposition"], opportunity["closedAt"]) == (disposition, "2026-12-18T00:00:00.000Z")


def test_a_meeting_that_is_wrong_is_told_and_sent_once_it_is_mended(
    served: Served, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run() == 1
    told = capsys.readouterr()
    assert told.out == "5 synced, 0 skipped, 1 failed\n"
    assert f"meeting {WRONG}: ValueError: hs_meeting_start_time is 'next Tuesday'" in told.err
    run.properties(WRONG)["hs_meeting_start_time"] = "2026-12-01T09:00:00Z"
    assert run() == 0
    assert capsys.readouterr().out == "1 synced, 5 skipped, 0 failed\n"
    assert served.local.requests["sync_engagement"] == len(GOOD) + 1


def test_what_siro_refuses_is_told_and_sent_again(served: Served, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    served.local.fail(Failure(status=422, times=len(GOOD)))
    assert run() == 1
    told = capsys.readouterr().err
    assert all(f"meeting {one}: RequestError: " in told for one in GOOD)
    run()
    assert served.local.requests["sync_engagement"] == 2 * len(GOOD)


def test_a_token_that_is_refused_ends_the_run(
    served: Served, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one = run.export["meetings"]["results"][0]
    run.export["meetings"]["results"] = [{**one, "id": str(number)} for number in range(300)]
    monkeypatch.setenv("SIRO_ORGANIZATION_TOKEN", "revoked-token")
    assert run() == 2
    assert served.local.requests["sync_engagement"] < 50
    told = capsys.readouterr().err
    assert "status 401" in told
    assert "revoked-token" not in told


def test_a_page_that_is_missing_is_told_and_nothing_is_sent(
    served: Served, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    run.export["contacts"]["paging"] = {"next": {"after": "40119", "link": "https://hubspot.example/contacts"}}
    with pytest.raises(SystemExit, match="2"):
        run()
    assert "contacts are not all there" in capsys.readouterr().err
    assert served.local.requests == {}


@pytest.mark.parametrize(
    ("body", "text"),
    [("<p>a &lt; b</p><ul><li>c</li></ul>", "a < b\nc"), ("a<br>b<br />c", "a\nb\nc"), ("<p></p>", UNSET)],
)
def test_html_becomes_text(body: str, text: object) -> None:
    assert plain({"hs_meeting_body": body}, "hs_meeting_body") == text
