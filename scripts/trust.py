"""What of a page decides where a token goes: its servers and its security schemes.

Neither ever changes without a person who says so, with `ACCEPT=host` or `ACCEPT=security`.
"""

import json
import re
from collections.abc import Collection, Iterable
from typing import Any, cast
from urllib.parse import urlsplit

from scripts.layout import StepError, shown
from scripts.page import Page, operations, pointer

HOST = "host"
SECURITY = "security"

# Nothing that two parsers of URLs could read differently.
_URL = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,4})?(/[\w~-][\w.~-]*)*/?", re.ASCII | re.IGNORECASE)


def check_against(recorded: Page, new: Page, accept: Collection[str] = ()) -> None:
    """Compare a new page with the one that was vendored before it.

    Args:
        recorded: The page that was vendored; its prose does not matter.
        new: The page that is to take its place.
        accept: What a person has accepted: HOST, SECURITY.

    Raises:
        StepError: if it documents another operation, or sends tokens elsewhere or in another way than is accepted.
    """
    check_operation(recorded.operation, new)
    check_known([recorded], new, accept)


def check_operation(recorded: str, new: Page) -> None:
    """Raise StepError if a page documents another operation than the recorded one."""
    if new.operation != recorded:
        raise StepError(
            f"documents {shown(new.operation)}; {shown(recorded)} is recorded in specs/sources.json: look at whether "
            "Siro moved the operation (then write the new one there) or the page is another one"
        )


def check_known(known: Iterable[Page], new: Page, accept: Collection[str] = ()) -> None:
    """Compare where a page sends which token with the pages that are known: one of them must do just so.

    Raises:
        StepError: if none does and that is not accepted, or if a server is no plain https URL.
    """
    pages = list(known)
    found, expected = servers(new), [servers(page) for page in pages]
    for url in found:
        if not _URL.fullmatch(url):
            raise StepError(f"/servers: {shown(url)} is no plain https URL, and no token goes there: look at the page")
    if not found:
        raise StepError("/servers: names no server, so that it is open where the token goes: look at the page")
    # Host and scheme go together: the token of one host is not to reach another.
    alike = [page for page, urls in zip(pages, expected, strict=True) if _origins(urls) == _origins(found)]
    if not alike and HOST not in accept:
        raise StepError(
            f"/servers: another host or base path, {_listed(found)} where {_told(map(_listed, expected))} is "
            "recorded; tokens go there: ask Siro whether it is theirs, then say ACCEPT=host"
        )
    schemes, wanted = security(new), [security(page) for page in alike or pages]
    if SECURITY not in accept and schemes not in wanted:
        raise StepError(
            f"/security: another security scheme, {shown(schemes)} where {_told(map(shown, wanted))} is recorded; it "
            "decides which token is sent how: read the page, then say ACCEPT=security"
        )


def servers(page: Page) -> list[str]:
    """The URLs that a page sends its operation to, as they stand there."""
    document = page.document
    _, path, method = next(operations(document))
    item = document["paths"][path]
    declared = item[method].get("servers") or item.get("servers") or document.get("servers")
    urls: list[Any] = [server.get("url") for server in _objects(declared or [], "/servers")]
    if not all(isinstance(url, str) for url in urls):
        raise StepError("/servers: one has no url: look at the page")
    return urls


def security(page: Page) -> str:
    """Which tokens a page demands and how they are sent, in one line that is the same for what means the same."""
    document = page.document
    operation, path, method = next(operations(document))
    item = document["paths"][path]
    demanded = _objects(item[method].get("security", document.get("security", [])), "/security")
    declared: Any = document.get("components", {}).get("securitySchemes", {})
    alternatives: list[str] = []
    for alternative in demanded:
        schemes: list[str] = []
        for name, scopes in alternative.items():
            if not isinstance(scheme := declared.get(name), dict):
                at = shown(pointer("components", "securitySchemes", name))
                raise StepError(f"{at}: is not there, and {shown(operation)} demands it: look at the page")
            kept = {**demanded_by(cast("dict[str, Any]", scheme)), **({"scopes": scopes} if scopes else {})}
            schemes.append(json.dumps(kept, sort_keys=True))
        alternatives.append(" and ".join(sorted(schemes)) or "none")
    return " or ".join(sorted(alternatives)) or "none"


def _objects(value: Any, at: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in cast("Iterable[Any]", value)):
        raise StepError(f"{at}: is no list of objects: look at the page")
    return cast("list[dict[str, Any]]", value)


def demanded_by(scheme: dict[str, Any]) -> dict[str, Any]:
    """What a security scheme asks of a request: it without what is said about it, and without its name."""
    kept = {key: value for key, value in scheme.items() if key != "description" and not key.startswith("x-")}
    if kept.get("in") == "header":
        kept["name"] = str(kept.get("name")).lower()
    if kept.get("type") == "http":
        kept["scheme"] = str(kept.get("scheme")).lower()
        kept.pop("bearerFormat", None)
    return kept


def _origins(urls: Iterable[str]) -> list[str]:
    """The URLs as they are compared: a path counts too, since it decides what the token reaches."""
    parts = (urlsplit(url) for url in urls)
    return [f"{part.hostname}:{part.port or 443}{part.path.rstrip('/')}" for part in parts]


def _listed(urls: Iterable[str]) -> str:
    return " and ".join(map(shown, urls)) or "none"


def _told(known: Iterable[str]) -> str:
    return ", or ".join(dict.fromkeys(known)) or "none"
