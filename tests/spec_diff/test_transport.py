"""Servers and security: what the corpus has no place for."""

from typing import Any

import pytest

from scripts.spec_diff import Kind, compare
from tests.spec_diff.documents import document, secured


def test_who_authenticates_in_a_way_that_is_gone_is_a_caller() -> None:
    old, new = document({}), document({})
    for described, names in ((old, "ab"), (new, "a")):
        described["components"]["securitySchemes"] = {
            name: {"type": "apiKey", "in": "header", "name": f"x-{name}"} for name in "ab"
        }
        described["paths"]["/x"]["put"]["security"] = [{name: []} for name in names]
    (found,) = compare(old, new)
    assert found.meaning == (
        'The operation may not be authenticated by "b" any more; requests that were valid before may be refused.'
    )


def test_neither_the_order_nor_the_names_of_schemes_mean_anything() -> None:
    key: dict[str, Any] = {"type": "apiKey", "in": "header", "name": "X-Key"}
    bearer = {"type": "http", "scheme": "bearer"}
    old = secured("key", "bearer", key=key, bearer=bearer)
    assert compare(old, secured("bearer", "key", key=key, bearer=bearer)) == []
    assert compare(secured("key", "same", key=key, same=dict(key)), secured("same", same=key)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"url": "https://a.example"}, {"url": "https://a.example:443/"}),
        (
            {"url": "https://{r}.example", "variables": {"r": {"default": "eu"}}},
            {"url": "https://{r}.example", "variables": {"r": {"default": "eu", "description": "The region"}}},
        ),
    ],
)
def test_a_server_that_is_written_otherwise_is_the_same(old: dict[str, Any], new: dict[str, Any]) -> None:
    one, other = (document({}) | {"servers": [server]} for server in (old, new))
    assert not any(change.breaking for change in compare(one, other))


def with_scopes(needed: list[str], **scopes: str) -> dict[str, Any]:
    flow = {"tokenUrl": "https://a.example/token", "scopes": scopes}
    described = secured(oauth={"type": "oauth2", "flows": {"clientCredentials": flow}})
    described["security"] = [{"oauth": needed}]
    return described


def test_of_scopes_counts_which_are_needed() -> None:
    old = with_scopes(["a", "b"], a="", b="")
    (told,) = compare(old, with_scopes(["b", "a"], a="said of it", b="", c="unused"))
    assert (told.kind, told.breaking) == (Kind.PROSE_CHANGED, False)
    (fewer,) = compare(old, with_scopes(["a"], a="", b=""))
    assert not fewer.breaking
    (more,) = compare(with_scopes(["a"], a="", b=""), old)
    assert more.breaks_callers


def test_a_scheme_behind_a_reference_is_that_scheme() -> None:
    key: dict[str, Any] = {"type": "apiKey", "in": "header", "name": "X-Key"}
    reference = {"$ref": "#/components/securitySchemes/key"}
    assert compare(secured("key", key=key), secured("other", other=reference, key=key)) == []


def test_another_way_to_get_a_token_leaves_the_one_before() -> None:
    one, two = with_scopes(["a"], a=""), with_scopes(["a"], a="")
    flows = two["components"]["securitySchemes"]["oauth"]["flows"]
    flows["password"] = flows["clientCredentials"]
    (added,) = compare(one, two)
    assert (added.kind, added.breaking) == (Kind.SECURITY_SCHEME_CHANGED, False)
    (removed,) = compare(two, one)
    assert removed.breaks_callers


def test_who_must_authenticate_in_two_ways_now_is_not_told_that_nothing_is_to_be_done() -> None:
    keys: dict[str, Any] = {name: {"type": "apiKey", "in": "header", "name": f"x-{name}"} for name in "ab"}
    removed, added = compare(secured("a", **keys), secured("a", "b", **keys))
    assert removed.breaks_callers
    assert added.meaning == 'The operation may be authenticated by "a and b".'


def at_region(**rules: Any) -> dict[str, Any]:
    server = {"url": "https://{region}.example", "variables": {"region": {"default": "eu", **rules}}}
    return document({}) | {"servers": [server]}


def test_what_the_variable_of_a_server_may_be_is_told_by_value() -> None:
    few, more = at_region(enum=["eu"]), at_region(enum=["eu", "us"])
    ((added,), (removed,)) = compare(few, more), compare(more, few)
    assert (added.kind, added.new, added.breaking) == (Kind.ENUM_VALUE_ADDED, "us", False)
    assert added.meaning.startswith("The variable 'region' of the server may be \"us\" too; who follows")
    assert (removed.kind, removed.old, removed.breaks_callers) == (Kind.ENUM_VALUE_REMOVED, "us", True)
    ((listed,), (free,)) = compare(at_region(), few), compare(few, at_region())
    assert [(one.kind, one.breaking) for one in (listed, free)] == [(Kind.ENUM_ADDED, True), (Kind.ENUM_REMOVED, False)]
    (moved,) = compare(at_region(), at_region(default="us"))
    assert (moved.kind, moved.breaks_callers) == (Kind.SERVER_CHANGED, True)


def test_what_is_said_of_a_variable_is_told() -> None:
    (told,) = compare(at_region(), at_region(description="Where the data is kept"))
    assert (told.kind, told.breaking) == (Kind.PROSE_CHANGED, False)
