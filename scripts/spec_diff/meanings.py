"""What a change means, in one sentence for a user of the client."""

import json

from scripts.layout import shown
from scripts.spec_diff.change import Direction, Kind, Missing, Value
from scripts.spec_diff.document import plain
from scripts.spec_diff.found import Found, Steps
from scripts.spec_diff.json_schema import FORMATS, RANGES

_BOUNDS = {
    "minimum": "must be {} or more",
    "maximum": "must be {} or less",
    "exclusiveMinimum": "must be more than its minimum: {}",
    "exclusiveMaximum": "must be less than its maximum: {}",
    "minLength": "must have {} characters or more",
    "maxLength": "must have {} characters or fewer",
    "minItems": "must have {} items or more",
    "maxItems": "must have {} items or fewer",
    "minProperties": "must have {} properties or more",
    "maxProperties": "must have {} properties or fewer",
}
_RULES = {
    Kind.TYPE_CHANGED: "is of type {}",
    Kind.FORMAT_CHANGED: "has the format {}",
    Kind.PATTERN_CHANGED: "must match {}",
    Kind.MULTIPLE_OF_CHANGED: "must be a multiple of {}",
    Kind.ITEMS_CHANGED: "has items that must fit {}",
    Kind.NOT_CHANGED: "must not fit {}",
    Kind.UNION_CHANGED: "must fit a union, {}",
    Kind.ENUM_ADDED: "must be one of {}",
    Kind.ENUM_REMOVED: "must be one of {}",
}
_FLAGS = {
    Kind.NULLABLE_CHANGED: ("may be null", "may not be null any more"),
    Kind.UNIQUE_ITEMS_CHANGED: ("must have no item twice", "may have an item twice"),
    Kind.READ_ONLY_CHANGED: ("is not for requests any more (readOnly)", "may be sent in requests (no longer readOnly)"),
    Kind.WRITE_ONLY_CHANGED: ("is not in responses any more (writeOnly)", "may be in responses (no longer writeOnly)"),
    Kind.DEPRECATED_CHANGED: ("is deprecated, and may go one day", "is not deprecated any more"),
    Kind.BODY_REQUIRED_CHANGED: ("must be sent", "may be left out"),
    Kind.PARAMETER_REQUIRED_CHANGED: ("must be sent", "may be left out"),
    Kind.HEADER_REQUIRED_CHANGED: ("is always there", "may be left out"),
}
_NAMED = {
    Kind.OPERATION_ADDED: "is new: {new}; the client has no function for it until its page is added",
    Kind.OPERATION_REMOVED: "is gone: {old}; calls of it will fail",
    Kind.OPERATION_MOVED: "is {new} now, and was {old}; the client must be generated anew to reach it",
    Kind.OPERATION_ID_CHANGED: "has the operationId {new}, and had {old}; nothing that is sent changes",
    Kind.PARAMETER_ADDED: "is new",
    Kind.PARAMETER_REMOVED: "is gone; callers who send it may be refused or ignored",
    Kind.PARAMETER_RENAMED: "is called {new}, and was called {old}; only the name of the argument can change",
    Kind.PARAMETER_STYLE_CHANGED: "is written in another way: {new}, where it was {old}",
    Kind.BODY_ADDED: "is new",
    Kind.BODY_REMOVED: "is gone; what callers send is refused or ignored",
    Kind.MEDIA_TYPE_ADDED: "may be {new} too",
    Kind.MEDIA_TYPE_REMOVED: "may not be {old} any more",
    Kind.STATUS_ADDED: "may be of status {new}",
    Kind.STATUS_REMOVED: "is not said to be of status {old} any more",
    Kind.HEADER_ADDED: "is new; readers who do not know it lose nothing",
    Kind.HEADER_REMOVED: "is not promised any more",
    Kind.ADDITIONAL_PROPERTIES_CHANGED: "{others}",
    Kind.BRANCH_ADDED: "has one more branch in a union: {new}",
    Kind.BRANCH_REMOVED: "has one branch less in a union: {old}",
    Kind.ENUM_VALUE_ADDED: "may be {new} too",
    Kind.ENUM_VALUE_REMOVED: "may not be {old} any more",
    Kind.REQUIRED_ADDED: "must have {new}",
    Kind.REQUIRED_REMOVED: "need not have {old} any more",
    Kind.DISCRIMINATOR_CHANGED: "tells its branches apart in another way; look at what the page says",
    Kind.SERVER_CHANGED: "is at {new}, and was at {old}: that is where requests and tokens would go",
    Kind.SERVER_ADDED: "may be reached at {new}, too",
    Kind.SERVER_REMOVED: "is not at {old} any more",
    Kind.SECURITY_ADDED: "may be authenticated by {new}",
    Kind.SECURITY_REMOVED: "may not be authenticated by {old} any more",
    Kind.SECURITY_SCHEME_CHANGED: "authenticates in another way: {new}, where it was {old}",
    Kind.PROSE_CHANGED: "reads otherwise; look at whether the new words are a rule",
    Kind.EXAMPLE_CHANGED: "has another example; nothing that is sent changes",
    Kind.OTHER_CHANGED: "says something else that this project does not interpret; look at it",
}


def sentence(found: Found, direction: Direction, noun: str, *, breaks: bool, unsure: bool) -> str:
    """What a change means.

    Args:
        found: The change.
        direction: Which way it travels.
        noun: What its schema is the schema of.
        breaks: Whether it breaks somebody.
        unsure: Whether no body was found that shows a break, and none is proven not to be there.
    """
    ending = _ending(found, direction, breaks=breaks)
    if unsure:
        ending = "; no body was found that shows whether this breaks anything, so a person should look"
    text = f"{_subject(found, noun)} {_said(found)}{ending}"
    return f"{text[0].upper()}{text[1:]}."


def path(steps: Steps) -> str:
    """The way to a value, as people write it: `account.addresses[].zip`."""
    words = {"items": "[]", "additionalProperties": ".*"}
    text = "".join(words.get(step.keyword, f".{step.name}" if step.keyword == "properties" else "") for step in steps)
    return text.removeprefix(".")


def _subject(found: Found, noun: str) -> str:
    if found.kind in (Kind.PROPERTY_ADDED, Kind.PROPERTY_REMOVED):
        where = path(found.steps)
        inner = f"{where}.{found.node.place[-1]}" if where else str(found.node.place[-1])
        return f"{_quoted(inner)} in {noun}"
    hiding = found.kind in (Kind.READ_ONLY_CHANGED, Kind.WRITE_ONLY_CHANGED)
    inner = ".".join(filter(None, [path(found.steps), str(found.node.place[-2]) if hiding else ""]))
    return f"{_quoted(inner)} in {noun}" if inner else noun


def _said(found: Found) -> str:
    kind, old, new, keyword = found.kind, found.old, found.new, str(found.node.place[-1])
    match kind:
        case Kind.PROPERTY_ADDED if not isinstance(old, Missing):
            said = "is said outside of the branches of allOf now"
        case Kind.PROPERTY_REMOVED if not isinstance(new, Missing):
            said = "is said in a branch of allOf now"
        case Kind.PROPERTY_ADDED | Kind.PROPERTY_REMOVED:
            said = "is new" if kind is Kind.PROPERTY_ADDED else "is gone"
        case Kind.DEFAULT_CHANGED:
            said = f"is taken for {_value(new)} when it is left out, and was taken for {_value(old)}"
        case Kind.MEDIA_TYPE_REMOVED if not isinstance(new, Missing):
            said = f"may be {_value(old)} as one of {_value(new)}"
        case Kind.BOUND_CHANGED if keyword.startswith("exclusive") and not isinstance(found.node.value, bool):
            said = f"has a bound that OpenAPI 3.0 does not know, {keyword}: {_value(found.node.value)}"
        case Kind.BOUND_CHANGED:
            said = _ruled(_BOUNDS.get(keyword, "{}"), old, new)
        case _ if kind in _FLAGS:
            said = _FLAGS[kind][new is not True]
        case _ if kind in _RULES:
            said = _ruled(_RULES[kind], old, new)
        case _:
            said = _NAMED[kind].format(old=_value(old), new=_value(new), others=_others(new))
    return said


def _ruled(rule: str, old: Value, new: Value) -> str:
    if isinstance(new, Missing):
        return f"is free of a rule: that it {rule.format(_value(old))}"
    return rule.format(_value(new)) + (" now" if isinstance(old, Missing) else f" now, where it was {_value(old)}")


def _others(new: Value) -> str:
    if new is False:
        return "takes no property that is not listed any more"
    return "takes properties that are not listed" + ("" if isinstance(new, Missing) else f" if they fit {_value(new)}")


def _ending(found: Found, direction: Direction, *, breaks: bool) -> str:
    request = direction is Direction.REQUEST
    schema = direction in (Direction.REQUEST, Direction.RESPONSE)
    if schema and (special := _special(found, request=request, breaks=breaks)):
        return special
    if found.kind in _ENDS_ITSELF:
        return ""
    if schema and found.effect is not None:
        return _consequence(request=request, breaks=breaks)
    if breaks:
        response = direction is Direction.RESPONSE
        return "; readers who follow the old page do not expect it" if response else _refused()
    return "; who follows the old page need do nothing"


def _special(found: Found, *, request: bool, breaks: bool) -> str:
    """What there is to say of one kind of change only."""
    told = ""
    match found.kind:
        case Kind.PROPERTY_REMOVED if not breaks and isinstance(found.new, Missing):
            sent = "who goes on sending it is not refused, but silently ignored"
            told = f"; {sent if request else 'readers who read it when it is there will not find it'}"
        case Kind.PROPERTY_ADDED if request and not breaks and isinstance(found.old, Missing):
            told = "; callers who do not send it need do nothing"
        case Kind.ENUM_VALUE_ADDED if not request:
            told = "; this client keeps a value that it does not know (`is_known` is false), other readers may fail"
        case Kind.FORMAT_CHANGED if _unknown(found.new):
            told = "; no validator knows this format, so a person should look at what it excludes"
        case Kind.MEDIA_TYPE_REMOVED if not request:
            told = "; who asks for it with Accept does not get it"
        case Kind.REQUIRED_REMOVED if not request:
            told = "; readers who rely on it fail on a response without it"
        case _:
            pass
    return told


_ENDS_ITSELF = frozenset(
    kind for kind, words in _NAMED.items() if ";" in words or ":" in words or kind is Kind.STATUS_REMOVED
) | {Kind.DEPRECATED_CHANGED, Kind.DEFAULT_CHANGED, Kind.SECURITY_ADDED}


def _consequence(*, request: bool, breaks: bool) -> str:
    if request:
        return _refused() if breaks else "; requests that were valid stay valid"
    if breaks:
        return "; a response may be what it could not be before, and readers who rely on that fail"
    return "; responses stay within what they could be before"


def _refused() -> str:
    return "; requests that were valid before may be refused"


def _unknown(form: Value) -> bool:
    return isinstance(form, str) and form not in {*FORMATS, *RANGES, "byte"}


def _quoted(text: str) -> str:
    return shown(text) if not text.isprintable() else f"'{shown(text)}'"


def _value(value: Value) -> str:
    return "nothing" if isinstance(value, Missing) else shown(json.dumps(plain(value), ensure_ascii=False, default=str))
