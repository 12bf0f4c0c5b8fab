import httpx
import pytest

from siro_client.testing import LocalSiro

from .calls import SYNC_URL, Caller, dump, link_url

LINK_URL = link_url("recording-1")
SYNC_BODY = {"externalId": "e"}

SYNC_REFUSED: list[dict[str, str]] = [
    {},
    {"authorization": ""},
    {"authorization": "Bearer"},
    {"authorization": "Bearer "},
    {"authorization": "Bearer wrong"},
    {"authorization": "local-organization-token"},
    {"authorization": "Basic local-organization-token"},
    {"authorization": "Bearer\tlocal-organization-token"},
    {"authorization": "Bearer local-organization-token x"},
    {"authorization": "Bearer local-organization-toke"},
    {"authorization": "Bearer local-organization-tokenn"},
    {"authorization": "Bearer LOCAL-ORGANIZATION-TOKEN"},
    {"authorization": "Bearer local-user-token"},
    {"x-siro-auth-token": "local-organization-token"},
    {"x-siro-auth-token": "local-user-token"},
]
LINK_REFUSED: list[dict[str, str]] = [
    {},
    {"x-siro-auth-token": ""},
    {"x-siro-auth-token": "wrong"},
    {"x-siro-auth-token": "Bearer local-user-token"},
    {"x-siro-auth-token": "LOCAL-USER-TOKEN"},
    {"x-siro-auth-token": "local-organization-token"},
    {"authorization": "Bearer local-user-token"},
    {"authorization": "Bearer local-organization-token"},
]


@pytest.mark.parametrize("headers", SYNC_REFUSED, ids=str)
def test_sync_refuses(siro: LocalSiro, client: httpx.Client, headers: dict[str, str]) -> None:
    before = dump(siro)
    response = client.put(SYNC_URL, headers=headers, json=SYNC_BODY)
    assert_unauthorized(response, "Bearer")
    assert dump(siro) == before


@pytest.mark.parametrize("headers", LINK_REFUSED, ids=str)
def test_link_refuses(siro: LocalSiro, ours: Caller, headers: dict[str, str]) -> None:
    ours.synced("e")
    before = dump(siro)
    body = {"dataType": "ENGAGEMENT", "externalId": "e", "integrationConnectionId": "connection-1"}
    response = ours.client.put(LINK_URL, headers=headers, json=body)
    assert_unauthorized(response, "SiroAuthToken")
    assert dump(siro) == before


def assert_unauthorized(response: httpx.Response, scheme: str) -> None:
    assert response.status_code == 401
    assert response.json().keys() == {"error"}
    assert response.headers["www-authenticate"] == scheme
    assert "local-" not in response.text


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR "])
def test_the_name_of_the_scheme_is_case_insensitive(client: httpx.Client, scheme: str) -> None:
    headers = {"authorization": f"{scheme} local-organization-token"}
    assert client.put(SYNC_URL, headers=headers, json=SYNC_BODY).status_code == 200


def test_a_token_that_comes_twice_is_refused(client: httpx.Client) -> None:
    headers = [("authorization", "Bearer local-organization-token")] * 2
    assert client.put(SYNC_URL, headers=headers, json=SYNC_BODY).status_code == 401


def test_a_token_comes_before_all_else(client: httpx.Client) -> None:
    assert client.put(SYNC_URL, content=b"{", headers={"content-type": "text/plain"}).status_code == 401
    assert client.put(link_url("unknown"), json=[]).status_code == 401


def test_a_token_opens_its_own_organization_only(ours: Caller, theirs: Caller) -> None:
    assert ours.synced("e")["organizationId"] == "local-organization"
    assert theirs.synced("e")["organizationId"] == "other-organization"
