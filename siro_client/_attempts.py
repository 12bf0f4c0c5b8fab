"""The attempts of a call: each in its turn, with the token, and once more with a new one after a 401."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import httpx
from siro_openapi.client import TokenAuth

from siro_client._attempt import Attempt, Sending
from siro_client._call import Call
from siro_client._host import INTEGRATIONS, Host
from siro_client._secret import Secret
from siro_client._tokens import CallableFailed, OAuthApp

if TYPE_CHECKING:
    from siro_client._shared import Shared
    from siro_client._wires import Wires


@dataclass
class Attempts(httpx.AsyncBaseTransport):
    """The transport below the one that repeats attempts."""

    shared: "Shared"
    host: Host
    call: Call
    wires: "Wires"
    mint: Callable[[OAuthApp, Call], Awaitable[Secret]]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and once more with a new token if there is one and the first was not valid (any more)."""
        token = await self._token(None)
        response = await self._attempt(request, token)
        if response.status_code == 401 and (renewed := await self._token(token)) is not None:  # noqa: PLR2004 - Unauthorized
            response = await self._attempt(request, renewed)
        return response

    async def _attempt(self, request: httpx.Request, token: Secret | None) -> httpx.Response:
        shared, call = self.shared, self.call
        if (limit := shared.limit(self.host)) is not None:
            await limit.acquire(call, self.wires)
        request.extensions["timeout"] = call.timeouts()
        call.attempts += 1
        sending = Sending(call, Attempt(call.operation, call.method, call.url, call.attempts), *shared.hooks)
        auth = None if token is None else _auth(self.host, shared.urls[self.host], token)
        try:
            response = await self.wires.send(request, auth, sending)
        except Exception as error:
            sending.broke(error)
            raise
        return sending.ended(response)

    async def _token(self, rejected: Secret | None) -> Secret | None:
        """The token, other than the one that was rejected; None if there is no other."""
        tokens = self.shared.tokens
        source = tokens.user_token
        if (found := tokens.known(self.host, rejected)) is not None or self.host is INTEGRATIONS:
            return found
        if isinstance(source, OAuthApp):
            await self.wires.lock(self.call)
            try:
                return tokens.known(self.host, rejected) or await self.mint(source, self.call)
            finally:
                self.wires.minting.release()
        if not callable(source):
            return None
        try:
            token = tokens.took(await self.wires.ask(source))
        except Exception as error:  # noqa: BLE001 - it comes out as it is
            raise CallableFailed(error) from None
        return None if token == rejected else token


@lru_cache(maxsize=64)
def _auth(host: Host, base_url: str, token: Secret) -> httpx.Auth:
    """What puts the token on requests for the origin of the base URL, and on no other."""
    return TokenAuth(base_url, host.header, f"{host.prefix} {token.reveal()}".strip())
