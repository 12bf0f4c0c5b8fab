"""The smallest body that is still wrong."""

import json
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.document import Json
from contract_tests.shrink import smallest

KEYS = st.sampled_from("abcdef")
SCALARS: st.SearchStrategy[Json] = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=40))
BODIES: st.SearchStrategy[Json] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), cast("st.SearchStrategy[Json]", st.dictionaries(KEYS, inner, max_size=5))
    ),
    max_leaves=12,
)


def keys(body: Json) -> set[str]:
    match body:
        case dict():
            return set(body).union(*map(keys, body.values()))
        case list():
            return set[str]().union(*map(keys, body))
        case _:
            return set()


def smaller_by_one(body: Json) -> list[Json]:
    """The bodies that lack one key or one item."""
    match body:
        case dict():
            less: list[Json] = [{other: body[other] for other in body if other != key} for key in body]
            return less + [{**body, key: inner} for key in body for inner in smaller_by_one(body[key])]
        case list():
            fewer: list[Json] = [body[:index] + body[index + 1 :] for index in range(len(body))]
            places = range(len(body))
            return fewer + [[*body[:i], inner, *body[i + 1 :]] for i in places for inner in smaller_by_one(body[i])]
        case _:
            return []


def length(body: Json) -> int:
    return len(json.dumps(body))


@settings(deadline=None)
@given(BODIES, st.sets(KEYS, max_size=3))
def test_no_key_and_no_item_can_be_dropped_from_the_smallest(body: Json, wanted: set[str]) -> None:
    def still_wrong(candidate: Json) -> bool:
        return wanted & keys(body) <= keys(candidate)

    result = smallest(body, still_wrong, budget=5_000)

    assert still_wrong(result)
    assert length(result) <= length(body)
    assert not any(map(still_wrong, smaller_by_one(result)))


@settings(deadline=None)
@given(BODIES, st.integers(0, 30), st.integers(1, 7))
def test_whatever_is_wrong_the_result_is_and_the_budget_is_kept(body: Json, budget: int, divisor: int) -> None:
    def reduce() -> tuple[Json, list[str]]:
        asked: list[str] = []

        def still_wrong(candidate: Json) -> bool:
            asked.append(json.dumps(candidate))
            return length(candidate) % divisor == length(body) % divisor

        return smallest(body, still_wrong, budget), asked

    result, asked = reduce()

    assert length(result) % divisor == length(body) % divisor
    assert length(result) <= length(body)
    assert len(asked) <= budget
    assert reduce() == (result, asked), "the same each time"


def test_one_property_is_tried_first() -> None:
    body: dict[str, Json] = {f"k{number}": number for number in range(22)}
    asked: list[Json] = []

    def still_wrong(candidate: Json) -> bool:
        asked.append(candidate)
        return isinstance(candidate, dict) and "k5" in candidate

    assert smallest(body, still_wrong) == {"k5": 5}
    assert len(asked) < 10


def test_a_required_property_beside_the_wrong_one_is_kept_within_the_budget() -> None:
    address: Json = dict.fromkeys(("country", "street", "city", "state", "zip"), "x" * 100)
    body: dict[str, Json] = {
        "externalId": "e-1",
        **{f"k{number}": "v" * 50 for number in range(20)},
        "account": {"externalId": "a-1", "addresses": [address, {**cast("dict[str, Json]", address), "zip": 5}]},
    }

    def still_wrong(candidate: Json) -> bool:
        found = json.dumps(candidate)
        return '"e-1"' in found and '"zip": 5' in found

    assert smallest(body, still_wrong) == {"externalId": "e-1", "account": {"addresses": [{"zip": 5}]}}


def test_a_long_text_is_halved_while_it_is_wrong() -> None:
    result = smallest({"subject": "x" * 5_000 + "%" + "x" * 3_000}, lambda body: "%" in json.dumps(body))

    assert isinstance(result, dict)
    assert len(str(result["subject"])) <= 16
