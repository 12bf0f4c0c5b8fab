"""Other ways to refuse."""

from collections.abc import Callable
from dataclasses import replace

from contract_tests.faults._edits import (
    answers,
)
from contract_tests.faults._plant import Ask, Call, Plant, Reply, Variant, alter, error, reply


def _is_refusal(answer: Reply) -> bool:
    return 400 <= answer.status < 500


def _status(was: int, becomes: int) -> Plant:
    return answers("", lambda answer: replace(answer, status=becomes), when=lambda answer: answer.status == was)


def _refusals(change: Callable[[Reply], Reply]) -> Plant:
    return answers("", change, when=_is_refusal)


def _validates_first(call: Call, ask: Ask) -> Reply:
    """Tell what is wrong with the body before what is wrong with the token."""
    answer = ask(call)
    if answer.status != 401:
        return answer
    # Of a recording that nobody has, so that the question leaves no trace; a sync has none, and is asked by its schema.
    asked = call.signed().with_recording("unknown") if call.operation == "link" else None
    first = ask(asked) if asked else answer
    return first if first.status in (400, 415, 422) else answer


def _recording_first(call: Call, ask: Ask) -> Reply:
    is_known = call.recording in (*call.siro.organization.recording_ids, *call.siro.other_organization.recording_ids)
    return ask(call) if is_known or ask(call).status == 401 else error(404, "Recording not found")


def _zod_more(answer: Reply) -> Reply:
    issues = [{**issue, "fatal": True, "minimum": 1} for issue in answer.json["issues"]]
    return answer.with_json({**answer.json, "issues": issues, "statusCode": 422})


VARIANTS = (
    Variant("invalid-400", "answers 400 where the local Siro answers 422", _status(422, 400)),
    Variant(
        "invalid-error",
        "answers `error` where the local Siro answers a ZodError",
        answers("", lambda _: error(422, "Invalid body"), when=lambda answer: answer.status == 422),
    ),
    Variant("zod-more", "tells more of each issue", answers("", _zod_more, when=lambda answer: answer.status == 422)),
    Variant(
        "errors-text",
        "answers refusals as text",
        _refusals(lambda answer: reply(answer.status, "Refused", "text/plain; charset=utf-8")),
    ),
    Variant("forbidden", "answers 403 where the local Siro answers 401", _status(401, 403)),
    Variant("method-404", "answers 404 to other methods", _status(405, 404)),
    Variant("malformed-422", "answers 422 to malformed JSON", _status(400, 422)),
    Variant("media-type-400", "answers 400 to other media types", _status(415, 400)),
    Variant(
        "gateway-404",
        "answers as the gateway does what is not found",
        answers(
            "", lambda _: reply(404, {"code": 404, "message": "Not found"}), when=lambda answer: answer.status == 404
        ),
    ),
    Variant("unknown-409", "answers 409 to rows and recordings that are not known", _status(404, 409)),
    Variant("unknown-422", "answers 422 to rows and recordings that are not known", _status(404, 422)),
    Variant(
        "validates-first",
        "tells what is wrong with a body before what is wrong with the token",
        alter("link", _validates_first),
    ),
    Variant(
        "recording-first",
        "tells that a recording is unknown before what is wrong with the body",
        alter("link", _recording_first),
    ),
)
