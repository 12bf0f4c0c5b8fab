"""Entries of the page for classes and functions, made of their source and docstrings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import griffe
from markupsafe import Markup, escape

from docs.reference import names
from docs.reference.docstring import Docstring, Row, text_of
from docs.reference.markup import NOTHING, line, prose, typed
from docs.reference.signature import STARS, attribute, default, signature


@dataclass(frozen=True)
class Entry:
    """A class, a function, a method, or the alias of a type."""

    id: str
    name: str
    kind: str
    signature: Markup = NOTHING
    text: Markup = NOTHING
    bases: tuple[Markup, ...] = ()
    protocols: tuple[Row, ...] = ()
    """What the class may be used as, such as a context manager."""
    parameters: tuple[Row, ...] = ()
    fields: tuple[Row, ...] = ()
    inherited: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Names that it has from others on the page: the id of each, and the names."""
    raises: tuple[Row, ...] = ()
    returns: Markup = NOTHING
    methods: tuple["Entry", ...] = field(default_factory=tuple["Entry", ...])


_PROTOCOLS = {"__enter__": "a context manager", "__aenter__": "an asynchronous context manager", "__len__": "sized"}


def entry(name: str, member: griffe.Object) -> Entry:
    """The entry of a name; the id is where a caller finds it."""
    match member:
        case griffe.Class():
            return _class(name, member)
        case griffe.Function():
            return _function(name, member, "function")
        case griffe.Attribute():
            value = Markup("{} = {}").format(member.name, typed(member.value))
            told = text_of(member) or text_of(member.module)
            kind = "value" if member.name.startswith("_") else "type"
            return Entry(name, member.name, kind, value, prose(told))
        case _:
            raise TypeError(f"{name} is a {member.kind.value}, which the page has no entry for")


def _class(name: str, kind: griffe.Class) -> Entry:
    told = Docstring(kind, name)
    members = names.members(kind)
    attributes = {each: member for each, member in members.items() if isinstance(member, griffe.Attribute)}
    functions = {each: member for each, member in members.items() if isinstance(member, griffe.Function)}
    fields = tuple(_field(f"{name}.{each}", kind, member, told) for each, member in attributes.items())
    # What a constructor keeps as it is stands among the fields.
    parameters = () if "dataclass" in kind.labels else tuple(_parameters(kind.parameters, told))
    return Entry(
        id=name,
        name=kind.name,
        kind="exception" if any(str(base) == "Exception" for each in _line(kind) for base in each.bases) else "class",
        signature=signature(kind.name, kind.parameters, None) if _is_made(kind) else Markup(),
        text=told.text,
        bases=tuple(typed(base) for base in kind.bases if not _is_private(base)),
        protocols=tuple(
            Row(each, meaning=escape(_PROTOCOLS[each]), id=f"{name}.{each}") for each in _PROTOCOLS if each in members
        ),
        parameters=parameters if any(row.meaning for row in parameters) else (),
        fields=fields,
        inherited=tuple(_inherited(kind, members)),
        raises=told.raises,
        methods=tuple(
            _function(f"{name}.{each}", function, "method")
            for each, function in functions.items()
            if each not in _PROTOCOLS
        ),
    )


def _line(kind: griffe.Class) -> list[griffe.Class]:
    return [kind, *kind.mro()]


def _is_made(kind: griffe.Class) -> bool:
    """Whether the source says what a class is made with."""
    return any("__init__" in each.members for each in _line(kind))


def _is_private(base: str | griffe.Expr) -> bool:
    return isinstance(base, griffe.ExprName) and (base.name.startswith("_") or base.name == "Facade")


def _inherited(kind: griffe.Class, own: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a class has of those of its bases that have an entry."""
    seen = {*own}
    for base in kind.mro():
        if base.path in names.entry_of():
            fresh = tuple(each for each in names.members(base) if each not in seen)
            seen |= {*fresh}
            if fresh:
                yield names.entry_of()[base.path], fresh


def _field(name: str, kind: griffe.Class, member: griffe.Attribute, told: Docstring) -> Row:
    given = told.meanings.get(member.name, "") or text_of(member)
    if not given:  # what a subclass sets anew is what its base says
        alike = (base.members.get(member.name) for base in kind.mro())
        given = next((text for each in alike if isinstance(each, griffe.Object) and (text := text_of(each))), "")
    value = member.value if "class-attribute" in member.labels else None  # what a constructor assigns is no default
    if "dataclass" in kind.labels:
        value = next((each.default for each in kind.parameters if each.name == member.name), None)
    return Row(
        member.name, typed(member.annotation or _assigned(member)), default(value), line(given, told.scope), name
    )


def _assigned(member: griffe.Attribute) -> str | griffe.Expr | None:
    """The annotation of the parameter that a constructor keeps under this name, or the type of a constant."""
    made = member.parent.members.get("__init__") if member.parent else None
    if isinstance(made, griffe.Function) and member.name in [each.name for each in made.parameters]:
        return made.parameters[member.name].annotation
    value = member.value
    if isinstance(value, griffe.ExprName) and (constant := attribute(value.canonical_path)):
        value = constant.value
    if isinstance(value, griffe.ExprCall):
        return value.function
    if str(member.value) in ("True", "False"):
        return "bool"
    return "str" if str(member.value)[:1] in ("'", '"') else None


def _function(name: str, function: griffe.Function, kind: str) -> Entry:
    scope = name.rpartition(".")[0] if kind == "method" else ""
    told = Docstring(function, scope)
    parameters = tuple(_parameters(function.parameters, told))
    how = {"async": "async ", "classmethod": "class "}
    return Entry(
        id=name,
        name=function.name,
        kind="".join(word for label, word in how.items() if label in function.labels) + kind,
        signature=signature(function.name, function.parameters, function.returns),
        text=told.text,
        parameters=parameters if any(row.meaning for row in parameters) else (),
        raises=told.raises,
        returns=told.returns,
    )


def _parameters(parameters: griffe.Parameters, told: Docstring) -> Iterator[Row]:
    for each in parameters:
        if each.name not in ("self", "cls"):
            meaning = line(told.meanings.get(each.name, ""), told.scope)
            stars = STARS.get(each.kind, "")
            given = "" if stars or each.default is None else default(each.default)
            yield Row(stars + each.name, typed(each.annotation), given, meaning)


def without_meaning(entries: Iterable[Entry]) -> Iterator[str]:
    """The ids of all names that nothing is said of."""
    for each in entries:
        if not each.text:
            yield each.id
        yield from (row.id for row in each.fields if not row.meaning)
        yield from without_meaning(each.methods)
