"""Siro's two hosts, the token that belongs to each, and where it may be sent."""

import ipaddress
from dataclasses import dataclass

import httpx


@dataclass(frozen=True, eq=False, slots=True)
class Host:
    """One of Siro's two hosts, and the token that belongs to it. The values are those of the two pages."""

    url: str
    url_argument: str
    argument: str
    """The one that takes the token."""
    header: str
    prefix: str

    @property
    def credential(self) -> str:
        """The token, in Siro's words."""
        return self.argument.replace("_", " ")

    @property
    def variable(self) -> str:
        """The environment variable of the token."""
        return f"SIRO_{self.argument.upper()}"

    @property
    def url_variable(self) -> str:
        """The environment variable of the base URL."""
        return f"SIRO_{self.url_argument.upper()}"

    def checked_url(self, url: str, *, allow_http: bool) -> str:
        """Return the URL, if a token may go there: https, or loopback, or the caller says so."""
        parsed, reason = None, ""
        try:
            parsed = httpx.URL(url)
        except (httpx.InvalidURL, TypeError) as error:
            reason = str(error)
        if parsed is None:  # raised here, since what httpx left behind breaks tracebacks with locals
            raise ValueError(f"{self.url_argument} must be a URL, and is {url!r}: {reason}")
        if parsed.query or parsed.fragment or parsed.userinfo:
            raise ValueError(f"{self.url_argument} must be scheme, host and path only")
        if parsed.scheme not in ("http", "https") or not parsed.host:
            raise ValueError(f"{self.url_argument} must begin with https:// and a host, and is {url!r}")
        if parsed.scheme == "https" or allow_http or is_loopback(parsed.host):
            return url
        raise ValueError(
            f"{self.url_argument} must be https, since the {self.credential} is sent to it, and is {url!r}; "
            "allow_http=True allows it"
        )


RECORDINGS = Host("https://api.siro.ai", "recordings_url", "user_token", "x-siro-auth-token", prefix="")
INTEGRATIONS = Host(
    "https://functions.siro.ai/api-externalApi", "integrations_url", "organization_token", "Authorization", "Bearer"
)


def is_loopback(name: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
