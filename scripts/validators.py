"""Write siro_openapi/validators.py: a function for each operation that checks the body it sends, or the one it gets.

The code is plain Python without a JSON Schema library. What fastjsonschema writes would not do: it imports
fastjsonschema and has no types, its paths fall apart at a name with a dot, and its unions do not say what is wrong.
Whatever a schema holds that is not known here stops the build, so that no rule of the document is skipped.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Any

from scripts import bodies
from scripts.checks import (
    SCALARS,
    Schema,
    Site,
    allows_all,
    bounded,
    forbidden,
    guarded,
    indented,
    stop_at_unknown,
    typed,
)
from scripts.layout import ROOT

_SHARED = ROOT / "scripts" / "validation.py"


def text(document: dict[str, Any]) -> str:
    """The module that checks the bodies of a document.

    Raises:
        StepError: if a schema holds what is not known here, is made of itself, or requires what goes the other way.
    """
    bodies.stop_at_endless(document)
    bodies.stop_at_one_way(document)
    writer = _Writer(document)
    tables = [
        *_table("REQUESTS", {name: writer.request(name, schema) for name, schema in bodies.requests(document).items()}),
        *_table(
            "RESPONSES", {name: writer.response(name, schema) for name, schema in bodies.responses(document).items()}
        ),
    ]
    exported = '__all__ = ["REQUESTS", "RESPONSES", "ValidationError"]'
    return "\n".join([_SHARED.read_text("utf-8"), *writer.functions(), *tables, exported, ""])


def _table(name: str, functions: dict[str, str]) -> list[str]:
    rows = (f"    {operation!r}: {function}," for operation, function in functions.items())
    return [f"{name}: Table = {{", *rows, "}"]


class _Writer:
    """Writes functions, each once."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._components = document.get("components", {}).get("schemas", {})
        self._names: dict[tuple[str, bool], str] = {}
        self._bodies: dict[str, list[str]] = {}

    def functions(self) -> Iterator[str]:
        """The code of the functions."""
        for name, body in self._bodies.items():
            yield "\n".join([f"def {name}(value: Any, at: Path = ()) -> None:", *indented(body or ["pass"]), ""])

    def request(self, operation: str, schema: Schema) -> str:
        """Return the name of the function that checks what an operation sends."""
        return self._function(schema, f"{operation} request", opened=False)

    def response(self, operation: str, schema: Schema) -> str:
        """Return the name of the function that checks what an operation gets."""
        return self._function(schema, f"{operation} response", opened=True)

    def _function(self, schema: Schema, name: str, *, opened: bool) -> str:
        if "$ref" not in schema:
            return self._write(schema, name, self._free(name), opened=opened)
        stop_at_unknown(schema, name)
        name = bodies.component(schema["$ref"])
        opened = opened and bodies.holds_enum(self._document, schema)
        if (name, opened) not in self._names:  # taken before it is written, since it may refer to itself
            self._names[name, opened] = self._free(f"{name}_open" if opened else name)
            self._write(self._components[name], name, self._names[name, opened], opened=opened)
        return self._names[name, opened]

    def _free(self, name: str) -> str:
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
        wanted = "_check_" + re.sub(r"[^a-z0-9]+", "_", words.lower())
        numbers = itertools.count(2)
        free = wanted
        while free in self._bodies:
            free = f"{wanted}_{next(numbers)}"
        self._bodies[free] = []
        return free

    def _write(self, schema: Schema, within: str, function: str, *, opened: bool) -> str:
        self._bodies[function] = self._checks(schema, Site("value", ("*at",), opened, within))
        return function

    def _checks(self, schema: Schema, site: Site) -> list[str]:
        if "$ref" in schema:
            return self._referred(schema, site)
        stop_at_unknown(schema, site.within)
        lines = [*typed(schema, site), *bounded(schema, site)]
        lines += guarded(schema, "object", site, self._members(schema, site))
        lines += guarded(schema, "array", site, self._items(schema, site))
        lines += self._unions(schema, site)
        return [f"if {site.value} is not None:", *indented(lines)] if lines and schema.get("nullable") else lines

    def _referred(self, schema: Schema, site: Site) -> list[str]:
        stop_at_unknown(schema, site.within)
        name = bodies.component(schema["$ref"])
        target = self._components[name]
        plain = target.get("type") in SCALARS and not any(bodies.parts(target))
        if plain and (site.opened or "enum" not in target):
            return self._checks(target, site._replace(within=name))
        return [f"{self._function(schema, name, opened=site.opened)}({site.value}, {site.at()})"]

    def _members(self, schema: Schema, site: Site) -> list[str]:
        required = schema.get("required", [])
        lines: list[str] = []
        if (name := forbidden(schema)) is not None:
            error = f"wrong({site.value}[{name!r}], LEFT_OUT, {', '.join(site.inner(repr(name)).path)})"
            lines += [f"if {name!r} in {site.value}:", f"    raise {error}"]
        for name in required:
            path = ", ".join(site.inner(repr(name)).path)
            lines += [f"if {name!r} not in {site.value}:", f"    raise ValidationError(({path}), REQUIRED)"]
        for name, member in schema.get("properties", {}).items():
            inner = site.inner(repr(name))
            checks, found = self._checks(member, inner), f"{inner.value} = {site.value}[{name!r}]"
            if checks and name in required:
                lines += [found, *checks]
            elif checks:
                lines += [f"if {name!r} in {site.value}:", *indented([found, *checks])]
        return lines + self._others(schema, site)

    def _others(self, schema: Schema, site: Site) -> list[str]:
        """Properties that are not listed."""
        name, others = f"name_{len(site.path)}", schema.get("additionalProperties", True)
        inner = site.inner(name)
        if others is False:
            checks = [f"raise wrong({inner.value}, 'is unknown and must be left out', {', '.join(inner.path)})"]
        else:
            checks = [] if others is True else self._checks(others, inner)
        if checks and (listed := schema.get("properties")):
            checks = [f"if {name} not in {{{', '.join(map(repr, listed))}}}:", *indented(checks)]
        return [f"for {name}, {inner.value} in {site.value}.items():", *indented(checks)] if checks else []

    def _items(self, schema: Schema, site: Site) -> list[str]:
        inner = site.inner(f"index_{len(site.path)}")
        checks = self._checks(schema["items"], inner) if "items" in schema else []
        loop = f"for {inner.path[-1]}, {inner.value} in enumerate({site.value}):"
        return [loop, *indented(checks)] if checks else []

    def _unions(self, schema: Schema, site: Site) -> list[str]:
        lines = [line for part in schema.get("allOf", ()) for line in self._checks(part, site)]
        for keyword in ("anyOf", "oneOf"):
            variants = schema.get(keyword, [])
            # An open enum may let a second variant fit, which is no fault of the body.
            loose = keyword == "anyOf" or (site.opened and bodies.holds_enum(self._document, {keyword: variants}))
            if not variants or (loose and any(allows_all(variant) for variant in variants)):
                continue
            functions = [self._function(variant, f"{site.within}_variant", opened=site.opened) for variant in variants]
            lines += [f"{'any_of' if loose else 'one_of'}({site.value}, {site.at()}, {', '.join(functions)})"]
        if "not" in schema and forbidden(schema) is None:
            # Closed: what an open enum excludes would be more than the document does.
            excluded = self._function(schema["not"], f"{site.within}_excluded", opened=False)
            what = bodies.component(schema["not"]["$ref"]) if "$ref" in schema["not"] else "what the document excludes"
            lines += [f"none_of({site.value}, {site.at()}, {excluded}, {f'must not be {what}'!r})"]
        return lines
