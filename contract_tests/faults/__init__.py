"""Faults to plant in the local Siro: each turns the gate red, or the gate is no good."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Answer = tuple[int, Any]


@dataclass(frozen=True)
class Fault:
    """A way to be wrong: what becomes of a request body, and of an answer to it."""

    says: str
    """One line that says what is wrong."""
    on_request: Callable[[Any], Any] = lambda body: body
    on_answer: Callable[[Any, Answer], Answer] = lambda _, answer: answer

    def plant(self, app: ASGIApp) -> ASGIApp:
        """Return an application that is the given one but for this fault."""

        async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
            sent = await _read(receive)
            body = _parse(sent)
            received: list[Message] = []

            async def collect(message: Message) -> None:
                received.append(message)

            altered = sent if body is None else json.dumps(self.on_request(body)).encode()
            await app(scope, _once(altered), collect)
            if body is not None:
                _alter(received, lambda answer: self.on_answer(body, answer))
            for message in received:
                await send(message)

        return faulty


async def _read(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    more = True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


def _once(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _parse(body: bytes) -> dict[str, Any] | None:
    """The body, if it is a JSON object; other bodies are left alone."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", parsed) if isinstance(parsed, dict) else None


def _alter(messages: list[Message], change: Callable[[Answer], Answer]) -> None:
    start = messages[0]
    status, parsed = change((start["status"], json.loads(b"".join(m.get("body", b"") for m in messages[1:]))))
    content = json.dumps(parsed).encode()
    headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
    messages[:] = [
        {**start, "status": status, "headers": [*headers, (b"content-length", str(len(content)).encode())]},
        {"type": "http.response.body", "body": content},
    ]


def _without_external_id(body: Any) -> Any:
    return {name: value for name, value in body.items() if name != "externalId"} if "id" in body else body


def _without_organization(_: Any, answer: Answer) -> Answer:
    status, body = answer
    if status == 200:
        body["data"].pop("organizationId", None)
    return status, body


def _crash_on_emoji(body: Any, answer: Answer) -> Answer:
    astral = any(character > "\uffff" for character in json.dumps(body, ensure_ascii=False))
    return (500, {"error": "Internal Server Error"}) if astral else answer


FAULTS = {
    "link-both-ids": Fault("accepts `id` and `externalId` together", on_request=_without_external_id),
    "sync-no-organization": Fault("leaves the required `organizationId` out", on_answer=_without_organization),
    "emoji-crash": Fault("answers 500 to a character beyond the basic plane", on_answer=_crash_on_emoji),
}
