"""Where a page sends which token changes only when a person says so."""

import copy
from dataclasses import replace
from typing import Any

import pytest

from scripts import sources, trust
from scripts.layout import StepError
from scripts.page import Page, read_page

DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.0",
    "info": {"title": "Things", "version": "1.0.0"},
    "servers": [{"url": "https://api.siro.ai/v0", "description": "the gateway"}],
    "security": [],
    "paths": {"/it": {"put": {"security": [{"Token": []}], "responses": {"200": {"description": "done"}}}}},
    "components": {
        "securitySchemes": {"Token": {"type": "apiKey", "in": "header", "name": "x-token"}},
    },
}
NONE: list[str] = []
TOKEN = [{"Token": NONE}]
BEARER = {"type": "http", "scheme": "bearer"}


def page(**changes: Any) -> Page:
    """The page of DOCUMENT with a change at each path, such as `paths__it__put`; None removes."""
    document = copy.deepcopy(DOCUMENT)
    for path, value in changes.items():
        *way, last = path.replace("__it__", "__/it__").split("__")
        holder = document
        for part in way:
            holder = holder[part]
        if value is None:
            del holder[last]
        else:
            holder[last] = value
    return Page("PUT /it", b"", document, "")


def told(new: Page, accept: set[str]) -> str | None:
    line: str | None = None
    try:
        trust.check_against(page(), new, accept)
    except StepError as error:
        line = str(error)
    assert line is None or line.isprintable()
    return line


@pytest.mark.parametrize(
    "changes",
    [
        {"servers": [{"url": "https://api.siro.ai/v0/", "x-more": 1}]},
        {"servers": [{"url": "HTTPS://API.siro.ai:443/v0"}]},
        {"servers": [{"url": "https://elsewhere.example"}], "paths__it__servers": DOCUMENT["servers"]},
        {"security": TOKEN, "paths__it__put__security": None},
        {"components__securitySchemes__Token__description": "Ask your admin."},
        {"components__securitySchemes__Token__name": "X-Token"},
        {
            "components__securitySchemes": {"Key": DOCUMENT["components"]["securitySchemes"]["Token"]},
            "paths__it__put__security": [{"Key": NONE}],
        },
        {"components__securitySchemes__Other": BEARER},
    ],
)
def test_what_sends_tokens_as_before_passes(changes: dict[str, Any]) -> None:
    assert told(page(**changes), set()) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"servers": [{"url": "https://api.siro.example/v0"}]},
        {"servers": [{"url": "https://api.siro.ai/v1"}]},
        {"servers": [{"url": "https://api.siro.ai:8443/v0"}]},
        {"servers": [*DOCUMENT["servers"], {"url": "https://api.siro.example"}]},
        {"servers": [{"url": "https://api.siro.example"}, *DOCUMENT["servers"]]},
        {"paths__it__servers": [{"url": "https://api.siro.example"}]},
        {"paths__it__put__servers": [{"url": "https://api.siro.example"}]},
    ],
)
def test_another_host_needs_accept_host(changes: dict[str, Any]) -> None:
    for accept in ({trust.SECURITY}, set[str]()):
        assert "another host or base path" in (line := told(page(**changes), accept) or "")
        assert "https://api.siro.ai/v0" in line
        assert line.endswith("ACCEPT=host")
    assert told(page(**changes), {trust.HOST}) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"paths__it__put__security": NONE},
        {"paths__it__put__security": None},
        {"paths__it__put__security": [*TOKEN, {}]},
        {"components__securitySchemes__Token": BEARER},
        {"components__securitySchemes__Token__name": "x-other"},
        {"components__securitySchemes__Token__in": "query"},
        {"paths__it__put__security": [{"Token": NONE, "Also": NONE}], "components__securitySchemes__Also": BEARER},
        {"paths__it__put__security": [{"Token": ["read"]}]},
    ],
)
def test_another_security_scheme_needs_accept_security(changes: dict[str, Any]) -> None:
    for accept in ({trust.HOST}, set[str]()):
        assert "another security scheme" in (line := told(page(**changes), accept) or "")
        assert "x-token" in line
        assert line.endswith("ACCEPT=security")
    assert told(page(**changes), {trust.SECURITY}) is None


def test_no_token_at_all_is_told_as_none() -> None:
    line = told(page(paths__it__put__security=[*TOKEN, {}]), set())
    assert "another security scheme, none or {" in (line or "")


@pytest.mark.parametrize(
    "url",
    [
        "http://api.siro.ai/v0",
        "https://api.siro.ai@evil.example/v0",
        "https://api.siro.ai\\@evil.example/v0",
        "https://evil.example#.api.siro.ai/v0",
        "https://{host}.siro.ai/v0",
        "https://api.siro.ai/v0?x=1",
        "https://api.siro.ai/../v0",
        "https://\u0430pi.siro.ai/v0",
        "https://api.siro.ai/v0\n",
        "//api.siro.ai/v0",
        "/v0",
        "",
    ],
)
def test_a_server_that_is_no_plain_https_url_is_never_accepted(url: str) -> None:
    assert "is no plain https URL" in (told(page(servers=[{"url": url}]), {trust.HOST, trust.SECURITY}) or "")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"servers": NONE}, "/servers: names no server"),
        ({"servers": None}, "/servers: names no server"),
        ({"servers": "https://api.siro.ai/v0"}, "/servers: is no list of objects"),
        ({"servers": [{"uri": "x"}]}, "/servers: one has no url"),
        ({"paths__it__put__security": [{"Tok/en": NONE}]}, "/components/securitySchemes/Tok~1en: is not there"),
        ({"paths__it__put__security": {"Token": NONE}}, "/security: is no list of objects"),
    ],
)
def test_what_cannot_be_compared_stops_whatever_is_accepted(changes: dict[str, Any], line: str) -> None:
    assert line in (told(page(**changes), {trust.HOST, trust.SECURITY}) or "")


def test_another_operation_is_never_accepted() -> None:
    other = replace(page(), operation="PUT /other")
    assert "documents PUT /other; PUT /it is recorded" in (told(other, {trust.HOST, trust.SECURITY}) or "")


def test_the_token_of_one_known_host_does_not_reach_another() -> None:
    first, second = page(), page(servers=[{"url": "https://b.siro.ai"}], components__securitySchemes__Token=BEARER)
    trust.check_known([first, second], first)
    trust.check_known([first, second], second)
    mixed = page(servers=[{"url": "https://b.siro.ai"}])
    with pytest.raises(StepError, match="another security scheme"):
        trust.check_known([first, second], mixed)


def test_the_order_of_servers_counts_since_the_first_is_the_one_that_is_used() -> None:
    both = [{"url": "https://api.siro.ai/v0"}, {"url": "https://staging.siro.ai/v0"}]
    with pytest.raises(StepError, match="another host or base path"):
        trust.check_against(page(servers=both), page(servers=both[::-1]), set())


def test_todays_pages_are_trusted_as_they_are() -> None:
    for source in sources.read():
        read = read_page(source.page_path.read_bytes())
        trust.check_against(read, read)
        assert trust.servers(read)
        assert trust.security(read) != "none"
