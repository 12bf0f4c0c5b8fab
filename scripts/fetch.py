"""Fetch documentation pages from where they are published, or take them from a folder.

A page decides what tokens are sent where, so a URL is asked for over https only, and a redirect is followed within its
host only. What comes back is capped before it is read.
"""

import time
from collections.abc import Iterable
from pathlib import Path

import httpx

from scripts.layout import StepError
from scripts.safe_yaml import BYTES
from scripts.sources import Source

_SECONDS = 30
"""How long one page may take, its redirects included."""
_REDIRECTS = 3
_HEADERS = {
    "user-agent": "siro-client make update",
    "accept": "text/markdown, text/plain;q=0.9, */*;q=0.1",
    "accept-encoding": "identity",  # what is sent is what counts against the cap
}


def from_folder(folder: Path, sources: Iterable[Source]) -> dict[str, bytes]:
    """The pages that a folder holds under their recorded file names, by source; the others are left as they are.

    Raises:
        StepError: if there is no such folder, none of the pages is in it, or one cannot be read.
    """
    if not folder.is_dir():
        raise StepError(f"FROM={folder} is no folder: name one that holds the pages")
    names = {source.name: Path(source.page).name for source in sources}
    try:
        found = {name: (folder / page).read_bytes() for name, page in names.items() if (folder / page).is_file()}
    except OSError as error:
        raise StepError(f"{error.filename} cannot be read: {error.strerror}") from None
    if not found:
        raise StepError(f"FROM={folder} holds none of {', '.join(sorted(names.values()))}: name a folder that does")
    return found


def from_web(sources: Iterable[Source], transport: httpx.BaseTransport | None = None) -> dict[str, bytes]:
    """Every page as its recorded URL serves it now, by source.

    Raises:
        StepError: on the first that cannot be had, with its URL and the reason.
    """
    with httpx.Client(headers=_HEADERS, timeout=10, transport=transport) as client:
        return {source.name: page(client, source.url) for source in sources}


def page(client: httpx.Client, url: str) -> bytes:
    """What a URL serves."""
    ends = time.monotonic() + _SECONDS
    here = _secure(url, url)
    for _ in range(_REDIRECTS + 1):
        try:
            with client.stream("GET", here, follow_redirects=False) as response:
                if not response.has_redirect_location:
                    return _body(response, url, ends)
                there = _secure(response.headers["location"], url, here)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise StepError(f"{url} cannot be fetched: {_reason(error)}; try again, or use FROM=DIR") from None
        if (there.host, there.port) != (here.host, here.port):
            raise StepError(
                f"{url} redirects to {there}, on another host: look at whether Siro moved its documentation, and "
                "record the new URL in specs/sources.json"
            )
        here = there
    raise StepError(f"{url} redirects more than {_REDIRECTS} times: look at it in a browser")


def _secure(location: str, recorded: str, base: httpx.URL | None = None) -> httpx.URL:
    try:
        url = base.join(location) if base else httpx.URL(location)
    except httpx.InvalidURL as error:
        raise StepError(f"{recorded} leads to no URL: {error}") from None
    if url.scheme != "https" or not url.host:
        raise StepError(f"{recorded} leads to {url}, and pages are fetched over https only: look at specs/sources.json")
    return url


def _body(response: httpx.Response, url: str, ends: float) -> bytes:
    if response.status_code != httpx.codes.OK.value:
        raise StepError(f"{url} answers {response.status_code}: look at whether the page moved")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise StepError(f"{url} answers compressed, though asked not to: use FROM=DIR")
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > BYTES:
            raise StepError(f"{url} answers more than {BYTES:,} bytes: look at what it serves")
        if time.monotonic() > ends:
            raise StepError(f"{url} takes longer than {_SECONDS} seconds: try again, or use FROM=DIR")
    return bytes(content)


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
