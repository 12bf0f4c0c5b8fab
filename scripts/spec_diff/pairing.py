"""Which branch of a union became which: the equal ones first, whatever their order, then the most alike."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from scripts.layout import Json
from scripts.spec_diff.document import members
from scripts.spec_diff.schema import Reader, Schema

_ALIKE = 0.3
"""Branches that share less of their type, properties and values than this are two."""


@dataclass(frozen=True)
class Pairs:
    """Branches by their index."""

    both: list[tuple[int, int]]
    """In the order of the new ones."""
    removed: list[int]
    added: list[int]


def pair(reader: Reader, old: list[Schema], new: list[Schema]) -> Pairs:
    """Pair the branches of a union."""
    olds, news = (dict(enumerate(branches)) for branches in (old, new))
    both: list[tuple[int, int]] = []

    def take(one: int, other: int) -> None:
        both.append((one, other))
        del olds[one], news[other]

    digests = [[reader.digest_of(schema) for schema in branches] for branches in (old, new)]
    for other in list(news):
        equal = [one for one in olds if digests[0][one] == digests[1][other]]
        if equal:
            take(min(equal, key=lambda one: abs(one - other)), other)
    scores = {(one, other): _likeness(olds[one], news[other]) for one, other in product(olds, news)}
    for (one, other), score in sorted(scores.items(), key=lambda entry: (-entry[1], abs(entry[0][0] - entry[0][1]))):
        last = len(olds) == len(news) == 1 and _kind(old[one]) == _kind(new[other])
        if one in olds and other in news and (score >= _ALIKE or last):
            take(one, other)
    return Pairs(sorted(both, key=lambda indices: indices[1]), list(olds), list(news))


def _likeness(old: Schema, new: Schema) -> float:
    ours, theirs = set(_features(old)), set(_features(new))
    return len(ours & theirs) / len(ours | theirs) if ours | theirs else 1.0


def _features(schema: Schema) -> Iterator[str]:
    yield from (f"type {kind}" for kind in [_kind(schema)] if kind)
    yield from (f"property {name}" for name, _ in members(schema.at("properties")))
    for keyword in ("enum", "required"):
        values = schema.raw.get(keyword)
        yield from (f"{keyword} {json.dumps(value)}" for value in (values if isinstance(values, list) else []))


def _kind(schema: Schema) -> Json:
    return schema.raw.get("type")
