from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from siro_client.testing import LocalSiro, Organization

from .calls import Caller, dump, link_url

HOUR = 3600


def mint_url(client_id: str) -> str:
    return f"/api-externalApi/v1/core/oauth/apps/{client_id}/access-token"


def body_of(organization: Organization, scope: str = "write") -> dict[str, Any]:
    return {"clientSecret": organization.client_secret, "userId": organization.user_id, "scope": scope}


def mint(caller: Caller, **changes: Any) -> httpx.Response:
    url = mint_url(caller.organization.client_id)
    return caller.client.post(url, headers=caller.sync_headers, json=body_of(caller.organization) | changes)


def link_with(caller: Caller, token: str) -> httpx.Response:
    caller.synced("e")
    connection = caller.organization.integration_connection_id
    body = {"dataType": "ENGAGEMENT", "externalId": "e", "integrationConnectionId": connection}
    url = link_url(caller.organization.recording_ids[0])
    return caller.client.put(url, headers={"x-siro-auth-token": token}, json=body)


def minted(caller: Caller, **changes: Any) -> str:
    response = mint(caller, **changes)
    assert response.status_code == 201
    return str(response.json()["accessToken"])


def test_a_minted_token_links(siro: LocalSiro, ours: Caller) -> None:
    response = mint(ours)
    assert response.status_code == 201
    answer = response.json()
    assert answer.keys() == {"accessTokenId", "accessToken"}
    assert all(isinstance(value, str) for value in answer.values())
    assert link_with(ours, answer["accessToken"]).status_code == 200
    assert siro.minted == 1


def test_each_token_is_another_and_both_are_valid(siro: LocalSiro, ours: Caller) -> None:
    tokens = {minted(ours) for _ in range(3)}
    assert len(tokens) == siro.minted == 3
    assert {link_with(ours, token).status_code for token in tokens} == {200}


def test_a_token_opens_its_own_organization_only(ours: Caller, theirs: Caller) -> None:
    assert link_with(theirs, minted(ours)).status_code == 404


def test_a_read_token_does_not_link(siro: LocalSiro, ours: Caller) -> None:
    token = minted(ours, scope="read")
    ours.synced("e")
    before = dump(siro)
    response = link_with(ours, token)
    assert response.status_code == 403
    assert response.json() == {"error": "Forbidden: the scope of the user token is read, and this needs write"}
    assert [line for line in dump(siro) if "links" in line] == [line for line in before if "links" in line]


def test_a_minted_token_is_no_organization_token(ours: Caller) -> None:
    headers = {"authorization": f"Bearer {minted(ours)}"}
    url = mint_url(ours.organization.client_id)
    assert ours.client.post(url, headers=headers, json=body_of(ours.organization)).status_code == 401


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer wrong", "Bearer local-user-token", "local-organization-token"])
def test_a_wrong_organization_token_is_refused(siro: LocalSiro, ours: Caller, token: str) -> None:
    response = ours.client.post(
        mint_url("local-client"), headers={"authorization": token}, json=body_of(ours.organization)
    )
    assert response.status_code == 401
    assert response.json().keys() == {"error"}
    assert siro.minted == 0


@pytest.mark.parametrize("client_id", ["unknown", "other-client", "local-client%00"])
def test_an_unknown_app_is_not_found(siro: LocalSiro, ours: Caller, client_id: str) -> None:
    response = ours.client.post(mint_url(client_id), headers=ours.sync_headers, json=body_of(ours.organization))
    assert (response.status_code, response.json()) == (404, {"error": "OAuth app not found"})
    assert siro.minted == 0


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"clientSecret": "wrong"}, 401),
        ({"clientSecret": ""}, 401),
        ({"clientSecret": "other-client-secret"}, 401),
        ({"userId": "unknown"}, 404),
        ({"userId": "other-user"}, 404),
    ],
)
def test_what_does_not_belong_to_the_app_is_refused(
    siro: LocalSiro, ours: Caller, changes: dict[str, str], status: int
) -> None:
    response = mint(ours, **changes)
    assert response.status_code == status
    assert response.json().keys() == {"error"}
    assert "secret" not in response.text.replace("client secret", "")
    assert siro.minted == 0


@pytest.mark.parametrize("name", ["clientSecret", "userId", "scope"])
def test_each_property_is_required(siro: LocalSiro, ours: Caller, name: str) -> None:
    body = body_of(ours.organization)
    del body[name]
    response = ours.client.post(mint_url("local-client"), headers=ours.sync_headers, json=body)
    assert response.status_code == 422
    assert response.json()["name"] == "ZodError"
    assert [(issue["path"], issue["message"]) for issue in response.json()["issues"]] == [([name], "Required")]
    assert siro.minted == 0


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("clientSecret", None, "invalid_type"),
        ("userId", 5, "invalid_type"),
        ("scope", ["write"], "invalid_type"),
        ("scope", "admin", "invalid_enum_value"),
    ],
)
def test_a_wrong_value_is_an_issue(siro: LocalSiro, ours: Caller, name: str, value: object, code: str) -> None:
    response = mint(ours, **{name: value})
    assert response.status_code == 422
    assert [(issue["path"], issue["code"]) for issue in response.json()["issues"]] == [([name], code)]
    assert siro.minted == 0


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_minting_is_a_post(ours: Caller, method: str) -> None:
    response = ours.client.request(method, mint_url("local-client"), headers=ours.sync_headers)
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def dated(clock: Clock, tmp_path: Path) -> Generator[tuple[LocalSiro, Caller]]:
    with LocalSiro(tmp_path / "siro.sqlite", clock=clock) as siro:
        client = httpx.Client(transport=siro.transport, base_url="http://local")
        yield siro, Caller(client, siro.organization)


def test_a_minted_token_expires_after_16_hours(dated: tuple[LocalSiro, Caller], clock: Clock) -> None:
    _, caller = dated
    token = minted(caller)
    clock.now += 16 * HOUR - 1
    assert link_with(caller, token).status_code == 200
    clock.now += 1
    assert link_with(caller, token).status_code == 401
    assert link_with(caller, minted(caller)).status_code == 200


def test_the_seeded_token_does_not_expire(dated: tuple[LocalSiro, Caller], clock: Clock) -> None:
    siro, caller = dated
    clock.now += 1000 * HOUR
    siro.expire_user_tokens()
    assert link_with(caller, siro.organization.user_token).status_code == 200


def test_a_token_survives_a_restart(dated: tuple[LocalSiro, Caller], clock: Clock, tmp_path: Path) -> None:
    _, caller = dated
    token = minted(caller)
    with LocalSiro(tmp_path / "siro.sqlite", clock=clock) as again:
        client = httpx.Client(transport=again.transport, base_url="http://local")
        assert link_with(Caller(client, again.organization), token).status_code == 200
        assert again.minted == 1


def test_tokens_expire_at_will(siro: LocalSiro, ours: Caller, theirs: Caller) -> None:
    tokens = [(caller, minted(caller)) for caller in (ours, theirs)]
    siro.expire_user_tokens()
    assert [link_with(caller, token).status_code for caller, token in tokens] == [401, 401]
    assert link_with(ours, minted(ours)).status_code == 200
    assert siro.minted == 3


def test_reset_forgets_what_was_minted(siro: LocalSiro, ours: Caller) -> None:
    token = minted(ours)
    siro.reset()
    assert siro.minted == 0
    assert link_with(ours, token).status_code == 401
