"""The generated validators: they judge as a JSON Schema library does, and say what is wrong for a person to mend."""

import json
import pickle
import re
from typing import Any

import pytest
from hypothesis import find, given
from hypothesis import strategies as st
from siro_openapi import errors, validators
from siro_openapi.validators import REQUESTS, RESPONSES, ValidationError

from tests.generated import oracle
from tests.pipeline.copy_of_the_tree import ROOT

ENGAGEMENT = {"externalId": "e-1"}
LINK = {"id": "e-1", "dataType": "LEAD"}
LINKED = {"id": "e-1", "externalId": "e", "dataType": "LEAD", "name": "Lead", "lastActivityAt": "now"}


def fault(check: Any, body: Any) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        check(body)
    return caught.value


def accepts(check: Any, body: Any) -> bool:
    try:
        check(body)
    except ValidationError:
        return False
    return True


def test_each_json_request_and_each_json_response_has_a_validator() -> None:
    assert REQUESTS.keys() == {name for name in oracle.operations() if oracle.request(name) is not None}
    assert RESPONSES.keys() == {name for name in oracle.operations() if oracle.response(name) is not None}
    assert REQUESTS.keys() & RESPONSES.keys()


@pytest.mark.parametrize("operation", sorted(REQUESTS))
def test_requests_are_judged_as_a_json_schema_library_does(operation: str) -> None:
    schema = oracle.request(operation)
    judge = oracle.validator(oracle.shipped(), schema)

    @oracle.CHECKS
    @given(oracle.bodies(schema) | oracle.faulty(schema))
    def judged(body: Any) -> None:
        assert accepts(REQUESTS[operation], body) == judge.is_valid(body)

    judged()


@pytest.mark.parametrize("operation", sorted(RESPONSES))
def test_responses_are_judged_as_a_json_schema_library_does_but_for_enums(operation: str) -> None:
    schema = oracle.response(operation)
    judge, strict = (oracle.validator(oracle.shipped(), schema, opened=opened) for opened in (True, False))

    @oracle.CHECKS
    @given(oracle.bodies(schema) | oracle.faulty(schema))
    def judged(body: Any) -> None:
        accepted = accepts(RESPONSES[operation], body)
        assert accepted == judge.is_valid(body)
        assert accepted or not strict.is_valid(body)

    judged()


WHOLE: dict[str, Any] = {
    "type": "object",
    "required": ["count", "ghost"],
    "properties": {"count": {"type": "integer"}, "more": {"$ref": "#/components/schemas/It"}},
}


def test_there_are_bodies_of_whatever_a_page_may_add(monkeypatch: pytest.MonkeyPatch) -> None:
    def success(schema: Any) -> dict[str, Any]:
        return {"content": {"application/json; charset=utf-8": {"schema": schema}}}

    responses = {"200": success({"type": "integer"}), "202": {}, "201": success({"$ref": "#/components/schemas/It"})}
    document = {
        "paths": {"/it": {"put": {"operationId": "it", "responses": responses}}},
        "components": {"schemas": {"It": WHOLE}},
    }
    monkeypatch.setattr(oracle, "shipped", lambda: document)
    schema = oracle.response("it")
    judge = oracle.validator(document, schema)
    assert find(oracle.bodies(schema), lambda body: isinstance(body, int) and judge.is_valid(body)) == 0
    assert find(oracle.bodies(schema), lambda body: isinstance(body, dict) and judge.is_valid(body))


@oracle.CHECKS
@given(oracle.date_times())
def test_date_times_are_judged_as_a_json_schema_library_does(text: str) -> None:
    judge = oracle.validator({}, {"format": "date-time"})
    assert accepts(REQUESTS["sync_engagement"], {**ENGAGEMENT, "deletedAt": text}) == judge.is_valid(text)


@oracle.CHECKS
@given(st.data())
def test_an_error_says_where_the_fault_is(data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(sorted(REQUESTS)))
    body = data.draw(oracle.faulty(oracle.request(operation)))
    if accepts(REQUESTS[operation], body):
        return
    error = fault(REQUESTS[operation], body)
    *way, last = error.path or [None]
    for part in way:
        body = body[part]
    if error.rule == "is required":
        assert last not in body
    elif last is not None:
        body = body[last]
    assert len(str(error).splitlines()) == 1


def test_the_examples_of_the_pages_pass() -> None:
    text = (ROOT / "specs/pages/put-recording-crm-link.md").read_text("utf-8")
    examples = re.findall(r"```json[^\n]*\n(.*?)```", text, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        REQUESTS["link_recording"](json.loads(example))


@pytest.mark.parametrize(
    ("operation", "body", "message"),
    [
        ("sync_engagement", [], "the body: must be an object, and is an array"),
        ("sync_engagement", {}, "externalId: is required"),
        ("sync_engagement", {"externalId": None}, "externalId: must be a string, and is null"),
        (
            "sync_engagement",
            {**ENGAGEMENT, "direction": "UP"},
            "direction: must be one of INBOUND, OUTBOUND, and is 'UP'",
        ),
        (
            "sync_engagement",
            {**ENGAGEMENT, "account": {"latitude": "x"}},
            "account.latitude: must be a number, and is 'x'",
        ),
        (
            "sync_engagement",
            {**ENGAGEMENT, "account": {"latitude": True}},
            "account.latitude: must be a number, and is true",
        ),
        (
            "sync_engagement",
            {**ENGAGEMENT, "engagementUsers": [{"externalId": "u"}, {"externalId": "u", "deletedAt": "2026-01-01"}]},
            "engagementUsers[1].deletedAt: must be a date-time with an offset (RFC 3339), and is '2026-01-01'",
        ),
        ("sync_engagement", {**ENGAGEMENT, "account": 10**5000}, "account: must be an object, and is a large integer"),
        ("sync_engagement", {**ENGAGEMENT, "content": b""}, "content: must be a string, and is a Python bytes"),
        ("link_recording", {}, "dataType: is required"),
        ("link_recording", {"dataType": "LEAD"}, "the body: either id is required, or externalId is required"),
        (
            "link_recording",
            {**LINK, "externalId": "x", "integrationConnectionId": "c"},
            "the body: either externalId must be left out, or id must be left out",
        ),
        ("link_recording", {**LINK, "id": 1}, "id: must be a string, and is 1"),
        ("link_recording", {"externalId": "x", "dataType": "LEAD"}, "integrationConnectionId: is required"),
        (
            "link_recording",
            {"externalId": "x", "dataType": "LEAD", "integrationConnectionId": ""},
            "integrationConnectionId: must not be empty, and is ''",
        ),
    ],
)
def test_a_message_names_the_place_the_rule_and_the_value(operation: str, body: Any, message: str) -> None:
    assert str(fault(REQUESTS[operation], body)) == message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "the body: either data is required, or error is required"),
        ({"data": {**LINKED, "name": None}}, "data.name: must be a string, and is null"),
        ({"error": None}, "error: must be a string, and is null"),
    ],
)
def test_an_unreadable_success_says_which_of_its_variants_it_is(body: Any, message: str) -> None:
    assert str(fault(RESPONSES["link_recording"], body)) == message


def test_a_response_may_have_new_enum_values_and_new_properties() -> None:
    body = {"data": {**LINKED, "dataType": "PROPOSAL", "new": 1}, "new": [None]}
    RESPONSES["link_recording"](body)
    fault(RESPONSES["link_recording"], {"data": {**LINKED, "dataType": 1}})


def test_a_link_that_failed_is_a_response_whatever_its_details_hold() -> None:
    RESPONSES["link_recording"]({"error": "no such row", "details": {"a": None, "b": [1]}, "data": None})


def test_an_error_is_short_whatever_the_body_is() -> None:
    error = fault(REQUESTS["sync_engagement"], {**ENGAGEMENT, "deletedAt": "\n{0}'\u2028\ud800" * 10**6})
    assert len(str(error)) < 200
    assert len(str(error).splitlines()) == 1
    str(error).encode()


def test_an_error_pickles_and_is_a_value_error() -> None:
    error = fault(REQUESTS["sync_engagement"], {**ENGAGEMENT, "account": {"addresses": [{}]}})
    twin = pickle.loads(pickle.dumps(error))
    assert isinstance(error, ValueError)
    assert (twin.path, twin.rule, twin.shown) == (error.path, error.rule, error.shown)
    assert twin.path == ("account", "addresses", 0, "country")
    assert str(twin) == str(error)


def test_no_error_shares_its_name_with_another_of_the_package() -> None:
    assert not set(validators.__all__) & set(errors.__all__)
