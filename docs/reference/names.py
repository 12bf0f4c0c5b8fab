"""What is public, and the one id that each name has on the page."""

from functools import cache
from pathlib import Path

import griffe

ROOT = Path(__file__).resolve().parents[2]
MODULES = ("siro_client", "siro_client.testing")
"""Those whose `__all__` is what a caller imports."""
HANDED_OUT = {
    "siro_client": ("_sync.RawSiro", "_async.AsyncRawSiro", "_journal.Entry"),
    "siro_client.testing": ("_failure.Answer",),
}
"""Classes that methods return or take, and nobody imports."""
ALIASES = {
    "siro_client": ("_tokens.UserToken", "_attempt.Hook", "_bulk.JournalLike"),
    "siro_client.testing": (),
}
"""What types of arguments are written as; nobody imports them either."""
GENERATED = "siro_openapi"
_IN_GENERATED = ("client", "types", "errors")
_PROTOCOL = ("__enter__", "__aenter__", "__len__")


@cache
def package(name: str) -> griffe.Object:
    """A package as its source has it; nothing is imported."""
    loaded = griffe.load(
        name,
        search_paths=[ROOT, ROOT / "generated"],
        allow_inspection=False,
        docstring_parser="google",
        docstring_options={"warnings": False},
        modules_collection=_COLLECTION,
    )
    return loaded.final_target if isinstance(loaded, griffe.Alias) else loaded


_COLLECTION = griffe.ModulesCollection()


def public(module: str) -> dict[str, griffe.Object]:
    """What a caller imports from a module, by name, where it is defined."""
    return {str(name): found(f"{module}.{name}") for name in found(module).exports or []}


def handed_out(module: str) -> dict[str, griffe.Object]:
    """What a caller gets and does not import, by name."""
    return {place.split(".")[1]: found(f"{module}.{place}") for place in HANDED_OUT[module]}


def aliases(module: str) -> dict[str, griffe.Object]:
    """What types of arguments are written as, by name."""
    return {place.split(".")[1]: found(f"{module}.{place}") for place in ALIASES[module]}


def models() -> dict[str, griffe.Class]:
    """The classes of the generated models and enums, by name."""
    named = found(f"{GENERATED}.models").exports or []
    classes = {str(name): found(f"{GENERATED}.models.{name}") for name in named}
    return {name: each for name, each in sorted(classes.items()) if isinstance(each, griffe.Class)}


def low_level() -> dict[str, griffe.Object]:
    """What else of the generated package a caller uses, by its id."""
    named: dict[str, griffe.Object] = {}
    for module in _IN_GENERATED:
        for name, member in found(f"{GENERATED}.{module}").members.items():
            if isinstance(member, griffe.Class | griffe.Function) and not name.startswith("_"):
                named[f"{GENERATED}.{module}.{name}"] = member
    return named


def found(path: str) -> griffe.Object:
    """What a path names, where it is defined."""
    for name in (MODULES[0], GENERATED):
        package(name)  # each resolves names of the other
    first, _, rest = path.partition(".")
    member = package(first)[rest] if rest else package(first)
    return member.final_target if isinstance(member, griffe.Alias) else member


@cache
def classes_and_functions() -> dict[str, griffe.Object]:
    """Every name that has an entry of its own, by its id."""
    named: dict[str, griffe.Object] = {}
    for module in MODULES:
        offered = {**public(module), **handed_out(module), **aliases(module)}
        named |= {f"{module}.{name}": member for name, member in offered.items()}
    return named | low_level() | {f"{GENERATED}.models.{name}": model for name, model in models().items()}


@cache
def entry_of() -> dict[str, str]:
    """The id of each name that has an entry, by the path at which it is defined."""
    return {member.path: name for name, member in classes_and_functions().items()}


def members(kind: griffe.Class) -> dict[str, griffe.Object]:
    """The public members of a class, by name: its own, and those that it has from a private base."""
    listed = dict[str, griffe.Object]()
    for base in (kind, *private_bases(kind)):
        for name, member in base.members.items():
            if (name in _PROTOCOL or not name.startswith("_")) and isinstance(member, griffe.Object):
                listed.setdefault(name, member)
    return listed


def private_bases(kind: griffe.Class) -> list[griffe.Class]:
    """The bases of a class that have no entry, and whose members are thus its own."""
    shown = {name for base in kind.mro() if base.path in entry_of() for name in _and_its_bases(base)}
    return [base for base in kind.mro() if base.path not in shown]


def _and_its_bases(kind: griffe.Class) -> list[str]:
    return [kind.path, *(base.path for base in kind.mro())]


@cache
def ids() -> dict[str, str]:
    """The id of each name on the page, by itself and by the path at which it is defined."""
    known: dict[str, str] = {}
    for name, member in classes_and_functions().items():
        known[name] = known[member.path] = name
        if isinstance(member, griffe.Class) and not name.startswith(f"{GENERATED}.models."):
            known |= {f"{name}.{inner}": f"{name}.{inner}" for inner in members(member)}
    return known
