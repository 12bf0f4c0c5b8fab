"""What a call raises.

SiroError
├── MissingTokenError     the operation needs a token that was not given; nothing was sent
├── TransportError        no response came: the host could not be reached, or did not answer in time
├── StatusError           Siro refused the request, or failed: any status but 200
├── InvalidResponseError  a success that the spec does not allow; the request has taken effect
└── LinkError             status 200 with an error in its body: the recording is not linked

An argument that cannot be sent as it is raises ValueError, and nothing is sent.

Every error can be pickled, and holds neither a token nor the request.
"""

import json
from typing import Any, TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | float | bool | None"


class SiroError(Exception):
    """The base of all errors that a call raises."""


class MissingTokenError(SiroError):
    """The operation needs a token that was not given; nothing was sent."""

    def __init__(self, operation: str, token: str, argument: str, variable: str) -> None:
        super().__init__(operation, token, argument, variable)
        self.operation = operation
        """The operation id."""
        self.token = token
        """Which token is missing, in Siro's words."""
        self.argument = argument
        """The argument that takes it."""
        self.variable = variable
        """The environment variable that `from_env` takes it from."""

    def __str__(self) -> str:
        return (
            f"{self.operation} needs the {self.token}: give {self.argument}=..., or set {self.variable} for from_env()"
        )


class TransportError(SiroError):
    """No response came; whether the request took effect is not known. Sending it again is safe."""

    def __init__(self, operation: str, reason: str) -> None:
        super().__init__(operation, reason)
        self.operation = operation
        """The operation id."""
        self.reason = reason
        """What happened, in the words of httpx."""

    def __str__(self) -> str:
        return f"{self.operation}: no response: {self.reason}"


class StatusError(SiroError):
    """Siro refused the request, or failed: any status but 200."""

    def __init__(self, operation: str, status_code: int, content: bytes) -> None:
        super().__init__(operation, status_code, content)
        self.operation = operation
        """The operation id."""
        self.status_code = status_code
        """The status, such as 422 for a body that validation refuses."""
        self.content = content
        """The body of the response, as it came."""

    @property
    def body(self) -> Any:
        """The body as parsed JSON, or as a string where it is none."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return self.content.decode(errors="replace")

    def __str__(self) -> str:
        return f"{self.operation}: status {self.status_code}: {_explain(self.body)}"


class InvalidResponseError(SiroError):
    """A success that the spec does not allow. The request has taken effect, so sending it again will not help."""

    def __init__(self, operation: str, status_code: int, content: bytes, reason: str) -> None:
        super().__init__(operation, status_code, content, reason)
        self.operation = operation
        """The operation id."""
        self.status_code = status_code
        """The status."""
        self.content = content
        """The body of the response, as it came."""
        self.reason = reason
        """What about it is not allowed."""

    def __str__(self) -> str:
        return f"{self.operation}: took effect, and status {self.status_code} came with an invalid body: {self.reason}"


class LinkError(SiroError):
    """Status 200 with an error in its body, which the page of link_recording allows: the recording is not linked."""

    def __init__(self, error: str, details: dict[str, object]) -> None:
        super().__init__(error, details)
        self.error = error
        """What Siro says went wrong."""
        self.details = details
        """What else Siro says about it; empty where it says nothing."""

    def __str__(self) -> str:
        return f"link_recording: the recording is not linked: {self.error}"


def _explain(body: Json) -> str:
    """One line of what a body of the documented shapes says: the issues of a ZodError, an error, a message."""
    match body:
        case {"issues": [*issues]}:
            return "; ".join(_explain_issue(issue) for issue in issues)
        case {"error": str(text)} | {"message": str(text)} | str(text):
            return " ".join(text.split())[:200]
        case _:
            return "the body says nothing that is documented; see .content"


def _explain_issue(issue: Json) -> str:
    match issue:
        case {"path": [*path], "message": str(message)}:
            return f"{'.'.join(str(part) for part in path) or 'body'}: {message}"
        case _:
            return str(issue)
