"""What becomes of a call, sync or async: from a request that may leave to a result or an error."""

import time
from functools import lru_cache, partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from siro_client._answer import Answer, RawResponse
from siro_client._attempt import PROBLEM, headers_of
from siro_client._attempts import Attempts
from siro_client._call import Call, GaveUp
from siro_client._errors import InvalidResponseError, LinkError, SiroConnectionError, SiroError, SiroTimeoutError
from siro_client._options import Options
from siro_client._prepare import Prepared, result
from siro_client._secret import Secret
from siro_client._shared import Shared
from siro_client._tokens import CallableFailed, OAuthApp, prepare_mint

if TYPE_CHECKING:
    from siro_client._wires import Wires

T = TypeVar("T")


class Calls:
    """Makes calls. Both clients are one of these, and differ in their wires."""

    _shared: Shared
    _options: Options

    def _wires(self, operation: str) -> "Wires":
        raise NotImplementedError

    async def _call(self, prepared: Prepared[T]) -> RawResponse[T]:
        """Make a call.

        Raises:
            SiroError: if anything but success came back, or nothing can be sent.
        """
        tokens = self._shared.tokens
        answer = await self._exchange(prepared)
        try:
            return result(prepared, answer)
        except (InvalidResponseError, LinkError) as error:
            failed = type(error)(tokens.redacted_answer(answer), tokens.redacted(error.reason))
        raise failed

    async def _exchange(self, prepared: Prepared[Any], within: Call | None = None) -> Answer:
        """Send a request, `within` the deadline of another call."""
        shared, host, options = self._shared, prepared.host, self._options
        shared.check(prepared.operation, host)
        shared.limit(host)  # made before the deadline runs, since it takes time to load
        deadline = None if options.deadline is None else time.monotonic() + options.deadline
        call = Call(
            operation=prepared.operation,
            method=prepared.method,
            url=shared.urls[host].rstrip("/") + prepared.path,
            timeout=options.timeout,
            deadline=deadline if within is None else within.deadline,
            max_retries=options.max_retries,
        )
        try:
            wires = self._wires(prepared.operation)
            return self._answer(call, await wires.within(call, partial(self._sent, prepared, call, wires)))
        except Exception as error:  # noqa: BLE001 - `_failure` tells those that it does not know from the others
            failed = self._failure(call, error)
        except BaseException as error:  # noqa: BLE001 - raised again
            # Cancelled, or Ctrl-C: the frames of httpx hold the token, and a traceback may show locals.
            raise error.with_traceback(None) from None
        raise failed

    async def _sent(self, prepared: Prepared[Any], call: Call, wires: "Wires") -> httpx.Response:
        shared = self._shared
        # What a caller's own client adds to requests is added; ours adds nothing.
        make: Any = httpx.Request if shared.http_client is None else wires.client.build_request
        request = make(call.method, _parsed(call.url), headers=shared.headers, content=prepared.content)
        attempts = Attempts(shared, prepared.host, call, wires, self._mint)
        try:
            return await wires.repeating(attempts, call).handle_async_request(request)
        except GaveUp as gave_up:
            if isinstance(gave_up.last, httpx.Response):  # which tells more than that there was no time for another
                return gave_up.last
            raise

    async def _mint(self, app: OAuthApp, within: Call) -> Secret:
        since = time.monotonic()
        return self._shared.tokens.minted(await self._exchange(prepare_mint(app), within), since)

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
        return self._shared.tokens.redacted_answer(answer, body=response.status_code != HTTPStatus.OK)

    def _failure(self, call: Call, error: Exception) -> Exception:
        """The error that stands for an exception of httpx, for a call that was given up, or for whatever went wrong.

        It is to be raised where that exception is not being handled: the exceptions of httpx hold the request, and with
        it the token, so that they must not become the context of what a caller sees, logs or pickles.
        """
        if isinstance(error, SiroError):
            return error.with_traceback(None)
        if isinstance(error, CallableFailed):
            raised: Exception = error.args[0]
            return raised
        last = error.last if isinstance(error, GaveUp) else error
        is_late = isinstance(last, (str, httpx.TimeoutException, TimeoutError))
        told = last if isinstance(last, str) else f"{type(last).__name__}: {last}".removesuffix(": ")
        if self._shared.is_closed:
            told = f"the client was closed while the call was under way ({told})"
        kind = SiroTimeoutError if is_late else SiroConnectionError
        return kind(call.operation, call.method, call.url, self._shared.tokens.redacted(told), call.attempts)


@lru_cache(maxsize=1024)
def _parsed(url: str) -> httpx.URL:
    return httpx.URL(url)
