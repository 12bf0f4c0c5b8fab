"""What stands in a documentation page: one OpenAPI 3.0 document of one operation, in a fenced block, and prose.

A page is input from outside. Whatever is not as expected stops with a line that says what was found, where, and what a
person should look at; nothing is guessed. Line numbers are the page's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from scripts import safe_yaml
from scripts.layout import Json, StepError, shown

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# A fenced block of four backticks, labelled with the file it comes from (not on every page), the method and the path.
_OPENING = re.compile(
    rb"^````yaml[ \t]+(?:\S+[ \t]+)?(?P<method>[a-zA-Z]+)[ \t]+(?P<path>/\S*)[ \t]*\r?$", re.MULTILINE
)
_CLOSING = re.compile(rb"^````[ \t]*\r?$", re.MULTILINE)
# The first line of an OpenAPI document, wherever it stands.
_DOCUMENT = re.compile(rb"^[ \t>]*[\"'{]*(?:openapi|swagger)[\"']?[ \t]*:", re.MULTILINE)
_VERSION = re.compile(r"3\.0\.\d+")


@dataclass(frozen=True)
class Page:
    """A documentation page, read."""

    operation: str
    """The operation that it documents, such as `PUT /v1/things/{id}`."""
    spec: bytes
    """Its OpenAPI block, byte for byte."""
    document: dict[str, Any]
    """What the block says."""
    prose: str
    """The page without the block."""


def read_page(content: bytes) -> Page:
    """Read a page of one operation.

    Raises:
        StepError: if it does not hold exactly one OpenAPI 3.0 document of exactly the operation that its block is
            labelled with, or goes beyond a limit of `safe_yaml`.
    """
    _text(content)
    opening = _opening(content)
    closing = _CLOSING.search(content, opening.end())
    if closing is None:
        last = _line(content, len(content.rstrip()))
        raise StepError(
            f"line {_line(content, opening.start())}: the OpenAPI block is not closed when the page ends in line "
            f"{last}: the page is cut off, fetch it again"
        )
    spec = content[opening.end() + 1 : closing.start()]
    prose = content[: opening.start()] + content[closing.end() :]
    _stop_at_stray(content, opening.start(), closing.end())
    document = _document(_text(spec), _line(content, opening.end()) + 1)
    operation = f"{opening['method'].decode().upper()} {opening['path'].decode()}"
    found = [operation for operation, _, _ in operations(document)]
    if found != [operation]:
        raise StepError(
            f"line {_line(content, opening.start())}: the block is labelled {shown(operation)}, and its document has "
            f"{', '.join(map(shown, found)) or 'no operation'} (/paths): ask which of them the page is about"
        )
    return Page(operation, spec, document, _text(prose))


def read_document(content: bytes) -> dict[str, Any]:
    """Read an OpenAPI 3.0 document of YAML or JSON, or the one in a page.

    Raises:
        StepError: if it is none, or goes beyond a limit of `safe_yaml`.
    """
    if _OPENING.search(content):
        return read_page(content).document
    return _document(_text(content), 1)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Each operation of a document: as `PUT /path`, and the path and the method as they stand there."""
    for path, item in document["paths"].items():
        for method in item:
            if method in METHODS:
                yield f"{method.upper()} {path}", path, method


def pointer(*parts: str | int) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _text(content: bytes) -> str:
    if len(content) > safe_yaml.BYTES:
        raise StepError(f"the page has {len(content):,} bytes, and {safe_yaml.BYTES:,} are allowed: look at what it is")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StepError(f"line {_line(content, error.start)}: is no UTF-8: look at how it was fetched") from None


def _opening(content: bytes) -> re.Match[bytes]:
    found = list(_OPENING.finditer(content))
    if len(found) == 1:
        return found[0]
    if found:
        lines = " and ".join(str(_line(content, match.start())) for match in found)
        raise StepError(
            f"the page holds {len(found)} OpenAPI blocks, in lines {lines}, where one is due: look at which is meant"
        )
    if stray := _DOCUMENT.search(content):
        raise StepError(
            f"line {_line(content, stray.start())}: an OpenAPI document that no line ````yaml METHOD PATH opens: look "
            "at whether Siro writes its pages in another form"
        )
    start = content.lstrip().partition(b"\n")[0].decode("utf-8", "replace").strip()
    raise StepError(
        "the page holds 0 OpenAPI blocks (````yaml METHOD PATH), where one is due: it starts with "
        f"{shown(start)!r}; look at whether the URL still leads to it"
    )


def _stop_at_stray(content: bytes, start: int, end: int) -> None:
    for match in _DOCUMENT.finditer(content):
        if not start <= match.start() < end:
            raise StepError(
                f"line {_line(content, match.start())}: a second OpenAPI document, beside the block of line "
                f"{_line(content, start)}: look at which is meant"
            )


def _line(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1


def _document(text: str, first_line: int) -> dict[str, Any]:
    document = _object(safe_yaml.load(text, first_line))
    if document is None:
        raise StepError(f"line {first_line}: is no OpenAPI document, which is a mapping: look at what the page holds")
    version = document.get("openapi", document.get("swagger"))
    if not (isinstance(version, str) and _VERSION.fullmatch(version)):
        found = "no version of OpenAPI" if version is None else f"OpenAPI {shown(version)}"
        raise StepError(
            f"/openapi (line {first_line} on): {found}, and this project reads 3.0.x: look at what the other version "
            "means by nullable, exclusiveMinimum and $ref before you teach scripts/page.py"
        )
    _check_shape(document)
    _check_references(document)
    return document


def _object(value: Any) -> dict[str, Any] | None:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _check_shape(document: dict[str, Any]) -> None:
    """That what the steps after this one rely on is there; whether all of it is valid, `effective` says."""
    _stop_unless_object(document, "info")
    _stop_unless_object(document, "paths")
    for path in document["paths"]:
        _stop_unless_object(document, "paths", path)
    for _, path, method in operations(document):
        _stop_unless_object(document, "paths", path, method)
        _stop_unless_object(document, "paths", path, method, "responses")


def _stop_unless_object(document: dict[str, Any], *parts: str) -> None:
    value: Any = document
    for part in parts:
        value = value.get(part)
    if not isinstance(value, dict):
        raise StepError(
            f"{shown(pointer(*parts))}: is no object, and an OpenAPI document has one there: look at the page"
        )


def _check_references(document: dict[str, Any]) -> None:
    """That every `$ref` stays within the document and leads somewhere: nothing else is ever opened."""
    for at, reference in _references(document, ()):
        if not reference.startswith("#/"):
            raise StepError(
                f"{shown(pointer(*at))}: the $ref {shown(reference)} leads out of the document, and is not "
                "followed: look at whether the page is whole"
            )
        seen: set[str] = set()
        target: Any = {"$ref": reference}
        while isinstance(step := (_object(target) or {}).get("$ref"), str):
            if step in seen:
                raise StepError(
                    f"{shown(pointer(*at))}: the $ref {shown(reference)} leads in a circle: look at the page"
                )
            seen.add(step)
            target = _target(document, step, at)


def _target(document: Any, reference: str, at: tuple[str | int, ...]) -> Any:
    value: Any = document
    for part in reference[2:].split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(name) if type(value) is list else name]
        except (LookupError, TypeError, ValueError):
            raise StepError(
                f"{shown(pointer(*at))}: the $ref {shown(reference)} leads to nothing: look at the page"
            ) from None
    return value


def _references(value: Json, at: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, list):
        for index, part in enumerate(value):
            yield from _references(part, (*at, index))
    elif isinstance(value, dict):
        for name, part in value.items():
            if name == "$ref" and isinstance(part, str):
                yield at, part
            yield from _references(part, (*at, name))
