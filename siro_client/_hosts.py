"""Which operation goes to which host with which token, and what is made of a response: all that is not I/O."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import httpx
from siro_openapi import AuthenticatedClient, errors, models
from siro_openapi.types import Response, Unset

from siro_client._errors import (
    InvalidResponseError,
    LinkError,
    MissingTokenError,
    SiroError,
    StatusError,
    TransportError,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Host:
    """One of Siro's two hosts, and the token that belongs to it. The values are those of the two pages."""

    url: str
    url_argument: str
    url_variable: str
    credential: str
    argument: str
    variable: str
    header: str
    prefix: str


RECORDINGS = Host(
    url="https://api.siro.ai",
    url_argument="recordings_url",
    url_variable="SIRO_RECORDINGS_URL",
    credential="user token",
    argument="user_token",
    variable="SIRO_USER_TOKEN",
    header="x-siro-auth-token",
    prefix="",
)
INTEGRATIONS = Host(
    url="https://functions.siro.ai/api-externalApi",
    url_argument="integrations_url",
    url_variable="SIRO_INTEGRATIONS_URL",
    credential="organization token",
    argument="organization_token",
    variable="SIRO_ORGANIZATION_TOKEN",
    header="Authorization",
    prefix="Bearer",
)


class Hosts:
    """The clients of the two hosts, as far as there are tokens for them; the base of `Siro` and `AsyncSiro`."""

    def __init__(  # noqa: PLR0913 - each has a default, and a keyword says which it is
        self,
        *,
        organization_token: str | None = None,
        user_token: str | None = None,
        integrations_url: str = INTEGRATIONS.url,
        recordings_url: str = RECORDINGS.url,
        timeout: httpx.Timeout | None = None,
        transport: httpx.BaseTransport | httpx.AsyncBaseTransport | None = None,
    ) -> None:
        arguments: dict[str, Any] = {} if timeout is None else {"timeout": timeout}
        if transport is not None:
            arguments["httpx_args"] = {"transport": transport}
        self._urls = {INTEGRATIONS: integrations_url, RECORDINGS: recordings_url}
        tokens = {INTEGRATIONS: organization_token, RECORDINGS: user_token}
        self._clients = {
            host: AuthenticatedClient(
                base_url=_checked(self._urls[host], host),
                token=token,
                prefix=host.prefix,
                auth_header_name=host.header,
                **arguments,
            )
            for host, token in tokens.items()
            if token
        }

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Take tokens and base URLs from the environment.

        `SIRO_ORGANIZATION_TOKEN`, `SIRO_USER_TOKEN`, `SIRO_INTEGRATIONS_URL` and `SIRO_RECORDINGS_URL` are what the
        arguments of the same names are; one that is unset or empty is as if the argument were not given.
        """
        arguments: dict[str, Any] = {}
        for host in (INTEGRATIONS, RECORDINGS):
            arguments[host.argument] = environ.get(host.variable) or None
            arguments[host.url_argument] = environ.get(host.url_variable) or host.url
        return cls(**arguments)

    def __repr__(self) -> str:
        parts = [f"{host.url_argument}={url!r}" for host, url in self._urls.items()]
        parts += [f"{host.argument}={'<given>' if host in self._clients else None}" for host in self._urls]
        return f"{type(self).__name__}({', '.join(parts)})"

    def _client(self, host: Host, operation: str) -> AuthenticatedClient:
        if host not in self._clients:
            raise MissingTokenError(operation, host.credential, host.argument, host.variable)
        return self._clients[host]


def result(operation: str, expected: type[T], response: Response[Any]) -> T:
    """Return what a call returns, or raise the error that the response stands for."""
    parsed = response.parsed
    if isinstance(parsed, expected):
        return parsed
    if isinstance(parsed, models.LinkFailure):
        details = None if isinstance(parsed.details, Unset) else parsed.details
        raise LinkError(parsed.error, {} if details is None else details.to_dict())
    raise StatusError(operation, response.status_code, response.content)


def failure(operation: str, error: httpx.HTTPError | errors.InvalidResponse | errors.UnexpectedStatus) -> SiroError:
    """Return the error that stands for an exception of httpx or of the generated client.

    It is to be raised where that exception is not being handled: the exceptions of httpx hold the request, and with it
    the token, so that they must not become the context of what a caller sees, logs or pickles.
    """
    match error:
        case errors.InvalidResponse():
            return InvalidResponseError(operation, error.status_code, error.content, error.reason)
        case errors.UnexpectedStatus():
            return StatusError(operation, error.status_code, error.content)
        case _:
            return TransportError(operation, f"{type(error).__name__}: {error}")


FAILURES = (httpx.HTTPError, errors.InvalidResponse, errors.UnexpectedStatus)
"""What `failure` understands."""


def _checked(url: str, host: Host) -> str:
    """Return the URL, if a token may go there: https, or loopback."""
    parsed = httpx.URL(url)
    if parsed.scheme == "https" or (parsed.scheme == "http" and _is_loopback(parsed.host)):
        return url
    raise ValueError(f"{host.url_argument} must be https, since the {host.credential} is sent to it, and is {url!r}")


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
