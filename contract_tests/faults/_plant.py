"""How a fault is planted: between the wire and the local Siro, or in its database."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contract_tests.faults._probes import Probe
from siro_client.testing import LocalSiro, LocalTransport, Organization
from siro_client.testing._validation import link_issues, sync_issues

Object: TypeAlias = dict[str, Any]
Plant: TypeAlias = Callable[[LocalSiro], None]


@dataclass(frozen=True)
class Fault:
    """A way to be wrong."""

    name: str
    """Begins with the operation that is wrong."""
    says: str
    """One line that says what is wrong."""
    breaks: tuple[str, ...]
    """The rules, any of which a gate that fails for this fault may rightly name."""
    plant: Plant
    """Make a fresh local Siro wrong in this way."""
    witness: Sequence[Probe] = ()
    """Requests, of which the plain local Siro answers at least one otherwise; empty: `_probes.SUITE`."""
    together: bool = False
    """Whether the last two requests of the witness must be under way at the same time."""
    family: str = ""

    @property
    def operation(self) -> str:
        """The short name of the operation that is wrong."""
        return self.name.partition("-")[0]


@dataclass(frozen=True)
class Variant:
    """A way to be right that the local Siro has not chosen."""

    name: str
    says: str
    """One line that says which reading of the pages it is."""
    plant: Plant


@dataclass(frozen=True)
class Call:
    """A request on its way to the local Siro."""

    siro: LocalSiro
    memory: Object
    """Of this server, for whatever a fault wants to remember."""
    scope: Scope
    body: bytes

    @property
    def operation(self) -> str:
        """The short name of the operation whose path this is; empty for another path."""
        path = self.scope["path"]
        return "sync" if path.endswith("/sync/engagements") else "link" if path.endswith("/link") else ""

    @property
    def is_routed(self) -> bool:
        """Whether the path is spelled as the operation's, which `operation` does not ask: else it is answered 404."""
        return not self.scope["path"].startswith("//")

    @cached_property
    def sent(self) -> Object:
        """The body, if it is a JSON object; else an empty one, so that a fault mends nothing that it is not about."""
        try:
            # Of bytes, json.loads would take UTF-16 too, and of either NaN.
            parsed = json.loads(self.body.decode(), parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            return {}
        return cast("Object", parsed) if isinstance(parsed, dict) else {}

    @property
    def recording(self) -> str:
        """The recording id in the path of a link."""
        return str(self.scope["path"]).split("/")[-2]

    @property
    def organization(self) -> Organization:
        """The organization that the token belongs to; the first one where there is no valid token."""
        other = self.siro.other_organization
        return other if self.token in (other.user_token, other.organization_token) else self.siro.organization

    @property
    def token(self) -> str | None:
        """What stands where the operation's token belongs."""
        if self.operation == "link":
            return self.header("x-siro-auth-token")
        given = self.header("authorization")
        return None if given is None else given.partition(" ")[2].strip()

    @property
    def is_authorized(self) -> bool:
        """Whether the token is valid, so that a fault can leave the door to the local Siro."""
        owners = (self.siro.organization, self.siro.other_organization)
        if self.operation == "link":
            return self.token in [owner.user_token for owner in owners]
        given = self.header("authorization")
        return given in [f"Bearer {owner.organization_token}" for owner in owners]

    @property
    def is_valid(self) -> bool:
        """Whether the body is one that may be stored, so that a fault of what is stored accepts nothing else."""
        try:
            json.dumps(self.sent, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            return False
        return not (link_issues if self.operation == "link" else sync_issues)(self.sent)

    def header(self, name: str) -> str | None:
        """The value of a header, the last one if there are several."""
        return {key.decode().lower(): value.decode("latin-1") for key, value in self.scope["headers"]}.get(name)

    def with_header(self, name: str, value: str) -> "Call":
        """This request with another value of a header."""
        others = [(key, old) for key, old in self.scope["headers"] if key.decode().lower() != name]
        return replace(self, scope={**self.scope, "headers": [*others, (name.encode(), value.encode("latin-1"))]})

    def with_recording(self, recording: str) -> "Call":
        """This request for another recording."""
        path = f"/v1/core/recordings/{recording}/link"
        return replace(self, scope={**self.scope, "path": path, "raw_path": path.encode()})

    def with_json(self, body: Any) -> "Call":
        """This request with another body."""
        content = json.dumps(body)
        return self if content == json.dumps(self.sent) else replace(self, body=content.encode())

    def signed(self, organization: Organization | None = None) -> "Call":
        """This request with a valid token."""
        owner = organization or self.organization
        if self.operation == "link":
            return self.with_header("x-siro-auth-token", owner.user_token)
        return self.with_header("authorization", f"Bearer {owner.organization_token}")

    def count(self, *key: Any) -> int:
        """How often this was asked about `key`, this time included."""
        name = f"count {key!r}"
        self.memory[name] = self.memory.get(name, 0) + 1
        return int(self.memory[name])

    def sql(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run a statement in the database of the local Siro; what cannot be stored there finds nothing."""
        try:
            with transaction(self.siro) as db:
                return db.execute(query, parameters).fetchall()
        except (UnicodeEncodeError, OverflowError, sqlite3.ProgrammingError):
            return []


def transaction(siro: LocalSiro) -> AbstractContextManager[sqlite3.Connection]:
    """The database of a local Siro, which is no part of its public surface."""
    return siro._store.transaction()  # pyright: ignore[reportPrivateUsage]


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


@dataclass(frozen=True)
class Reply:
    """An answer on its way back."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def is_success(self) -> bool:
        return self.status == 200

    def with_json(self, body: Any) -> "Reply":
        """This answer with another body."""
        return replace(self, body=json.dumps(body).encode())

    def with_header(self, name: str, value: str) -> "Reply":
        """This answer with another value of a header."""
        others = tuple((key, old) for key, old in self.headers if key != name.encode())
        return replace(self, headers=(*others, (name.encode(), value.encode())))


Ask: TypeAlias = Callable[[Call], Reply]
Alter: TypeAlias = Callable[[Call, Ask], Reply]


def reply(status: int, content: Any, media_type: str = "application/json") -> Reply:
    """Make an answer; what is no text is written as JSON."""
    body = content if isinstance(content, str) else json.dumps(content)
    return Reply(status, ((b"content-type", media_type.encode()),), body.encode())


def error(status: int, message: str = "No") -> Reply:
    """Make a refusal of the plainer documented shape."""
    return reply(status, {"error": message})


def alter(operation: str, change: Alter) -> Plant:
    """Stand between the wire and the local Siro, for requests of one operation, or of both if it is empty."""

    def plant(siro: LocalSiro) -> None:
        app, memory = siro.app, Object()

        def handle(call: Call) -> Reply:
            ask = _asking(app)
            concerned = call.operation == operation or (not operation and call.operation)
            return change(call, ask) if concerned else ask(call)

        async def altered(scope: Scope, receive: Receive, send: Send) -> None:
            call = Call(siro, memory, scope, await read(receive))
            await write(send, handle(call))

        put(siro, altered)

    return plant


def put(siro: LocalSiro, app: ASGIApp) -> None:
    """Let a local Siro be this application."""
    siro.app = app
    siro.transport = LocalTransport(app)


async def read(receive: Receive) -> bytes:
    """Read the whole body of a request."""
    chunks: list[bytes] = []
    more = True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


async def write(send: Send, answer: Reply) -> None:
    """Send an answer."""
    headers = [(name, value) for name, value in answer.headers if name.lower() != b"content-length"]
    if answer.status != 204:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def _asking(app: ASGIApp) -> Ask:
    """Call an application whose handlers never suspend, as a plain function."""

    def ask(call: Call) -> Reply:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": call.body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        try:
            app(call.scope, receive, send).__await__().__next__()
        except StopIteration:
            body = b"".join(message.get("body", b"") for message in sent[1:])
            return Reply(sent[0]["status"], tuple(sent[0]["headers"]), body)
        raise RuntimeError("the application under the fault suspended")

    return ask
