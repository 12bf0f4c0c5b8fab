"""The page, put together."""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import griffe
import jinja2
from markupsafe import Markup

from docs.reference import command_line, names, openapi, rules
from docs.reference.docstring import Row
from docs.reference.errors import Branch, tree
from docs.reference.markup import breakable, named, plain, prose, typed
from docs.reference.python_api import Entry, entry
from siro_client import __version__

PAGE = names.ROOT / "docs" / "reference.html"
_HERE = Path(__file__).parent
_FIXTURES = "siro_client_pytest"
_BULK = ("siro_client._bulk", "siro_client._journal")
_ORDER = {
    "siro_client": (
        *("Siro", "AsyncSiro", "RawSiro", "AsyncRawSiro", "SiroId", "ExternalId", "LinkTarget", "OAuthApp"),
        *("UserToken", "RawResponse", "Attempt", "Hook", "Answer"),
        *("Synced", "Stopped", "Journal", "JournalLike", "Entry"),
    ),
    "siro_client.testing": (
        *("LocalSiro", "serve", "environment", "Failure", "PlannedFailure", "Answer"),
        *("Organization", "LocalTransport"),
    ),
}
"""What a reader asks for first; what is not named here comes after it."""


@dataclass(frozen=True)
class Contents:
    """All that the page shows."""

    version: str
    sources: tuple[dict[str, str], ...]
    client: tuple[Entry, ...]
    bulk: tuple[Entry, ...]
    tree: Branch
    errors: tuple[Entry, ...]
    testing_text: Markup
    testing: tuple[Entry, ...]
    fixtures: tuple[Row, ...]
    commands: tuple[command_line.Command, ...]
    operations: tuple[openapi.Operation, ...]
    low_level: tuple[Entry, ...]
    models: tuple[openapi.Model, ...]
    families: tuple[rules.Family, ...]
    unchecked: dict[str, list[rules.Sentence]]
    tests: str


@cache
def contents() -> Contents:
    """What the sources of the project say."""
    document = openapi.spec()
    client = _entries("siro_client")
    errors = [each for each in client if each.kind == "exception"]
    drawn = tree("siro_client.SiroError")
    in_tree = list(_flat(drawn))
    errors.sort(key=lambda each: in_tree.index(each.id))
    issue = [each for each in client if each.name == "Issue"]
    defined = names.classes_and_functions()
    bulk = [each for each in client if defined[each.id].path.startswith(_BULK)]
    module = names.found("siro_client.testing").docstring
    return Contents(
        version=__version__,
        sources=tuple(json.loads((names.ROOT / "specs" / "sources.json").read_text("utf-8"))),
        client=tuple(each for each in client if each not in [*errors, *issue, *bulk]),
        bulk=tuple(bulk),
        tree=drawn,
        errors=(*errors, *issue),
        testing_text=prose(module.value) if module else Markup(),
        testing=tuple(_entries("siro_client.testing")),
        fixtures=tuple(_fixtures()),
        commands=tuple(command_line.commands()),
        operations=tuple(openapi.operations(document)),
        low_level=tuple(entry(name, member) for name, member in names.low_level().items()),
        models=tuple(openapi.models(document)),
        families=tuple(rules.families()),
        unchecked=rules.reasons(),
        tests=rules.tests_path().as_posix(),
    )


def page(shown: Contents | None = None) -> str:
    """The page as one file of HTML that needs nothing else; the same bytes wherever it is made."""
    environment = jinja2.Environment(
        autoescape=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=jinja2.FileSystemLoader(_HERE),
    )
    style, script = ((_HERE / name).read_text("utf-8") for name in ("page.css", "page.js"))
    template = environment.get_template("page.html.jinja")
    return template.render(
        page=shown or contents(),
        style=Markup(style),  # noqa: S704 - ours
        script=Markup(script),  # noqa: S704 - ours
        style_hash=_hash(f"\n{style}"),
        script_hash=_hash(f"\n{script}"),
        named=named,
        plain=plain,
        prose=prose,
        breakable=breakable,
    )


def _hash(text: str) -> str:
    """What a Content-Security-Policy names an inline style or script by."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _entries(module: str) -> list[Entry]:
    """The entries of a module, those first that a reader asks for first."""
    offered = {**names.public(module), **names.handed_out(module), **names.aliases(module)}
    made = [entry(f"{module}.{name}", member) for name, member in offered.items()]
    order = {name: place for place, name in enumerate(_ORDER[module])}
    return sorted(made, key=lambda each: (order.get(each.name, len(order)), each.name))


def _flat(branch: Branch) -> Iterable[str]:
    yield branch.id
    for below in branch.branches:
        yield from _flat(below)


def _fixtures() -> Iterable[Row]:
    for name, member in names.package(_FIXTURES).members.items():
        if isinstance(member, griffe.Function) and not name.startswith("_"):
            text = member.docstring.value if member.docstring else ""
            yield Row(name, typed(member.returns), meaning=prose(text), id=f"{_FIXTURES}.{name}")
