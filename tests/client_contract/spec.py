"""What the effective spec allows, asked of jsonschema-rs: it knows nothing of the validators that the client uses."""

import functools
from collections.abc import Iterator
from typing import Any, Literal

from jsonschema_rs import Draft202012Validator

from tests.generated import oracle

SYNC, LINK = "sync_engagement", "link_recording"
Verdict = Literal["result", "failure", "invalid"]


def resolve(schema: Any) -> Any:
    """What a schema stands for: itself, or where its `$ref` or its one `allOf` leads."""
    while target := component(schema):
        schema = oracle.shipped()["components"]["schemas"][target]
    return schema


def component(schema: Any) -> str | None:
    """The name of the component that a schema refers to."""
    (target,) = schema.get("allOf", [schema]) if len(schema.get("allOf", [schema])) == 1 else [schema]
    reference = target.get("$ref")
    return None if reference is None else str(reference).rpartition("/")[2]


@functools.cache
def _request(operation: str) -> Draft202012Validator:
    return oracle.validator(oracle.shipped(), oracle.request(operation))


@functools.cache
def _named(name: str) -> Draft202012Validator:
    schema = {key: value for key, value in oracle.shipped()["components"]["schemas"][name].items() if key != "not"}
    return oracle.validator(oracle.shipped(), schema, opened=True)


def allows_request(operation: str, body: Any) -> bool:
    """Whether the request body of an operation may be this, to the word."""
    return _request(operation).is_valid(body)


def verdict(operation: str, body: Any) -> Verdict:
    """What the body of a 200 is; an enum may have values that are new."""
    body = without_surrogates(body)
    if _named({SYNC: "SyncResult", LINK: "LinkResult"}[operation]).is_valid(body):
        return "result"
    return "failure" if operation == LINK and _named("LinkFailure").is_valid(body) else "invalid"


def without_surrogates(value: Any) -> Any:
    """The same with other characters for lone surrogates, which jsonschema-rs cannot take; no rule depends on them."""
    if isinstance(value, dict):
        return {without_surrogates(key): without_surrogates(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [without_surrogates(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def places(value: Any) -> Iterator[tuple[str | int, ...]]:
    """The path of each value within a JSON value, its own first."""
    yield ()
    found: Any = value
    items = found.items() if isinstance(value, dict) else enumerate(found) if isinstance(value, list) else ()
    for key, item in items:
        yield from ((key, *inner) for inner in places(item))


def with_change(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    """A JSON value with another one at a path; `REMOVED` leaves nothing there."""
    if not path:
        return new
    head, *rest = path
    changed = value.copy()
    if not rest and new is REMOVED:
        del changed[head]
    else:
        changed[head] = with_change(value[head] if rest else None, tuple(rest), new)
    return changed


REMOVED = object()
