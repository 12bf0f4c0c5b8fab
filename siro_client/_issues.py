"""What the body of an error says: the issues of a ZodError, or a text."""

from dataclasses import dataclass

from siro_client._json import Json


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of a ZodError: what is wrong with a property of the request."""

    path: tuple[str | int, ...]
    """Where in the body of the request."""
    message: str
    """What is wrong, in Siro's words."""
    code: str
    """The kind of issue, such as `invalid_type`; empty if Siro does not say."""

    def __str__(self) -> str:
        return f"{'.'.join(str(part) for part in self.path) or 'body'}: {self.message}"


def issues_of(body: Json) -> tuple[Issue, ...]:
    """The issues of a ZodError; empty for another body."""
    match body:
        case {"issues": [*issues]}:
            return tuple(_issue(issue) for issue in issues)
        case _:
            return ()


def _issue(issue: Json) -> Issue:
    match issue:
        case {"path": [*path], "message": str(message), **others}:
            code = others.get("code")
            places = tuple(part if isinstance(part, int) else str(part) for part in path)
            return Issue(places, one_line(message), code if isinstance(code, str) else "")
        case _:
            return Issue((), one_line(str(issue)), "")


def explain(body: Json) -> str:
    """What is wrong, in one line."""
    if issues := issues_of(body):
        return "; ".join(str(issue) for issue in issues)
    match body:
        case {"error": str(text)} | {"message": str(text)} | str(text) if text.strip():
            return one_line(text)
        case _:
            return "the body says nothing that is documented; see .content"


def one_line(text: str) -> str:
    """The beginning of a text without line breaks."""
    return " ".join(text.split())[:200]
