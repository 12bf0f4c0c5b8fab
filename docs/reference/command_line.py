"""The commands that `python -m` has, as their source gives them to argparse."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from docs.reference.names import ROOT


@dataclass(frozen=True)
class Argument:
    """An argument, or an option."""

    name: str
    meaning: str


@dataclass(frozen=True)
class Command:
    """A command."""

    id: str
    name: str
    text: str
    arguments: tuple[Argument, ...]
    ending: str


def commands() -> list[Command]:
    """What a shell can be told."""
    return [
        _command("command-sync", "python -m siro_client sync", "siro_client/_command_line.py"),
        _command("command-local", "python -m siro_client.testing", "siro_client/testing/__main__.py"),
    ]


def _command(ident: str, name: str, path: str) -> Command:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    epilog = next(
        (
            str(ast.literal_eval(node.value)).strip()
            for node in tree.body
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_EPILOG"
        ),
        "",
    )
    return Command(ident, name, (ast.get_docstring(tree) or "").partition("\n")[0], tuple(_arguments(tree)), epilog)


def _arguments(tree: ast.Module) -> Iterator[Argument]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="add_argument"), args=[ast.Constant(value=str(name))]):
                said = {keyword.arg: keyword.value for keyword in node.keywords}
                yield Argument(_with_value(name, said), str(ast.literal_eval(said["help"])))
            case _:
                pass


def _with_value(name: str, said: dict[str | None, ast.expr]) -> str:
    action = ast.unparse(said["action"]) if "action" in said else ""
    if action.endswith("BooleanOptionalAction"):
        return f"{name}, --no-{name.removeprefix('--')}"
    if action or not name.startswith("--"):
        return name if action else name.upper()
    metavar = str(ast.literal_eval(said["metavar"])) if "metavar" in said else name.removeprefix("--").upper()
    return f"{name} {metavar}"
