"""How a function is called: its parameters with types and defaults, as one line or one a line."""

import re

import griffe
from markupsafe import Markup

from docs.reference import names
from docs.reference.markup import typed

STARS: dict[griffe.ParameterKind | None, str] = {
    griffe.ParameterKind.var_positional: "*",
    griffe.ParameterKind.var_keyword: "**",
}
"""What stands before the name of a parameter that takes any number of arguments."""
_LONGEST = 90
"""Characters that a signature may have in one line."""
_MADE = re.compile(r"^\(lambda: (.*)\)\(\)$|^((?:dict|list|tuple)\b.*)\(\)$")
_OURS = re.compile(r"(siro_client|siro_openapi)\.[\w.]+")
_EMPTY = {"dict": "{}", "list": "[]", "tuple": "()"}


def signature(name: str, parameters: griffe.Parameters, returns: str | griffe.Expr | None) -> Markup:
    """How a name is called, and what comes back."""
    parts: list[Markup] = []
    for each in parameters:
        if each.name in ("self", "cls"):
            continue
        if each.kind is griffe.ParameterKind.keyword_only and not any(str(part).startswith("*") for part in parts):
            parts.append(Markup("*"))
        stars = STARS.get(each.kind, "")
        annotation = Markup(": {}").format(typed(each.annotation)) if each.annotation else Markup()
        given = "" if stars or each.default is None else f" = {default(each.default)}"
        parts.append(Markup("{}{}{}{}").format(stars, each.name, annotation, given))
    after = Markup(" → {}").format(typed(returns)) if returns else Markup()
    flat = Markup("{}({}){}").format(name, Markup(", ").join(parts), after)
    if len(flat.striptags()) <= _LONGEST:
        return flat
    inner = Markup("").join(Markup("    {},\n").format(part) for part in parts)
    return Markup("{}(\n{}){}").format(name, inner, after)


def default(value: str | griffe.Expr | None) -> str:
    """A default as it reads best: a constant as its value, what a factory makes as that."""
    if value is None:
        return ""
    constant = _constant(value)
    text = str(constant if constant is not None else value)
    made = _MADE.match(text)
    if made:
        return made.group(1) or _EMPTY[made.group(2).partition("[")[0]]
    return text


def _constant(value: str | griffe.Expr) -> str | None:
    """The value of a constant of ours, or of an argument that it was made with: `INTEGRATIONS.url`."""
    match value:
        case griffe.ExprName():
            constant = attribute(value.canonical_path)
            written = constant.value if constant else None
            return written if isinstance(written, str) else None
        case griffe.ExprAttribute(values=[griffe.ExprName() as first, *_, griffe.ExprName() as last]):
            constant = attribute(first.canonical_path)
            made = constant.value if constant else None
            arguments = made.arguments if isinstance(made, griffe.ExprCall) else ()
            keywords = {each.name: str(each.value) for each in arguments if isinstance(each, griffe.ExprKeyword)}
            return keywords.get(last.name)
        case _:
            return None


def attribute(path: str) -> griffe.Attribute | None:
    """A constant of ours."""
    if not _OURS.fullmatch(path):
        return None
    found = names.found(path)
    return found if isinstance(found, griffe.Attribute) else None
