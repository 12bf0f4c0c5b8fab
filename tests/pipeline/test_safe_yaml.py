"""YAML from outside says what JSON can say, within limits, and runs nothing."""

import io
import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from scripts import safe_yaml
from scripts.layout import SPECS, StepError, load_yaml
from tests.generated import oracle

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def refusal(text: str) -> str:
    with pytest.raises(StepError) as caught:
        safe_yaml.load(text)
    return str(caught.value)


@settings(oracle.CHECKS, max_examples=100)
@given(JSON)
def test_what_is_written_as_json_or_as_yaml_is_read_as_it_was(value: Any) -> None:
    assert safe_yaml.load(json.dumps(value, indent=2)) == value
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.dump({"": value}, stream := io.StringIO())
    try:
        sound = yaml.load(stream.getvalue()) == {"": value}
    except YAMLError:
        sound = False
    assume(sound)  # the library writes a few texts without the quotes that it needs to read them
    assert safe_yaml.load(stream.getvalue()) == {"": value}


@oracle.CHECKS
@given(st.text(st.sampled_from([*"ab:-,[]{}?&*!|>'\"#%@` \n\t~<=.01xeo\\\ufeff\u2028"]), max_size=40))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    try:
        told = json.dumps(safe_yaml.load(text), allow_nan=False)
    except StepError as error:
        told = str(error)
    assert len(told.splitlines()) == 1
    told.encode()


def test_the_vendored_specs_are_read_as_by_the_library() -> None:
    paths = sorted((SPECS / "vendored").iterdir())
    assert paths
    for path in paths:
        assert safe_yaml.load(path.read_text("utf-8")) == load_yaml(path)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("2026-01-01", "2026-01-01"),
        ("010", 10),
        ("0o10", 8),
        ("0x10", 16),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("-.5e1", -5.0),
        ("~", None),
        ("'~'", "~"),
        ("'1'", "1"),
        ("{200: a, null: b}", {"200": "a", "null": "b"}),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('{"a": "\\ud83d\\ude00"}', {"a": "\U0001f600"}),
        ("%YAML 1.1\n---\nno", "no"),
    ],
)
def test_a_scalar_means_what_the_core_schema_says(text: str, value: Any) -> None:
    found = safe_yaml.load(text)
    assert (found, type(found)) == (value, type(value))


def test_an_alias_is_a_copy() -> None:
    document = safe_yaml.load("a: &a {b: [1]}\nc: *a\nd: *a")
    assert document == {name: {"b": [1]} for name in "acd"}
    document["c"]["b"].append(2)
    assert document["a"] == document["d"] == {"b": [1]}


LAUGHS = "\n".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}' if i else 'ha'] * 9)}]" for i in range(12))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: !!python/object/apply:os.system [touch harm]", "line 1: has the tag tag:yaml.org,2002:python"),
        ("a:\n  !x b", "line 2: has the tag !x"),
        ("a: 1\n'a': 2", "line 2: the key a stands twice in the mapping of line 1"),
        ("200: 1\n'200': 2", "line 2: the key 200 stands twice"),
        ('{"a": 1, "a": 2}', "the key a stands twice in an object"),
        (LAUGHS, "holds more than 2,000,000 nodes and characters, aliases expanded"),
        ("a: &a '" + "x" * 30_000 + "'\nb: [" + "*a," * 100 + "]", "line 2: holds more than 2,000,000"),
        ("a: &a [*a]", "line 1: the alias a stands in what it refers to"),
        ("a: &a {b: {c: *a}}", "line 1: the alias a stands in what it refers to"),
        ("a: *b", "line 1: the alias b has no anchor"),
        ("a: {<<: {b: 1}}", "line 1: has a merge key"),
        ("a: &a {b: 1}\nc:\n  <<: *a", "line 3: has a merge key"),
        ("[" * 61 + "]" * 61, "line 1: nests more than 60 deep"),
        ("a: &a " + "[" * 40 + "]" * 40 + "\nb: " + "[" * 30 + "*a" + "]" * 30, "line 2: nests more than 60 deep"),
        ('{"a": ' * 61 + "1" + "}" * 61, "nests more than 60 deep"),
        ('{"a": ' * 100_000, "nests more than 60 deep"),
        ("[" * 500_000, "nests more than 60 deep"),
        ("a: .inf", "line 1: the number .inf is none in JSON"),
        ("a: 1e999", "line 1: the number 1e999 is too large"),
        ('{"a": NaN}', "the number NaN is none in JSON"),
        ("a: " + "1" * 5000, "line 1: a number of 5000 characters"),
        ("? [a]\n: b", "line 1: a key is no text"),
        ("a: b\n---\nc: d", "line 2: a second YAML document"),
        ("", "holds 0 YAML documents"),
        ('a: "\\ud83d"', "line 1: a text holds half of a surrogate pair"),
        ('{"a": {"\\ud83d": 1}}', "half of a surrogate pair"),
        ('a: "\\UFFFFFFFF"', "no YAML"),
        ("a: \x00", "line 1: no YAML: a control character"),
        ("%YAML 3.0\n---\na: b", "line 1: no YAML"),
        ("a:" + " {a:" * 60 + " 1" + "}" * 60, "line 1: nests more than 60 deep"),
    ],
)
def test_what_a_document_needs_not_is_refused(text: str, told: str) -> None:
    assert told in refusal(text)
