"""What a published JSON Schema library says of a body, and bodies to ask it and the generated validators about."""

import copy
import datetime as dt
import functools
import importlib.resources
import json
from collections.abc import Iterator
from typing import Any, cast

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

CHECKS = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=400,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
ODD: list[Any] = [
    *(None, True, 0, 1, -0.5, 2**70, "", "x", "LEAD", "INBOUND", [], {}, [None], {"externalId": "e"}),
    *(
        "2026-02-28T23:59:59.5+02:30",
        "2026-02-29T00:00:00Z",
        "2016-12-31T23:59:60Z",
        "2026-01-01T00:00:00",
        "2026-01-01",
    ),
]


def validator(document: Any, schema: Any, *, opened: bool = False) -> Draft202012Validator:
    """A schema of an OpenAPI 3.0 document; opened: without its enums."""
    components = document.get("components", {}).get("schemas", {})
    root = {"allOf": [_converted(schema, opened)], "components": {"schemas": _map(components, opened)}}
    return Draft202012Validator(root, validate_formats=True)


def _map(schemas: dict[str, Any], opened: bool) -> dict[str, Any]:
    return {name: _converted(schema, opened) for name, schema in schemas.items()}


def _converted(schema: Any, opened: bool) -> Any:
    converted: dict[str, Any] = {
        keyword: value for keyword, value in schema.items() if keyword not in {"nullable", "enum"}
    }
    if "enum" in schema and not opened:
        converted["enum"] = schema["enum"]
    for keyword in ("items", "additionalProperties", "not"):
        if isinstance(converted.get(keyword), dict):
            converted[keyword] = _converted(converted[keyword], opened)
    for keyword in {"allOf", "anyOf", "oneOf"} & converted.keys():
        converted[keyword] = [_converted(part, opened) for part in converted[keyword]]
    for bound in ("minimum", "maximum"):
        if converted.pop(flag := f"exclusive{bound.capitalize()}", False) and bound in converted:
            converted[flag] = converted.pop(bound)
    if bits := {"int32": 31, "int64": 63}.get(str(schema.get("format"))):
        converted["allOf"] = [*converted.get("allOf", ()), {"minimum": -(2**bits), "maximum": 2**bits - 1}]
    if "properties" in converted:
        converted["properties"] = _map(converted["properties"], opened)
    return {"anyOf": [{"type": "null"}, converted]} if schema.get("nullable") else converted


@functools.cache
def shipped() -> Any:
    """The effective spec, as it ships beside the validators."""
    return json.loads((importlib.resources.files("siro_openapi") / "openapi.json").read_text("utf-8"))


def operations() -> dict[str, Any]:
    """Each operation of the effective spec, by its id."""
    items = shipped()["paths"].values()
    found: list[Any] = [value for item in items for value in item.values() if isinstance(value, dict)]
    return {operation["operationId"]: operation for operation in found if "operationId" in operation}


def request(operation: str) -> Any:
    """What it sends as JSON; None if it sends none."""
    return _json(operations()[operation].get("requestBody", {}))


def response(operation: str) -> Any:
    """What it answers as JSON if it succeeds, any of several successes; None if none of them has a body."""
    responses = operations()[operation]["responses"]
    found = [_json(responses[status]) for status in responses if status.startswith("2")]
    schemas = [schema for schema in found if schema is not None]
    return {"anyOf": schemas} if schemas[1:] else next(iter(schemas), None)


def _json(holder: Any) -> Any:
    while "$ref" in holder:
        section, name = holder["$ref"].split("/")[-2:]
        holder = shipped()["components"][section][name]
    content = {name.partition(";")[0].strip().lower(): held for name, held in holder.get("content", {}).items()}
    return content.get("application/json", {}).get("schema")


def bodies(schema: Any) -> st.SearchStrategy[Any]:
    """Bodies that a schema of the effective spec allows, mostly."""
    wanted = _wanted(schema)
    return st.none() | wanted if schema.get("nullable") else wanted


def _wanted(schema: Any) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return st.deferred(lambda: bodies(shipped()["components"]["schemas"][name]))  # which may hold itself
    if variants := schema.get("allOf") or schema.get("anyOf") or schema.get("oneOf"):
        return st.one_of([bodies(variant) for variant in variants])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    instants = st.datetimes(timezones=st.just(dt.UTC)).map(dt.datetime.isoformat)
    texts = instants if schema.get("format") == "date-time" else st.text(max_size=5)
    if schema.get("type") == "object":
        return _objects(schema)
    kinds = {
        "string": texts,
        "number": st.floats(allow_nan=False, allow_infinity=False) | st.integers(),
        "integer": st.integers(),
        "boolean": st.booleans(),
        "array": st.lists(st.deferred(lambda: bodies(schema["items"])), max_size=2),
        None: st.sampled_from(ODD),
    }
    return kinds[schema.get("type")]


def _objects(schema: Any) -> st.SearchStrategy[Any]:
    properties = {name: bodies(member) for name, member in schema.get("properties", {}).items()}
    required = {name: properties.pop(name, st.sampled_from(ODD)) for name in schema.get("required", ())}
    return st.fixed_dictionaries(required, optional=properties)


def date_times() -> st.SearchStrategy[str]:
    """Texts that are a date-time of RFC 3339, or nearly."""
    numbers = ("{:04}", 0, 2400), ("-{:02}", 0, 13), ("-{:02}", 0, 32), ("T{:02}", 22, 24), (":{:02}", 58, 60)
    parts = [st.integers(low, high).map(form.format) for form, low, high in numbers]
    second = st.sampled_from([":00", ":59", ":60", ":61", ":60.5", ":07.123456789", ":7", ":00.", ""])
    offset = st.sampled_from(["Z", "z", "+00:00", "-00:00", "+01:00", "-23:59", "+24:00", "+0100", "", " Z", "Z\n"])
    return st.tuples(*parts, second, offset).map("".join)


@st.composite
def faulty(draw: st.DrawFn, schema: Any) -> Any:
    """A body with one change somewhere in it: another value, a property less, or one more."""
    body = copy.deepcopy(draw(bodies(schema)))
    holders = [*_holders(body)]
    if not holders or draw(st.integers(0, 20)) == 0:
        return draw(st.sampled_from(ODD))
    holder, key = draw(st.sampled_from(holders))
    match draw(st.sampled_from(["replace", "delete", "add"])):
        case "replace":
            holder[key] = copy.deepcopy(draw(st.sampled_from(ODD)))
        case "delete":
            del holder[key]
        case _ if isinstance(holder, dict):
            holder[draw(st.sampled_from(["id", "externalId", "error", "data", "unknown"]))] = draw(st.sampled_from(ODD))
        case _:
            holder.append(draw(st.sampled_from(ODD)))
    return body


def _holders(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each place below a value: what holds it, and its name or index."""
    keys: list[Any] = list(cast("dict[str, Any]", value) if isinstance(value, dict) else range(len(value)))
    for key in keys:
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from _holders(value[key])
