"""Answers of a sync that are not of the documented shape."""

from typing import Any

from contract_tests.faults._edits import after, answers, without
from contract_tests.faults._plant import Call, Fault, Object, Plant, Reply
from contract_tests.faults._probes import sync
from contract_tests.faults.shape._common import created, html, is_invalid, is_success, refused, typed

_SYNC = ("sync.answer.schema",)


def _status(operation: str, status: int) -> Plant:
    return answers(operation, lambda answer: Reply(status, answer.headers, answer.body), when=is_success)


def _body(operation: str, body: str) -> Plant:
    return answers(operation, lambda answer: Reply(200, answer.headers, body.encode()), when=is_success)


def _with(**more: Any) -> Plant:
    return after("sync", lambda data, _: {**data, **more})


def _null_where_cleared(data: Object, call: Call) -> Object:
    cleared = {name: None for name in ("subject", "content", "startTime") if call.sent.get(name, "") is None}
    return {**data, **cleared}


def _without_created_at_later(data: Object, call: Call) -> Object:
    return without("createdAt")(data) if call.count(data["id"]) > 1 else data


def _type_as_object(data: Object, call: Call) -> Object:
    given = call.sent.get("engagementType")
    return {**data, "engagementType": given} if given else data


def _without_type(data: Object, call: Call) -> Object:
    return data if call.sent.get("engagementType") else without("engagementType")(data)


def _users_by_id(data: Object, _: Call) -> Object:
    if "engagementUsers" not in data:
        return data
    return {**data, "engagementUsers": {user["externalId"]: user for user in data["engagementUsers"]}}


FAULTS = (
    Fault(
        "sync-no-organization",
        "leaves the required `organizationId` out",
        _SYNC,
        after("sync", lambda data, _: without("organizationId")(data)),
    ),
    Fault(
        "sync-no-updated-at",
        "leaves the required `updatedAt` out",
        _SYNC,
        after("sync", lambda data, _: without("updatedAt")(data)),
    ),
    Fault(
        "sync-no-created-at-later",
        "leaves the required `createdAt` out from the second sync on",
        _SYNC,
        after("sync", _without_created_at_later),
    ),
    Fault(
        "sync-no-type",
        "leaves the required `engagementType` out where none was sent",
        _SYNC,
        after("sync", _without_type),
    ),
    Fault(
        "sync-type-object",
        "answers `engagementType` as the object that was sent",
        _SYNC,
        after("sync", _type_as_object),
    ),
    Fault("sync-id-number", "answers `id` as a number", _SYNC, _with(id=4711)),
    Fault(
        "sync-null-cleared",
        "answers null, which is not nullable there, for what null cleared",
        _SYNC,
        after("sync", _null_where_cleared),
        (sync({"subject": None}),),
    ),
    Fault(
        "sync-null-recording",
        "answers null for `recordingId` of an engagement without one",
        _SYNC,
        after("sync", lambda data, _: {"recordingId": None, **data}),
    ),
    Fault(
        "sync-null-account-id",
        "answers null for `accountId` of an engagement without one",
        _SYNC,
        after("sync", lambda data, _: {"accountId": None, **data}),
    ),
    Fault(
        "sync-start-epoch",
        "answers `startTime` as a number",
        _SYNC,
        after("sync", lambda data, _: {**data, "startTime": 1767322000} if "startTime" in data else data),
    ),
    Fault("sync-users-map", "answers `engagementUsers` as a map by external id", _SYNC, after("sync", _users_by_id)),
    Fault(
        "sync-data-null",
        "answers null for `data` of the second sync of an engagement",
        _SYNC,
        after("sync", lambda data, call: data if call.count(data["id"]) == 1 else None),
    ),
    Fault(
        "sync-list",
        "answers a list instead of an object",
        _SYNC,
        answers("sync", lambda answer: answer.with_json([answer.json]), when=is_success),
    ),
    Fault(
        "sync-created",
        "answers 201 to the first sync of an engagement",
        ("sync.answer.status",),
        created("sync", "externalId"),
    ),
    Fault("sync-accepted", "answers 202", ("sync.answer.status",), _status("sync", 202)),
    Fault("sync-moved", "answers success with 308", ("sync.answer.status",), _status("sync", 308)),
    Fault("sync-empty", "answers 200 without a body", _SYNC, _body("sync", "")),
    Fault("sync-python", "answers 200 with single quotes, which is no JSON", _SYNC, _body("sync", "{'data': {}}")),
    Fault(
        "sync-vendor-type",
        "answers success as application/vnd.api+json",
        ("sync.answer.content-type",),
        typed("sync", "application/vnd.api+json"),
    ),
    Fault(
        "sync-unauthorized-html",
        "answers 401 as an HTML page",
        ("sync.answer.content-type",),
        html("sync", 401),
        (sync(token=False),),
    ),
    Fault(
        "sync-problem-type",
        "answers refusals as application/problem+json",
        ("sync.answer.content-type",),
        typed("sync", "application/problem+json", refusals=True),
    ),
    Fault(
        "sync-message-only",
        "answers a refusal as `message` alone",
        ("sync.answer.error",),
        refused("sync", {"message": "No"}),
    ),
    Fault(
        "sync-zod-dotted-path",
        "answers the path of an issue as text with dots",
        ("sync.answer.error",),
        answers(
            "sync",
            lambda answer: answer.with_json(
                {"issues": [{"code": "custom", "path": "account.name", "message": "No"}], "name": "ZodError"}
            ),
            when=is_invalid,
        ),
    ),
    Fault(
        "sync-invalid-truncated",
        "answers 422 as application/json that is cut",
        ("sync.answer.error",),
        answers("sync", lambda answer: Reply(422, answer.headers, answer.body[:-5]), when=is_invalid),
    ),
)
