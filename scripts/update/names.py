"""Which names of the generated Python API came, went or changed, as griffe reads them; nothing is imported."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import griffe

from scripts.generate import PACKAGE

_INTERNAL = f"{PACKAGE}.validators."
"""What the facade checks with; no user calls it."""
_UNSET = "Unset"


@dataclass(frozen=True)
class Name:
    """A public name that is another than before."""

    name: str
    """Below the package, without the module that nobody imports it from: `models.Row.colour`."""
    old: str | None
    """What it was, as source; None if it is new."""
    new: str | None
    breaks: bool
    """Whether code that uses it may fail, or no longer type-check."""


def compare(old: Path, new: Path, sent: set[str], received: set[str]) -> list[Name]:
    """The difference between two generated trees.

    Args:
        old: The folder that holds the package of before.
        new: That of now.
        sent: The models that a caller makes.
        received: The models that a caller reads. One that is in neither counts as both.
    """
    before, now = dict(_names(old)), dict(_names(new))
    names: list[Name] = []
    for path in sorted(before.keys() | now.keys()):
        was, there = before.get(path), now.get(path)
        whole = path.rpartition(".")[0]
        if (whole in now and whole not in before) or (whole in before and whole not in now):
            continue  # of a class that came or went itself
        if was is None or there is None:
            breaks = there is None or there.demands(_directions(path, sent, received)[0])
            names.append(Name(path, _text(was), _text(there), breaks))
        elif was != there:
            breaks = there.breaks(was, *_directions(path, sent, received))
            names.append(Name(path, str(was), str(there), breaks))
    return names


def _text(described: "_Described | None") -> str | None:
    return None if described is None else str(described)


def _directions(path: str, sent: set[str], received: set[str]) -> tuple[bool, bool]:
    parts = path.split(".")
    model = parts[1] if parts[0] == "models" and len(parts) > 1 else ""
    known = model in sent or model in received
    return model in sent or not known, model in received or not known


@dataclass(frozen=True)
class _Typed:
    """A value's type, and whether it must be given."""

    types: frozenset[str]
    required: bool

    def __str__(self) -> str:
        return " | ".join(sorted(self.types)) + ("" if self.required else " (optional)")


@dataclass(frozen=True)
class _Described:
    """What a name stands for."""

    kind: str
    typed: tuple[tuple[str, _Typed], ...] = ()
    """An attribute's own type; a function's parameters, by name."""
    returns: frozenset[str] = frozenset()
    bases: tuple[str, ...] = ()
    value: str = ""
    """Of a member of an enum."""

    def __str__(self) -> str:
        inner = ", ".join(f"{name}: {typed}".removeprefix(": ") for name, typed in self.typed)
        arrow = f" -> {' | '.join(sorted(self.returns))}" if self.returns else ""
        if self.kind == "attribute":
            return self.value or inner
        return f"{self.kind}({inner or ', '.join(self.bases)}){arrow}"

    def demands(self, sent: bool) -> bool:
        """Whether a new name has to be given by those who make the model that it is of."""
        return self.kind == "attribute" and not self.value and sent and any(typed.required for _, typed in self.typed)

    def breaks(self, old: "_Described", sent: bool, received: bool) -> bool:
        """Whether what was right for the old one may be wrong for this one."""
        if (self.kind, self.bases, self.value) != (old.kind, old.bases, old.value):
            return True
        before, now = dict(old.typed), dict(self.typed)
        if self.kind == "attribute":
            return any(
                (sent and (_narrows(before[name], typed))) or (received and bool(typed.types - before[name].types))
                for name, typed in now.items()
            )
        fewer = before.keys() - now.keys() or any(typed.required for name, typed in now.items() if name not in before)
        narrower = any(_narrows(before[name], typed) for name, typed in now.items() if name in before)
        return bool(fewer) or narrower or bool(self.returns - old.returns)


def _narrows(old: _Typed, new: _Typed) -> bool:
    return bool(old.types - new.types - {_UNSET}) or (new.required and not old.required)


def _names(folder: Path) -> Iterator[tuple[str, _Described]]:
    package = griffe.load(PACKAGE, search_paths=[folder], allow_inspection=False)
    for member in _members(package):
        if member.path.startswith(_INTERNAL):
            continue
        yield _shown(member), _described(member)


def _members(module: griffe.Object | griffe.Alias) -> Iterator[griffe.Object]:
    """The public members of a module and of its classes, where they are defined."""
    for member in module.members.values():
        if isinstance(member, griffe.Alias) or member.name.startswith("_"):
            continue
        if isinstance(member, griffe.Module):
            yield from _members(member)
        elif isinstance(member, griffe.Class | griffe.Function | griffe.Attribute):
            if not (isinstance(module, griffe.Module) and isinstance(member, griffe.Attribute)):
                yield member
            if isinstance(member, griffe.Class):
                yield from _members(member)


def _shown(member: griffe.Object) -> str:
    parts = member.path.split(".")[1:]
    return ".".join([parts[0], *parts[2:]] if parts[0] == "models" else parts)


def _described(member: griffe.Object) -> _Described:
    if isinstance(member, griffe.Function):
        typed = tuple(
            (each.name, _Typed(_types(each.annotation), each.required))
            for each in member.parameters
            if each.name != "self"
        )
        return _Described("function", typed, _types(member.returns))
    if isinstance(member, griffe.Class):
        return _Described("class", bases=tuple(map(str, member.bases)))
    if isinstance(member, griffe.Attribute) and member.annotation is not None:
        return _Described("attribute", (("", _Typed(_types(member.annotation), member.value is None)),))
    return _Described("attribute", value=str(getattr(member, "value", "")))


def _types(annotation: str | griffe.Expr | None) -> frozenset[str]:
    """The alternatives of a union; their order is nothing that a program can see."""
    if annotation is None:
        return frozenset()
    return frozenset(_alternatives(ast.parse(str(annotation), mode="eval").body))


def _alternatives(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _alternatives(node.left)
        yield from _alternatives(node.right)
    else:
        yield ast.unparse(node)
