"""The operations of the effective spec on the wire: where each goes, and how its token is carried."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from contract_tests.document import effective, follow, pointer

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_HOSTS = {
    "https://api.siro.ai": "SIRO_RECORDINGS_URL",
    "https://functions.siro.ai/api-externalApi": "SIRO_INTEGRATIONS_URL",
}
"""The hosts of Siro's pages, and the variable that says where a run finds each."""
_TOKENS = {("x-siro-auth-token", ""): "USER_TOKEN", ("authorization", "bearer"): "ORGANIZATION_TOKEN"}
"""What carries a token, in small letters, and the variable of that token."""
_SHORT = {"link_recording": "link", "sync_engagement": "sync"}
"""What the rules of the operations that tests were written for begin with; those of any other with its operation id."""
NESTED = ("account", "contact", "lead", "opportunity")
"""The properties of an engagement that are CRM rows of their own; in capitals, their data types."""

Document: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """An operation on the wire."""

    name: str
    """Its operation id."""
    short: str
    """What the ids of its rules begin with."""
    path: str
    url_variable: str
    """The variable of its base URL; empty for a host that the gate does not know."""
    token: str
    """The variable of its token, without `SIRO_` or `SIRO_OTHER_`; empty for a scheme that the gate does not know."""
    header: str
    scheme: str
    method: str = "PUT"
    successes: frozenset[int] = frozenset({200})
    """The statuses that a success may have."""
    lacks: str = ""
    """Why no run can check it, if none can."""

    @property
    def token_variable(self) -> str:
        """The variable of its token."""
        return f"SIRO_{self.token}"

    @property
    def is_reading(self) -> bool:
        """Whether it stores nothing (RFC 9110)."""
        return self.method == "GET"

    @property
    def is_added(self) -> bool:
        """Whether no test was written for it: what is known of it is what the effective spec says."""
        return self.name not in _SHORT

    def credentials(self, token: str) -> dict[str, str]:
        """The header that carries a token to this operation."""
        return {self.header: f"{self.scheme} {token}".strip()}


def _operations() -> Iterator[Operation]:
    for path, item in effective()["paths"].items():
        for method in item:
            if method in _METHODS:
                yield _operation(path, method, {"servers": effective().get("servers", []), **item, **item[method]})


def _operation(path: str, method: str, described: Document) -> Operation:
    name: str = described["operationId"]
    (url, *_) = [str(server["url"]).rstrip("/") for server in described["servers"]] or [""]
    header, scheme, told = _carrier(described)
    token = _TOKENS.get((header.lower(), scheme.lower()), "")
    unknown_host = "" if url in _HOSTS else f"a variable for the host {url or 'that the page does not name'}"
    unknown_token = "" if token else f"a token for {told}"
    bodiless = "cases for what answers without a body" if method in ("head", "options", "trace") else ""
    lacks = unknown_host or unknown_token or bodiless
    return Operation(
        name=name,
        short=_SHORT.get(name, name),
        path=path,
        url_variable=_HOSTS.get(url, ""),
        token=token,
        header=header,
        scheme=scheme,
        method=method.upper(),
        successes=frozenset(_successes(described)),
        lacks=lacks,
    )


def _carrier(described: Document) -> tuple[str, str, str]:
    """The header of an operation's token, what stands before the token in it, and the scheme in words."""
    security: list[Document] = described.get("security", effective().get("security", []))
    if len(security) != 1 or len(security[0]) != 1:
        return "", "", f"the security {security}"
    (name,) = security[0]
    scheme = follow(effective()["components"]["securitySchemes"][name])
    match scheme:
        case {"type": "apiKey", "in": "header", "name": str(header)}:
            return header, "", f"the header {header}"
        case {"type": "http", "scheme": str(kind)}:
            return "Authorization", kind.capitalize(), f"the scheme {kind}"
        case _:
            return "", "", f"the security scheme {name}"


def _successes(described: Document) -> Iterator[int]:
    for status in map(str, described["responses"]):
        if status.upper() == "2XX":
            yield from range(200, 300)
        elif status.startswith("2"):
            yield int(status)


def _by_name() -> dict[str, Operation]:
    """Those that tests were written for first."""
    found = {operation.name: operation for operation in _operations()}
    return dict(sorted(found.items(), key=lambda item: (item[1].is_added, item[0])))


def _known(name: str) -> Operation:
    if name not in OPERATIONS:
        raise KeyError(
            f"the effective spec has no operation {name}: the tests and the rules of {_SHORT[name]} are of it"
        )
    return OPERATIONS[name]


OPERATIONS = _by_name()
"""Every operation by its id."""
LINK = _known("link_recording")
SYNC = _known("sync_engagement")
NAMES = {operation.short: operation.name for operation in OPERATIONS.values()}
"""The operation ids by what the ids of their rules begin with."""
CHECKABLE = {name: operation for name, operation in OPERATIONS.items() if not operation.lacks}
"""Those that a run can check."""


def parameters_of(operation: Operation) -> dict[str, Document]:
    """What the effective spec says of the parameters of an operation, those of its path included, by JSON pointer."""
    method, found = operation.method.lower(), dict[Any, tuple[str, Document]]()
    item = effective()["paths"][operation.path]
    for names, described in (([], item), ([method], item[method])):
        for number, node in enumerate(described.get("parameters", [])):
            parameter = follow(node)
            where = pointer("paths", operation.path, *names, "parameters", str(number))
            found[parameter["in"], parameter["name"]] = where, parameter
    return dict(found.values())
