"""What the tables of shape share."""

from typing import Any

from contract_tests.faults._edits import answers
from contract_tests.faults._plant import Ask, Call, Plant, Reply, alter, reply


def is_success(answer: Reply) -> bool:
    return answer.is_success


def is_refusal(answer: Reply) -> bool:
    return 400 <= answer.status < 500


def is_invalid(answer: Reply) -> bool:
    return answer.status == 422


def typed(operation: str, media_type: str, *, refusals: bool = False) -> Plant:
    when = is_refusal if refusals else is_success
    return answers(operation, lambda answer: answer.with_header("content-type", media_type), when=when)


def html(operation: str, status: int) -> Plant:
    page = reply(status, "<!doctype html><title>Error</title><h1>Error</h1>", "text/html; charset=utf-8")
    return answers(operation, lambda _: page, when=lambda answer: answer.status == status)


def refused(operation: str, body: Any) -> Plant:
    return answers(operation, lambda answer: answer.with_json(body), when=is_refusal)


def created(operation: str, key: str) -> Plant:
    """Answer 201 to the first success of a row or recording, as a strict reading of PUT would have it."""

    def change(call: Call, ask: Ask) -> Reply:
        answer = ask(call)
        if not answer.is_success:
            return answer
        first = call.count(call.recording if key == "recording" else (call.token, call.sent[key])) == 1
        return Reply(201 if first else 200, answer.headers, answer.body)

    return alter(operation, change)
