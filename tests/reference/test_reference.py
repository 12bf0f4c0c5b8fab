"""The reference: all that is public and every rule is on it, it is sound HTML, and nothing that it quotes can act."""

import base64
import dataclasses
import hashlib
import html
import itertools
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import griffe
import pytest

from contract_tests.rules import Rule, table, unchecked
from docs.reference import __main__ as command
from docs.reference import names, openapi
from docs.reference.build import PAGE, Contents, contents, page
from docs.reference.docstring import Row
from docs.reference.errors import Branch
from docs.reference.python_api import entry, without_meaning
from docs.reference.rules import Family, Sentence, Shown
from scripts.layout import EFFECTIVE, ROOT, load_yaml
from tests.reference.html import Found, read

SURFACE = (ROOT / "tests" / "typed" / "surface.txt").read_text("utf-8")
_PLAIN_LINK = re.compile(r"https://(docs\.siro\.ai|www\.rfc-editor\.org/rfc/rfc\d{4}$)")


@pytest.fixture(scope="module")
def made() -> Contents:
    return contents()


@pytest.fixture(scope="module")
def found(made: Contents) -> Found:
    return read(page(made))


# --- what is on it -------------------------------------------------------------------------------------------------
def test_every_public_name_is_on_it(found: Found) -> None:
    missing: list[str] = []
    top = ""
    for line in SURFACE.splitlines():
        name = re.findall(r"^ *(?:async |classmethod )?([\w.]+)", line)[0]
        top = top if line.startswith(" ") else name
        wanted = name if name == top else top if name == "__init__" else f"{top}.{name}"
        missing += [] if wanted in found.ids else [wanted]
    assert top
    assert not missing


def test_every_public_name_has_a_docstring(made: Contents) -> None:
    entries = (*made.client, *made.bulk, *made.errors, *made.testing, *made.low_level)
    assert not list(without_meaning(entries)), "give each a docstring"
    silent = [
        f"{each.id}({row.name})"
        for shown in entries
        for each in (shown, *shown.methods)
        for row in each.parameters
        if not row.meaning
    ]
    assert not silent, "say what each argument means, as the others of the same call do"
    assert all(row.meaning for row in made.fixtures)
    assert all(argument.meaning for each in made.commands for argument in each.arguments)


def test_every_property_and_every_value_of_the_spec_is_on_it(made: Contents, found: Found) -> None:
    schemas: dict[str, Any] = load_yaml(EFFECTIVE)["components"]["schemas"]
    shown = {model.name: model for model in made.models}
    assert schemas.keys() - shown.keys() == set()
    for name, schema in schemas.items():
        rows = {row.json_name: row for row in shown[name].properties}
        assert rows.keys() == schema.get("properties", {}).keys()
        for json_name, described in schema.get("properties", {}).items():
            row = rows[json_name]
            assert row.id in found.ids
            assert row.is_required == (json_name in schema.get("required", []))
            is_nullable = described.get("nullable", False) and ("type" in described or "allOf" in described)
            assert ("or null" in row.json_type) == is_nullable
            assert " ".join(described.get("description", "").replace("`", "").split()) in found.text
        assert sorted(value for _, value in shown[name].values) == sorted(schema.get("enum", []))
        assert all(ident in found.ids for ident, _ in shown[name].values)


def test_the_python_fields_are_those_of_the_generated_models(made: Contents) -> None:
    for model in made.models:
        kind = names.models()[model.name]
        fields = [name for name, member in kind.members.items() if isinstance(member, griffe.Attribute)]
        wanted = [name for name in fields if name not in ("additional_properties", "additional_keys")]
        assert [row.name for row in model.properties] + [
            value[0].rpartition(".")[2] for value in model.values
        ] == wanted


def test_every_rule_and_every_sentence_is_on_it_word_for_word(found: Found) -> None:
    for rule in table().values():
        assert f"rule-{rule.id}" in found.ids
        assert rule.means.replace("`", "") in found.text
        for said in rule.says:
            assert said in found.text, said
        assert rule.says or rule.spec in found.text
    for sentence, reason in unchecked().items():
        assert sentence in found.text
        assert reason in found.text


def test_every_rule_has_a_test_and_every_sentence_a_place(made: Contents) -> None:
    rules = [shown for family in made.families for shown in family.rules]
    assert {shown.rule.id for shown in rules} == set(table())
    assert [shown.rule.id for shown in rules if not shown.tests] == []
    assert all(sentence.places for shown in rules for sentence in shown.says)
    advice = page(made).count('<span class="advice">advice</span>') - 1
    assert advice == sum(rule.advice for rule in table().values()) > 0


def test_the_tree_has_every_error(made: Contents) -> None:
    def flat(branch: Branch) -> list[str]:
        return [branch.id, *(name for below in branch.branches for name in flat(below))]

    errors = [each.id for each in made.errors if each.kind == "exception"]
    assert flat(made.tree) == errors
    assert len(errors) == len(re.findall(r"Error\(.*\)$", SURFACE, re.MULTILINE))


def test_it_says_which_pages_it_was_made_from(made: Contents, found: Found) -> None:
    for source in made.sources:
        for told in (source["operation"], source["fetched"], source["page_sha256"]):
            assert told in found.text
    assert f"siro-client {made.version}" in found.text


# --- as HTML -------------------------------------------------------------------------------------------------------
def test_it_is_sound(found: Found) -> None:
    assert not found.faults
    assert len(found.ids) == len({*found.ids})
    links = [element.attributes["href"] for element in found.all("a")]
    inner = {link.removeprefix("#") for link in links if link.startswith("#")}
    assert inner
    assert inner - {*found.ids} == set()


def test_its_headings_come_in_order_and_its_tables_name_their_columns(found: Found) -> None:
    levels = [int(element.tag[1]) for element in found.elements if re.fullmatch(r"h[1-6]", element.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert all(element.attributes.get("scope") in ("row", "col") for element in found.all("th"))
    for landmark in ("header", "nav", "main", "footer"):
        assert len(found.all(landmark)) == 1


def test_it_loads_nothing_and_runs_only_what_is_ours(found: Found) -> None:
    attributes = {name for element in found.elements for name in element.attributes}
    assert not [name for name in attributes if name.startswith("on") or name in ("src", "srcset", "style", "action")]
    assert not [
        element.tag for element in found.elements if element.tag in ("img", "link", "iframe", "object", "embed")
    ]
    (style,) = found.all("style")
    (script,) = found.all("script")
    assert style.attributes == script.attributes == {}
    assert not re.search(r"url\(|@import|fetch\(|XMLHttp|innerHTML", found.inner["style"] + found.inner["script"])
    (policy,) = [each.attributes["content"] for each in found.all("meta") if "http-equiv" in each.attributes]
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(found.inner[tag].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_its_links_lead_to_siro_and_to_rfcs_only(found: Found) -> None:
    outer = [link for each in found.all("a") if not (link := each.attributes["href"]).startswith("#")]
    assert outer
    assert [link for link in outer if not _PLAIN_LINK.match(link)] == []


# --- what it quotes ------------------------------------------------------------------------------------------------
HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(2)> \"'> </code></td></table> {{ 7 * 7 }} &lt;b&gt;"
LINKS = (
    "[x](javascript:alert(3)) ![x](https://evil.example/x.png) ![x](https://docs.siro.ai/x.png) "
    "<https://evil.example/> <javascript:alert(4)>"
)
CODE = f'''
class Evil:
    r"""Evil: {HOSTILE.replace('"', "")} {LINKS}

    `<script>alert(5)</script>` and `Siro`

        <script>alert(6)</script>

    <div onclick="alert(7)">

    Args:
        value: {HOSTILE.replace('"', "")}

    Raises:
        <script>: {LINKS}
    """

    def __init__(self, value: "<script>" = "<script>alert(8)</script>") -> None: ...
'''


def hostile(made: Contents) -> Contents:
    """A page whose every source holds what would act if it came out as anything but text."""
    module = griffe.visit("evil", filepath=Path("evil.py"), code=CODE, docstring_parser=griffe.Parser.google)
    kind = module["Evil"]
    assert isinstance(kind, griffe.Class)
    document = openapi.spec()
    for schema in document["components"]["schemas"].values():
        schema["description"] = HOSTILE + LINKS
        for described in schema.get("properties", {}).values():
            described |= {"description": HOSTILE + LINKS, "pattern": HOSTILE, "format": HOSTILE}
    for item in document["paths"].values():
        for described in item.values():
            if isinstance(described, dict):
                described["description"] = HOSTILE + LINKS
        item["servers"] = [{"url": "https://evil.example/<script>"}]
    for scheme in document["components"]["securitySchemes"].values():
        scheme["description"] = HOSTILE + LINKS
    rule = Rule("link.evil.rule", "link", HOSTILE, (HOSTILE, LINKS), HOSTILE, advice=True)
    other = dataclasses.replace(rule, id='link.evil."><script>', says=())
    said = (Sentence(HOSTILE, (HOSTILE,)),)
    return dataclasses.replace(
        made,
        client=(*made.client, entry("siro_client.Evil", kind)),
        models=tuple(openapi.models(document)),
        operations=tuple(openapi.operations(document)),
        families=(*made.families, Family("link.evil", HOSTILE, (Shown(rule, said, (HOSTILE,)), Shown(other, (), ())))),
        unchecked={HOSTILE: list(said)},
        fixtures=(*made.fixtures, Row(HOSTILE)),
        sources=tuple({**source, "operation": HOSTILE, "fetched": HOSTILE} for source in made.sources),
    )


def test_what_it_quotes_comes_out_as_text(made: Contents, found: Found) -> None:
    before, after = page(made), page(hostile(made))
    read_again = read(after)
    assert not read_again.faults
    test_it_loads_nothing_and_runs_only_what_is_ours(read_again)
    test_its_links_lead_to_siro_and_to_rfcs_only(read_again)
    assert {each.tag for each in read_again.elements} == {each.tag for each in found.elements}
    assert read_again.text.count("<script>alert(1)</script>") > 20
    for number in (5, 6, 8):
        assert f"<script>alert({number})</script>" in read_again.text
    assert "{{ 7 * 7 }}" in read_again.text
    assert after.count("<script") == before.count("<script") == 1
    assert html.escape("<img src=x onerror=alert(2)>") in after


# --- where it is ---------------------------------------------------------------------------------------------------
def test_what_is_committed_is_what_is_made(made: Contents) -> None:
    assert PAGE.read_text("utf-8") == page(made), "run `make reference`, and commit docs/reference.html"


def test_it_is_made_the_same_anywhere(tmp_path: Path) -> None:
    variables = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7", "LC_ALL": "C", "COLUMNS": "40", "PATH": ""}
    told = subprocess.run(
        [sys.executable, "-m", "docs.reference", "--check"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=variables,
    )
    assert told.returncode == 0, told.stderr
    assert str(ROOT) not in PAGE.read_text("utf-8")


def test_a_stale_page_fails_the_check_and_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "reference.html"
    stale.write_text(PAGE.read_text("utf-8").replace("Siro", "Siri", 1), "utf-8")
    monkeypatch.setattr(command, "PAGE", stale)
    monkeypatch.setattr(sys, "argv", ["reference", "--check"])
    assert command.main() == 1
    assert "run `make reference`" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["reference"])
    assert command.main() == 0
    assert stale.read_bytes() == PAGE.read_bytes()
