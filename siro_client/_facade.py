"""What `Siro` and `AsyncSiro` are made with, and of."""

import os
import platform
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import httpx

from siro_client._attempt import Hook
from siro_client._calls import Calls
from siro_client._host import INTEGRATIONS, RECORDINGS
from siro_client._options import DEFAULT_DEADLINE, DEFAULT_TIMEOUT, UNCHANGED, Options, Unchanged
from siro_client._secret import Secret
from siro_client._shared import Shared
from siro_client._tokens import OAuthApp, Tokens, UserToken
from siro_client._version import __version__

if TYPE_CHECKING:
    from pyrate_limiter import Limiter

_PRODUCT = re.compile(r"[\x20-\x7e]+")


class Facade(Calls):
    """The arguments; the base of `Siro` and `AsyncSiro`."""

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
        self._options = Options.checked(DEFAULT_TIMEOUT if timeout is None else timeout, deadline, max_retries)
        urls = {INTEGRATIONS: integrations_url, RECORDINGS: recordings_url}
        self._shared = Shared(
            tokens=Tokens(organization, user),
            urls={host: host.checked_url(url, allow_http=allow_http) for host, url in urls.items()},
            hooks=(on_request, on_response),
            rate_limit=rate_limit,
            transport=transport,
            http_client=http_client,
            headers=_headers(product),
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
        clone = object.__new__(type(self))
        vars(clone).update(vars(self), _options=self._options.changed(timeout, deadline, max_retries))
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


def _source(given: Any) -> Any:
    return given if given is None or isinstance(given, OAuthApp) or callable(given) else Secret(given)


def _arguments(environ: Mapping[str, str]) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for host in (INTEGRATIONS, RECORDINGS):
        arguments[host.argument] = environ.get(host.variable) or None
        arguments[host.url_argument] = environ.get(host.url_variable) or host.url
    app = [environ.get(name) or "" for name in ("SIRO_CLIENT_ID", "SIRO_CLIENT_SECRET", "SIRO_USER_ID")]
    if arguments[RECORDINGS.argument] is None and all(app):
        arguments[RECORDINGS.argument] = OAuthApp(*app)
    return arguments


def _headers(product: str | None) -> httpx.Headers:
    if product is not None and not _PRODUCT.fullmatch(product):
        raise ValueError(f"product must be printable ASCII, such as 'acme-sync/2.1', and is {product!r}")
    ours = f"siro-client/{__version__} httpx/{httpx.__version__} Python/{platform.python_version()}"
    return httpx.Headers(
        {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "User-Agent": f"{product} {ours}" if product else ours,
        }
    )
