"""No secret in the results, journals and reports of bulk runs, nor in what the command line says."""

import json
import logging
from pathlib import Path

import httpx
import pytest
from siro_openapi.models import Engagement

from siro_client import Journal, Siro
from siro_client._command_line import main
from tests.facade import wire
from tests.facade.raw_server import RawServer, whole
from tests.facade.sentinels import VAULT, echoing, is_told, leaks, logged


def test_bulk_and_its_journal_tell_no_secret(tmp_path: Path) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        if b"good" in request.content:
            return httpx.Response(200, json=wire.RESULTS["sync_engagement"])
        return echoing(400, VAULT.used("token", "sync_engagement"))

    path = tmp_path / "journal.sqlite"
    every = [Engagement(external_id=f"{'good' if number % 2 else 'bad'}-{number}") for number in range(20)]
    with Siro(transport=httpx.MockTransport(respond), rate_limit=False, **VAULT.tokens()) as siro:
        with Journal(path) as journal:
            synced = list(siro.sync_engagements(every, concurrency=3, journal=journal))
            files = [each.read_bytes() for each in tmp_path.iterdir()]
        assert sum(each.error is None for each in synced) == 10
        assert not is_told(repr(synced))
        assert not any(map(is_told, [*files, path.read_bytes()]))
        assert [leaks(each.error) for each in synced if each.error] == [[]] * 10


def test_the_command_line_tells_no_secret(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    file, journal, errors = (tmp_path / name for name in ("engagements.jsonl", "journal.sqlite", "errors.jsonl"))
    file.write_text("".join(f'{{"externalId": "e-{number}"}}\n' for number in range(3)) + "{no JSON\n", "utf-8")
    refused = wire.response(400, echoing(400, VAULT.used("token", "sync_engagement")).content)
    with RawServer(whole(refused)) as server:
        monkeypatch.setenv("SIRO_INTEGRATIONS_URL", server.url)
        monkeypatch.setenv("SIRO_ORGANIZATION_TOKEN", VAULT.organization_token)
        monkeypatch.setenv("SIRO_USER_TOKEN", VAULT.user_token)
        assert main(["sync", str(file), "--journal", str(journal), "--errors", str(errors)]) == 1
        assert main(["sync", str(file)]) == 1
    said = capsys.readouterr()
    assert "<secret>" in said.err, "it is what was said that is told"
    assert sorted(json.loads(line)["line"] for line in errors.read_text("utf-8").splitlines()) == [1, 2, 3, 4]
    assert not any(is_told(text) for text in (said.out, said.err, errors.read_text("utf-8"), journal.read_bytes()))
    assert logged(caplog.records) == []


def test_a_token_that_the_command_line_cannot_send_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "engagements.jsonl"
    file.write_text('{"externalId": "e-1"}', "utf-8")
    monkeypatch.setenv("SIRO_ORGANIZATION_TOKEN", VAULT.unsendable_token)
    assert main(["sync", str(file)]) == 2
    said = capsys.readouterr().err
    assert "the organization token holds a blank" in said
    assert not is_told(said)
