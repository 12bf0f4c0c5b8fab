"""Other forms of what is answered."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from contract_tests.faults._edits import (
    after,
    answers,
    at,
    both,
    is_text,
    without,
)
from contract_tests.faults._plant import Ask, Call, Object, Plant, Reply, Variant, alter
from contract_tests.faults.state.links import remember

_REQUIRED = ("id", "externalId", "engagementType", "createdAt", "updatedAt", "organizationId")


def _more(data: Object, _: Call) -> Object:
    more = {"isNew": True, "links": {"self": "https://example.com"}}
    data = at("account", lambda account: {**account, **more} if account else account)(data)
    return {**at("engagementUsers.*", lambda user: {**user, "id": "user-1"})(data), **more}


def _utc(value: str) -> str:
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return value
    if instant.tzinfo is None:
        return value
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _each(names: tuple[str, ...], change: Callable[[str], str]) -> Plant:
    def changed(data: Object, _: Call) -> Object:
        return {name: change(value) if name in names and value else value for name, value in data.items()}

    return after("sync", changed)


def _quiet(data: Object, call: Call) -> Object:
    known = call.memory.get(data["id"])
    updated_at = known[1] if known and known[0] == call.sent else data["updatedAt"]
    call.memory[data["id"]] = (call.sent, updated_at)
    return {**data, "updatedAt": updated_at}


def _account_ids(data: Object, _: Call) -> Object:
    account = (
        {"id": data.get("accountId"), "externalId": data["account"].get("externalId")} if data.get("account") else None
    )
    return {**data, "account": account}


def _activity(data: Object, call: Call) -> Object:
    given: Any = call.sent.get("engagementType")
    return {**data, "engagementType": given["activityType"]} if given else data


def _prefixed(call: Call, ask: Ask) -> Reply:
    """Answer ids of another form, and take them back."""
    sent = call.sent.get("id")
    if is_text(sent):
        call = call.with_json(
            {**call.sent, "id": sent.removeprefix("siro/") if sent.startswith("siro/") else "unknown"}
        )
    answer = ask(call)
    if not answer.is_success:
        return answer
    names = ("id", "accountId", "opportunityId")
    data = answer.json["data"]
    return answer.with_json(
        {"data": {name: f"siro/{value}" if name in names else value for name, value in data.items()}}
    )


def _numbered(call: Call, ask: Ask) -> Reply:
    """Number the rows of each data type apart, and take the numbers back."""
    sent, kind = call.sent.get("id"), call.sent.get("dataType")
    if call.operation == "link" and is_text(sent):
        known = {str(number): row for row, number in call.memory.get(str(kind), {}).items()}
        call = call.with_json({**call.sent, "id": known.get(sent, "unknown")})
    answer = ask(call)
    if not answer.is_success:
        return answer
    data = answer.json["data"]
    kinds = {"id": data.get("dataType", "ENGAGEMENT"), "accountId": "ACCOUNT", "opportunityId": "OPPORTUNITY"}
    for name, kind in kinds.items():
        if data.get(name):
            numbers = call.memory.setdefault(kind, {})
            data = {**data, name: str(numbers.setdefault(data[name], len(numbers) + 1))}
    return answer.with_json({**answer.json, "data": data})


_PAGE = {"cursor": None, "pageSize": 1, "limit": 1, "total": None, "hasNextPage": False}


def _beside_others(call: Call, ask: Ask) -> Reply:
    return remember(call, ask, clears=lambda body: body["dataType"] == "ENGAGEMENT")


VARIANTS = (
    Variant(
        "link-a-kind",
        "lets an engagement keep a recording that is linked to a row of another kind too",
        alter("", _beside_others),
    ),
    Variant(
        "answers-more",
        "answers properties that the pages do not have",
        both(after("link", lambda data, _: {**data, "isNew": True}), after("sync", _more)),
    ),
    Variant(
        "answers-required",
        "answers the required properties only",
        after("sync", lambda data, _: {name: data[name] for name in _REQUIRED}),
    ),
    Variant(
        "answers-page",
        "answers a link with all that a page of results has",
        answers(
            "link", lambda answer: answer.with_json({**answer.json, **_PAGE}), when=lambda answer: answer.is_success
        ),
    ),
    Variant(
        "instants-utc",
        "answers instants in UTC and milliseconds, as JavaScript does",
        _each(("startTime", "endTime"), _utc),
    ),
    Variant(
        "instants-rfc-822",
        "answers its own timestamps as e-mail does",
        _each(("createdAt", "updatedAt"), lambda value: format_datetime(datetime.fromisoformat(value))),
    ),
    Variant(
        "instants-offset",
        "answers its own timestamps with an offset and microseconds",
        _each(("createdAt", "updatedAt"), lambda value: value.replace("Z", "000+00:00")),
    ),
    Variant(
        "instants-seconds",
        "answers its own timestamps in whole seconds",
        _each(("createdAt", "updatedAt"), lambda value: value[:19] + "Z"),
    ),
    Variant("quiet", "does not move `updatedAt` for an identical sync", after("sync", _quiet)),
    Variant(
        "no-recording-id", "never answers `recordingId`", after("sync", lambda data, _: without("recordingId")(data))
    ),
    Variant(
        "no-users", "never answers `engagementUsers`", after("sync", lambda data, _: without("engagementUsers")(data))
    ),
    Variant(
        "users-reversed",
        "answers users in another order",
        after("sync", lambda data, _: at("engagementUsers", lambda users: users[::-1])(data)),
    ),
    Variant("account-ids", "answers the ids of the account only", after("sync", _account_ids)),
    Variant("account-null", "answers null for `account`", after("sync", lambda data, _: {**data, "account": None})),
    Variant(
        "account-null-where-none",
        "answers null for `account` where there is none",
        after("sync", lambda data, _: {"account": None, **data}),
    ),
    Variant("type-activity", "answers the type's activity as `engagementType`", after("sync", _activity)),
    Variant("ids-prefixed", "has ids with a slash", alter("", _prefixed)),
    Variant("ids-numbered", "has numbers for ids, which each data type counts for itself", alter("", _numbered)),
    Variant(
        "names-empty",
        "answers an empty `name` for an engagement",
        after("link", lambda data, _: {**data, "name": ""} if data["dataType"] == "ENGAGEMENT" else data),
    ),
)
