"""What the local Siro does for an operation that nothing is known of but its specification."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from siro_client.testing import Failure, LocalSiro, _operations, _sample, _validation

TEXT: dict[str, Any] = {"type": "string"}
ITEM: dict[str, Any] = {
    "type": "object",
    "required": ["id", "color"],
    "properties": {"id": TEXT, "color": {"type": "string", "enum": ["red", "blue"]}, "size": {"type": "integer"}},
}
ITEMS: dict[str, Any] = {
    "servers": [{"url": "https://functions.siro.ai/api-externalApi"}],
    "security": [{"bearerAuth": []}],
    "get": {
        "operationId": "list_items",
        "parameters": [
            {"name": "size", "in": "query", "required": True, "schema": {"type": "integer", "minimum": 1}},
            {"name": "tags", "in": "query", "schema": {"type": "array", "maxItems": 2, "items": TEXT}},
        ],
        "responses": {"200": {"content": {"application/json": {"schema": {"type": "array", "items": ITEM}}}}},
    },
    "post": {
        "operationId": "create_item",
        "requestBody": {"required": True, "content": {"application/json": {"schema": ITEM}}},
        "responses": {"201": {"content": {"application/json": {"schema": ITEM}}}},
    },
    "delete": {"operationId": "delete_items", "responses": {"204": {"description": "gone"}}},
}
URL = "http://local/api-externalApi/v1/items"
TOKEN = {"authorization": "Bearer local-organization-token"}
Specify = Callable[[Callable[[dict[str, Any]], object]], None]


@pytest.fixture
def specify(monkeypatch: pytest.MonkeyPatch) -> Iterator[Specify]:
    """Change the specification that a local Siro is made from."""
    changed: dict[str, Any] = copy.deepcopy(_operations.document())

    def document() -> dict[str, Any]:
        return changed

    def use(change: Callable[[dict[str, Any]], object]) -> None:
        change(changed)
        for module in (_operations, _validation):
            monkeypatch.setattr(module, "document", document)
        _operations.operations.cache_clear()
        _validation.compiled.cache_clear()

    yield use
    monkeypatch.undo()
    _operations.operations.cache_clear()
    _validation.compiled.cache_clear()


@pytest.fixture
def ask(specify: Specify) -> Iterator[Callable[..., httpx.Response]]:
    specify(lambda spec: spec["paths"].update({"/v1/items": ITEMS}))
    with LocalSiro() as siro, httpx.Client(transport=siro.transport, headers=TOKEN) as client:

        def call(method: str, **how: Any) -> httpx.Response:
            return client.request(method, URL, **how)

        yield call


def test_an_answer_is_an_example_with_what_was_sent(ask: Callable[..., httpx.Response]) -> None:
    first, again = (ask("GET", params={"size": "7"}) for _ in range(2))
    assert first.json() == again.json() == [{"id": "text", "color": "red", "size": 7}]
    made = ask("POST", json={"id": "i-1", "color": "blue", "size": 3, "more": 1})
    assert (made.status_code, made.json()) == (201, {"id": "i-1", "color": "blue", "size": 3})
    gone = ask("DELETE")
    assert (gone.status_code, gone.content) == (204, b"")


@pytest.mark.parametrize(
    ("how", "status", "path"),
    [
        ({}, 422, ["size"]),
        ({"params": {"size": "0"}}, 422, ["size"]),
        ({"params": {"size": "seven"}}, 422, ["size"]),
        ({"params": [("size", "7"), ("tags", "a"), ("tags", "b"), ("tags", "c")]}, 422, ["tags"]),
        ({"params": {"size": "7"}, "headers": {"authorization": "Bearer local-user-token"}}, 401, None),
    ],
)
def test_a_wrong_parameter_or_token_is_refused(
    ask: Callable[..., httpx.Response], how: dict[str, Any], status: int, path: list[str] | None
) -> None:
    answer = ask("GET", **how)
    assert answer.status_code == status
    assert path is None or [issue["path"] for issue in answer.json()["issues"]] == [path]


def test_a_wrong_body_is_refused(ask: Callable[..., httpx.Response]) -> None:
    assert ask("POST", json={"id": "i-1", "color": "green"}).status_code == 422
    assert ask("POST").status_code == 415
    assert ask("PATCH").status_code == 405


def test_of_an_unknown_host_there_is_no_route(specify: Specify) -> None:
    elsewhere: dict[str, Any] = {**ITEMS, "servers": [{"url": "https://elsewhere.invalid"}]}
    specify(lambda spec: spec["paths"].update({"/v1/items": elsewhere}))
    with LocalSiro() as siro, httpx.Client(transport=siro.transport, headers=TOKEN) as client:
        assert client.get("http://local/v1/items").status_code == 404


def test_an_operation_of_siro_at_an_unknown_host_is_told_with_the_place_to_teach(specify: Specify) -> None:
    def move(spec: dict[str, Any]) -> None:
        spec["paths"]["/v1/core/recordings/{id}/link"]["servers"] = [{"url": "https://elsewhere.invalid"}]
        spec["paths"]["/v1/core/recordings/{id}/link"]["put"].pop("servers", None)

    specify(move)
    with pytest.raises(NotImplementedError, match="link_recording at no host, or with no token"):
        LocalSiro()


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "nullable": True},
        {"allOf": [{"type": "integer"}]},
        {"oneOf": [{"type": "boolean"}, {"type": "integer", "minimum": 3}]},
    ],
)
def test_a_parameter_is_read_by_its_type_wherever_that_stands(specify: Specify, schema: dict[str, Any]) -> None:
    get = {**ITEMS["get"], "parameters": [{"name": "size", "in": "query", "schema": schema}]}
    specify(lambda spec: spec["paths"].update({"/v1/items": {**ITEMS, "get": get}}))
    with LocalSiro() as siro, httpx.Client(transport=siro.transport, headers=TOKEN) as client:
        assert [client.get(URL, params={"size": size}).status_code for size in ("5", "five")] == [200, 422]


def test_an_operation_that_was_added_can_fail(specify: Specify) -> None:
    specify(lambda spec: spec["paths"].update({"/v1/items": ITEMS}))
    with LocalSiro() as siro, httpx.Client(transport=siro.transport, headers=TOKEN) as client:
        siro.fail(Failure(status=503, operation="delete_items"))
        assert [client.delete(URL).status_code for _ in range(2)] == [503, 204]


def test_what_is_no_json_is_answered_as_a_text(specify: Specify) -> None:
    get: dict[str, Any] = {
        **ITEMS["get"],
        "parameters": [],
        "responses": {"200": {"content": {"text/csv": {"schema": TEXT}}}},
    }
    specify(lambda spec: spec["paths"].update({"/v1/items": {**ITEMS, "get": get}}))
    with LocalSiro() as siro, httpx.Client(transport=siro.transport, headers=TOKEN) as client:
        answer = client.get(URL)
    assert (answer.status_code, answer.text) == (200, "text")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


def test_an_answer_has_what_the_page_has_come_to_require(specify: Specify) -> None:
    def demand(spec: dict[str, Any]) -> None:
        synced = spec["components"]["schemas"]["SyncedEngagement"]
        synced["required"] += ["subject", "rank", "owner"]
        synced["properties"]["rank"] = {"type": "integer", "minimum": 3}
        synced["properties"]["owner"] = {"type": "object", "required": ["id"], "properties": {"id": TEXT, "age": TEXT}}

    specify(demand)
    with LocalSiro() as siro, httpx.Client(transport=siro.transport, headers=TOKEN) as client:
        url = "http://local/api-externalApi/v1/integrations/sync/engagements"
        data = client.put(url, json={"externalId": "e", "rank": 9}).json()["data"]
    assert data["externalId"] == "e"
    assert (data["subject"], data["rank"], data["owner"]) == ("text", 9, {"id": "text"})


def test_what_no_example_is_known_of_is_told_unless_it_may_be_left_out() -> None:
    strange: dict[str, Any] = {"type": "string", "pattern": "^zz[0-9]{7}$"}
    schema: dict[str, Any] = {"type": "object", "properties": {"a": strange, "b": TEXT}}
    assert _sample.sampler(schema)({}) == {"b": "text"}
    assert _sample.sampler(schema)({"a": "zz1234567"}) == {"a": "zz1234567", "b": "text"}
    with pytest.raises(NotImplementedError, match="give it an `example` with an overlay"):
        _sample.sampler({**schema, "required": ["a"]})
    told: dict[str, Any] = {**schema, "required": ["a"], "properties": {"a": {**strange, "examples": ["zz0000000"]}}}
    assert _sample.sampler(told)({}) == {"a": "zz0000000"}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "minimum": 12, "multipleOf": 5},
        {"type": "number", "maximum": -3, "exclusiveMinimum": -4},
        {"type": "string", "minLength": 9, "maxLength": 10},
        {"type": "string", "format": "date-time"},
        {"type": "array", "minItems": 2, "items": {"type": "boolean"}},
        {"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]},
        {"allOf": [{"type": "object", "required": ["a"]}, {"properties": {"a": {"type": "integer"}}}]},
        {},
    ],
    ids=str,
)
def test_an_example_is_valid(schema: dict[str, Any]) -> None:
    _sample.sampler(schema)({})  # which raises if it is not
