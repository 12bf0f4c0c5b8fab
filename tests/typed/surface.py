"""The public surface, as the source has it: each public name with its arguments and members.

`surface.txt` lists it. After a change that is meant, write it anew:
`.venv/bin/python -m tests.typed.surface > tests/typed/surface.txt`.
"""

import ast
import importlib
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

MODULES = ("siro_client", "siro_client.testing")
RETURNED = {"siro_client": ("_sync.RawSiro", "_async.AsyncRawSiro")}
"""Classes that no caller makes, and every caller may get."""
PROTOCOL = ("__init__", "__enter__", "__aenter__", "__len__")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines() -> Iterator[str]:
    """The surface, one line for each name and, indented, for each member."""
    for module in MODULES:
        for name, value in public(module).items():
            yield f"{module}.{name}{_described(value)}"
            yield from (f"    {member}" for member in _members(value, module))


def public(module: str) -> dict[str, Any]:
    """What a module offers, by name."""
    offered = importlib.import_module(module)
    named = {name: getattr(offered, name) for name in offered.__all__}
    for place in RETURNED.get(module, ()):
        within, name = place.split(".")
        named[f"{name} (returned)"] = getattr(importlib.import_module(f"{module}.{within}"), name)
    return named


def _described(value: Any) -> str:
    if inspect.isclass(value):
        return f"({', '.join(_bases(value))})".replace("()", "")
    if inspect.isfunction(value):
        (function,) = _source(value).body
        return _signature(function) if isinstance(function, Function) else ""
    return "" if isinstance(value, str) else f" = {value}"


def _bases(kind: type) -> list[str]:
    """The names of the public classes that a class is made of."""
    names: list[str] = []
    for base in kind.__bases__:
        names += _bases(base) if base.__name__.startswith("_") else [base.__name__] * (base is not object)
    return names


def _members(value: Any, module: str) -> list[str]:
    """The public members of a class: its own, and those that it has from a private base."""
    if not inspect.isclass(value):
        return []
    offered = {other for each in MODULES for other in public(each).values()} - {value}
    elsewhere = {base for other in offered & {*value.__mro__} for base in other.__mro__}
    own = [base for base in value.__mro__ if base.__module__.startswith(module) and base not in elsewhere]
    return sorted({line for base in own for line in _declared(base)})


def _declared(kind: type) -> Iterator[str]:
    (tree,) = _source(kind).body
    assert isinstance(tree, ast.ClassDef)
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if _is_public(node.name):
                yield _method(node)
                yield from _attributes(node) if node.name == "__init__" else ()
            case ast.AnnAssign(target=ast.Name(id=name)) if _is_public(name):
                yield f"{name}: {ast.unparse(node.annotation)}"
            case ast.Assign(targets=[ast.Name(id=name)]) if _is_public(name):
                yield f"{name} = {ast.unparse(node.value)}"
            case _:
                pass


def _attributes(node: Function) -> Iterator[str]:
    """The public attributes that a constructor sets."""
    each: ast.AST
    for each in ast.walk(node):
        targets = [each.target] if isinstance(each, ast.AnnAssign) else getattr(each, "targets", [])
        for target in targets:
            if isinstance(target, ast.Attribute) and ast.unparse(target.value) == "self" and _is_public(target.attr):
                yield target.attr


def _method(node: Function) -> str:
    decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
    if "property" in decorators:
        return f"{node.name}: {ast.unparse(node.returns) if node.returns else 'Any'}"
    return " ".join(["async"] * isinstance(node, ast.AsyncFunctionDef) + decorators + [node.name + _signature(node)])


def _signature(node: Function) -> str:
    return f"({ast.unparse(node.args)})" + (f" -> {ast.unparse(node.returns)}" if node.returns else "")


def _source(value: type | Callable[..., Any]) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(value)))


def _is_public(name: str) -> bool:
    return name in PROTOCOL or not name.startswith("_")


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())
