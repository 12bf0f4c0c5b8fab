"""Parameters, bodies and responses: what the corpus has no place for."""

import re
from typing import Any

import pytest

from scripts.spec_diff import Kind, compare
from tests.spec_diff.documents import document, text, with_parameter


def test_a_parameter_of_json_is_compared_by_its_schema() -> None:
    one, other = (
        with_parameter(content={"application/json": {"schema": {"type": kind}}}) for kind in ("integer", "number")
    )
    ((wider,), (narrower,)) = compare(one, other), compare(other, one)
    assert [(found.kind, found.breaking) for found in (wider, narrower)] == [
        (Kind.TYPE_CHANGED, False),
        (Kind.TYPE_CHANGED, True),
    ]
    assert narrower.witness
    (moved,) = compare(with_parameter(schema={"type": "integer"}), one)
    assert (moved.kind, moved.breaks_callers) == (Kind.PARAMETER_STYLE_CHANGED, True)


def test_a_parameter_is_named_once() -> None:
    old, new = (
        with_parameter(schema={"type": "array", "items": {"type": "string", **rule}}) for rule in ({}, {"minLength": 1})
    )
    (found,) = compare(old, new)
    assert found.meaning.startswith("'[]' in the parameter 'q' must have 1 characters or more now;")


def test_json_has_no_charset_but_utf8() -> None:
    def answers(media_type: str) -> dict[str, Any]:
        described = document({})
        described["paths"]["/x"]["put"]["responses"]["200"]["content"] = {media_type: {"schema": {}}}
        return described

    assert compare(answers("application/json"), answers('Application/JSON; charset="UTF-8"')) == []
    assert compare(answers("application/json"), answers("application/json; version=2"))
    assert compare(answers("text/plain"), answers("text/plain; charset=utf-8"))


def test_how_a_parameter_is_written_counts_where_it_makes_a_difference() -> None:
    one, many = {"schema": text()}, {"schema": {"type": "array", "items": text()}}
    assert compare(with_parameter(**one), with_parameter(**one, explode=False)) == []
    (exploded,) = compare(with_parameter(**many), with_parameter(**many, explode=False))
    assert exploded.breaks_callers
    (emptied,) = compare(with_parameter(**one), with_parameter(**one, allowEmptyValue=True))
    assert not emptied.breaking
    (filled,) = compare(with_parameter(**one, allowEmptyValue=True), with_parameter(**one))
    assert filled.breaks_callers


@pytest.mark.parametrize("name", ["Authorization", "accept", "Content-Type"])
def test_a_parameter_that_openapi_ignores_says_nothing(name: str) -> None:
    new = with_parameter(schema=text(), required=True)
    new["paths"]["/x"]["put"]["parameters"][0] |= {"name": name, "in": "header"}
    (found,) = compare(document({}), new)
    assert (found.kind, found.breaking) == (Kind.OTHER_CHANGED, False)
    assert found.meaning.startswith(f"The parameter '{name}' says something else")


def at_path(path: str) -> dict[str, Any]:
    described = document({})
    item = described["paths"].pop("/x")
    item["put"]["operationId"] = "putRow"
    item["parameters"] = [
        {"name": name, "in": "path", "required": True, "schema": text()} for name in re.findall(r"{(\w+)}", path)
    ]
    return described | {"paths": {path: item}}


def test_a_parameter_of_the_path_is_known_by_its_name_and_else_by_its_place() -> None:
    renamed = compare(at_path("/rows/{id}"), at_path("/rows/{row}"))
    assert [(one.kind, one.breaking) for one in renamed if one.kind is not Kind.OPERATION_MOVED] == [
        (Kind.PARAMETER_RENAMED, False)
    ]
    nested = {one.kind: one.pointer for one in compare(at_path("/rows/{id}"), at_path("/orgs/{org}/rows/{id}"))}
    assert nested[Kind.PARAMETER_ADDED] == "/paths/~1orgs~1{org}~1rows~1{id}/parameters/0"
    assert nested.keys() == {Kind.OPERATION_MOVED, Kind.PARAMETER_ADDED}
    swapped = compare(at_path("/rows/{id}/{at}"), at_path("/rows/{at}/{id}"))
    assert [(one.kind, one.breaking) for one in swapped] == [(Kind.PARAMETER_RENAMED, False)] * 2


def answering(**responses: Any) -> dict[str, Any]:
    described = document({})
    described["paths"]["/x"]["put"]["responses"] = {name.removeprefix("_"): value for name, value in responses.items()}
    return described


def of_media_type(name: str, **rules: Any) -> dict[str, Any]:
    return {"description": "Done", "content": {name: {"schema": text(**rules)}}}


def test_a_range_of_media_types_speaks_for_those_in_it() -> None:
    def taking(name: str, **rules: Any) -> dict[str, Any]:
        described = document({})
        described["paths"]["/x"]["put"]["requestBody"] = of_media_type(name, **rules)
        return described

    wider = compare(taking("text/plain"), taking("text/*"))
    assert [(one.kind, one.breaking) for one in wider] == [
        (Kind.MEDIA_TYPE_ADDED, False),
        (Kind.MEDIA_TYPE_REMOVED, False),
    ]
    assert 'may be "text/plain" as one of "text/*"' in wider[1].meaning
    assert {one.kind for one in compare(taking("text/*"), taking("text/plain")) if one.breaking} == {
        Kind.MEDIA_TYPE_REMOVED
    }
    shorter = compare(taking("text/plain"), taking("*/*", maxLength=3))
    assert {one.kind for one in shorter if one.breaking} == {Kind.BOUND_CHANGED}
    answers = [answering(_200=of_media_type(name)) for name in ("text/plain", "text/*")]
    assert {one.kind for one in compare(*answers) if one.breaks_readers} == {Kind.MEDIA_TYPE_ADDED}
    assert not any(one.breaks_readers for one in compare(*answers[::-1]))


def test_the_default_is_the_success_where_no_other_is() -> None:
    done = {"description": "Done"}
    for covering in ("_2XX", "default"):
        found = compare(answering(_200=done), answering(**{covering: done}))
        assert [(one.kind, one.breaks_readers) for one in found] == [
            (Kind.STATUS_ADDED, True),
            (Kind.STATUS_REMOVED, False),
        ]
    (error,) = compare(answering(_200=done), answering(_200=done, default=done))
    assert not error.breaking


def test_the_content_of_a_header_is_its_schema() -> None:
    def with_header(kind: str) -> dict[str, Any]:
        header = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Limit"}}}}
        described = answering(_200={"description": "Done", "headers": {"X-Limit": header}})
        return described | {"components": {"schemas": {"Limit": {"type": kind}}}}

    (found,) = compare(with_header("integer"), with_header("number"))
    assert (found.kind, found.breaks_readers) == (Kind.TYPE_CHANGED, True)
    assert found.witness is not None


def test_what_a_reference_leads_to_is_looked_at_in_callbacks_and_links_too() -> None:
    def calling_back(keyword: str, summary: str) -> dict[str, Any]:
        described = document({})
        described["components"][keyword] = {"A": {"summary": summary, "again": {"$ref": f"#/components/{keyword}/A"}}}
        operation = described["paths"]["/x"]["put"]
        holder = operation if keyword == "callbacks" else operation["responses"]["200"]
        holder[keyword] = {"a": {"$ref": f"#/components/{keyword}/A"}}
        return described

    for keyword in ("callbacks", "links"):
        (found,) = compare(calling_back(keyword, "one"), calling_back(keyword, "other"))
        assert (found.kind, found.breaking) == (Kind.OTHER_CHANGED, False)
        assert compare(calling_back(keyword, "one"), calling_back(keyword, "one")) == []


def test_what_is_required_and_may_be_anything_now_is_another_than_it_was() -> None:
    schemas = [{"type": "object", "required": ["id"], "properties": one} for one in ({"id": text()}, {})]
    old, new = (
        answering(_200={"description": "Done", "content": {"application/json": {"schema": one}}}) for one in schemas
    )
    (gone,) = compare(old, new)
    assert (gone.kind, gone.breaks_readers) == (Kind.PROPERTY_REMOVED, True)
    (typed,) = compare(document(schemas[1]), document(schemas[0]))
    assert (typed.kind, typed.breaks_callers) == (Kind.PROPERTY_ADDED, True)
