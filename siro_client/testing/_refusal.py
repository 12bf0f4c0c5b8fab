"""How a request is refused: with a status, and a body in one of the two shapes that Siro documents."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict


class Issue(TypedDict):
    """One issue of a ZodError."""

    code: str
    path: list[str | int]
    message: str
    expected: NotRequired[str]
    received: NotRequired[str]


class Refusal(Exception):  # noqa: N818 - it is an answer, no error of the server's
    """Ends a request; what the transaction did so far is rolled back."""

    def __init__(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers


def error(status: int, message: str, headers: Mapping[str, str] | None = None) -> Refusal:
    """Refuse with `{"error": message}`. A message never quotes a header, since a token may stand there."""
    return Refusal(status, {"error": message}, headers)


def invalid(issues: Sequence[Issue]) -> Refusal:
    """Refuse with 422 and a ZodError."""
    return Refusal(422, {"issues": issues, "name": "ZodError"})
