"""What a body must satisfy: the effective spec, and what the link page says in prose only."""

import functools

import jsonschema_rs

from siro_client.testing import _schema, _zod
from siro_client.testing._json import JsonObject
from siro_client.testing._operations import document
from siro_client.testing._refusal import Issue

LINK_PATH = "/v1/core/recordings/{id}/link"
SYNC_PATH = "/v1/integrations/sync/engagements"


def link_issues(body: JsonObject) -> list[Issue]:
    """Return what is wrong with the body of a link.

    The prose and the specification are checked apart, and either refuses alone: they come from different sources.
    """
    return link_rule_issues(body) or specification_issues(LINK_PATH, body)


def sync_issues(body: JsonObject) -> list[Issue]:
    """Return what is wrong with the body of a sync."""
    return specification_issues(SYNC_PATH, body)


def link_rule_issues(body: JsonObject) -> list[Issue]:
    """Return how a link body breaks the page's sentence.

    "The API rejects the body if you send both `id` and `externalId`, neither, or `externalId` without a non-empty
    `integrationConnectionId`."
    """
    if "id" in body and "externalId" in body:
        return [_custom("id", "Send exactly one of id and externalId, not both")]
    if "id" not in body and "externalId" not in body:
        return [_custom("id", "Send exactly one of id and externalId")]
    # The page leaves open what a connection beside an id does, but has it as a string wherever it stands.
    connection = body.get("integrationConnectionId", "")
    if not isinstance(connection, str):
        return [_zod.invalid_type(["integrationConnectionId"], "string", connection)]
    if "externalId" in body and not connection:
        return [_custom("integrationConnectionId", "externalId needs a non-empty integrationConnectionId")]
    return []


def specification_issues(path: str, body: JsonObject, method: str = "put") -> list[Issue]:
    """Return how a body breaks the request schema that the effective spec has for an operation."""
    schema, validator = compiled(path, method)
    return [] if validator.is_valid(body) else _zod.issues(schema, validator.iter_errors(body))


@functools.cache
def compiled(path: str, method: str = "put") -> tuple[JsonObject, jsonschema_rs.Draft202012Validator]:
    """Return the request schema of an operation, and its compiled validator.

    Raises:
        NotImplementedError: the specification uses what `_schema.py` does not know.

    """
    schema = _schema.request_schema(document(), path, method)
    validator = jsonschema_rs.Draft202012Validator(
        schema,
        validate_formats=True,
        ignore_unknown_formats=False,
    )
    return schema, validator


def _custom(name: str, message: str) -> Issue:
    return {"code": "custom", "path": [name], "message": message}
