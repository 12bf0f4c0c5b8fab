"""Operations of other methods, with parameters or without a body, come out typed and call as their pages say."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts import effective
from scripts.layout import StepError
from tests.pipeline import made_up
from tests.pipeline.copy_of_the_tree import ROOT, copy_of_the_tree, run

REPORT = {
    "200": {"description": "what there is", "content": made_up.json_content({"$ref": "#/components/schemas/Thing"})}
}
THING: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "rank": {"type": "number", "enum": [1, 2.5]},
        "sure": {"type": "boolean", "enum": [True]},
        "kind": {"type": "string", "enum": ["a", "A", "a b", "a_b", "", "1", None], "nullable": True, "default": "a"},
        "dateTime": {"type": "string", "format": "date-time"},
        "day": {"type": "string", "format": "date"},
        "d": {"type": "string"},
        "cls": {"type": "integer"},
        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
    },
}


def of_query(name: str, schema: Any, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": schema}


def of_path(name: str, kind: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": kind}}


NOTE = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
OPERATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "list_things": (
        "get",
        "/v1/things",
        {
            "tags": ["Things & more"],
            "operationId": "Things/List",
            "parameters": [
                of_query("pageSize", {"type": "integer", "default": 20}),
                of_query("ids", {"type": "array", "items": {"type": "string", "format": "uuid"}}),
                of_query("since", {"type": "string", "format": "date-time"}),
                of_query("mine", {"type": "boolean"}, required=True),
                of_query("params", {"type": "string"}),
                {"name": "X-Trace", "in": "header", "schema": {"type": "string"}},
            ],
            "responses": {
                **REPORT,
                "404": {"description": "none", "content": made_up.json_content({"type": "string"})},
            },
        },
    ),
    "create_note": (
        "post",
        "/v1/things/{id}/notes",
        {
            "parameters": [of_path("id", "string")],
            "requestBody": {"required": True, "content": made_up.json_content(NOTE)},
            "responses": {
                "201": {"description": "made", "content": made_up.json_content(NOTE)},
                "204": {"description": "was there"},
            },
        },
    ),
    "delete_note": (
        "delete",
        "/v1/things/{id}/notes/{noteId}",
        {
            "parameters": [of_path("noteId", "integer"), of_path("id", "string")],
            "responses": {"204": {"description": "gone"}},
        },
    ),
    "read_note": (
        "get",
        "/v1/things/{id}/notes/{noteId}",
        {
            "security": [],
            "parameters": [of_path("noteId", "integer"), of_path("id", "string")],
            "responses": {"200": {"description": "it", "content": {"text/plain": {"schema": {"type": "string"}}}}},
        },
    ),
}
PROGRAM = r"""
import httpx, siro_openapi
from siro_openapi.api.recordings import create_note, delete_note, list_things, read_note
from siro_openapi.models import CreateNoteBody, Thing, ThingKindType1
from siro_openapi.validators import REQUESTS, RESPONSES, ValidationError

answers = []
sent = []
def answer(request):
    sent.append(f"{request.method} {request.url.raw_path.decode()} {request.content.decode()}")
    return answers.pop(0)
client = siro_openapi.Client("https://siro.example", httpx_args={"transport": httpx.MockTransport(answer)})
thing = {"id": "1", "rank": 2.5, "sure": True, "kind": "A", "dateTime": "2026-01-01T00:00:00+00:00"}
thing |= {"day": "2026-01-02", "d": "d", "cls": 1, "parts": [{"id": "2", "kind": None}, {"id": "3", "kind": ""}]}

answers.append(httpx.Response(200, json=thing))
asked = {"mine": True, "ids": ["a", "b"], "since": "2026-01-01T00:00:00Z", "params_parameter": "p", "x_trace": "t"}
found = list_things.sync(client=client, **asked)
assert isinstance(found, Thing) and found.to_dict() == thing
assert found.kind is ThingKindType1.A_2 and found.parts[1].kind is ThingKindType1.VALUE_4
assert Thing("1").to_dict() == {"id": "1"}, "a default is not sent"
answers.append(httpx.Response(404, json="none"))
assert list_things.sync(client=client, mine=False) == "none"
answers.append(httpx.Response(201, json={"text": "t"}))
assert create_note.sync("a/b", client=client, body=CreateNoteBody("t")).text == "t"
answers += [httpx.Response(204), httpx.Response(204), httpx.Response(200, text="it")]
assert create_note.sync_detailed("a", client=client, body=CreateNoteBody("t")).parsed is None
assert delete_note.sync_detailed("a", 7, client=client).status_code == 204
assert read_note.sync("a", 7, client=client) == "it"
assert sent == [
    "GET /v1/things?ids=a&ids=b&since=2026-01-01T00%3A00%3A00Z&mine=true&params=p ",
    "GET /v1/things?mine=false ",
    'POST /v1/things/a%2Fb/notes {"text":"t"}',
    'POST /v1/things/a/notes {"text":"t"}',
    "DELETE /v1/things/a/notes/7 ",
    "GET /v1/things/a/notes/7 ",
], sent
assert {"create_note"} == REQUESTS.keys() & {"list_things", "create_note", "delete_note", "read_note"}
assert {"create_note", "list_things"} == RESPONSES.keys() & {"list_things", "create_note", "delete_note", "read_note"}
uuid = "0b0e7c1a-93c8-4f0c-8d2e-3f1a6f0f9a11"
RESPONSES["list_things"]({**thing, "id": uuid, "parts": []})
for wrong in ({"id": "1"}, {"id": uuid, "sure": "yes"}, {"id": uuid, "day": "2026-02-30"}, {"id": uuid, "cls": 1.5}):
    try:
        RESPONSES["list_things"](wrong)
    except ValidationError:
        continue
    raise AssertionError(wrong)
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = copy_of_the_tree(tmp_path_factory.mktemp("added"))
    for name, (method, path, operation) in OPERATIONS.items():
        schemas = {"Thing": THING} if name == "list_things" else {}
        made_up.add(tree, name, made_up.page(method, path, operation, schemas=schemas))
    result = run(tree, "scripts.generate")
    assert result.returncode == 0, result.stderr
    return tree


def test_the_generated_code_calls_as_the_pages_say(tree: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": str(tree / "generated")}
    result = subprocess.run([sys.executable, "-c", PROGRAM], check=False, capture_output=True, text=True, env=environ)
    assert result.returncode == 0, result.stderr


def test_the_generated_code_passes_strict_types(tree: Path) -> None:
    environ = {**os.environ, "MYPYPATH": str(tree / "generated")}
    command = ["mypy", "--strict", "--cache-dir", str(ROOT / ".cache/mypy-added"), "--package", "siro_openapi"]
    result = subprocess.run(
        [sys.executable, "-m", *command], check=False, capture_output=True, text=True, cwd=tree, env=environ
    )
    assert result.returncode == 0, result.stdout


def test_each_operation_keeps_its_host_and_its_token(tree: Path) -> None:
    shipped = json.loads((tree / "generated/siro_openapi/openapi.json").read_text("utf-8"))
    for method, path, _ in OPERATIONS.values():
        assert shipped["paths"][path]["servers"] == [{"url": "https://api.siro.ai/"}]
        wanted: list[dict[str, list[str]]] = [] if (method, "noteId" in path) == ("get", True) else [{"Token": []}]
        assert shipped["paths"][path][method]["security"] == wanted
    assert shipped["components"]["securitySchemes"]["Token"] == made_up.TOKEN


def test_a_response_that_a_page_declares_is_not_the_shared_one(tree: Path) -> None:
    shipped = json.loads((tree / "generated/siro_openapi/openapi.json").read_text("utf-8"))
    responses = shipped["paths"]["/v1/things"]["get"]["responses"]
    assert responses["404"]["description"] == "none"
    assert responses["401"] == {"$ref": "#/components/responses/Unauthorized"}


def test_two_pages_that_describe_one_scheme_in_other_words_agree() -> None:
    def scheme(**changes: str) -> dict[str, Any]:
        token, bearer = {**made_up.TOKEN, **changes}, {"type": "http", "scheme": "bearer"}
        if changes:
            bearer["bearerFormat"] = "an organization token"
        schemes = {"Token": token, "Bearer": bearer}
        return {"info": {"version": str(changes)}, "components": {"securitySchemes": schemes}}

    into: dict[str, Any] = {}
    effective.merge(into, scheme(), "first")
    effective.merge(into, scheme(description="Ask your admin.", name=made_up.TOKEN["name"].upper()), "second")
    assert into == scheme()
    with pytest.raises(StepError, match="name conflict: third defines /components/securitySchemes/Token otherwise"):
        effective.merge(into, scheme(name="x-other"), "third")
