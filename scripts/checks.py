"""What is checked of one value: the code for each keyword of a schema that needs no other schema."""

import json
from typing import Any, NamedTuple, TypeAlias

from scripts.layout import StepError

_ANNOTATIONS = {"default", "deprecated", "description", "example", "externalDocs", "title"}
_CHECKED = {
    *("type", "nullable", "enum", "format", "required", "properties", "additionalProperties", "items"),
    *("allOf", "anyOf", "oneOf", "not"),
}
_TYPES = {
    "string": ("not isinstance({}, str)", "must be a string"),
    "number": ("not is_number({})", "must be a number"),
    "integer": ("not is_integer({})", "must be an integer"),
    "boolean": ("not isinstance({}, bool)", "must be true or false"),
    "object": ("not isinstance({}, dict)", "must be an object"),
    "array": ("not isinstance({}, list)", "must be an array"),
}
SCALARS = _TYPES.keys() - {"object", "array"}
_FORMATS = {"date-time": ("not is_date_time({})", "must be a date-time with an offset (RFC 3339)")}
_BOUNDS = {
    "minLength": ("string", "len({}) < {}", "must be of {} characters or more"),
    "maxLength": ("string", "len({}) > {}", "must be of {} characters or fewer"),
    "minItems": ("array", "len({}) < {}", "must be of {} items or more"),
    "maxItems": ("array", "len({}) > {}", "must be of {} items or fewer"),
    "minProperties": ("object", "len({}) < {}", "must be of {} properties or more"),
    "maxProperties": ("object", "len({}) > {}", "must be of {} properties or fewer"),
    "minimum": ("number", "{} < {}", "must be {} or more"),
    "maximum": ("number", "{} > {}", "must be {} or less"),
}
_SIZES = {"minLength", "minItems", "minProperties"}

Schema: TypeAlias = dict[str, Any]


class Site(NamedTuple):
    """Where in the code a value is checked."""

    value: str
    """The variable that holds it."""
    path: tuple[str, ...]
    """The way to it, each part as code."""
    opened: bool
    """Whether enums are open, as in a response."""
    within: str
    """What in the document its schema belongs to."""

    def at(self) -> str:
        """Its path, as code."""
        return f"({', '.join(self.path)})" if self.path[1:] else "at"

    def inner(self, part: str) -> "Site":
        """A value in this one."""
        return self._replace(value=f"value_{len(self.path)}", path=(*self.path, part))

    def fail(self, broken: str, rule: str) -> list[str]:
        """The code that raises if a test holds."""
        return [f"if {broken}:", f"    raise wrong({self.value}, {rule!r}, {', '.join(self.path)})"]


def typed(schema: Schema, site: Site) -> list[str]:
    """The type and the enum."""
    kind, options = schema.get("type"), None if site.opened else schema.get("enum")
    lines = site.fail(_TYPES[kind][0].format(site.value), _TYPES[kind][1]) if kind else []
    if options is None:
        return lines
    if any(isinstance(option, (dict, list)) for option in options):
        raise StepError(f"an enum of {site.within} has an object or an array: teach {__name__}")
    codes = ", ".join(dict.fromkeys(map(repr, options)))
    rule = f"must be one of {', '.join(map(_word, options))}"
    if not all(isinstance(option, str) for option in options):
        return lines + site.fail(f"not is_one_of({site.value}, {codes})", rule)
    text = site.fail(f"not isinstance({site.value}, str) or {site.value} not in {{{codes}}}", rule)
    return text if kind == "string" else lines + text


def bounded(schema: Schema, site: Site) -> list[str]:
    """The format and the bounds, of what they apply to."""
    lines: list[str] = []
    if form := schema.get("format"):
        if form not in _FORMATS:
            raise StepError(f"{site.within} has the format {form!r}: teach {__name__}")
        lines += guarded(schema, "string", site, site.fail(_FORMATS[form][0].format(site.value), _FORMATS[form][1]))
    for keyword, (kind, broken, rule) in _BOUNDS.items():
        if keyword in schema:
            bound = repr(schema[keyword])
            told = "must not be empty" if bound == "1" and keyword in _SIZES else rule.format(bound)
            lines += guarded(schema, kind, site, site.fail(broken.format(site.value, bound), told))
    return lines


def guarded(schema: Schema, kind: str, site: Site, lines: list[str]) -> list[str]:
    """Checks that are for values of one type only."""
    declared = schema.get("type")
    if not lines or declared:
        return lines if (declared or "").replace("integer", "number") == kind else []
    return [f"if {_TYPES[kind][0].format(site.value).removeprefix('not ')}:", *indented(lines)]


def forbidden(schema: Schema) -> str | None:
    """The name of the property that `not` forbids to an object, if that is all that it does."""
    match schema:
        case {"type": "object", "not": {"required": [str(name)], **others}} if not others:
            return name
        case _:
            return None


def allows_all(schema: Schema) -> bool:
    """Whether nothing is said of a value."""
    return not schema.keys() - _ANNOTATIONS - {"nullable"}


def _word(option: str | float | None) -> str:
    return option if isinstance(option, str) and option.isidentifier() else json.dumps(option)


def stop_at_unknown(schema: Schema, within: str) -> None:
    """Let no rule of the document be skipped.

    Raises:
        StepError: if a schema has a keyword that is not known here.
    """
    # OpenAPI 3.0 ignores what stands beside a $ref; an author who wrote something there meant it.
    known = _ANNOTATIONS | ({"$ref"} if "$ref" in schema else _CHECKED | _BOUNDS.keys())
    for keyword in sorted(schema.keys() - known):
        if not keyword.startswith("x-"):
            beside = " beside a $ref" if "$ref" in schema else ""
            raise StepError(f"{within} has the keyword {keyword!r}{beside}: teach {__name__}")


def indented(lines: list[str]) -> list[str]:
    """The lines of a block."""
    return [f"    {line}" for line in lines]
