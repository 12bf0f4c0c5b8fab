"""Values that the request schema allows, many of them in one body: sizes, lengths of lists, odd texts and numbers."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from contract_tests import bodies
from contract_tests.compare import is_list, is_object
from contract_tests.document import has_body
from contract_tests.each_operation import claiming
from contract_tests.echo import Echo
from contract_tests.gate import Gate
from contract_tests.leeway import is_left_open
from contract_tests.operations import LINK, OPERATIONS, SYNC, Operation
from contract_tests.places import Choice, Place, body_of, packed, places
from contract_tests.rows import new_row
from contract_tests.rules import table
from contract_tests.sample import Sample
from contract_tests.values import EVERYDAY


def _is_merge(place: Place) -> bool:
    return place.name == "mergedFromExternalIds" and len(place.path) == 2


VARIED = [
    claiming(operation, "body.accepts")
    for operation in OPERATIONS.values()
    # Of a link, whatever is no enum points at a row that exists.
    if operation is not LINK and has_body(operation.name) and f"{operation.short}.body.accepts" in table()
]
SIZES = (26, 51, 101, 256, 300, 3_000)
COUNTS = (0, 1, 2, 25, 60)
NUMBERS = (1999.125, 0.30000000000000004, -12.345678901234, 48.123456789012, -0.0, -250, 1e21, 1e-7)
PAST, NOW, FUTURE = "2019-03-04T05:06:07Z", "2026-03-04T05:06:07Z", "2094-03-04T05:06:07Z"
ADDRESS = {"country": "", "street": "", "city": "", "state": "", "zip": ""}
CONTRADICTIONS: list[dict[str, Any]] = [
    {"startTime": NOW, "endTime": PAST},
    {"startTime": NOW, "endTime": NOW},
    {"endTime": NOW},
    {"startTime": PAST, "endTime": FUTURE},
    {"remoteCreatedAt": NOW, "remoteUpdatedAt": PAST},
    {"remoteUpdatedAt": FUTURE},
    {"remoteCreatedAt": FUTURE, "startTime": PAST, "deletedAt": PAST},
    {"deletedAt": FUTURE, "subject": "to be deleted"},
    {"startTime": NOW, "startTimeLocalized": "2031-12-31T23:59:59"},
    {"startTime": None, "startTimeLocalized": "2026-03-04T05:06:07"},
    {"engagementTypeId": "a-type", "engagementType": {"name": "another", "activityType": "CALL"}},
    {"engagementType": {"name": "CALL", "activityType": "MEETING"}},
    {"account": {"latitude": 0, "longitude": 0, "addresses": [ADDRESS]}},
    {"account": {"latitude": 52.5}, "contact": {"externalId": "contact", "longitude": 13.4}},
    {"account": {"lastActivityAt": FUTURE, "deletedAt": PAST}},
    {"opportunity": {"externalId": "opportunity", "disposition": "OPEN", "closedAt": PAST, "remoteCreatedAt": NOW}},
    {"opportunity": {"externalId": "opportunity", "disposition": "WON", "amount": -1, "closedAt": FUTURE}},
    {"opportunity": {"externalId": "opportunity", "disposition": "LOST", "amount": 0, "remoteCreatedAt": FUTURE}},
    {"opportunity": {"externalId": "opportunity", "copyEngagementRelationships": True}, "account": None},
    {"lead": {"externalId": "lead", "firstName": "Ada"}, "contact": {"externalId": "contact", "name": "Bob"}},
    {"engagementUsers": [{"externalId": "one", "shareOfSale": 1}, {"externalId": "two", "shareOfSale": 1}]},
    {"engagementUsers": [{"externalId": "one", "shareOfSale": 0}, {"externalId": "two", "shareOfSale": -0.5}]},
    {"engagementUsers": [{"externalId": f"user-{number}", "name": f"user {number}"} for number in range(25)]},
    {"engagementUsers": [{"externalId": f"user-{number}", "shareOfSale": 1} for number in range(60)]},
]
"""What is odd to a person, and none of whose properties the schema forbids: it says nothing of two together."""


def _check(gate: Gate, request: pytest.FixtureRequest, operation: Operation, choices: list[Choice]) -> None:
    """Each choice is accepted, as many together as go into a body."""

    def check(choice: Choice) -> None:
        body = body_of(operation.name, gate.new_id(), choice)
        if operation is SYNC:
            request.getfixturevalue("echo").sync(body)
        else:
            gate.accept(f"{operation.short}.body.accepts", operation, body, as_is=True)

    base = gate.new_id()
    gate.each([whole for whole in packed(operation.name, base, choices) if not _is_open(operation, base, whole)], check)


def _is_open(operation: Operation, base: str, choice: Choice) -> bool:
    return is_left_open(body_of(operation.name, base, choice))


def _places(request: pytest.FixtureRequest, operation: Operation, wanted: Callable[[Place], bool]) -> list[Place]:
    bodies.need_leave_to_store(request, operation)
    return [place for place in places(operation.name) if wanted(place)]


@pytest.mark.parametrize("operation", VARIED)
def test_any_text_may_be_everywhere(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> None:
    found = _places(request, operation, lambda place: place.is_plain_text)
    texts = [*("x" * size for size in SIZES), *EVERYDAY]
    gate.each(texts, lambda text: _check(gate, request, operation, [{place.path: text} for place in found]))


@pytest.mark.parametrize("operation", VARIED)
def test_any_number_may_be_everywhere(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> None:
    found = _places(request, operation, lambda place: place.schema["type"] == "number" and _is_free(place))

    def check(number: float) -> None:
        within = [place for place in found if not is_left_open({place.name: number})]
        _check(gate, request, operation, [{place.path: number} for place in within])

    gate.each(NUMBERS, check)


def _is_free(place: Place) -> bool:
    return not {"enum", "minimum", "maximum", "multipleOf", "format"} & place.schema.keys()


@pytest.mark.parametrize("operation", VARIED)
def test_a_list_may_have_any_length(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> None:
    found = _places(request, operation, _is_list)

    def check(count: int) -> None:
        sample = Sample(gate.new_id)
        choices: list[Choice] = []
        for place in found:
            items = sample.items(place.schema, place.name, count)
            if len(items) == count >= place.schema.get("minItems", 0):
                choices.append({place.path: items})
        _check(gate, request, operation, choices)

    gate.each(COUNTS, check)


@pytest.mark.parametrize("operation", VARIED)
def test_a_list_of_texts_may_repeat_one(gate: Gate, request: pytest.FixtureRequest, operation: Operation) -> None:
    found = _places(request, operation, lambda place: _is_list(place) and _is_of_texts(place))
    _check(gate, request, operation, [{place.path: [gate.new_id()] * 2} for place in found])


def _is_list(place: Place) -> bool:
    """Of a merge, what becomes of rows that were never synced is left open."""
    return place.schema["type"] == "array" and "items" in place.schema and place.name != "mergedFromExternalIds"


def _is_of_texts(place: Place) -> bool:
    bounds = {"uniqueItems", "minItems", "maxItems"} & place.schema.keys()
    return not bounds and place.schema.get("items", {}) == {"type": "string"}


@pytest.mark.rules("sync.body.accepts")
@pytest.mark.parametrize("name", [place.path[0] for place in places(SYNC.name) if _is_merge(place)])
def test_a_merge_may_name_a_row_twice(gate: Gate, echo: Echo, name: str) -> None:
    one, other = (new_row(name, gate.new_id(name)) for _ in range(2))
    for row in (one, other):
        echo.sync({"externalId": gate.new_id(), name: row})
    survivor = new_row(name, gate.new_id(name))
    merged = [row["externalId"] for row in (one, one, other, one)]
    for _ in range(2):
        echo.sync({"externalId": gate.new_id(), name: {**survivor, "mergedFromExternalIds": merged}})


@pytest.mark.rules("sync.body.accepts")
def test_properties_may_contradict_each_other(gate: Gate, echo: Echo) -> None:
    def check(odd: dict[str, Any]) -> None:
        base = gate.new_id()
        # Rows of their own, so that no case meets what another left.
        echo.sync({"externalId": base, **_own(odd, base)})

    gate.each(CONTRADICTIONS, check)


def _own(value: Any, base: str, name: str = "") -> Any:
    if is_object(value):
        return {key: _own(inner, base, key) for key, inner in value.items()}
    if is_list(value):
        return [_own(item, base) for item in value]
    return f"{base}-{value}" if name == "externalId" else value


@pytest.mark.rules("sync.body.accepts")
@pytest.mark.parametrize("number", ["-0", "1E+2", "0.10", "12e-1", "1.0", "5e0"])
def test_a_number_may_be_written_in_any_way(gate: Gate, number: str) -> None:
    body = {"externalId": gate.new_id(), "account": {"latitude": "@", "longitude": "@"}}
    body |= {"opportunity": {"externalId": gate.new_id("opportunity"), "amount": "@"}}
    content = json.dumps(body).replace('"@"', number).encode()
    if is_left_open(json.loads(content)):
        content = content.replace(b'"latitude": ' + number.encode(), b'"latitude": 1')
    headers = {**gate.target.credentials(SYNC), "Content-Type": "application/json"}
    gate.accept("sync.body.accepts", SYNC, None, content=content, headers=headers)
