"""From the arguments of an operation to the bytes of its request, and from a response to what the operation returns."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from siro_openapi import models

from siro_client._answer import Answer, RawResponse
from siro_client._errors import InvalidResponseError, LinkError, status_error
from siro_client._host import INTEGRATIONS, RECORDINGS, Host
from siro_client._json import encoded, parsed, rule_against
from siro_client._target import LinkTarget, link_body

if TYPE_CHECKING:
    from siro_openapi.models import DataType, Engagement, LinkResult, LinkTrigger, SyncResult

T = TypeVar("T")

_LONGEST_ID = 5_000
"""Characters. Each may take twelve in a URL, and httpx sends none beyond 65,536."""
_LONGEST_SHOWN = 60
_DUE = {"value": "an enum", "to_dict": "a model", "isoformat": "a datetime", "utcoffset": "a datetime"}
"""What has the attributes that what was given has not."""


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
    if rule := rule_against(recording_id) if isinstance(recording_id, str) else "must be a string":  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(f"recording_id {rule}, as Siro's internal id of the recording")
    if recording_id in ("", ".", ".."):
        raise ValueError(f"recording_id must name a recording, and {recording_id!r} would change the path")
    if len(recording_id) > _LONGEST_ID:
        raise ValueError(f"recording_id has {len(recording_id)} characters: no more than {_LONGEST_ID} fit into a URL")
    _check_kind("target", target, LinkTarget, "a SiroId or an ExternalId")
    _check_kind("data_type", data_type, models.DataType, "a DataType of siro_openapi.models, such as DataType.LEAD")
    _check_kind("trigger", trigger, models.LinkTrigger | None, "a LinkTrigger of siro_openapi.models, or None")
    return _prepared(
        "link_recording",
        RECORDINGS,
        lambda: link_recording.request_arguments(recording_id, body=link_body(target, data_type, trigger)),
        _READ_LINK,
    )


def _check_kind(name: str, value: object, kind: Any, told: str) -> None:
    if not isinstance(value, kind):
        raise ValueError(f"{name} must be {told}, and is {_shown(value)}")  # noqa: TRY004 - as above


def _shown(value: object) -> str:
    return repr(value)[:_LONGEST_SHOWN]


def _read_link(answer: Answer, body: Any) -> "LinkResult":
    from siro_openapi import validators  # noqa: PLC0415

    try:
        # Whatever is a result is no failure; without its `error`, a failure is neither.
        validators.RESPONSES["link_recording"]({name: body[name] for name in body if name != "error"})
    except ValueError:
        failed = LinkError(answer)
    else:
        return models.LinkResult.from_dict(body)
    raise failed


def _prepared(
    operation: str, host: Host, arguments: Callable[[], dict[str, Any]], read: Callable[[Answer], T]
) -> Prepared[T]:
    from siro_openapi import validators  # noqa: PLC0415

    try:
        made = arguments()
    except (AttributeError, TypeError, LookupError, OverflowError) as error:
        told = str(error)
        if isinstance(error, AttributeError) and error.name in _DUE:
            told = f"{_shown(error.obj)} stands where {_DUE[error.name]} is due"
        raise ValueError(
            f"{operation} cannot send what it was given: {told}; give models, enums, strings and aware datetimes"
        ) from None
    validators.REQUESTS[operation](made["json"])
    return Prepared(operation, host, made["method"].upper(), made["url"], encoded(made["json"]), read)


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
    return parsed(answer.content)


def result(prepared: Prepared[T], answer: Answer) -> RawResponse[T]:
    """What a call returns.

    Raises:
        SiroError: what the response stands for, if it is no success that the spec allows.
    """
    if not 200 <= answer.status_code < 300:  # noqa: PLR2004 - the successes (RFC 9110)
        raise status_error(answer)
    data = prepared.read(answer)
    return RawResponse(data, answer.status_code, answer.headers, answer.content, answer.request_id, answer.attempts)
