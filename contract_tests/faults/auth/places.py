"""Doors that open to a token in the wrong place."""

from http.cookies import SimpleCookie
from urllib.parse import parse_qs

from contract_tests.faults._plant import Call, Fault
from contract_tests.faults._probes import sync
from contract_tests.faults.auth._common import admits, both_schemes, fault, valid


def _in_query(call: Call) -> bool:
    values = parse_qs(call.scope["query_string"].decode("latin-1"))
    return any(valid(call) in found for found in values.values())


def _in_cookie(call: Call) -> bool:
    return any(morsel.value == valid(call) for morsel in SimpleCookie(call.header("cookie") or "").values())


def _in_body(call: Call) -> bool:
    return valid(call) in call.sent.values()


def _as_bearer(call: Call) -> bool:
    return call.header("authorization") == f"Bearer {call.siro.organization.user_token}"


def _organization_bearer(call: Call) -> bool:
    return call.header("authorization") == f"Bearer {call.siro.organization.organization_token}"


def _user_header(call: Call) -> bool:
    return call.header("x-siro-auth-token") == call.siro.organization.user_token


def _api_key(call: Call) -> bool:
    return valid(call) in (call.header("x-api-key"), call.header("x-auth-token"))


FAULTS = (
    fault(
        "link-organization-bearer",
        "accepts an organization token in `Authorization`",
        "auth.place",
        admits("link", _organization_bearer),
        more=("auth.kind",),
        token=False,
        headers={"authorization": "Bearer local-organization-token"},
    ),
    fault(
        "sync-user-header",
        "accepts a user token in `x-siro-auth-token`",
        "auth.place",
        admits("sync", _user_header),
        more=("auth.kind",),
        token=False,
        headers={"x-siro-auth-token": "local-user-token"},
    ),
    fault(
        "link-bearer",
        "accepts a user token in `Authorization`",
        "auth.place",
        admits("link", _as_bearer),
        token=False,
        headers={"authorization": "Bearer local-user-token"},
    ),
    fault(
        "link-prefixed",
        "accepts `Bearer` in front of the user token",
        "auth.place",
        admits("link", lambda call: call.token == f"Bearer {valid(call)}"),
        more=("auth.wrong",),
        headers={"x-siro-auth-token": "Bearer local-user-token"},
    ),
    fault(
        "sync-any-scheme",
        "does not look at the scheme",
        "auth.place",
        admits("sync", lambda call: call.token == valid(call)),
        headers={"authorization": "Basic local-organization-token"},
    ),
    fault(
        "sync-no-scheme",
        "accepts a token without a scheme",
        "auth.place",
        both_schemes("sync", ""),
        headers={"authorization": "local-organization-token"},
    ),
    fault(
        "sync-api-key",
        "accepts a token in `x-api-key`",
        "auth.place",
        admits("sync", _api_key),
        token=False,
        headers={"x-api-key": "local-organization-token"},
    ),
    fault(
        "link-query-token",
        "accepts a token in the query",
        "auth.place",
        admits("link", _in_query),
        token=False,
        query="?token=local-user-token",
    ),
    fault(
        "sync-query-token",
        "accepts a token in the query",
        "auth.place",
        admits("sync", _in_query),
        token=False,
        query="?access_token=local-organization-token",
    ),
    fault(
        "link-cookie-token",
        "accepts a token in a cookie",
        "auth.place",
        admits("link", _in_cookie),
        token=False,
        headers={"cookie": "token=local-user-token"},
    ),
    Fault(
        "sync-body-token",
        "accepts a token in the body",
        ("sync.auth.place",),
        admits("sync", _in_body),
        (sync({"token": "local-organization-token"}, token=False),),
    ),
)
