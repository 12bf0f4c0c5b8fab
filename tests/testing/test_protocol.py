import json
from typing import Any

import httpx
import pytest

from siro_client.testing import LocalSiro

from .calls import SYNC_URL, Caller, dump, link_url

JSON_TYPE = {"content-type": "application/json"}
VALID = b'{"externalId":"e"}'


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v1",
        "/v1/core/recordings/recording-1",
        "/v1/core/recordings//link",
        "/v1/core/recordings/recording-1/link/",
        "/v1/core/recordings/recording-1/link%0A",
        "/v1/core/recordings/a/b/link",
        "/V1/core/recordings/recording-1/link",
        "/api-externalApi/v1/core/recordings/recording-1/link",
        "/v1/integrations/sync/engagements",
        SYNC_URL + "/",
        SYNC_URL + "%0A",
    ],
)
def test_an_unrouted_path_is_answered_by_the_gateway(ours: Caller, path: str) -> None:
    response = ours.client.put(path, headers=ours.sync_headers | ours.link_headers, json={})
    assert response.status_code == 404
    assert response.json() == {"code": 404, "message": "The current request is not defined by this API."}


@pytest.mark.parametrize("url", [SYNC_URL, link_url("recording-1"), link_url("unknown")])
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "put", "X"])
def test_another_method_is_not_allowed(ours: Caller, method: str, url: str) -> None:
    request = httpx.Request(method, "http://local" + url, headers=ours.sync_headers, json={"externalId": "e"})
    request.method = method
    response = ours.client.send(request)
    assert response.status_code == 405
    assert response.headers["allow"] == "PUT"
    assert response.text == ("" if method == "HEAD" else '{"error":"Method Not Allowed"}')


@pytest.mark.parametrize(
    "media_type",
    ["", "text/plain", "application/jsonp", "application/json, text/plain", "application/merge-patch+json", "json"],
)
def test_another_media_type_is_refused(siro: LocalSiro, ours: Caller, media_type: str) -> None:
    assert_refused(siro, ours, VALID, 415, {"content-type": media_type})


def test_a_missing_media_type_is_refused(siro: LocalSiro, ours: Caller) -> None:
    assert_refused(siro, ours, VALID, 415, {})


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON", "application/json; charset=utf-8", "application/json ;x=y"]
)
def test_json_is_accepted_with_parameters(ours: Caller, media_type: str) -> None:
    response = ours.client.put(SYNC_URL, headers=ours.sync_headers | {"content-type": media_type}, content=VALID)
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b" ", 400),
        (b"{", 400),
        (b'{"externalId":"e"}x', 400),
        (b'{"externalId":"e"}{}', 400),
        (b'{"externalId":"e",}', 400),
        (b"{'externalId':'e'}", 400),
        (b'{"externalId":"\xff"}', 400),
        (b'{"externalId":"\x00"}', 400),
        (b'\xef\xbb\xbf{"externalId":"e"}', 400),
        ('{"externalId":"e"}'.encode("utf-16"), 400),
        (b'{"externalId":"e","x":NaN}', 400),
        (b'{"externalId":"e","x":Infinity}', 400),
        (b'{"externalId":"e","x":-Infinity}', 400),
        (b'{"externalId":"e","x":' + b"[" * 250 + b"]" * 250 + b"}", 400),
        (b"[" * 100_000, 400),
        (b'{"x":' * 100_000 + b"1" + b"}" * 100_000, 400),
        (b'{"externalId":"' + b"e" * 1024 * 1024 + b'"}', 413),
        (b"[]", 422),
        (b"null", 422),
        (b"true", 422),
        (b"1", 422),
        (b'"externalId"', 422),
        (b'{"externalId":"\\ud800"}', 422),
        (b'{"externalId":"e","\\udfff":1}', 422),
        (b'{"externalId":"e","x":[{"y":"a\\udc00b"}]}', 422),
        (b'{"externalId":"e","x":1e400}', 422),
        (b'{"externalId":"e","x":-1e400}', 422),
        (b'{"externalId":"e","x":' + b"1" * 5000 + b"}", 422),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_body_that_cannot_be_taken_is_refused(siro: LocalSiro, ours: Caller, body: bytes, status: int) -> None:
    assert_refused(siro, ours, body, status, JSON_TYPE)


def assert_refused(siro: LocalSiro, ours: Caller, body: bytes, status: int, headers: dict[str, str]) -> None:
    before = dump(siro)
    for url in (SYNC_URL, link_url("recording-1")):
        sent = {**ours.sync_headers, **ours.link_headers, **headers}
        response = ours.client.put(url, headers=sent, content=body)
        assert response.status_code == status
        assert response.headers["content-type"] == "application/json"
        assert response.json().keys() == ({"issues", "name"} if status == 422 else {"error"})
    assert dump(siro) == before


@pytest.mark.parametrize(
    "value",
    [
        "\x00",
        "a\x00b",
        "\x01\x1f\x7f\x80\u2028",
        "😀𐍈",
        "e\u0301 is not é",
        "'; DROP TABLE rows; --",
        "%00%2F",
        " padded ",
        "",
        "x" * 100_000,
        "\ufeff",
        "\uffff",
    ],
    ids=lambda value: repr(value)[:20],
)
def test_every_character_comes_back_unaltered(ours: Caller, value: str) -> None:
    answer = ours.synced(value, subject=value, account={"externalId": value, "name": value, value: [value]})
    assert answer["externalId"] == answer["subject"] == value
    assert answer["account"] == {"externalId": value, "name": value, value: [value]}
    assert ours.synced(value)["id"] == answer["id"]
    assert ours.linked("recording-1", "ACCOUNT", value)["name"] == value


@pytest.mark.parametrize("number", ["0", "-0.0", "1.0", "1e300", "5e-324", "0.1", "9007199254740993", "1" * 400])
def test_every_number_comes_back_unaltered(ours: Caller, number: str) -> None:
    body = f'{{"externalId":"e","account":{{"externalId":"a","latitude":{number}}}}}'
    response = ours.client.put(SYNC_URL, headers=ours.sync_headers | JSON_TYPE, content=body)
    latitude = response.json()["data"]["account"]["latitude"]
    assert repr(latitude) == repr(json.loads(number))


def test_deep_nesting_comes_back_unaltered(ours: Caller) -> None:
    deep: Any = 1
    for _ in range(150):
        deep = {"x": [deep]} if isinstance(deep, int) else [deep]
    assert ours.synced("e", account={"externalId": "a", "deep": deep})["account"]["deep"] == deep


def test_a_body_may_have_a_mebibyte(ours: Caller) -> None:
    body = b'{"externalId":"e","content":"%s"}'
    body %= b"x" * (1024 * 1024 - len(body) + len(b"%s"))
    response = ours.client.put(SYNC_URL, headers=ours.sync_headers | JSON_TYPE, content=body)
    assert (len(body), response.status_code) == (1024 * 1024, 200)


def test_the_answer_is_json_whatever_is_accepted(ours: Caller) -> None:
    headers = ours.sync_headers | {"accept": "text/html"}
    response = ours.client.put(SYNC_URL, headers=headers, json={"externalId": "e"})
    assert response.headers["content-type"] == "application/json"
    assert ours.client.put(SYNC_URL + "?x=1", headers=headers, json={"externalId": "e"}).status_code == 200


def test_a_bug_is_raised_behind_a_bare_500(siro: LocalSiro, ours: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise LookupError("a bug")

    monkeypatch.setattr("siro_client.testing._app.sync_engagement", fail)
    with pytest.raises(LookupError, match="a bug"):
        ours.sync({"externalId": "e"})
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": VALID}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = {**ours.sync_headers, **JSON_TYPE}
    scope = {
        "type": "http",
        "method": "PUT",
        "path": SYNC_URL,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    with pytest.raises(LookupError):
        siro.app(scope, receive, send).__await__().__next__()
    assert [sent[0]["status"], sent[1]["body"]] == [500, b'{"error":"Internal Server Error"}']
