"""From the arguments of an operation to the bytes of its request, and from a response to what the operation returns."""

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from siro_openapi import models

from siro_client._answer import Answer, RawResponse
from siro_client._attempt import Host
from siro_client._errors import InvalidResponseError, Json, LinkError, status_error
from siro_client._target import LinkTarget, link_body

if TYPE_CHECKING:
    from siro_openapi.models import DataType, Engagement, LinkResult, LinkTrigger, SyncResult

T = TypeVar("T")

_LONGEST_ID = 5_000
"""Characters. Each may take twelve in a URL, and httpx sends none beyond 65,536."""

_LONGEST_NAME = 40
"""Characters of the name of a property that a message shows."""

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


@dataclass(frozen=True)
class Prepared(Generic[T]):
    """A request that may leave, and how its success is read."""

    operation: str
    host: Host
    method: str
    path: str
    content: bytes = field(repr=False)
    read: Callable[[Answer], T]
    """Raises a SiroError for a body that is no success."""


def prepare_sync(engagement: "Engagement") -> "Prepared[SyncResult]":
    """The request that syncs an engagement.

    Raises:
        ValueError: if it cannot be sent as it is; the message names the property and the rule.
    """
    from siro_openapi.api.integrations import sync_engagement  # noqa: PLC0415 - validators are loaded with the first use

    # A caller without a type checker may give anything.
    if not isinstance(engagement, models.Engagement):  # pyright: ignore[reportUnnecessaryIsInstance]
        given = type(engagement).__name__
        raise ValueError(f"engagement must be an Engagement of siro_openapi.models, and is {given}")  # noqa: TRY004 - as for all that cannot be sent
    return _prepared(
        "sync_engagement",
        INTEGRATIONS,
        lambda: sync_engagement.request_arguments(body=engagement),
        _READ_SYNC,
    )


def prepare_link(
    recording_id: str, target: LinkTarget, data_type: "DataType", trigger: "LinkTrigger | None"
) -> "Prepared[LinkResult]":
    """The request that links a recording.

    Raises:
        ValueError: if it cannot be sent as it is; the message names the argument and the rule.
    """
    from siro_openapi.api.recordings import link_recording  # noqa: PLC0415

    # A caller without a type checker may give anything, and the id of None would be "None".
    if rule := _rule_against(recording_id) if isinstance(recording_id, str) else "must be a string":  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(f"recording_id {rule}, as Siro's internal id of the recording")
    if len(recording_id) > _LONGEST_ID:
        raise ValueError(f"recording_id has {len(recording_id)} characters: no more than {_LONGEST_ID} fit into a URL")
    return _prepared(
        "link_recording",
        RECORDINGS,
        lambda: link_recording.request_arguments(recording_id, body=link_body(target, data_type, trigger)),
        _READ_LINK,
    )


def _read_link(answer: Answer, body: Any) -> "LinkResult":
    from siro_openapi import validators  # noqa: PLC0415

    try:
        # Whatever is a result is no failure; without its `error`, a failure is neither.
        validators.RESPONSES["link_recording"]({name: body[name] for name in body if name != "error"})
    except ValueError:
        is_result = False
    else:
        is_result = True
    if not is_result:
        raise LinkError(answer)
    return models.LinkResult.from_dict(body)


def _prepared(
    operation: str, host: Host, arguments: Callable[[], dict[str, Any]], read: Callable[[Answer], T]
) -> Prepared[T]:
    from siro_openapi import validators  # noqa: PLC0415

    try:
        made = arguments()
    except (AttributeError, TypeError, LookupError, OverflowError) as error:
        raise ValueError(
            f"{operation} cannot send what it was given: {error}; give models, enums, strings and aware datetimes"
        ) from None
    validators.REQUESTS[operation](made["json"])
    return Prepared(operation, host, made["method"].upper(), made["url"], encoded(made["json"]), read)


def encoded(body: Any) -> bytes:
    """JSON in UTF-8, as RFC 8259 has it.

    Raises:
        ValueError: if it holds what JSON cannot, by the name of the property.
    """
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (ValueError, TypeError, RecursionError) as error:
        told = _unsendable(body, "") or str(error)
    raise ValueError(told)


def _unsendable(value: Json, place: str) -> str | None:
    """Why a value is no JSON, with its place."""
    found: Iterable[str | None]
    if isinstance(value, dict):
        found = (
            _unsendable(key, f"{place}.{_name(key)}") or _unsendable(item, f"{place}.{_name(key)}")
            for key, item in value.items()
        )
    elif isinstance(value, list):
        found = (_unsendable(item, f"{place}.{number}") for number, item in enumerate(value))
    else:
        rule = _rule_against(value)
        found = [f"{place.removeprefix('.')} {rule}" if rule else None]
    return next((each for each in found if each), None)


def _name(key: object) -> str:
    """The name of a property in one short line, whatever it is."""
    return (
        key if isinstance(key, str) and key.isidentifier() and len(key) <= _LONGEST_NAME else repr(key)[:_LONGEST_NAME]
    )


def _rule_against(value: object) -> str | None:
    match value:
        case str():
            surrogate = next((char for char in value if "\ud800" <= char <= "\udfff"), None)
            return f"must be text, and holds a lone surrogate, {surrogate!r} (RFC 8259)" if surrogate else None
        case bool() | int() | None:
            return None
        case float():
            return None if math.isfinite(value) else f"must be a finite number, and is {value} (RFC 8259)"
        case _:
            return f"must be JSON, and is {type(value).__name__}"


def _reader(operation: str, read: Callable[[Answer, Any], T]) -> Callable[[Answer], T]:
    """Read a success that the spec allows."""

    def checked(answer: Answer) -> T:
        from siro_openapi import validators  # noqa: PLC0415

        try:
            body = _body(answer)
            validators.RESPONSES[operation](body)
            return read(answer, body)
        except RecursionError:
            reason = "it is nested too deeply"
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            reason = str(error)
        raise InvalidResponseError(answer, reason)

    return checked


_READ_SYNC = _reader("sync_engagement", lambda _, body: models.SyncResult.from_dict(body))
_READ_LINK = _reader("link_recording", _read_link)


def _body(answer: Answer) -> Any:
    """The JSON of a success; raises ValueError if it is none, or no success that the pages have."""
    if answer.problem:
        raise ValueError(answer.problem)
    if answer.status_code != 200:  # noqa: PLR2004 - the one success that the pages have
        raise ValueError("the pages document no success but 200")
    if answer.media_type != "application/json":
        raise ValueError(f"it comes as {answer.media_type or 'no media type'}, and not as application/json")
    try:
        return json.loads(answer.content, parse_constant=_refuse_constant)
    except ValueError as error:
        raise ValueError(f"it is no JSON: {error}") from None


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def result(prepared: Prepared[T], answer: Answer) -> RawResponse[T]:
    """What a call returns.

    Raises:
        SiroError: what the response stands for, if it is no success that the spec allows.
    """
    if not 200 <= answer.status_code < 300:  # noqa: PLR2004 - the successes (RFC 9110)
        raise status_error(answer)
    data = prepared.read(answer)
    return RawResponse(data, answer.status_code, answer.headers, answer.content, answer.request_id, answer.attempts)
