"""What a call raises.

SiroError
├── MissingTokenError          the operation needs a token that was not given; nothing was sent
├── ClosedError                the client was closed; nothing was sent
├── TransportError             no response came; whether the request took effect is not known
│   ├── SiroConnectionError    the host could not be reached, or the connection broke
│   └── SiroTimeoutError       a timeout, or the deadline of the call, was exceeded
├── StatusError                Siro refused the request, or failed: any status but 2xx
│   ├── RedirectError          3xx: the base URL is wrong; redirects are not followed
│   ├── AuthenticationError    401
│   ├── PermissionDeniedError  403
│   ├── NotFoundError          404
│   ├── ConflictError          409
│   ├── RequestError           400, 413, 415, 422: the request breaks a rule
│   ├── RateLimitError         429
│   └── ServerError            5xx
├── InvalidResponseError       a success that the spec does not allow; the request has taken effect
└── LinkError                  status 200 with an error in its body: the recording is not linked

An argument that cannot be sent as it is raises ValueError, and nothing is sent.

Every error is one line, can be pickled, and holds neither a token nor the request.
"""

from operator import attrgetter
from typing import Any

from siro_client._answer import Answer
from siro_client._issues import Issue, explain, issues_of, one_line


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


class ClosedError(SiroError, RuntimeError):
    """The client was closed; nothing was sent."""

    def __init__(self, operation: str, reason: str = "the client is closed") -> None:
        super().__init__(operation, reason)
        self.operation = operation
        """The operation id."""
        self.reason = reason
        """Why nothing can be sent."""

    def __str__(self) -> str:
        return f"{self.operation}: {self.reason}: make a new one"


class TransportError(SiroError):
    """No response came; whether the request took effect is not known. Sending it again is safe."""

    def __init__(self, operation: str, method: str, url: str, reason: str, attempts: int) -> None:
        super().__init__(operation, method, url, reason, attempts)
        self.operation = operation
        """The operation id."""
        self.method = method
        """The method of the request."""
        self.url = url
        """Without query and fragment."""
        self.reason = reason
        """What happened last."""
        self.attempts = attempts
        """How many requests were sent."""

    def __str__(self) -> str:
        return f"{self.operation}: no response from {self.url} in {_times(self.attempts)}: {self.reason}"


class SiroConnectionError(TransportError):
    """The host could not be reached, or the connection broke before the response was whole."""


class SiroTimeoutError(TransportError):
    """A timeout or the deadline of the call was exceeded, be it while waiting for the rate limit."""


def _of_answer(name: str) -> Any:
    return property(attrgetter(f"answer.{name}"))


class _ResponseError(SiroError):
    """A response came, and is no success that the caller can use."""

    def __init__(self, answer: Answer, reason: str = "") -> None:
        super().__init__(answer, reason)
        self.answer = answer
        """The response, read to its end."""
        self.reason = reason
        """What is wrong, in words."""

    @property
    def advice(self) -> str:
        """The way out; empty where there is none to tell."""
        return next((advice for kind, advice in _ADVICE.items() if isinstance(self, kind)), "")

    operation: str = _of_answer("operation")
    """The operation id."""
    method: str = _of_answer("method")
    """The method of the request."""
    url: str = _of_answer("url")
    """The URL of the request, without query and fragment."""
    status_code: int = _of_answer("status_code")
    """The status of the response."""
    content: bytes = _of_answer("content")
    """The body of the response as it came; of one that was too long, its beginning."""
    body: Any = _of_answer("body")
    """The body as parsed JSON, or as a string where it is none."""
    request_id: str | None = _of_answer("request_id")
    """The id that the server or its gateway gave the request; None if it gave none."""
    attempts: int = _of_answer("attempts")
    """How many requests were sent."""

    def _told(self, what: str) -> str:
        told = [f"{self.operation}: {what}" + (f"; {self.advice}" if self.advice else "")]
        told += [f"(in {_times(self.attempts)})"] if self.attempts > 1 else []
        told += [f"(request id {self.request_id})"] if self.request_id else []
        return " ".join(told)


class StatusError(_ResponseError):
    """Siro refused the request, or failed: any status but 2xx."""

    @property
    def issues(self) -> tuple[Issue, ...]:
        """The issues of a ZodError; empty for another body."""
        return issues_of(self.body)

    def __str__(self) -> str:
        return self._told(f"status {self.status_code}: {self.reason or explain(self.body)}")


class RedirectError(StatusError):
    """3xx. Redirects are not followed, since a token must not go where it does not belong."""

    @property
    def location(self) -> str:
        """Where the response points; empty if it does not say."""
        return self.answer.headers.get("location", "")

    def __str__(self) -> str:
        return self._told(f"status {self.status_code}, which points to {one_line(self.location) or 'nowhere'}")


class AuthenticationError(StatusError):
    """401: the token is missing, wrong or expired."""


class PermissionDeniedError(StatusError):
    """403: the token is valid, and not for this; to link takes a token with the scope `write`."""


class NotFoundError(StatusError):
    """404: Siro knows no such recording or CRM row; or the base URL is wrong."""

    @property
    def advice(self) -> str:
        """The way out, which depends on the operation."""
        return _NOT_FOUND.get(self.operation, "")


class ConflictError(StatusError):
    """409: the request contradicts what Siro has stored."""


class RequestError(StatusError):
    """400, 413, 415 or 422: the request breaks a rule; `issues` says which, if Siro does."""


class RateLimitError(StatusError):
    """429, and the retries did not help: more than Siro's 1,000 requests per token and minute."""

    @property
    def retry_after(self) -> str | None:
        """The header Retry-After as it came, seconds or a date (RFC 9110); None if there is none."""
        return self.answer.headers.get("retry-after")


class ServerError(StatusError):
    """5xx: Siro, or a gateway before it, failed; whether the request took effect is not known."""


class InvalidResponseError(_ResponseError):
    """A success that the spec does not allow. The request has taken effect, so it was not repeated."""

    def __str__(self) -> str:
        return self._told(f"took effect, and status {self.status_code} came with an invalid body: {self.reason}")


class LinkError(_ResponseError):
    """Status 200 with an error in its body, which the page of link_recording allows: the recording is not linked."""

    @property
    def error(self) -> str:
        """What Siro says went wrong."""
        return str(self.body["error"])

    @property
    def details(self) -> dict[str, Any]:
        """What else Siro says about it; empty where it says nothing."""
        return dict(self.body.get("details") or {})

    def __str__(self) -> str:
        return self._told(f"the recording is not linked: {one_line(self.error)}")


_ADVICE: dict[type[SiroError], str] = {
    RedirectError: "redirects are not followed: set the base URL to where the API is",
    AuthenticationError: (
        "the token is not valid (any more): a user token lives 16 hours, an organization token until it is revoked"
    ),
    RateLimitError: "the limit is 1,000 requests per token and minute, over all that use the token",
}
_NOT_FOUND = {
    "sync_engagement": "is integrations_url (SIRO_INTEGRATIONS_URL) where the API is?",
    "link_recording": "is it the recording's id, and was the CRM row synced before?",
    "mint_user_token": "are client_id and user_id those that Siro shows?",
}
_CLASSES: dict[int, type[StatusError]] = {
    **dict.fromkeys((400, 413, 415, 422), RequestError),
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    429: RateLimitError,
}


def status_error(answer: Answer) -> StatusError:
    """Return the error that stands for a response whose status is no success."""
    status = answer.status_code
    by_hundred = {3: RedirectError, 5: ServerError}.get(status // 100, StatusError)
    return _CLASSES.get(status, by_hundred)(answer, answer.problem or "")


def _times(attempts: int) -> str:
    return "1 attempt" if attempts == 1 else f"{attempts} attempts"
