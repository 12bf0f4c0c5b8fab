"""The operations of the effective spec: how each is asked for, and what it answers."""

import functools
import importlib.resources
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias, cast

from starlette.datastructures import Headers

from siro_client.testing import _sample, _schema
from siro_client.testing._auth import authenticate_organization, authenticate_reader, authenticate_user
from siro_client.testing._json import Json, JsonObject
from siro_client.testing._parameters import Parameter, parameters
from siro_client.testing._store import Store

Authenticate: TypeAlias = Callable[[Store, Headers], str]

INTEGRATIONS_ROOT = "/api-externalApi"
"""Where the integrations host keeps its operations, on the one host of the local Siro."""
_ROOTS = {"https://api.siro.ai": "", "https://functions.siro.ai/api-externalApi": INTEGRATIONS_ROOT}
_JSON = "application/json"
_METHODS = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True)
class Operation:
    """An operation of the specification."""

    name: str
    method: str
    path: str
    """As the specification has it, without the host's part."""
    root: str
    authenticate: Authenticate
    parameters: list[Parameter]
    has_body: bool
    needs_body: bool
    status: int
    """Of a success."""
    media_type: str | None
    """Of a success; None if it has no body."""
    answer: JsonObject | None
    """The schema of a success; None if its body is no JSON."""

    @property
    def route(self) -> str:
        """The path as Starlette has it, where a parameter may not have any name."""
        fixed = re.split(r"\{[^{}]+\}", self.root + self.path)
        return "".join(part + f"{{p{number}}}" for number, part in enumerate(fixed[:-1])) + fixed[-1]

    @functools.cached_property
    def example(self) -> _sample.Make:
        """Make an answer of what was sent, for an operation that nothing is known of but its schema."""
        return _sample.sampler(self.answer or {})

    @functools.cached_property
    def complete(self) -> Callable[[JsonObject, JsonObject], JsonObject]:
        """Add to an answer what the specification has come to require."""
        return _sample.completer(self.answer or {})


@functools.cache
def document() -> JsonObject:
    """The effective spec."""
    file = importlib.resources.files("siro_openapi") / "openapi.json"
    return cast("JsonObject", json.loads(file.read_text("utf-8")))


@functools.cache
def operations() -> list[Operation]:
    """Return the operations of hosts and security schemes that are known, those of fixed paths first.

    Raises:
        NotImplementedError: the specification uses what is not known here.

    """
    return sorted(_operations(document()), key=lambda operation: operation.path.count("{"))


def _operations(spec: JsonObject) -> Iterator[Operation]:
    for path, item in cast("dict[str, JsonObject]", spec["paths"]).items():
        for method in _METHODS:
            if method in item:
                described: JsonObject = {**item, **cast("JsonObject", item[method])}
                described["parameters"] = _united(spec, item, cast("JsonObject", item[method]))
                if operation := _operation(spec, path, method, described):
                    yield operation


def _united(spec: JsonObject, *holders: JsonObject) -> list[Json]:
    """The parameters of a path and of one of its operations, whose own come first."""
    found = dict[tuple[Json, Json], Json]()
    for holder in holders:
        for node in cast("list[JsonObject]", holder.get("parameters", [])):
            parameter = _schema.follow(spec, node)
            found[parameter["name"], parameter["in"]] = parameter
    return list(found.values())


def _operation(spec: JsonObject, path: str, method: str, described: JsonObject) -> Operation | None:
    servers = cast("list[JsonObject]", described.get("servers", spec.get("servers", [])))
    root = _ROOTS.get(str(servers[0]["url"]).rstrip("/")) if servers else None
    authenticate = _authentication(spec, described, method)
    if root is None or authenticate is None:
        return None
    body = _schema.follow(spec, cast("JsonObject", described.get("requestBody", {})))
    status, media_type, answer = _success(spec, cast("dict[str, JsonObject]", described["responses"]))
    return Operation(
        name=str(described["operationId"]),
        method=method.upper(),
        path=path,
        root=root,
        authenticate=authenticate,
        parameters=parameters(spec, path, cast("list[JsonObject]", described["parameters"])),
        has_body=bool(body),
        needs_body=bool(body.get("required")),
        status=status,
        media_type=media_type,
        answer=answer,
    )


def _authentication(spec: JsonObject, described: JsonObject, method: str) -> Authenticate | None:
    demanded = cast("list[JsonObject]", described.get("security", spec.get("security", [])))
    if len(demanded) != 1 or len(demanded[0]) != 1:
        return None
    schemes = cast("dict[str, dict[str, JsonObject]]", spec["components"])["securitySchemes"]
    match schemes[next(iter(demanded[0]))]:
        case {"type": "http", "scheme": str(scheme)} if scheme.lower() == "bearer":
            return authenticate_organization
        case {"type": "apiKey", "in": "header", "name": str(name)} if name.lower() == "x-siro-auth-token":
            return authenticate_reader if method == "get" else authenticate_user
        case _:
            return None


def _success(spec: JsonObject, responses: dict[str, JsonObject]) -> tuple[int, str | None, JsonObject | None]:
    """The status, the media type and the schema of the first success that the specification has, as JSON if it can."""
    found = sorted(status for status in responses if status.startswith("2"))
    if not found:
        return HTTPStatus.OK, None, None
    status = int(found[0]) if found[0].isdecimal() else HTTPStatus.OK
    listed = cast("dict[str, JsonObject]", _schema.follow(spec, responses[found[0]]).get("content", {}))
    content = {media_type.partition(";")[0].strip().lower(): body for media_type, body in listed.items()}
    if _JSON not in content:
        return status, next(iter(content), None), None
    return status, _JSON, _schema.convert(spec, cast("JsonObject", content[_JSON].get("schema", {})))
