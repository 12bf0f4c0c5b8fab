"""Operations that no test was written for, and a tree in which the effective spec has them."""

import json
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

TEXT: dict[str, Any] = {"type": "string"}
RECORDINGS: dict[str, Any] = {"servers": [{"url": "https://api.siro.ai/"}], "security": [{"SiroAuthToken": []}]}
INTEGRATIONS: dict[str, Any] = {
    "servers": [{"url": "https://functions.siro.ai/api-externalApi"}],
    "security": [{"bearerAuth": []}],
}
ITEM: dict[str, Any] = {"type": "object", "required": ["id"], "properties": {"id": TEXT}}
NAMED: dict[str, Any] = {"type": "object", "properties": {"name": TEXT}}
REFUSALS = {"4XX": {"$ref": "#/components/responses/ClientError"}}


def parameter(name: str, place: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "schema": schema, "required": place == "path", **more}


def answering(status: str, schema: dict[str, Any] | None) -> dict[str, Any]:
    content = {} if schema is None else {"content": {"application/json": {"schema": schema}}}
    return {status: {"description": "a success", **content}, **REFUSALS}


PERSON: dict[str, Any] = {
    "type": "object",
    "required": ["externalId", "email", "kind"],
    "additionalProperties": False,
    "properties": {
        "externalId": {"type": "string", "maxLength": 100},
        "email": {"type": "string", "format": "email"},
        "kind": {"type": "string", "enum": ["REP", "MANAGER"]},
        "code": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{2,4}$", "nullable": True},
        "share": {"type": "number", "minimum": 0, "maximum": 1},
        "teams": {"type": "array", "minItems": 1, "maxItems": 3, "uniqueItems": True, "items": TEXT},
        "bornOn": {"type": "string", "format": "date"},
        "source": {
            "oneOf": [
                {"type": "object", "required": ["crm"], "properties": {"crm": TEXT}},
                {"type": "object", "required": ["file"], "properties": {"file": {"type": "integer"}}},
            ]
        },
    },
}
PATHS: dict[str, Any] = {
    "/v1/core/recordings": {
        "get": {
            "operationId": "list_recordings",
            "parameters": [
                parameter("limit", "query", {"type": "integer", "minimum": 1, "maximum": 100}),
                parameter("order", "query", {"type": "string", "enum": ["asc", "desc"]}, required=True),
                parameter("archived", "query", {"type": "boolean"}),
                parameter("userIds", "query", {"type": "array", "items": {"type": "string", "format": "uuid"}}),
                parameter("x-siro-view", "header", {"type": "string", "maxLength": 8}),
            ],
            "responses": answering(
                "200",
                {
                    "type": "object",
                    "required": ["data", "limit"],
                    "properties": {
                        "data": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "object", "required": ["id"], "properties": {"id": TEXT}},
                        },
                        "limit": {"type": "integer"},
                    },
                },
            ),
        },
        **RECORDINGS,
    },
    "/v1/core/recordings/{id}/transcript": {
        "get": {
            "operationId": "get_transcript",
            "parameters": [
                parameter("id", "path", TEXT),
                parameter("lines", "query", {"type": "integer", "minimum": 1, "maximum": 100}),
            ],
            "responses": {
                "200": {"description": "a success", "content": {"text/plain; charset=utf-8": {"schema": TEXT}}},
                **REFUSALS,
            },
        },
        **RECORDINGS,
    },
    "/v1/integrations/people": {
        "post": {
            "operationId": "create_person",
            "requestBody": {"required": True, "content": {"application/json": {"schema": PERSON}}},
            "responses": answering("201", {"type": "object", "required": ["data"], "properties": {"data": PERSON}}),
        },
        **INTEGRATIONS,
    },
    "/v1/integrations/people/{person-id}": {
        "delete": {
            "operationId": "delete_person",
            "parameters": [parameter("person-id", "path", {"type": "integer"})],
            "responses": answering("204", None),
        },
        "patch": {
            "operationId": "change_person",
            "parameters": [parameter("person-id", "path", TEXT)],
            "requestBody": {"content": {"application/json": {"schema": NAMED}}},
            "responses": answering("200", NAMED),
        },
        **INTEGRATIONS,
    },
    "/v1/elsewhere": {
        "get": {"operationId": "look_elsewhere", "responses": answering("200", {})},
        "servers": [{"url": "https://elsewhere.siro.invalid"}],
        "security": [{"bearerAuth": []}],
    },
}
ADDED = ("list_recordings", "get_transcript", "create_person", "delete_person", "change_person")


def tree(folder: Path, change: Any) -> Path:
    """A folder with a generated package whose effective spec is changed; to be put on PYTHONPATH."""
    source = Path(str(files("siro_openapi")))
    shutil.copytree(source, folder / "siro_openapi", ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "siro_openapi" / "openapi.json"
    document = json.loads(path.read_text("utf-8"))
    change(document)
    path.write_text(json.dumps(document), "utf-8")
    return folder
