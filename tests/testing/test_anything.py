"""Whatever JSON is sent: an answer that is documented, never a 5xx, and no trace of what was refused."""

import functools
import importlib.resources
import json
from typing import Any, cast

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from siro_client.testing import LocalSiro, _schema
from siro_client.testing._validation import LINK_PATH, SYNC_PATH

from .calls import SYNC_URL, Caller, dump, link_url
from .page_schema import request_schema

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
ANYTHING = st.recursive(
    SCALARS | st.just("x"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def shaped_like(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Mostly what the page asks for, now and then anything."""
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "string": st.sampled_from([*schema.get("enum", ["a", "b", "2024-01-01T00:00:00Z"])]),
        "number": st.floats(allow_nan=False, allow_infinity=False) | st.integers(),
        "boolean": st.booleans(),
    }
    if schema["type"] == "array":
        wanted: st.SearchStrategy[Any] = st.lists(shaped_like(schema["items"]), max_size=2)
    elif schema["type"] == "object":
        properties = {name: shaped_like(each) for name, each in schema["properties"].items()}
        required = {name: properties.pop(name) for name in schema.get("required", ())}
        wanted = st.fixed_dictionaries(required, optional=properties)
    else:
        wanted = kinds[schema["type"]]
    return st.integers(0, 40).flatmap(lambda roll: ANYTHING if roll == 40 else wanted)


CHECKS = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def call(siro: LocalSiro, url: str, path: str, body: Any) -> httpx.Response:
    with httpx.Client(transport=siro.transport, base_url="http://local") as client:
        ours = Caller(client, siro.organization)
        headers = {**ours.sync_headers, **ours.link_headers, "content-type": "application/json"}
        response = client.put(url, headers=headers, content=json.dumps(body))
    assert response.status_code in (200, 404, 422)
    assert documented(path, response.status_code).is_valid(response.json())
    return response


@functools.cache
def documented(path: str, status: int) -> Draft202012Validator:
    """What the effective specification has for an answer."""
    text = (importlib.resources.files("siro_openapi") / "openapi.json").read_text("utf-8")
    node = document = json.loads(text)
    for key in ("paths", path, "put", "responses", str(status), "content", "application/json", "schema"):
        node = cast("dict[str, Any]", _schema.follow(document, node)[key])
    return Draft202012Validator(_schema.convert(document, node))


@CHECKS
@given(body=shaped_like(request_schema("sync-an-engagement")) | ANYTHING)
def test_sync_answers(body: Any) -> None:
    with LocalSiro() as siro:
        before = dump(siro)
        response = call(siro, SYNC_URL, SYNC_PATH, body)
        if response.status_code != 200:
            assert dump(siro) == before
            return
        data = response.json()["data"]
        again = call(siro, SYNC_URL, SYNC_PATH, body).json()["data"]
        assert {**again, "updatedAt": ""} == {**data, "updatedAt": ""}
        echoed = ("externalId", "direction", "subject", "content", "startTime", "endTime", "engagementUsers")
        assert all(data.get(name) == body.get(name) for name in echoed)


@CHECKS
@given(
    recording_id=st.sampled_from(["recording-1", "other-recording-1"]),
    body=shaped_like(request_schema("put-recording-crm-link")) | ANYTHING,
)
def test_link_answers(recording_id: str, body: Any) -> None:
    with LocalSiro() as siro:
        assert call(siro, SYNC_URL, SYNC_PATH, {"externalId": "a", "account": {"externalId": "b"}}).status_code == 200
        before = dump(siro)
        response = call(siro, link_url(recording_id), LINK_PATH, body)
        assert response.status_code == 200 or dump(siro) == before
