"""From the bytes of a request to a JSON object that can be stored and given back unaltered."""

import json
from typing import cast

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request

from siro_client.testing import _refusal
from siro_client.testing._json import Json, JsonObject, dump
from siro_client.testing._zod import invalid_type

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 200
"""Far below Python's recursion limit, so that what was parsed can always be validated and written too."""


async def read(request: Request) -> bytes:
    """Read the whole body, keeping little more than `MAX_BYTES` of it.

    It is read to its end even when it will be refused: a client that is still sending when the answer comes may see
    a reset connection instead.

    Raises:
        Refusal: 400, the client went away before its body was complete.

    """
    body = bytearray()
    try:
        async for chunk in request.stream():
            if len(body) <= MAX_BYTES:
                body += chunk
    except ClientDisconnect:
        raise _refusal.error(400, "The body is incomplete: the connection was closed") from None
    return bytes(body)


def parse(headers: Headers, body: bytes) -> JsonObject:
    """Parse a body.

    Raises:
        Refusal: 415, 413, 400 or 422, whichever rule it breaks first.

    """
    media_type = ", ".join(headers.getlist("content-type")).partition(";")[0].strip(" \t").lower()
    if media_type != "application/json":
        raise _refusal.error(415, "Unsupported Media Type: send Content-Type: application/json")
    if len(body) > MAX_BYTES:
        raise _refusal.error(413, f"Payload Too Large: a body has at most {MAX_BYTES} bytes")
    if not body:
        raise _refusal.error(400, "The body is empty: send a JSON object")
    document = _loads(body)
    _require_storable(document)
    if not isinstance(document, dict):
        raise _refusal.invalid([invalid_type([], "object", document)])
    return document


def _loads(body: bytes) -> Json:
    try:
        document = cast("Json", json.loads(body.decode("utf-8"), parse_constant=_refuse_constant))
    except UnicodeDecodeError as error:
        raise _refusal.error(400, f"The body is not UTF-8: {error.reason} at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise _refusal.error(400, f"The body is not JSON: {error}") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        # Python's own limit for the digits of an int (sys.get_int_max_str_digits), which guards against quadratic time.
        raise _unstorable("Number has too many digits") from None
    if _depth(document) > MAX_DEPTH:
        raise _too_deep()
    return document


def _refuse_constant(name: str) -> Json:
    raise _refusal.error(400, f"The body is not JSON: {name} is no JSON number")


def _depth(document: Json) -> int:
    depth = 0
    level = [document]
    while level := [
        child
        for parent in level
        if isinstance(parent, (dict, list))
        for child in (parent.values() if isinstance(parent, dict) else parent)
    ]:
        depth += 1
    return depth


def _require_storable(document: Json) -> None:
    try:
        dump(document).encode("utf-8")
    except UnicodeEncodeError:
        raise _unstorable("String contains a lone surrogate, which is no character") from None
    except ValueError:
        raise _unstorable("Number must be finite") from None


def _too_deep() -> _refusal.Refusal:
    return _refusal.error(400, f"The body is nested too deeply: at most {MAX_DEPTH} levels")


def _unstorable(message: str) -> _refusal.Refusal:
    return _refusal.invalid([{"code": "custom", "path": [], "message": message}])
