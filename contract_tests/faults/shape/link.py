"""Answers of a link that are not of the documented shape."""

from typing import Any

from contract_tests.faults._edits import after, answers, without
from contract_tests.faults._plant import Fault, Plant, Reply
from contract_tests.faults.shape._common import created, html, is_invalid, is_success, refused, typed

_LINK = ("link.answer.schema",)


def _envelope(operation: str, **more: Any) -> Plant:
    return answers(operation, lambda answer: answer.with_json({**answer.json, **more}), when=is_success)


def _only(data_type: str, **more: Any) -> Plant:
    return after("link", lambda data, _: {**data, **more} if data["dataType"] == data_type else data)


FAULTS = (
    Fault(
        "link-no-name", "leaves the required `name` out", _LINK, after("link", lambda data, _: without("name")(data))
    ),
    Fault("link-no-id", "leaves the required `id` out", _LINK, after("link", lambda data, _: without("id")(data))),
    Fault(
        "link-no-last-activity-of-lead",
        "leaves the required `lastActivityAt` of a lead out",
        _LINK,
        after("link", lambda data, _: without("lastActivityAt")(data) if data["dataType"] == "LEAD" else data),
    ),
    Fault(
        "link-last-activity-null",
        "answers null for a contact's `lastActivityAt`",
        _LINK,
        _only("CONTACT", lastActivityAt=None),
    ),
    Fault(
        "link-last-activity-epoch",
        "answers `lastActivityAt` as a number",
        _LINK,
        after("link", lambda data, _: {**data, "lastActivityAt": 1767322000000}),
    ),
    Fault(
        "link-external-id-null",
        "answers null for an engagement's `externalId`",
        _LINK,
        _only("ENGAGEMENT", externalId=None),
    ),
    Fault(
        "link-data-type-lower",
        "answers `dataType` in lower case",
        (*_LINK, "link.answer.names"),
        after("link", lambda data, _: {**data, "dataType": data["dataType"].lower()}),
    ),
    Fault(
        "link-data-type-deal",
        "answers DEAL for an opportunity's `dataType`",
        (*_LINK, "link.answer.names"),
        _only("OPPORTUNITY", dataType="DEAL"),
    ),
    Fault("link-data-array", "answers a list of one as `data`", _LINK, after("link", lambda data, _: [data])),
    Fault(
        "link-bare",
        "answers the row without `data` around it",
        _LINK,
        answers("link", lambda answer: answer.with_json(answer.json["data"]), when=is_success),
    ),
    Fault("link-more-pages-text", "answers `hasNextPage` as text", _LINK, _envelope("link", hasNextPage="false")),
    Fault("link-total-text", "answers `total` as text", _LINK, _envelope("link", total="1")),
    Fault(
        "link-page-size-null",
        "answers null for `pageSize`, which is not nullable",
        _LINK,
        _envelope("link", pageSize=None),
    ),
    Fault(
        "link-created",
        "answers 201 to the first link of a recording",
        ("link.answer.status",),
        created("link", "recording"),
    ),
    Fault(
        "link-no-content",
        "answers 204 without a body",
        ("link.answer.status",),
        answers("link", lambda _: Reply(204, (), b""), when=is_success),
    ),
    Fault(
        "link-success-text",
        "answers success as text/plain",
        ("link.answer.content-type",),
        typed("link", "text/plain; charset=utf-8"),
    ),
    Fault(
        "link-success-untyped",
        "answers success without a content type",
        ("link.answer.content-type",),
        answers("link", lambda answer: Reply(200, (), answer.body), when=is_success),
    ),
    Fault("link-unknown-html", "answers 404 as an HTML page", ("link.answer.content-type",), html("link", 404)),
    Fault(
        "link-errors-list",
        "answers a refusal as `errors`, a list",
        ("link.answer.error",),
        refused("link", {"errors": ["No"]}),
    ),
    Fault("link-error-number", "answers `error` as a number", ("link.answer.error",), refused("link", {"error": 1042})),
    Fault(
        "link-zod-nameless",
        "answers issues without the name of the ZodError",
        ("link.answer.error",),
        answers("link", lambda answer: answer.with_json({"issues": answer.json["issues"]}), when=is_invalid),
    ),
)
