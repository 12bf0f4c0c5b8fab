"""Examples of what a schema allows: always the same, and with what was sent where a property has its name.

The schemas are those that `_schema.py` makes.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias, cast

import jsonschema_rs

from siro_client.testing._json import Json, JsonObject

Make: TypeAlias = Callable[[JsonObject], Json]
"""From what was sent, by name, to an example."""

_TEXTS = (
    *("text", "2026-01-05T09:30:00Z", "2026-01-05", "09:30:00Z", "P1D", "6b1c5a34-8f0e-4b7e-9d2a-0c1f2e3d4b5a"),
    *("ada@example.com", "https://example.com/", "example.com", "192.0.2.1", "2001:db8::1", "dGV4dA==", "a", "A", "1"),
    *("AA", "AAA", "aa", "abc", "ABC-1", "12", "123", "1.0.0", "en-US", "#a1b2c3", "+15555550100", "USD", "en"),
)
"""One of each format, and of patterns that are met; a schema with another pattern has to have an example."""
_NUMBERS = (1, 0, 0.5, -1, 10, 100)


def sampler(schema: JsonObject) -> Make:
    """Return what makes examples of a schema.

    Raises:
        NotImplementedError: no example is known; an `example` in the specification is one.

    """
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    for example in cast("list[Json]", schema.get("examples", [])):
        if validator.is_valid(example):
            return lambda _: example
    make = _maker(schema, validator)
    if not validator.is_valid(make({})):
        raise NotImplementedError(f"no example is known of {schema!r}: give it an `example` with an overlay")
    return make


def completer(schema: JsonObject) -> Callable[[JsonObject, JsonObject], JsonObject]:
    """Return what adds to an answer the properties that a schema requires and the answer lacks, at any depth.

    Its arguments are the answer, and what was sent, by name. An answer that is valid is left as it is.

    Raises:
        NotImplementedError: no example is known of a required property.

    """
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    make = sampler(_bare(schema))

    def complete(answer: JsonObject, given: JsonObject) -> JsonObject:
        if validator.is_valid(answer):
            return answer
        return cast("JsonObject", _completed(schema, answer, make(given)))

    return complete


def _bare(schema: JsonObject) -> JsonObject:
    """A schema without the properties that it does not require: whether they are answered is open."""
    required = cast("list[str]", schema.get("required", []))
    bare = dict(schema)
    if "properties" in schema:
        properties = cast("dict[str, JsonObject]", schema["properties"])
        bare["properties"] = {name: _bare(inner) for name, inner in properties.items() if name in required}
    for keyword in ("allOf", "anyOf", "oneOf"):
        if keyword in schema:
            bare[keyword] = [_bare(part) for part in cast("list[JsonObject]", schema[keyword])]
    return bare


def _completed(schema: JsonObject, value: Json, example: Json) -> Json:
    """A value, with what it lacks taken from an example."""
    if not isinstance(value, dict) or not isinstance(example, dict):
        return value
    required, children = set[str](), JsonObject()
    for part in _objects(schema):
        required.update(cast("list[str]", part.get("required", [])))
        children.update(cast("JsonObject", part.get("properties", {})))
    missing = {name: example[name] for name in example if name in required and name not in value}
    inner = {
        name: _completed(cast("JsonObject", children[name]), child, example.get(name)) if name in children else child
        for name, child in value.items()
    }
    return {**inner, **missing}


def _objects(schema: JsonObject) -> Iterator[JsonObject]:
    """The parts of a schema that say what an object has, the first variant of a union among them."""
    yield schema
    for part in cast("list[JsonObject]", schema.get("allOf", [])):
        yield from _objects(part)
    for keyword in ("oneOf", "anyOf"):
        for branch in cast("list[JsonObject]", schema.get(keyword, []))[:1]:
            yield from _objects(branch)


def _maker(schema: JsonObject, validator: jsonschema_rs.Draft202012Validator) -> Make:
    parts = [sampler(part) for part in cast("list[JsonObject]", schema.get("allOf", []))]
    for keyword in ("oneOf", "anyOf"):
        parts += [sampler(branch) for branch in cast("list[JsonObject]", schema.get(keyword, []))[:1]]
    if schema.get("type") == "object" or "properties" in schema:
        parts.append(_object(schema))
    elif schema.get("type") == "array":
        parts.append(_array(schema))
    if not parts:
        return _constant(next((value for value in _scalars(schema) if validator.is_valid(value)), None))
    return lambda given: _united([part(given) for part in parts])


def _united(values: list[Json]) -> Json:
    united: JsonObject = {}
    for value in values:
        if not isinstance(value, dict):
            return value
        united |= value
    return united


def _constant(value: Json) -> Make:
    return lambda _: value


def _object(schema: JsonObject) -> Make:
    required = cast("list[str]", schema.get("required", []))
    properties = cast("dict[str, JsonObject]", schema.get("properties", {}))
    named: dict[str, JsonObject] = dict.fromkeys(required, JsonObject()) | properties
    makers = {name: _echoing(name, inner, is_required=name in required) for name, inner in named.items()}

    def make(given: JsonObject) -> Json:
        made = {name: maker(given) for name, maker in makers.items()}
        return {name: value for name, (is_known, value) in made.items() if is_known}

    return make


def _echoing(name: str, schema: JsonObject, *, is_required: bool) -> Callable[[JsonObject], tuple[bool, Json]]:
    """What was sent under a name, if the schema allows it there; else an example, if one is known."""
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    try:
        make: Make | None = sampler(schema)
    except NotImplementedError:
        if is_required:
            raise
        make = None

    def echo(given: JsonObject) -> tuple[bool, Json]:
        if name in given and validator.is_valid(given[name]):
            return True, given[name]
        return make is not None, make and make(given)

    return echo


def _array(schema: JsonObject) -> Make:
    least, most = (cast("int", schema.get(keyword, 1)) for keyword in ("minItems", "maxItems"))
    count = max(least, min(1, most))
    make = sampler(cast("JsonObject", schema.get("items", {})))
    return lambda given: [make(given) for _ in range(count)]


def _scalars(schema: JsonObject) -> Iterable[Json]:
    """Candidates, the plainest first."""
    bounds = [cast("float", schema[keyword]) for keyword in _BOUNDS if keyword in schema]
    near = [bound + step for bound in bounds for step in (0, 1, -1)]
    lengths = [cast("int", schema[keyword]) for keyword in ("minLength", "maxLength") if keyword in schema]
    fitted = [("text" * length)[:length] for length in lengths]
    step = [cast("float", schema["multipleOf"])] if "multipleOf" in schema else []
    multiples = [bound // each * each + each for each in step for bound in [*bounds, 0]]
    options = cast("list[Json]", schema.get("enum", []))
    return itertools.chain(options, _TEXTS, fitted, _NUMBERS, near, multiples, (False, None))


_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
