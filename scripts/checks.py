"""What is checked of one value: the code for each keyword of a schema that needs no other schema."""

import json
from typing import Any, NamedTuple, TypeAlias

from scripts import patterns
from scripts.layout import StepError

_ANNOTATIONS = {
    *("default", "deprecated", "description", "example", "externalDocs", "title"),
    *("discriminator", "readOnly", "writeOnly", "xml"),
}
_CHECKED = {
    *("type", "nullable", "enum", "format", "required", "properties", "additionalProperties", "items"),
    *("allOf", "anyOf", "oneOf", "not", "pattern", "multipleOf", "uniqueItems", "exclusiveMinimum", "exclusiveMaximum"),
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
# An unknown format is an annotation. Of those that validators disagree about, only what none of them lets through is
# refused; Siro decides the rest.
_FORMATS = {
    "date-time": ("string", "not is_date_time({})", "must be a date-time with an offset (RFC 3339)"),
    "date": ("string", "not is_date({})", "must be a date (RFC 3339)"),
    "int32": ("number", "not -0x80000000 <= {} <= 0x7FFFFFFF", "must fit in 32 bits"),
    "int64": ("number", "not -0x8000000000000000 <= {} <= 0x7FFFFFFFFFFFFFFF", "must fit in 64 bits"),
}
_FORMS = {
    "uuid": (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "must be a UUID"),
    "email": (r"[\s\S]+@[^@\s]+", "must be an e-mail address"),
    "uri": (r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]*", "must be a URI with a scheme"),
    "hostname": (r"[^\s/:@_]{1,253}", "must be a host name"),
    "ipv4": (r"((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?!\Z)|\Z)){4}", "must be an IPv4 address"),
    "byte": (r"[a-z0-9+/_-]*={0,2}", "must be base64"),
}
_BOUNDS = {
    "minLength": ("string", "len({}) < {}", "must be of {} characters or more"),
    "maxLength": ("string", "len({}) > {}", "must be of {} characters or fewer"),
    "minItems": ("array", "len({}) < {}", "must be of {} items or more"),
    "maxItems": ("array", "len({}) > {}", "must be of {} items or fewer"),
    "minProperties": ("object", "len({}) < {}", "must be of {} properties or more"),
    "maxProperties": ("object", "len({}) > {}", "must be of {} properties or fewer"),
    "minimum": ("number", "{} < {}", "must be {} or more"),
    "maximum": ("number", "{} > {}", "must be {} or less"),
    "multipleOf": ("number", "not is_multiple({}, {})", "must be a multiple of {}"),
}
_EXCLUSIVE = {
    "minimum": ("exclusiveMinimum", "{} <= {}", "must be more than {}"),
    "maximum": ("exclusiveMaximum", "{} >= {}", "must be less than {}"),
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
    codes = ", ".join(dict.fromkeys(map(repr, options)))
    rule = f"must be one of {', '.join(map(_word, options))}"
    if not all(isinstance(option, str) for option in options):
        return lines + site.fail(f"not is_one_of({site.value}, {codes})", rule)
    text = site.fail(f"not isinstance({site.value}, str) or {site.value} not in {{{codes}}}", rule)
    return text if kind == "string" else lines + text


def bounded(schema: Schema, site: Site) -> list[str]:
    """The format, the pattern and the bounds, of what they apply to."""
    lines: list[str] = []
    if (form := schema.get("format")) in _FORMS:
        form, rule = _FORMS[form]
        unlike = f"re.fullmatch({form!r}, {site.value}, re.ASCII | re.IGNORECASE) is None"
        lines += guarded(schema, "string", site, site.fail(unlike, rule))
    elif form in _FORMATS:
        kind, broken, rule = _FORMATS[form]
        lines += guarded(schema, kind, site, site.fail(broken.format(site.value), rule))
    if "pattern" in schema:
        lines += guarded(schema, "string", site, _patterned(schema["pattern"], site))
    for keyword, (kind, broken, rule) in _BOUNDS.items():
        if keyword in schema:
            flag, *exclusive = _EXCLUSIVE.get(keyword, ("", broken, rule))
            test, told = exclusive if schema.get(flag) is True else (broken, rule)
            bound = repr(schema[keyword])
            said = "must not be empty" if bound == "1" and keyword in _SIZES else told.format(bound)
            lines += guarded(schema, kind, site, site.fail(test.format(site.value, bound), said))
    if schema.get("uniqueItems"):
        lines += guarded(
            schema, "array", site, site.fail(f"not is_unique({site.value})", "must not hold an item twice")
        )
    return lines


def _patterned(pattern: str, site: Site) -> list[str]:
    translated = patterns.translate(pattern)
    if translated is None:
        return [f"pass  # Left to Siro, since it cannot be checked here, or not in bounded time: pattern {pattern!a}"]
    unmatched = f"re.search({translated!a}, {site.value}, re.ASCII) is None"
    test = f"len({site.value}) <= {patterns.LIMIT} and {unmatched}"
    return site.fail(test, f"must match the pattern {pattern if pattern.isprintable() else ascii(pattern)}")


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


def _word(option: Any) -> str:
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
            if "$ref" in schema:
                raise StepError(
                    f"{within} has the keyword {keyword!r} beside a $ref, where OpenAPI 3.0 ignores it: say with an "
                    "overlay what is meant, `allOf` with the $ref or no keyword"
                )
            raise StepError(f"{within} has the keyword {keyword!r}: teach {__name__}")


def indented(lines: list[str]) -> list[str]:
    """The lines of a block."""
    return [f"    {line}" for line in lines]
