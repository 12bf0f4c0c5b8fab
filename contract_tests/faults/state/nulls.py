"""Null that does not clear, or clears too much."""

from contract_tests.faults._edits import at, replaced, stores, without_null
from contract_tests.faults._plant import Fault, Plant
from contract_tests.faults._probes import sync
from contract_tests.faults.state._common_state import NULL

_FULL = sync(
    {
        "subject": "a",
        "content": "b",
        "direction": "INBOUND",
        "startTime": "2026-01-01T00:00:00Z",
        "endTime": "2026-01-01T01:00:00Z",
    }
)


def _ignores_null(*names: str) -> Plant:
    """Keep what was stored where null was sent."""
    return stores(
        lambda body: {name: value for name, value in body.items() if value is not None or name not in names},
    )


def _ignores_null_within(place: str, name: str) -> Plant:
    """Keep what was stored of a row where null was sent."""
    return stores(at(place, without_null(name)))


FAULTS = (
    Fault(
        "sync-null-subject-kept",
        "keeps the subject where null was sent",
        NULL,
        _ignores_null("subject"),
        (_FULL, sync({"subject": None})),
    ),
    Fault(
        "sync-null-start-kept",
        "keeps `startTime` and `endTime` where null was sent",
        NULL,
        _ignores_null("startTime", "endTime"),
        (_FULL, sync({"startTime": None})),
    ),
    Fault(
        "sync-null-localized-kept",
        "keeps `startTimeLocalized` where null was sent",
        NULL,
        _ignores_null("startTimeLocalized"),
        (sync({"startTimeLocalized": "2026-01-01T09:00"}), sync({"startTimeLocalized": None})),
    ),
    Fault(
        "sync-null-as-text",
        "takes null for the content as the text null",
        (*NULL, "sync.answer.text"),
        stores(replaced("content", lambda value: value is None, "null")),
        (sync({"content": None}),),
    ),
    Fault(
        "sync-null-clears-all",
        "clears the texts and instants too if null was sent for `direction`",
        (*NULL, "sync.answer.text"),
        stores(
            lambda body: (
                {**body, "subject": None, "content": None, "startTime": None}
                if body.get("direction", "") is None
                else body
            ),
        ),
        (_FULL, sync({"direction": None, "subject": "c"})),
    ),
    Fault(
        "sync-null-subject-clears-content",
        "clears the content too if null was sent for the subject",
        (*NULL, "sync.answer.text"),
        stores(lambda body: {**body, "content": None} if body.get("subject", "") is None else body),
        (sync({"subject": None, "content": "b"}),),
    ),
    Fault(
        "sync-null-owner-kept",
        "keeps the owner of an account where null was sent",
        (*NULL, "sync.answer.account"),
        _ignores_null_within("account", "owner"),
        (
            sync({"account": {"externalId": "a", "name": "b", "owner": {"externalId": "u"}}}),
            sync({"account": {"externalId": "a", "name": "b", "owner": None}}),
        ),
    ),
    Fault(
        "sync-null-account-deleted-kept",
        "keeps `deletedAt` of an account where null was sent",
        (*NULL, "sync.answer.account"),
        _ignores_null_within("account", "deletedAt"),
        (
            sync({"account": {"externalId": "a", "name": "b", "deletedAt": "2026-01-02T03:04:05Z"}}),
            sync({"account": {"externalId": "a", "name": "b", "deletedAt": None}}),
        ),
    ),
)
