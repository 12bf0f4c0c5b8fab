"""Whatever response the effective spec allows is read without loss, and whatever it does not is an invalid response."""

import gzip
import json
from collections.abc import Callable
from typing import Any, cast

import httpx
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from siro_openapi.models import DataType, Engagement
from siro_openapi.types import OpenStrEnum

from siro_client import InvalidResponseError, LinkError, RawResponse, SiroId
from tests.client_contract import arguments, spec, values
from tests.client_contract.clients import Call, Outcome, Wire
from tests.generated import oracle

CALLS: dict[str, Call] = {
    spec.SYNC: lambda siro: siro.with_raw_response.sync_engagement(Engagement(external_id="e-1")),
    spec.LINK: lambda siro: siro.with_raw_response.link_recording("r-1", SiroId("1"), DataType.LEAD),
}
MEDIA_TYPES = ("application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8")
WRONG_MEDIA_TYPES = (None, "", "text/html", "text/plain; charset=utf-8", "application/jsonp", "json", "*/*")
KINDS: list[Any] = [None, True, False, 0, 7, 0.5, "", "text", [], [1], {}, {"a": 1}]
"""Values of every type of JSON, the empty ones among them."""


def answer(
    content: bytes, media_type: str | None = "application/json", status: int = 200
) -> Callable[[], httpx.Response]:
    headers = {} if media_type is None else {"content-type": media_type}
    return lambda: httpx.Response(status, headers=headers, content=content)


def written(body: Any, *, escaped: bool = False) -> bytes:
    return json.dumps(body, ensure_ascii=escaped).encode()


def check_read(outcome: Outcome, operation: str, body: Any, content: bytes) -> None:
    """It was read as what it is, without loss."""
    assert len(outcome.requests) == 1
    if spec.verdict(operation, body) == "failure":
        assert isinstance(outcome.error, LinkError), outcome.error
        assert (outcome.error.error, outcome.error.details) == (body["error"], body.get("details", {}))
        assert (outcome.error.status_code, outcome.error.content, outcome.error.attempts) == (200, content, 1)
        assert arguments.same(outcome.error.body, body)
        assert len(str(outcome.error).splitlines()) == 1
        return
    assert outcome.error is None, outcome.error
    raw = cast("RawResponse[Any]", outcome.result)
    assert (type(raw), raw.status_code, raw.content, raw.attempts) == (RawResponse, 200, content, 1)
    check_model(raw.data, body)


def check_model(model: Any, came: dict[str, Any]) -> None:
    """A model gives back every property that came, by its attributes and as a whole."""
    assert arguments.same(model.to_dict(), came)
    name = type(model).__name__
    properties = oracle.shipped()["components"]["schemas"][name]["properties"]
    assert arguments.same(model.additional_properties, {key: came[key] for key in came.keys() - properties.keys()})
    for key in properties.keys() & came.keys():
        value = getattr(model, arguments.attribute(name, key))
        if hasattr(value, "to_dict"):
            check_model(value, came[key])
        elif isinstance(value, OpenStrEnum):
            assert str(value) == value.value == came[key]
            assert value.is_known == (came[key] in spec.resolve(properties[key])["enum"])
        else:
            assert arguments.same(value, came[key])


def check_invalid(outcome: Outcome, content: bytes, status: int = 200) -> None:
    """It was told as an invalid response, with what came, and not sent again."""
    error = outcome.error
    assert isinstance(error, InvalidResponseError), f"{outcome.kind}: {error!r}, {outcome.result!r}"
    assert (error.status_code, error.content, error.attempts) == (status, content, 1)
    assert len(outcome.requests) == 1
    assert len(str(error).splitlines()) == 1
    assert error.reason


def _joined(parts: tuple[Any, Any]) -> Any:
    return {**parts[0], **parts[1]}


def responses(operation: str) -> st.SearchStrategy[Any]:
    """Bodies of a 200 that the spec allows, with enum values that are new."""
    allowed = values.allowed(oracle.response(operation), opened=True)
    failures = values.allowed({"$ref": "#/components/schemas/LinkFailure"})
    with_data = st.tuples(failures, st.fixed_dictionaries({"data": allowed | values.anything()})).map(_joined)
    return (allowed | with_data) if operation == spec.LINK else allowed


@pytest.mark.parametrize("operation", CALLS)
@given(data=st.data())
def test_a_response_that_the_spec_allows_is_read_without_loss(wire: Wire, operation: str, data: st.DataObject) -> None:
    body = data.draw(responses(operation), "body")
    assume(spec.verdict(operation, body) != "invalid")
    content = written(body, escaped=data.draw(st.booleans(), "escaped"))
    media_type = data.draw(st.sampled_from(MEDIA_TYPES), "media type")
    for outcome in wire.outcomes(CALLS[operation], answer(content, media_type)):
        check_read(outcome, operation, body, content)


def faults(operation: str, body: Any) -> list[Any]:
    """A body with each one change that makes it invalid: something left out, or of another type."""
    changes = [
        (path, new) for path in spec.places(body) for new in (spec.REMOVED, *KINDS) if path or new is not spec.REMOVED
    ]
    changed = (spec.with_change(body, path, new) for path, new in changes)
    return [each for each in changed if spec.verdict(operation, each) == "invalid"]


@pytest.mark.parametrize("operation", CALLS)
@given(data=st.data())
def test_a_response_with_one_fault_is_invalid(wire: Wire, operation: str, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(faults(operation, data.draw(responses(operation)))), "body")
    content = written(body)
    for outcome in wire.outcomes(CALLS[operation], answer(content)):
        check_invalid(outcome, content)


@pytest.mark.parametrize("operation", CALLS)
@given(data=st.data())
def test_any_json_is_judged_as_the_spec_does(wire: Wire, operation: str, data: st.DataObject) -> None:
    body = data.draw(
        values.anything() | st.dictionaries(st.sampled_from(["data", "error", "details"]), values.anything())
    )
    content = written(body)
    for outcome in wire.outcomes(CALLS[operation], answer(content)):
        if spec.verdict(operation, body) == "invalid":
            check_invalid(outcome, content)
        else:
            check_read(outcome, operation, body, content)


FULL: dict[str, Any] = {
    spec.SYNC: {
        "data": {
            **dict.fromkeys(oracle.shipped()["components"]["schemas"]["SyncedEngagement"]["properties"], "text"),
            "account": None,
            "engagementUsers": [None, {"a": 1}],
        }
    },
    spec.LINK: {
        "data": {"id": "1", "externalId": "e", "dataType": "LEAD", "name": "n", "lastActivityAt": "now"},
        "cursor": None,
        "pageSize": 1,
        "limit": 0.5,
        "total": None,
        "hasNextPage": False,
    },
}


@pytest.mark.parametrize("operation", CALLS)
def test_each_fault_of_each_property_is_invalid(wire: Wire, operation: str) -> None:
    failure = {"error": "no", "details": {"why": [1]}}
    for body in [FULL[operation], *([failure] if operation == spec.LINK else [])]:
        assert spec.verdict(operation, body) != "invalid"
        bodies = faults(operation, body)
        assert len(bodies) > 20
        for faulty in bodies:
            for outcome in wire.outcomes(CALLS[operation], answer(written(faulty))):
                check_invalid(outcome, written(faulty))


@pytest.mark.parametrize("operation", CALLS)
def test_a_body_that_ends_early_is_invalid_wherever_it_does(wire: Wire, operation: str) -> None:
    content = written(FULL[operation])
    for end in range(len(content)):
        for outcome in wire.outcomes(CALLS[operation], answer(content[:end])):
            check_invalid(outcome, content[:end])


NO_JSON = (
    *(
        b"",
        b" ",
        b"\0",
        b"\xff\xfe",
        b"null null",
        b"{}{}",
        b"'data'",
        b"<html></html>",
        b"NaN",
        b"-Infinity",
        b"{'data': 1}",
    ),
    *(b'{"data": NaN}', b'{"error": "no", "details": {"a": Infinity}}', b'{"error": "\xe9"}', b'{"error": "no",}'),
    *(b'{"error": "a\nb"}', b'{"error": "no"} // comment', b"[" * 100_000, b'{"error":' * 100_000),
)


@pytest.mark.parametrize("operation", CALLS)
def test_what_is_no_json_is_invalid(wire: Wire, operation: str) -> None:
    for content in NO_JSON:
        for outcome in wire.outcomes(CALLS[operation], answer(content)):
            check_invalid(outcome, content)


@pytest.mark.parametrize("operation", CALLS)
@given(content=st.binary(max_size=40))
def test_bytes_of_any_kind_are_invalid(wire: Wire, operation: str, content: bytes) -> None:
    for outcome in wire.outcomes(CALLS[operation], answer(content)):
        check_invalid(outcome, content)


@pytest.mark.parametrize("media_type", WRONG_MEDIA_TYPES)
@pytest.mark.parametrize("operation", CALLS)
def test_another_content_type_is_invalid(wire: Wire, operation: str, media_type: str | None) -> None:
    content = written(FULL[operation])
    for outcome in wire.outcomes(CALLS[operation], answer(content, media_type)):
        check_invalid(outcome, content)


@pytest.mark.parametrize("status", [*range(201, 209), 226, 299])
@pytest.mark.parametrize("operation", CALLS)
def test_another_success_is_invalid(wire: Wire, operation: str, status: int) -> None:
    for content in (b"", written(FULL[operation]), written({"error": "no"})):
        for outcome in wire.outcomes(CALLS[operation], answer(content, status=status)):
            check_invalid(outcome, content, status)


@pytest.mark.parametrize("operation", CALLS)
def test_an_encoding_that_was_not_asked_for_is_invalid(wire: Wire, operation: str) -> None:
    content = gzip.compress(written(FULL[operation]))
    headers = {"content-type": "application/json", "content-encoding": "gzip"}

    def encoded() -> httpx.Response:
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(content))

    for outcome in wire.outcomes(CALLS[operation], encoded):
        check_invalid(outcome, content)
