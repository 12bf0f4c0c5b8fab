"""Whatever the client accepts leaves as a request that the effective spec allows, and arrives as it was meant."""

import datetime as dt
import decimal
import json
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from siro_openapi import models
from siro_openapi.models import DataType, Direction, LinkTrigger
from siro_openapi.types import UNSET

from siro_client import ExternalId, SiroId
from tests.client_contract import arguments, spec, values
from tests.client_contract.arguments import NoMeaningError, Odd
from tests.client_contract.clients import Outcome, Wire
from tests.generated import oracle

ENGAGEMENT = oracle.shipped()["components"]["schemas"]["Engagement"]
SYNC_URL = "https://functions.siro.ai/api-externalApi/v1/integrations/sync/engagements"
LINK_URL = "https://api.siro.ai/v1/core/recordings/"
_EDGE = dt.timezone(dt.timedelta(hours=1, seconds=1))
ODD_VALUES: list[Any] = [
    *(None, True, 0, -1, 2**70, 10**400, 0.5, float("nan"), float("inf"), "", "x", "INBOUND", "\ud800", UNSET),
    *([], {}, [None], {"externalId": "e"}, {"externalId": 5}, {1: "x"}, {"\ud800": 1}, {None: 1}, ["\udfff"], (), (1,)),
    *(b"x", {"x"}, object(), decimal.Decimal(1), {"x": object()}, {"x": float("nan")}, [UNSET], {"x": UNSET}, str),
    *(dt.datetime(2026, 1, 1), dt.date(2026, 1, 1), dt.time(1)),  # noqa: DTZ001 - naive on purpose
    *(dt.datetime.min.replace(tzinfo=_EDGE), dt.datetime.max.replace(tzinfo=dt.UTC)),
    *(
        dt.datetime(2026, 1, 1, tzinfo=_EDGE),
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00",
        "2026-02-30T00:00:00Z",
    ),
    *(Direction.INBOUND, Direction.read("SIDEWAYS"), DataType.LEAD, models.Owner("u"), models.Account(latitude=True)),
    *(models.Engagement("x"), [models.Owner("u")], [models.EngagementUser(external_id="u", email="\ud83d")]),
]


def refuse() -> httpx.Response:
    """What the requests are answered with: an error, so that what comes back is not what is looked at."""
    return httpx.Response(409, json={"error": "no"})


def sent(outcome: Outcome) -> httpx.Request | None:
    """The one request that a call sent; None if its arguments were refused, with ValueError and nothing sent."""
    told = f"{outcome.kind} raised {outcome.error!r}"
    if outcome.requests:
        assert type(outcome.error).__name__ == "ConflictError", told
        (request,) = outcome.requests
        return request
    assert isinstance(outcome.error, ValueError), told
    told = str(outcome.error)
    assert told
    assert len(told) < 500
    assert "\n" not in told
    told.encode()
    return None


def read(request: httpx.Request) -> Any:
    """The body of a request, as one that is strict about JSON in UTF-8 reads it (RFC 8259)."""
    text = request.content.decode("utf-8", "strict")
    return json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_no_constant)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    assert len(made) == len(pairs)
    return made


def _no_constant(name: str) -> Any:
    raise AssertionError(f"{name} is no JSON")


def check_sync(outcome: Outcome, meant: Any, *, may_be_refused: bool) -> None:
    request = sent(outcome)
    if request is None:
        assert may_be_refused, f"refused what the spec allows: {outcome.error}"
        return
    assert (request.method, str(request.url)) == ("PUT", SYNC_URL)
    assert request.headers.get_list("content-type") == ["application/json"]
    body = read(request)
    assert spec.allows_request(spec.SYNC, body)
    assert arguments.same(body, arguments.expected(meant))


@given(values.allowed(ENGAGEMENT))
def test_an_engagement_that_the_spec_allows_arrives_as_it_was_meant(wire: Wire, meant: Any) -> None:
    engagement = arguments.engagement(meant)
    for outcome in wire.outcomes(lambda siro: siro.sync_engagement(engagement), refuse):
        check_sync(outcome, meant, may_be_refused=False)


@st.composite
def with_odd_values(draw: st.DrawFn) -> Any:
    """An engagement with one or two values that are hardly ever allowed where they stand."""
    meant = draw(values.allowed(ENGAGEMENT))
    for _ in range(draw(st.integers(1, 2))):
        absent = [(name,) for name in (*ENGAGEMENT["properties"], "unknown") if name not in meant]
        path = draw(st.sampled_from([*[place for place in spec.places(meant) if place], *absent]))
        meant = spec.with_change(meant, path, Odd(draw(st.sampled_from(ODD_VALUES))))
    return meant


@given(with_odd_values())
def test_an_engagement_arrives_as_it_was_meant_or_is_refused(wire: Wire, meant: Any) -> None:
    engagement = arguments.engagement(meant)
    for outcome in wire.outcomes(lambda siro: siro.sync_engagement(engagement), refuse):
        check_sync(outcome, meant, may_be_refused=True)


ACCOUNT = oracle.shipped()["components"]["schemas"]["Account"]
PLACES: list[tuple[str, ...]] = [
    *[(name,) for name in (*ENGAGEMENT["properties"], "unknown")],
    *[("account", name) for name in ACCOUNT["properties"]],
]


@pytest.mark.parametrize("path", PLACES, ids=".".join)
def test_each_odd_value_in_each_place_arrives_as_it_was_meant_or_is_refused(wire: Wire, path: tuple[str, ...]) -> None:
    for value in ODD_VALUES:
        meant = spec.with_change({"externalId": "e", "account": {}}, path, Odd(value))
        engagement = arguments.engagement(meant)
        for outcome in wire.outcomes(lambda siro: siro.sync_engagement(engagement), refuse):  # noqa: B023 - called now
            check_sync(outcome, meant, may_be_refused=True)


def test_what_is_no_engagement_is_refused(wire: Wire) -> None:
    for given_ in [*ODD_VALUES, {"externalId": "e"}, models.LinkById(id="1", data_type=DataType.LEAD)]:
        for outcome in wire.outcomes(lambda siro: siro.sync_engagement(given_), refuse):  # noqa: B023 - called now
            assert sent(outcome) is None or isinstance(given_, models.Engagement)


def test_a_number_that_python_does_not_write_out_is_refused(wire: Wire) -> None:
    engagement = models.Engagement("e", account=models.Account(latitude=10**5000))
    for outcome in wire.outcomes(lambda siro: siro.sync_engagement(engagement), refuse):
        assert sent(outcome) is None


def target_of(kind: type[SiroId | ExternalId], *ids: Any) -> SiroId | ExternalId | None:
    try:
        return kind(*ids)
    except ValueError:
        assert not all(ids), "refused an id that is not empty"
        return None


IDS = values.texts() | st.sampled_from(
    [
        *(".", "..", "...", "a/b", "/", "../..", "%2F", "%", "a?b#c", ";", "\\", "r 1", "\ud800", "a:b@c", "\x7f"),
        "é" * 99,
    ]
)
DATA_TYPES, TRIGGERS = st.sampled_from(DataType), st.none() | st.sampled_from(LinkTrigger)
TARGETS = st.builds(target_of, st.just(SiroId), IDS) | st.builds(target_of, st.just(ExternalId), IDS, IDS)
ODD = st.sampled_from(ODD_VALUES)
ODD_TARGETS = (
    st.builds(target_of, st.just(SiroId), ODD) | st.builds(target_of, st.just(ExternalId), IDS | ODD, IDS | ODD) | ODD
)


def meant_by_link(target: Any, data_type: Any, trigger: Any) -> Any:
    """The body that a call of link_recording means."""
    match target:
        case SiroId():
            body: dict[str, Any] = {"id": target.id}
        case ExternalId():
            body = {"externalId": target.external_id, "integrationConnectionId": target.integration_connection_id}
        case _:
            raise NoMeaningError
    body["dataType"] = data_type
    return body if trigger is None else {**body, "trigger": trigger}


def check_link(outcome: Outcome, recording_id: Any, *given_: Any, may_be_refused: bool) -> None:
    request = sent(outcome)
    if request is None:
        assert may_be_refused, f"refused what the spec allows: {outcome.error}"
        return
    assert (request.method, str(request.url)[: len(LINK_URL)]) == ("PUT", LINK_URL)
    assert request.headers.get_list("content-type") == ["application/json"]
    # As it stands on the wire: one segment between the two that surround it, and no query.
    *before, segment, last = request.url.raw_path.decode("ascii").split("/")
    assert (before, last) == (["", "v1", "core", "recordings"], "link")
    assert segment not in ("", ".", "..")
    assert unquote(segment, errors="strict") == recording_id
    body = read(request)
    assert spec.allows_request(spec.LINK, body)
    assert arguments.same(body, arguments.expected(meant_by_link(*given_)))


def is_text(*ids: Any) -> bool:
    return not any("\ud800" <= char <= "\udfff" for text in ids for char in text)


@given(IDS, TARGETS, DATA_TYPES, TRIGGERS)
@example("x" * 100_000, SiroId("1"), DataType.LEAD, None)
def test_a_link_that_the_spec_allows_arrives_as_it_was_meant(
    wire: Wire, recording_id: str, target: SiroId | ExternalId | None, data_type: DataType, trigger: LinkTrigger | None
) -> None:
    if target is None:
        return
    ids = [target.id] if isinstance(target, SiroId) else [target.external_id, target.integration_connection_id]
    may_be_refused = recording_id in ("", ".", "..") or len(recording_id) > 5000 or not is_text(recording_id, *ids)
    for outcome in wire.outcomes(
        lambda siro: siro.link_recording(recording_id, target, data_type, trigger=trigger), refuse
    ):
        check_link(outcome, recording_id, target, data_type, trigger, may_be_refused=may_be_refused)


@given(IDS | ODD, ODD_TARGETS, DATA_TYPES | ODD, TRIGGERS | ODD)
@example(None, SiroId("1"), DataType.LEAD, None)
@example(5, SiroId("1"), DataType.LEAD, None)
@example("r-1", SiroId("1"), DataType.LEAD, "")
def test_a_link_arrives_as_it_was_meant_or_is_refused(
    wire: Wire, recording_id: Any, target: Any, data_type: Any, trigger: Any
) -> None:
    for outcome in wire.outcomes(
        lambda siro: siro.link_recording(recording_id, target, data_type, trigger=trigger), refuse
    ):
        check_link(outcome, recording_id, target, data_type, trigger, may_be_refused=True)


def test_every_property_of_every_model_that_is_sent_is_one_of_the_spec() -> None:
    for name in ("Engagement", "EngagementType", "EngagementUser", "Account", "Contact", "Lead", "Opportunity"):
        properties = oracle.shipped()["components"]["schemas"][name]["properties"]
        assert {arguments.attribute(name, each) for each in properties} == arguments.attributes(name)
