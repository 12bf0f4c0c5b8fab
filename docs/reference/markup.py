"""HTML of docstrings and of types. Whatever stands in a docstring or in a page of Siro's, it comes out as text."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import griffe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape

from docs.reference.names import ids

NOTHING = Markup()
_TRUSTED = re.compile(r"https://(docs\.siro\.ai|siro\.ai|www\.rfc-editor\.org)(/[\w./-]*)?")
_RFC = re.compile(r"\bRFC (\d{4})\b")
_ERROR = re.compile(r"\b[A-Z]\w+Error\b")
_WORD = re.compile(r"[^_:.]*[_:.]*")
_CODE = re.compile(r"`([^`]+)`")
_CALLED = re.compile(r"[\w.]+")


def prose(text: str, scope: str = "") -> Markup:
    """A docstring as HTML.

    Args:
        text: in Markdown.
        scope: the id of the class that it is about, whose members it may name alone.
    """
    return Markup(_markdown().render(text, {"scope": scope}))  # noqa: S704 - its HTML is off, and links are checked


def line(text: str, scope: str = "") -> Markup:
    """The same, without a paragraph around it."""
    return Markup(_markdown().renderInline(" ".join(text.split()), {"scope": scope}))  # noqa: S704 - as above


def plain(text: str) -> Markup:
    """What stands in a page of Siro's: as it is, but for names that are marked as such."""
    parts = _CODE.split(text)
    marked = [Markup("<code>{}</code>").format(part) if at % 2 else escape(part) for at, part in enumerate(parts)]
    return Markup().join(marked)


def breakable(name: str) -> Markup:
    """A long name that may be broken between its words."""
    return Markup("{}").format(Markup("<wbr>").join(_WORD.findall(name)))


def link(target: str, shown: str) -> Markup:
    """A link to a name on the page."""
    return Markup('<a href="#{}">{}</a>').format(target, shown)


def typed(annotation: str | griffe.Expr | None) -> Markup:
    """A type, each of its names that is on the page a link."""
    if annotation is None or isinstance(annotation, str):
        return escape(annotation or "")
    return Markup().join(_element(each) for each in annotation.iterate(flat=True))


def _element(element: str | griffe.Expr) -> Markup:
    if isinstance(element, griffe.ExprName) and (target := ids().get(element.canonical_path)):
        return link(target, element.name)
    return escape(str(element))


def named(name: str, scope: str = "") -> Markup:
    """A name as code, with a link if it is on the page."""
    code = Markup("<code>{}</code>").format(name)
    target = _target(name, scope)
    return Markup('<a href="#{}">{}</a>').format(target, code) if target else code


def _target(name: str, scope: str) -> str | None:
    called = _CALLED.match(name)
    if not called:
        return None
    wanted = called.group().rstrip(".")
    return ids().get(f"{scope}.{wanted}") or _short().get(wanted)


@cache
def _short() -> dict[str, str]:
    """Ids by all the names that a docstring may use; those of the client come before others of the same name."""
    known: dict[str, str] = {}
    for name in ids().values():
        parts = name.split(".")
        for start in range(len(parts)):
            short = ".".join(parts[start:])
            if any(part[:1].isupper() for part in parts[start:]) or not start:  # a member alone would be anybody's
                known.setdefault(short, name)
    return {**known, "siro_client._errors": "errors"}


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).disable(["image", "link", "entity"])
    markdown.validateLink = lambda url: bool(_TRUSTED.fullmatch(url))  # type: ignore[method-assign] # as its docs say
    markdown.add_render_rule("text", _text)
    markdown.add_render_rule("code_inline", _code)
    return markdown


def _text(_: RendererHTML, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
    linked = _RFC.sub(r'<a href="https://www.rfc-editor.org/rfc/rfc\1">\g<0></a>', str(escape(tokens[at].content)))
    return _ERROR.sub(lambda match: str(_error(match.group())), linked)


def _error(name: str) -> Markup:
    target = _short().get(name)
    return link(target, name) if target else escape(name)


def _code(_: RendererHTML, tokens: Sequence[Token], at: int, _options: Any, env: Any) -> str:
    return str(named(tokens[at].content, env["scope"]))
