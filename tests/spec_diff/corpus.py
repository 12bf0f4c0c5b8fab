"""The corpus: edits of the vendored specs, each with its right classification, as data that a person can read."""

import copy
import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from scripts import sources
from scripts.layout import dump_yaml
from scripts.page import METHODS, pointer, read_document
from scripts.spec_diff.document import as_array, as_object

FOLDER = Path(__file__).parent / "corpus"
_OPENING = re.compile(rb"^````yaml (?P<file>\S+ )?[a-z]+ /\S*\n", re.MULTILINE)


@dataclass(frozen=True)
class Expected:
    """One change that an edit is."""

    pointer: str
    kind: str
    direction: str
    breaks_callers: bool
    breaks_readers: bool


@dataclass(frozen=True)
class Edit:
    """An edit of one vendored spec, and what it means."""

    name: str
    says: str
    """Why it is classified so, in one line."""
    spec: str
    """The name of the source whose spec it is of."""
    edit: list[dict[str, Any]]
    expect: list[Expected]
    given: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """What is done to the published spec first, on both sides of the comparison."""
    adds_constraint: bool = False
    """Whether what callers send is subject to a rule that it was not subject to before."""

    def before(self, document: dict[str, Any]) -> dict[str, Any]:
        """The document that the edit is compared with; it is the one given unless the edit needs something there."""
        return _edited(document, self.given)

    def apply(self, document: dict[str, Any]) -> dict[str, Any]:
        """The edited document; the one given stays as it is."""
        return _edited(document, [*self.given, *self.edit])

    def page(self, page: bytes) -> bytes:
        """The page with its OpenAPI block, and the operation that it is labelled with, as the edit makes them."""
        document = self.apply(read_document(page))
        method, path = _operation(document)
        opening = _OPENING.search(page)
        assert opening
        head, tail = page[: opening.start()], page[page.index(b"\n````", opening.end()) + 1 :]
        label = f"````yaml {(opening['file'] or b'').decode()}{method} {path}\n"
        return head + (label + dump_yaml(document) + "\n").encode() + tail


def load() -> list[Edit]:
    """All edits, in the order of the files."""
    yaml: Any = YAML(typ="safe", pure=True)
    return [_edit(entry) for path in sorted(FOLDER.glob("*.yaml")) for entry in yaml.load(path.read_bytes())]


def published(name: str) -> dict[str, Any]:
    """The vendored spec of a source."""
    return copy.deepcopy(_published(name))


@functools.cache
def _published(name: str) -> dict[str, Any]:
    path = next(source.spec_path for source in sources.read() if source.name == name)
    return read_document(path.read_bytes())


def _edit(entry: dict[str, Any]) -> Edit:
    document = _published(entry["spec"])
    entry = {key: _expanded(value, document) for key, value in entry.items()}
    expect = [
        Expected(one["at"], one["kind"], one["direction"], one["breaks"] == "callers", one["breaks"] == "readers")
        for one in entry.pop("expect")
    ]
    return Edit(**entry, expect=expect)


def _operation(document: dict[str, Any]) -> tuple[str, str]:
    return next((method, path) for path, item in document["paths"].items() for method in METHODS if method in item)


def _expanded(value: Any, document: dict[str, Any]) -> Any:
    """A value with the short names of pointers written out."""
    if (array := as_array(value)) is not None:
        return [_expanded(inner, document) for inner in array]
    if (mapping := as_object(value)) is not None:
        return {key: _expanded(inner, document) for key, inner in mapping.items()}
    if not isinstance(value, str) or not value.startswith("@"):
        return value
    method, path = _operation(document)
    operation = pointer("paths", path, method)
    schema = pointer("content", "application/json", "schema")
    short = {
        "@path": pointer("paths", path),
        "@op": operation,
        "@body": f"{operation}/requestBody{schema}",
        "@answer": f"{operation}/responses/200{schema}",
    }
    name, slash, rest = value.partition("/")
    return short[name] + slash + rest


def _edited(document: dict[str, Any], edits: list[dict[str, Any]]) -> dict[str, Any]:
    document = copy.deepcopy(document)
    for edit in edits:
        (verb, at), *others = edit.items()
        _VERBS[verb](document, at, *(value for _, value in others))
    return document


def _split(at: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in at.split("/")[1:]]


def _holder(document: Any, at: str, *, make: bool = False) -> tuple[Any, Any]:
    """The object or array that holds a place, and its key there; `-` is one past the end of an array."""
    *parents, last = _split(at)
    for part in parents:
        array, mapping = as_array(document), as_object(document)
        if mapping is not None and make:
            mapping.setdefault(part, {})
        document = document[part] if array is None else array[int(part)]
    array = as_array(document)
    if array is None:
        return document, last
    return array, len(array) if last == "-" else int(last)


def _set(document: Any, at: str, to: Any) -> None:
    holder, key = _holder(document, at, make=True)
    array = as_array(holder)
    if array is not None and key == len(array):
        array.append(copy.deepcopy(to))
    else:
        holder[key] = copy.deepcopy(to)


def _remove(document: Any, at: str) -> None:
    holder, key = _holder(document, at)
    del holder[key]


def _rename(document: Any, at: str, to: str) -> None:
    holder, key = _holder(document, at)
    renamed = {to if name == key else name: value for name, value in holder.items()}
    holder.clear()
    holder.update(renamed)


def _move(document: Any, at: str, to: str) -> None:
    holder, key = _holder(document, at)
    value = holder.pop(key)
    _set(document, to, value)


def _reorder(document: Any, at: str) -> None:
    holder, key = _holder(document, at)
    mapping = as_object(holder[key])
    holder[key] = holder[key][::-1] if mapping is None else dict(reversed(mapping.items()))


def _wrap(document: Any, at: str, keyword: str) -> None:
    holder, key = _holder(document, at)
    holder[key] = {keyword: [holder[key]]}


def _component(document: Any, at: str, name: str) -> None:
    """Move a schema among the components, and refer to it."""
    holder, key = _holder(document, at)
    value, holder[key] = holder[key], {"$ref": f"#/components/schemas/{name}"}
    _set(document, f"/components/schemas/{name}", value)


_VERBS: dict[str, Callable[..., None]] = {
    "set": _set,
    "remove": _remove,
    "rename": _rename,
    "move": _move,
    "reorder": _reorder,
    "wrap": _wrap,
    "component": _component,
}
