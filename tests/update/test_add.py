"""An operation is added by its page alone; and no script knows the operations that there are."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts import sources
from scripts.layout import load_yaml
from scripts.page import read_page
from tests.update.tree import ROOT, SYNC, copy_of_everything, state, update

PAGE = """\
# Create a note

````yaml post /v1/core/recordings/{id}/notes
openapi: 3.0.0
info: {version: 1.0.0, title: Swagger API}
servers: [{url: https://api.siro.ai/}]
security: []
paths:
  /v1/core/recordings/{id}/notes:
    post:
      summary: Create a note
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 50}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties:
                text: {type: string, maxLength: 500}
                colour: {type: string, enum: [RED, BLUE]}
              required: [text]
      responses:
        '201':
          description: ''
          content:
            application/json:
              schema: {type: object, properties: {id: {type: string}}, required: [id]}
      security: [{SiroAuthToken: []}]
components:
  securitySchemes:
    SiroAuthToken: {type: apiKey, in: header, name: x-siro-auth-token}
````
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_everything(tmp_path_factory.mktemp("add"))


def add(tree: Path, page: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return update(tree, str(page), *arguments, command="scripts.add")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "create-a-note.md"
    path.write_text(PAGE, "utf-8")
    return path


def test_an_added_operation_is_generated_recorded_and_covered_with_no_code_written(tmp_path: Path, page: Path) -> None:
    tree = copy_of_everything(tmp_path)
    result = add(tree, page, "--checks", "none")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "add: create_note is POST /v1/core/recordings/{id}/notes" in result.stdout

    (entry,) = (each for each in json.loads((tree / "specs/sources.json").read_text()) if each["name"] == "create_note")
    assert entry["url"] == "https://docs.siro.ai/api-references/create-a-note.md"
    assert entry["operation"] == "POST /v1/core/recordings/{id}/notes"
    assert (tree / "specs" / entry["page"]).read_bytes() == page.read_bytes()
    overlay: Any = load_yaml(tree / "specs/overlays/create_note.yaml")
    assert overlay["actions"][0]["update"] == {"operationId": "create_note", "tags": ["recordings"]}
    assert "def sync(" in (tree / "generated/siro_openapi/api/recordings/create_note.py").read_text("utf-8")
    told = json.loads((tree / "reports/spec-change.json").read_text("utf-8"))
    cases = {tuple(case.rsplit("/", 1)[-1].split()) for case in told["coverage"]["added"]}
    assert {("text", "required"), ("text", "maxLength"), ("colour", "enum"), ("schema", "maximum")} <= cases
    assert told["next_version"]["level"] == "minor"
    (change,) = told["changes"]
    assert change["meaning"].endswith("is new, and the client has a function for it: create_note.")
    # And from here on it is a source as the others.
    assert update(tree, "--check", command="scripts.vendor").returncode == 0
    assert update(tree, "--from", "specs/pages").stdout == "update: nothing changed\n"
    assert "use make update" in add(tree, page).stderr


@pytest.mark.parametrize(
    ("old", "new", "arguments", "line"),
    [
        ("https://api.siro.ai/", "https://api.siro.example/", [], "say ACCEPT=host"),
        ("name: x-siro-auth-token}", "name: x-siro-token}", [], "say ACCEPT=security"),
        # The token of one host does not go to the other.
        ("https://api.siro.ai/", "https://functions.siro.ai/api-externalApi", [], "say ACCEPT=security"),
        ("# Create", "# Create", ["--name", "create-note"], "no name of a Python function"),
        ("# Create", "# Create", ["--name", "import"], "no name of a Python function"),
        ("# Create", "# Create", ["--name", "sync_engagement"], "is recorded already"),
        ("# Create", "# Create", ["--url", "http://docs.siro.ai/a.md"], "is no https URL"),
        ("````yaml post", "```yaml post", [], "create-a-note.md: "),
    ],
)
def test_a_page_that_cannot_be_added_stops_with_one_line(  # noqa: PLR0913, PLR0917 -- a table
    tree: Path, page: Path, old: str, new: str, arguments: list[str], line: str
) -> None:
    before = state(tree)
    assert old in PAGE
    page.write_text(PAGE.replace(old, new), "utf-8")
    result = add(tree, page, *arguments)
    assert result.returncode == 1
    assert line in result.stderr.splitlines()[0]
    assert state(tree) == before


def test_where_the_gate_has_no_cases_the_report_says_so(tree: Path, page: Path) -> None:
    page.write_text(PAGE.replace("enum: [RED, BLUE]", "readOnly: true"), "utf-8")
    (tree / "reports/spec-change.md").unlink(missing_ok=True)
    told = add(tree, page, "--checks", "none").stderr.splitlines()
    assert "no case for" in told[0]
    assert told[1].endswith("; the report is reports/spec-change.md")
    assert "no case for" in (tree / "reports/spec-change.md").read_text("utf-8")


def test_a_page_that_is_there_already_is_for_an_update(tree: Path) -> None:
    assert "which sync_engagement does: use make update" in add(tree, tree / "specs/pages" / SYNC).stderr


def test_a_page_whose_answers_have_no_body_stops_with_one_line(tree: Path, page: Path) -> None:
    page.write_text(PAGE.replace("yaml post", "yaml head").replace("    post:", "    head:"), "utf-8")
    told = add(tree, page).stderr.splitlines()
    assert told[0].startswith("add: create-a-note.md: documents HEAD /v1/core/recordings/{id}/notes, whose answers")


def words() -> set[str]:
    """The operations, paths and names of properties of the pages; single common words say nothing."""
    found: set[str] = set()
    for source in sources.read():
        page = read_page(source.page_path.read_bytes())
        (path,) = page.document["paths"]
        names = re.findall(r"\b[a-z]+[A-Z]\w+(?=:)", page.spec.decode())
        found |= {source.name, path, *names, *re.findall(r"^ +-? ?([A-Z]+_[A-Z_]+)$", page.spec.decode(), re.MULTILINE)}
    return found - {"operationId", "requestBody", "securitySchemes", "additionalProperties", "externalDocs", "anyOf"}


def test_no_script_names_an_operation_a_path_or_a_field_of_a_page() -> None:
    known = words() - {"bearerFormat", "apiKey", "oneOf", "allOf"}
    assert len(known) > 40
    for path in sorted((ROOT / "scripts").rglob("*")):
        if path.suffix in {".py", ".jinja", ".yaml"}:
            text = path.read_text("utf-8")
            named = {word for word in known if re.search(rf"(?<![\w]){re.escape(word)}(?!\w)", text)}
            assert not named, path
