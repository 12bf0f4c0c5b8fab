"""Where the user token comes from: it is given, returned by a callable, or minted for an OAuth app."""

import dataclasses
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, cast
from urllib.parse import quote

from siro_client._answer import Answer
from siro_client._errors import InvalidResponseError, status_error
from siro_client._host import INTEGRATIONS, RECORDINGS, Host
from siro_client._json import encoded
from siro_client._prepare import Prepared
from siro_client._secret import Secret, redacted

_LIFETIME = 16 * 3600.0
"""Seconds that a user token lives; what mints it does not say so in its answer."""
_MARGIN = 600.0
"""Seconds before its end at which a token is minted anew."""
_SHORTEST = 8
"""Characters of a secret."""

MINT = "mint_user_token"
"""What errors call the operation; Siro's pages give it no operation id."""


class OAuthApp:
    """An OAuth app of Siro's, for which user tokens are minted with the organization token as they are needed.

    Args:
        client_id: of the app.
        client_secret: of the app; it is shown nowhere.
        user_id: Siro's id of the user on whose behalf recordings are linked.

    Raises:
        ValueError: if one of them could not be what it is said to be.
    """

    __slots__ = ("client_id", "client_secret", "user_id")

    def __init__(self, client_id: str, client_secret: str, user_id: str) -> None:
        self.client_id = client_id
        self.user_id = user_id
        self.client_secret = Secret(client_secret)
        del client_secret  # a traceback may show locals
        self.client_secret.checked("client secret")
        for name, value in (("client_id", client_id), ("user_id", user_id)):
            if not (isinstance(value, str) and value.isprintable() and value.strip(".")):  # pyright: ignore[reportUnnecessaryIsInstance] - callers may have no type checker
                raise ValueError(f"{name} must be the id as Siro shows it, and is {value!r}")

    def __repr__(self) -> str:
        return f"OAuthApp(client_id={self.client_id!r}, client_secret=<secret>, user_id={self.user_id!r})"


UserToken: TypeAlias = str | OAuthApp | Callable[[], str] | Callable[[], Awaitable[str]]
"""A user token, what it is minted for, or a callable that is asked for it before each request."""


class CallableFailed(Exception):  # noqa: N818 - it never leaves the package
    """The callable that returns the user token raised; what it raised comes out as it is."""


class Tokens:
    """The tokens of a client, and those of its user tokens that were minted or returned by a callable."""

    def __init__(
        self, organization_token: Secret | None, user_token: "Secret | OAuthApp | Callable[[], object] | None"
    ) -> None:
        self._organization_token = organization_token
        self.user_token = user_token
        self._minted: Secret | None = None
        self._expires = 0.0
        # What was given lately, so that no error says it again.
        self._seen = deque[Secret](maxlen=64)

    def has(self, host: Host) -> bool:
        """Whether there is a token for a host, or a way to one."""
        return (self._organization_token if host is INTEGRATIONS else self.user_token) is not None

    def known(self, host: Host, rejected: Secret | None) -> Secret | None:
        """The token for a host, if one is at hand and it is not the one that was just rejected."""
        if host is INTEGRATIONS:
            found = self._organization_token
        elif isinstance(self.user_token, Secret):
            found = self.user_token
        else:
            found = self._minted if time.monotonic() < self._expires else None
        return None if found == rejected else found

    def took(self, token: object) -> Secret:
        """Remember what a callable returned."""
        is_text, kind, secret = isinstance(token, str), type(token).__name__, Secret(token)
        del token  # a traceback may show locals
        if not is_text:
            raise ValueError(f"the user token must be a string, and the callable returned {kind}")
        secret.checked(RECORDINGS.credential)
        if secret not in tuple(self._seen):  # other threads may append meanwhile
            self._seen.append(secret)
        return secret

    def minted(self, answer: Answer, since: float) -> Secret:
        """Keep the token that was minted.

        Args:
            answer: of the minting.
            since: when it was asked for, of time.monotonic().

        Raises:
            SiroError: if none was minted.
        """
        if not 200 <= answer.status_code < 300:  # noqa: PLR2004 - the successes (RFC 9110)
            raise status_error(answer)
        body = answer.body
        try:
            token = self.took(cast("dict[str, Any]", body).get("accessToken") if isinstance(body, dict) else None)
            self._minted, self._expires = token, since + _LIFETIME - _MARGIN
        except ValueError:
            # Whatever it holds may be a token that is valid.
            told = dataclasses.replace(answer, headers={}, content=b"")
        else:
            return token
        raise InvalidResponseError(told, "its accessToken is no token; it is not shown, since it may hold one")

    @property
    def _secrets(self) -> list[Secret]:
        """All that must not be told."""
        user = self.user_token.client_secret if isinstance(self.user_token, OAuthApp) else self.user_token
        # What is shorter is no secret of Siro's, and may be in any word that an answer or an error holds.
        every = (self._organization_token, user, *self._seen)
        return [each for each in every if isinstance(each, Secret) and len(each.reveal()) >= _SHORTEST]

    def redacted(self, text: str) -> str:
        """What Siro or httpx says, without the secrets that it may say again."""
        return redacted(text, self._secrets)

    def redacted_answer(self, answer: Answer, *, body: bool = True) -> Answer:
        """A response without the secrets that it may say again."""
        secrets = self._secrets
        content = answer.content if body else b""
        if not any(secret.is_in(content, *answer.headers.values()) for secret in secrets):
            return answer
        headers = {name: redacted(value, secrets) for name, value in answer.headers.items()}
        told = redacted(content.decode("latin-1"), secrets).encode("latin-1")
        return dataclasses.replace(answer, headers=headers, content=told if body else answer.content)


def prepare_mint(app: OAuthApp) -> Prepared[Answer]:
    """The request that mints a user token."""
    body = {"clientSecret": app.client_secret.reveal(), "userId": app.user_id, "scope": "write"}
    path = f"/v1/core/oauth/apps/{quote(app.client_id, safe='')}/access-token"
    return Prepared(MINT, INTEGRATIONS, "POST", path, encoded(body), lambda answer: answer)
