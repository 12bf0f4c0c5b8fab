"""What `Siro` and `AsyncSiro` have in common: all that is not I/O."""

import ipaddress
import math
import os
import platform
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from http import HTTPStatus
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any, Self, TypeVar

import httpx

from siro_client._answer import Answer, RawResponse
from siro_client._attempt import PROBLEM, Hook, Host, Settings, headers_of
from siro_client._call import EXTENSION, Call, GaveUp
from siro_client._errors import (
    ClosedError,
    InvalidResponseError,
    LinkError,
    MissingTokenError,
    SiroConnectionError,
    SiroError,
    SiroTimeoutError,
)
from siro_client._prepare import INTEGRATIONS, RECORDINGS, Prepared, result
from siro_client._secret import Secret, redacted
from siro_client._tokens import CallableFailed, OAuthApp, Tokens, UserToken
from siro_client._version import __version__

if TYPE_CHECKING:
    from pyrate_limiter import Limiter

T = TypeVar("T")
DEFAULT_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
"""Seconds."""
DEFAULT_DEADLINE = 120.0
"""Seconds for a call, all its attempts and what it waits between them."""
_PRODUCT = re.compile(r"[\x20-\x7e]+")


@dataclass(frozen=True, slots=True)
class Options:
    """What a call is made with."""

    timeout: httpx.Timeout
    deadline: float | None
    max_retries: int


class Unchanged:
    """The type of `UNCHANGED`: an option that stays as it is."""


UNCHANGED = Unchanged()


@dataclass
class Shared:
    """What clients that are made of one another share: tokens, connections, limits, and being closed."""

    tokens: Tokens
    urls: Mapping[Host, str]
    hooks: tuple[Hook | None, Hook | None]
    rate_limit: "Limiter | bool"
    transport: Any
    http_client: Any
    headers: httpx.Headers
    is_closed: bool = False

    def __post_init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: with no connection, no lock that somebody may hold, and a count of requests at zero."""
        self.lock = threading.Lock()
        self.minting = threading.Lock()
        self._settings: dict[Host, Settings] = {}
        self.wires: Any = None
        # Last, since another thread of a forked child that finds it right takes the rest as it is.
        self.pid = os.getpid()

    def settings(self, host: Host) -> Settings:
        """What the attempts at a host have in common; to be called with the lock held."""
        if host not in self._settings:
            limit = None
            # A limiter that was given limits whatever it is; ours is for Siro's own limit.
            given = None if isinstance(self.rate_limit, bool) else self.rate_limit
            if given is not None or (self.rate_limit and not self._is_local(host)):
                from siro_client._limit import RateLimit  # noqa: PLC0415 - costly to import

                limit = RateLimit(host.credential, given)
            self._settings[host] = Settings(host, self.urls[host], limit, *self.hooks)
        return self._settings[host]

    def _is_local(self, host: Host) -> bool:
        return is_loopback(httpx.URL(self.urls[host]).host) or getattr(self.transport, "is_local", False)

    def client_arguments(self) -> dict[str, Any]:
        """What the httpx client is made with."""
        # Kept alive longer than between two calls of a batch; bulk may use more than the 20 that httpx keeps.
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=100, keepalive_expiry=60)
        transport = {} if self.transport is None else {"transport": self.transport}
        return {"limits": limits, "follow_redirects": False, "cookies": _NoCookies(), **transport}


class _NoCookies(CookieJar):
    """Keeps none: no operation has any, and to read a response for them costs more than to read its body."""

    def extract_cookies(self, response: object, request: object) -> None:
        pass


class Facade:
    """The arguments, and what becomes of calls; the base of `Siro` and `AsyncSiro`."""

    def __init__(  # noqa: PLR0913 - each has a default, and a keyword says which it is
        self,
        *,
        organization_token: str | None = None,
        user_token: UserToken | None = None,
        integrations_url: str = INTEGRATIONS.url,
        recordings_url: str = RECORDINGS.url,
        timeout: float | httpx.Timeout | None = None,
        deadline: float | None = DEFAULT_DEADLINE,
        max_retries: int = 3,
        rate_limit: "Limiter | bool" = True,
        allow_http: bool = False,
        product: str | None = None,
        on_request: Hook | None = None,
        on_response: Hook | None = None,
        transport: httpx.BaseTransport | httpx.AsyncBaseTransport | None = None,
        http_client: httpx.Client | httpx.AsyncClient | None = None,
    ) -> None:
        # Before anything can be raised: a traceback may show locals.
        organization = None if organization_token is None else Secret(organization_token)
        user = _source(user_token)
        del organization_token, user_token
        for secret, host in ((organization, INTEGRATIONS), (user, RECORDINGS)):
            if isinstance(secret, Secret):
                secret.checked(host.credential)
        if transport is not None and http_client is not None:
            raise ValueError("transport and http_client exclude each other: give the transport to the client")
        self._options = _options(DEFAULT_TIMEOUT if timeout is None else timeout, deadline, max_retries)
        urls = {INTEGRATIONS: integrations_url, RECORDINGS: recordings_url}
        self._shared = Shared(
            tokens=Tokens(organization, user),
            urls={host: _checked(url, host, allow_http=allow_http) for host, url in urls.items()},
            hooks=(on_request, on_response),
            rate_limit=rate_limit,
            transport=transport,
            http_client=http_client,
            headers=httpx.Headers(
                {
                    "Accept": "application/json",
                    "Accept-Encoding": "identity",
                    "Content-Type": "application/json",
                    "User-Agent": _user_agent(product),
                }
            ),
        )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ, **options: Any) -> Self:
        """Take tokens and base URLs from the environment, and everything else as arguments.

        `SIRO_ORGANIZATION_TOKEN`, `SIRO_USER_TOKEN`, `SIRO_INTEGRATIONS_URL` and `SIRO_RECORDINGS_URL` are what the
        arguments of the same names are; one that is unset or empty is as if the argument were not given. Without a
        user token, `SIRO_CLIENT_ID`, `SIRO_CLIENT_SECRET` and `SIRO_USER_ID` together are an `OAuthApp`.
        """
        try:
            return cls(**{**_arguments(environ), **options})
        except Exception as error:  # noqa: BLE001 - raised again
            failed = error.with_traceback(None)
        del environ, options  # a traceback may show locals
        raise failed

    def with_options(
        self,
        *,
        timeout: float | httpx.Timeout | Unchanged = UNCHANGED,
        deadline: float | Unchanged | None = UNCHANGED,
        max_retries: int | Unchanged = UNCHANGED,
    ) -> Self:
        """Return a client like this one for calls with other options, such as one call.

        It shares connections, tokens and the rate limit with this one, and closing either closes both.
        """
        given = {"timeout": timeout, "deadline": deadline, "max_retries": max_retries}
        changed: dict[str, Any] = {name: value for name, value in given.items() if not isinstance(value, Unchanged)}
        current = self._options
        clone = object.__new__(type(self))
        vars(clone).update(vars(self))
        clone._options = _options(
            changed.get("timeout", current.timeout),
            changed.get("deadline", current.deadline),
            changed.get("max_retries", current.max_retries),
        )
        return clone

    def __repr__(self) -> str:
        if "_shared" not in vars(self):  # its arguments were refused, and a traceback may show locals
            return f"<{type(self).__name__} that was not made>"
        urls, tokens = self._shared.urls, self._shared.tokens
        parts = [f"{host.url_argument}={url!r}" for host, url in urls.items()]
        parts += [f"{host.argument}={'<given>' if tokens.has(host) else None}" for host in urls]
        return f"{type(self).__name__}({', '.join(parts)})"

    def __reduce__(self) -> str:
        raise TypeError(
            f"{type(self).__name__} holds tokens and connections, and is not pickled: make one where it is used"
        )

    def _begin(self, prepared: Prepared[Any], within: Call | None = None) -> Call:
        """Begin a call, `within` the deadline of another one.

        Raises:
            ClosedError, MissingTokenError: nothing can be sent.
        """
        shared, host = self._shared, prepared.host
        if shared.is_closed:
            raise ClosedError(prepared.operation)
        if shared.pid != os.getpid():
            # A forked child has the parent's sockets and locks: it must use neither.
            if shared.http_client is not None:
                raise ClosedError(prepared.operation, "the http_client it was given belongs to the parent process")
            shared.forget()
        if not shared.tokens.has(host):
            raise MissingTokenError(prepared.operation, host.credential, host.argument, host.variable)
        options = self._options
        deadline = None if options.deadline is None else time.monotonic() + options.deadline
        return Call(
            operation=prepared.operation,
            method=prepared.method,
            url=shared.urls[host].rstrip("/") + prepared.path,
            timeout=options.timeout,
            deadline=deadline if within is None else within.deadline,
            max_retries=options.max_retries,
        )

    def _request(self, prepared: Prepared[Any], call: Call, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        from siro_client._retry import retry_of  # noqa: PLC0415 - asyncio comes with it

        shared = self._shared
        extensions = {EXTENSION: call, "retry": retry_of(call)}
        # What a caller's own client adds to requests is added; ours adds nothing.
        make = httpx.Request if shared.http_client is None else client.build_request
        url = _parsed(call.url)
        return make(call.method, url, headers=shared.headers, content=prepared.content, extensions=extensions)

    def _answer(self, call: Call, response: httpx.Response) -> Answer:
        headers = headers_of(response)
        headers.pop("set-cookie", None)
        answer = Answer(
            operation=call.operation,
            method=call.method,
            url=call.url,
            status_code=response.status_code,
            headers=headers,
            content=response.content,
            attempts=call.attempts,
            problem=response.extensions.get(PROBLEM),
        )
        # The body of a success is what was asked for, to the character; an error may go anywhere.
        return self._redacted(answer, body=response.status_code != HTTPStatus.OK)

    def _redacted(self, answer: Answer, *, body: bool = True) -> Answer:
        secrets = self._shared.tokens.secrets
        content = answer.content if body else b""
        if not any(secret.is_in(content, *answer.headers.values()) for secret in secrets):
            return answer
        headers = {name: redacted(value, secrets) for name, value in answer.headers.items()}
        told = redacted(content.decode("latin-1"), secrets).encode("latin-1")
        return replace(answer, headers=headers, content=told if body else answer.content)

    def _result(self, prepared: Prepared[T], answer: Answer) -> RawResponse[T]:
        """What a call returns.

        Raises:
            SiroError: what the response stands for, if it is no success that the spec allows.
        """
        try:
            return result(prepared, answer)
        except (InvalidResponseError, LinkError) as error:
            failed = type(error)(self._redacted(answer), redacted(error.reason, self._shared.tokens.secrets))
        raise failed

    def _failure(self, call: Call, error: Exception) -> Exception:
        """The error that stands for an exception of httpx, for a call that was given up, or for whatever went wrong.

        It is to be raised where that exception is not being handled: the exceptions of httpx hold the request, and with
        it the token, so that they must not become the context of what a caller sees, logs or pickles.
        """
        if isinstance(error, SiroError):
            return error.with_traceback(None)
        if isinstance(error, CallableFailed):
            return error.error
        last = error.last if isinstance(error, GaveUp) else error
        is_late = isinstance(last, (str, httpx.TimeoutException, TimeoutError))
        told = last if isinstance(last, str) else f"{type(last).__name__}: {last}".removesuffix(": ")
        if self._shared.is_closed:
            told = f"the client was closed while the call was under way ({told})"
        reason = redacted(told, self._shared.tokens.secrets)
        kind = SiroTimeoutError if is_late else SiroConnectionError
        return kind(call.operation, call.method, call.url, reason, call.attempts)


@lru_cache(maxsize=1024)
def _parsed(url: str) -> httpx.URL:
    return httpx.URL(url)


def _source(given: Any) -> Any:
    return given if given is None or isinstance(given, OAuthApp) or callable(given) else Secret(given)


def _arguments(environ: Mapping[str, str]) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for host in (INTEGRATIONS, RECORDINGS):
        arguments[host.argument] = environ.get(host.variable) or None
        arguments[host.url_argument] = environ.get(host.url_variable) or host.url
    app = [environ.get(name) for name in ("SIRO_CLIENT_ID", "SIRO_CLIENT_SECRET", "SIRO_USER_ID")]
    if arguments[RECORDINGS.argument] is None and app[0] and app[1] and app[2]:
        arguments[RECORDINGS.argument] = OAuthApp(app[0], app[1], app[2])
    return arguments


def _options(timeout: float | httpx.Timeout, deadline: float | None, max_retries: int) -> Options:
    if deadline is not None and not (deadline > 0 and math.isfinite(deadline)):
        raise ValueError(f"deadline must be a positive number of seconds, or None for none, and is {deadline!r}")
    if max_retries < 0:
        raise ValueError(f"max_retries must be 0 for none or more, and is {max_retries!r}")
    if not isinstance(timeout, httpx.Timeout):
        if not timeout > 0:
            raise ValueError(f"timeout must be a positive number of seconds or an httpx.Timeout, and is {timeout!r}")
        timeout = httpx.Timeout(timeout)
    return Options(timeout, deadline, max_retries)


def _user_agent(product: str | None) -> str:
    if product is not None and not _PRODUCT.fullmatch(product):
        raise ValueError(f"product must be printable ASCII, such as 'acme-sync/2.1', and is {product!r}")
    ours = f"siro-client/{__version__} httpx/{httpx.__version__} Python/{platform.python_version()}"
    return f"{product} {ours}" if product else ours


def _checked(url: str, host: Host, *, allow_http: bool) -> str:
    """Return the URL, if a token may go there: https, or loopback, or the caller says so."""
    parsed, reason = None, ""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError) as error:
        reason = str(error)
    if parsed is None:  # raised here, since what httpx left behind breaks tracebacks with locals
        raise ValueError(f"{host.url_argument} must be a URL, and is {url!r}: {reason}")
    if parsed.query or parsed.fragment or parsed.userinfo:
        raise ValueError(f"{host.url_argument} must be scheme, host and path only")
    if parsed.host and (
        parsed.scheme == "https" or (parsed.scheme == "http" and (allow_http or is_loopback(parsed.host)))
    ):
        return url
    raise ValueError(
        f"{host.url_argument} must be https, since the {host.credential} is sent to it, and is {url!r}; "
        "allow_http=True allows it"
    )


def is_loopback(name: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
