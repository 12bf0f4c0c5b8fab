"""The writer of validators: any document of known keywords, names that mean harm, and what it refuses to skip."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts import validators
from scripts.layout import StepError
from tests.generated import oracle

NAMES = ["a", "b", "a.b", "type", "items"]
SCALARS = st.sampled_from([None, True, False, 0, 1, 1.0, 2.5, -3, "", "a", "ab", "abc", "2026-01-01T00:00:00Z"])
BODIES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=6,
)
WORD = {"type": "string", "enum": ["a", "ab"]}
TREE: dict[str, Any] = {
    "type": "object",
    "properties": {"a": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}, "b": WORD},
}


def document(request: Any = None, response: Any = None, operation: str = "put_it", **components: Any) -> Any:
    """A document of one operation."""

    def content(schema: Any) -> Any:
        return {} if schema is None else {"content": {"application/json": {"schema": schema}}}

    put = {"operationId": operation, "requestBody": content(request), "responses": {"200": content(response)}}
    return {"paths": {"/it": {"put": put}}, "components": {"schemas": {"Tree": TREE, "Word": WORD, **components}}}


def written(of: Any) -> dict[str, Any]:
    """What the module that is written for a document defines."""
    module: dict[str, Any] = {"__name__": "written"}
    exec(validators.text(of), module)  # noqa: S102 - it is what is tested
    return module


def accepts(module: dict[str, Any], body: Any, table: str = "REQUESTS") -> bool:
    try:
        module[table]["put_it"](body)
    except module["ValidationError"]:
        return False
    return True


def optional(**keywords: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional=keywords)


def compound(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    names, some = st.sampled_from(NAMES), st.lists(inner, min_size=1, max_size=2)
    members = optional(
        type=st.just("object"),
        nullable=st.booleans(),
        properties=st.dictionaries(names, inner, max_size=2),
        required=st.lists(names, min_size=1, max_size=2, unique=True),
        additionalProperties=st.booleans() | inner,
        maxProperties=st.integers(0, 2),
    )
    items = optional(type=st.just("array"), items=inner, minItems=st.integers(0, 2), nullable=st.booleans())
    excluded = inner | st.fixed_dictionaries({"required": st.lists(names, min_size=1, max_size=2, unique=True)})
    unions = optional(allOf=some, anyOf=some, oneOf=some, nullable=st.booleans(), description=st.just("d"))
    negations = st.fixed_dictionaries({"not": excluded}, optional={"type": st.just("object")})
    return members | items | unions | negations


SCHEMAS = st.recursive(
    optional(
        type=st.sampled_from(["string", "number", "integer", "boolean", "object", "array"]),
        nullable=st.booleans(),
        enum=st.lists(SCALARS, min_size=1, max_size=3),
        minLength=st.integers(0, 3),
        maxLength=st.integers(0, 3),
        minimum=st.integers(0, 3),
        maximum=st.floats(0, 3),
        format=st.just("date-time"),
    )
    | st.sampled_from([{"$ref": "#/components/schemas/Tree"}, {"$ref": "#/components/schemas/Word"}]),
    compound,
    max_leaves=5,
)


@oracle.CHECKS
@given(SCHEMAS, st.lists(BODIES, min_size=1, max_size=8))
def test_any_schema_is_judged_as_a_json_schema_library_does(schema: Any, bodies: list[Any]) -> None:
    of = document(schema, schema)
    module, judge = written(of), oracle.validator(of, schema)
    for body in bodies:
        assert accepts(module, body) == judge.is_valid(body)
        assert accepts(module, body, "RESPONSES") or not judge.is_valid(body)


def test_an_open_enum_closes_no_union() -> None:
    kinds = [{"type": "object", "properties": {"a": {"type": "string", "enum": [kind]}}} for kind in "xy"]
    module = written(document({"oneOf": kinds}, {"oneOf": kinds}))
    assert accepts(module, {"a": "x"})
    assert not accepts(module, {"a": "new"})
    assert accepts(module, {"a": "new"}, "RESPONSES")
    assert not accepts(module, {"a": 1}, "RESPONSES")


def test_an_operation_that_sends_and_gets_no_json_has_no_validator() -> None:
    module = written(document())
    assert (module["REQUESTS"], module["RESPONSES"]) == ({}, {})


def test_a_request_and_a_response_that_are_components_are_found() -> None:
    of = document()
    put = of["paths"]["/it"]["put"]
    put |= {"requestBody": {"$ref": "#/components/requestBodies/It"}}
    put["responses"] = {"2XX": {"$ref": "#/components/responses/It"}, "default": {}}
    held = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Word"}}}}
    of["components"] |= {"requestBodies": {"It": held}, "responses": {"It": held}}
    module = written(of)
    assert accepts(module, "a")
    assert not accepts(module, "new")
    assert accepts(module, "new", "RESPONSES")


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"pattern": "a"}, "put_it request has the keyword 'pattern': teach scripts.checks"),
        ({"properties": {"a": {"multipleOf": 2}}}, "put_it request has the keyword 'multipleOf'"),
        ({"$ref": "#/components/schemas/Word", "minLength": 1}, "the keyword 'minLength' beside a $ref"),
        ({"format": "uuid"}, "put_it request has the format 'uuid': teach scripts.checks"),
        ({"enum": [[1]]}, "an enum of put_it request has an object or an array"),
        ({"$ref": "#/components/parameters/Word"}, "has the $ref '#/components/parameters/Word'"),
    ],
)
def test_a_rule_that_is_not_known_stops_the_build(schema: Any, told: str) -> None:
    with pytest.raises(StepError) as caught:
        validators.text(document(schema))
    assert told in str(caught.value)


def test_an_operation_without_an_id_and_one_with_two_successes_stop_the_build() -> None:
    of = document()
    of["paths"]["/it"]["put"]["responses"]["201"] = {}
    with pytest.raises(StepError, match="put_it has 2 successes"):
        validators.text(of)
    del of["paths"]["/it"]["put"]["operationId"]
    with pytest.raises(StepError, match="PUT /it has no operationId"):
        validators.text(of)


HOSTILE = [
    *(
        "a.b[0]",
        "'",
        '"',
        '"""',
        "'''",
        "\\",
        '\\"',
        "\n",
        "\r\n#",
        "\0",
        "\u2028",
        "{",
        "}",
        "{0}",
        "{{7*7}}",
        "{% raw %}",
    ),
    *(
        "%s",
        "${x}",
        "#",
        '"); open("harm", "w"); ("',
        "'); open('harm', 'w'); ('",
        "\nopen('harm', 'w')\n",
        "\\N{BULLET}",
    ),
]
PROGRAM = """
import json, sys, written
names = json.load(sys.stdin)
for name in names:
    written.REQUESTS[name]({**dict.fromkeys(names, name), "of": {}})
    for body in ({}, {**dict.fromkeys(names, name), name: "other"}, {**dict.fromkeys(names, name), "of": {name: ""}}):
        try:
            written.REQUESTS[name](body)
        except written.ValidationError as error:
            assert error.path[-1] in (name, names[0]), (error.path, name)
            assert len(str(error).splitlines()) == 1, str(error)
        else:
            raise SystemExit(f"accepted: {body}")
"""


def test_names_and_values_that_mean_harm_are_only_names_and_values(tmp_path: Path) -> None:
    members = {name: {"type": "string", "enum": HOSTILE} for name in HOSTILE}
    of = {"type": "object", "properties": {name: {"type": "number"} for name in HOSTILE}}
    schema = {"type": "object", "description": '"""', "properties": {**members, "of": of}, "required": HOSTILE}
    put = document(schema)["paths"]["/it"]["put"]
    paths = {f"/{number}": {"put": {**put, "operationId": name}} for number, name in enumerate(HOSTILE)}
    (tmp_path / "written.py").write_text(validators.text({"paths": paths}), "utf-8")
    subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "--quiet", "written.py"], cwd=tmp_path, check=True
    )
    command = [sys.executable, "-c", PROGRAM]
    subprocess.run(command, cwd=tmp_path, input=json.dumps(HOSTILE), text=True, check=True)
    assert {path.name for path in tmp_path.iterdir()} <= {"written.py", "__pycache__", ".ruff_cache"}


def test_components_whose_names_differ_little_keep_their_own_functions() -> None:
    parts: dict[str, Any] = {
        name: {"type": "object", "required": [name]} for name in ("AbC", "ab_c", "ab.c", "Ab-C", "ABC")
    }
    module = written(document({"allOf": [{"$ref": f"#/components/schemas/{name}"} for name in parts]}, **parts))
    assert accepts(module, dict.fromkeys(parts))
    for name in parts:
        assert not accepts(module, dict.fromkeys(parts.keys() - {name}))
