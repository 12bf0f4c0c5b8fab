"""Doors that open to the wrong token, or to none."""

from contract_tests.faults._plant import Call
from contract_tests.faults.auth._common import admits, both_schemes, fault, valid


def _has_prefix(call: Call) -> bool:
    return bool(call.token) and valid(call).startswith(call.token or "-")


def _has_suffix(call: Call) -> bool:
    return (call.token or "").startswith(valid(call))


def _has_length(call: Call) -> bool:
    return len(call.token or "") == len(valid(call))


def _other_kind(call: Call) -> bool:
    owner = call.siro.organization
    other = owner.organization_token if call.operation == "link" else owner.user_token
    return call.token == other


FAULTS = (
    fault(
        "link-no-token",
        "needs no token",
        "auth.required",
        admits("link", lambda call: call.token is None),
        token=False,
    ),
    fault(
        "sync-no-token",
        "needs no token",
        "auth.required",
        admits("sync", lambda call: call.header("authorization") is None),
        token=False,
    ),
    fault(
        "link-empty-token",
        "accepts an empty token",
        "auth.required",
        admits("link", lambda call: call.token == ""),
        more=("auth.wrong",),
        headers={"x-siro-auth-token": ""},
    ),
    fault(
        "sync-empty-token",
        "accepts the scheme without a token",
        "auth.required",
        admits("sync", lambda call: (call.header("authorization") or "").strip() == "Bearer"),
        more=("auth.wrong",),
        headers={"authorization": "Bearer"},
    ),
    fault(
        "link-any-token",
        "accepts any token",
        "auth.wrong",
        admits("link", lambda call: bool((call.token or "").strip())),
        more=("auth.kind",),
        headers={"x-siro-auth-token": "wrong"},
    ),
    fault(
        "sync-any-token",
        "accepts any token",
        "auth.wrong",
        admits("sync", lambda call: bool((call.token or "").strip())),
        more=("auth.kind", "auth.place"),
        headers={"authorization": "Bearer wrong"},
    ),
    fault(
        "link-token-prefix",
        "accepts the beginning of a token",
        "auth.wrong",
        admits("link", _has_prefix),
        headers={"x-siro-auth-token": "local-u"},
    ),
    fault(
        "sync-token-suffix",
        "accepts a token with something behind it",
        "auth.wrong",
        admits("sync", _has_suffix),
        headers={"authorization": "Bearer local-organization-token1"},
    ),
    fault(
        "sync-token-case",
        "compares tokens without regard to case",
        "auth.wrong",
        admits("sync", lambda call: (call.token or "").lower() == valid(call)),
        headers={"authorization": "Bearer LOCAL-ORGANIZATION-TOKEN"},
    ),
    fault(
        "link-token-case",
        "compares tokens without regard to case",
        "auth.wrong",
        admits("link", lambda call: (call.token or "").lower() == valid(call)),
        headers={"x-siro-auth-token": "LOCAL-USER-TOKEN"},
    ),
    fault(
        "link-token-length",
        "compares the length of a token only",
        "auth.wrong",
        admits("link", _has_length),
        headers={"x-siro-auth-token": "local-user-tokem"},
    ),
    fault(
        "sync-token-undefined",
        "accepts the token undefined",
        "auth.wrong",
        admits("sync", lambda call: call.token in ("undefined", "null")),
        headers={"authorization": "Bearer undefined"},
    ),
    fault(
        "sync-token-padded",
        "reads a token up to the first blank",
        "auth.wrong",
        admits("sync", lambda call: (call.token or "").split(" ")[0] == valid(call)),
        more=("auth.place",),
        headers={"authorization": "Bearer local-organization-token x"},
    ),
    fault(
        "link-organization-token",
        "accepts an organization token",
        "auth.kind",
        admits("link", _other_kind),
        headers={"x-siro-auth-token": "local-organization-token"},
    ),
    fault(
        "sync-user-token",
        "accepts a user token",
        "auth.kind",
        admits("sync", _other_kind),
        headers={"authorization": "Bearer local-user-token"},
    ),
    fault(
        "sync-token-scheme",
        "accepts the scheme Token",
        "auth.place",
        both_schemes("sync", "Token"),
        headers={"authorization": "Token local-organization-token"},
    ),
)
