import socket
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from siro_client.testing import LocalSiro, environment, serve

from .calls import SYNC_URL, Caller, link_url


def test_it_speaks_http(siro: LocalSiro, capfd: pytest.CaptureFixture[str]) -> None:
    with serve(siro) as root_url, httpx.Client(base_url=root_url) as client:
        ours = Caller(client, siro.organization)
        ours.synced("e", subject="a\x00b😀")
        ours.linked("recording-1", "ENGAGEMENT", "e")
        assert ours.synced("e")["recordingId"] == "recording-1"
        assert client.get(SYNC_URL).status_code == 405
        assert client.put("/unrouted").json()["code"] == 404
        assert client.put(link_url("%FF%00"), headers=ours.link_headers, json={}).status_code == 422
    with pytest.raises(httpx.ConnectError):
        httpx.get(root_url)
    assert capfd.readouterr() == ("", "")


def test_a_client_that_is_still_sending_gets_its_answer(siro: LocalSiro) -> None:
    with serve(siro) as root_url, httpx.Client(base_url=root_url) as client:
        ours = Caller(client, siro.organization)
        big = b'{"externalId":"' + b"x" * 8_000_000 + b'"}'
        json_type = {"content-type": "application/json"}
        for headers, status in ((ours.sync_headers | json_type, 413), (json_type, 401), (ours.sync_headers, 415)):
            assert client.put(SYNC_URL, headers=headers, content=big).status_code == status
        ours.synced("e")


def test_a_client_that_goes_away_leaves_no_trace(siro: LocalSiro, capfd: pytest.CaptureFixture[str]) -> None:
    with serve(siro) as root_url, httpx.Client(base_url=root_url) as client:
        url = urlsplit(root_url)
        connection = HTTPConnection(str(url.hostname), url.port)
        connection.putrequest("PUT", SYNC_URL)
        connection.putheader("Authorization", "Bearer local-organization-token")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", "100")
        connection.endheaders(b'{"externalId":"e"')
        connection.close()
        Caller(client, siro.organization).synced("f")
    assert capfd.readouterr() == ("", "")


def test_simultaneous_first_syncs_make_one_engagement(siro: LocalSiro) -> None:
    def sync(_: int) -> dict[str, Any]:
        return ours.synced("e", account={"externalId": "a"})

    with serve(siro) as root_url, httpx.Client(base_url=root_url) as client, ThreadPoolExecutor(8) as threads:
        ours = Caller(client, siro.organization)
        answers = list(threads.map(sync, range(48)))
    assert len({(answer["id"], answer["accountId"], answer["createdAt"]) for answer in answers}) == 1


def test_simultaneous_calls_in_process_keep_apart(ours: Caller, theirs: Caller) -> None:
    def call(number: int) -> bool:
        caller = (ours, theirs)[number % 2]
        external_id = f"e{number % 6}"
        answer = caller.synced(external_id, subject=f"{caller.organization.id} {external_id}")
        caller.linked(caller.organization.recording_ids[number % 6], "ENGAGEMENT", external_id)
        return bool(answer["subject"] == f"{answer['organizationId']} {answer['externalId']}")

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(call, range(240)))
    for caller in (ours, theirs):
        for number in range(6):
            expected = caller.organization.recording_ids[number]
            assert caller.synced(f"e{number}").get("recordingId") in (expected, None)


def test_a_taken_port_is_told(siro: LocalSiro) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"), serve(siro, port):
            pass
    with serve(siro, port) as root_url:
        assert root_url == f"http://127.0.0.1:{port}"


def test_a_block_that_raises_stops_the_server(siro: LocalSiro) -> None:
    def fail() -> None:
        with serve(siro) as root_url:
            urls.append(root_url)
            raise LookupError

    urls: list[str] = []
    with pytest.raises(LookupError):
        fail()
    with pytest.raises(httpx.ConnectError):
        httpx.get(urls[0])


def test_the_environment_names_everything(siro: LocalSiro) -> None:
    assert environment(siro, "http://127.0.0.1:1/") == {
        "SIRO_RECORDINGS_URL": "http://127.0.0.1:1",
        "SIRO_INTEGRATIONS_URL": "http://127.0.0.1:1/api-externalApi",
        "SIRO_USER_TOKEN": "local-user-token",
        "SIRO_ORGANIZATION_TOKEN": "local-organization-token",
        "SIRO_RECORDING_IDS": ",".join(siro.organization.recording_ids),
        "SIRO_INTEGRATION_CONNECTION_ID": "connection-1",
        "SIRO_CLIENT_ID": "local-client",
        "SIRO_CLIENT_SECRET": "local-client-secret",
        "SIRO_USER_ID": "local-user",
        "SIRO_OTHER_USER_TOKEN": "other-user-token",
        "SIRO_OTHER_ORGANIZATION_TOKEN": "other-organization-token",
        "SIRO_OTHER_RECORDING_IDS": ",".join(siro.other_organization.recording_ids),
        "SIRO_OTHER_INTEGRATION_CONNECTION_ID": "other-connection-1",
        "SIRO_OTHER_CLIENT_ID": "other-client",
        "SIRO_OTHER_CLIENT_SECRET": "other-client-secret",
        "SIRO_OTHER_USER_ID": "other-user",
    }
