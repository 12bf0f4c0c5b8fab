"""How pages are fetched: over https, from the recorded host, within limits, and with one line when it fails."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from scripts import fetch
from scripts.layout import StepError
from scripts.safe_yaml import BYTES
from scripts.sources import Source

URL = "https://docs.example/pages/a.md"
SOURCE = Source("a", URL, "pages/a.md", "PUT /v1/a", "2026-11-21", "", "")
Handler = Callable[[httpx.Request], httpx.Response]


class Endless(httpx.SyncByteStream):
    """A body without an end."""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield b"x" * 65_536


def fetched(handler: Handler) -> dict[str, bytes]:
    return fetch.from_web([SOURCE], httpx.MockTransport(handler))


def test_a_page_comes_as_it_is_served() -> None:
    assert fetched(lambda request: httpx.Response(200, content=str(request.url).encode())) == {"a": URL.encode()}


def test_a_redirect_within_the_host_is_followed() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/b.md":
            return httpx.Response(200, content=b"here")
        return httpx.Response(301, headers={"location": "/b.md"})

    assert fetched(handler) == {"a": b"here"}


@pytest.mark.parametrize(
    ("location", "line"),
    [
        ("https://other.example/a.md", "on another host"),
        ("https://docs.example:444/a.md", "on another host"),
        ("http://docs.example/a.md", "over https only"),
        ("file:///etc/passwd", "over https only"),
        (URL, "redirects more than 3 times"),
    ],
)
def test_any_other_redirect_is_told_and_not_followed(location: str, line: str) -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"location": location})

    with pytest.raises(StepError, match=line):
        fetched(handler)
    assert {*asked} == {URL}


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody there", request=request)


def always(response: httpx.Response) -> Handler:
    def handler(_request: httpx.Request) -> httpx.Response:
        return response

    return handler


REFUSED: list[tuple[Handler, str]] = [
    (always(httpx.Response(404)), "answers 404: look at whether the page moved"),
    (always(httpx.Response(200, stream=Endless())), f"answers more than {BYTES:,} bytes"),
    (always(httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Endless())), "answers compressed"),
    (unreachable, "cannot be fetched: nobody there; try again, or use FROM=DIR"),
]


@pytest.mark.parametrize(("handler", "line"), REFUSED)
def test_what_is_no_page_is_told_in_one_line(handler: Handler, line: str) -> None:
    with pytest.raises(StepError, match=line) as raised:
        fetched(handler)
    assert str(raised.value).startswith(URL)
    assert "\n" not in str(raised.value)


def test_a_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_SECONDS", 0)
    with pytest.raises(StepError, match="takes longer than 0 seconds"):
        fetched(lambda _: httpx.Response(200, stream=Endless()))


def test_a_recorded_url_without_https_is_refused() -> None:
    with pytest.raises(StepError, match="over https only"):
        fetch.page(httpx.Client(), "http://docs.example/a.md")


def test_a_folder_gives_the_pages_that_are_in_it(tmp_path: Path) -> None:
    other = Source("b", URL, "pages/b.md", "PUT /v1/b", "2026-11-21", "", "")
    (tmp_path / "b.md").write_bytes(b"here")
    assert fetch.from_folder(tmp_path, [SOURCE, other]) == {"b": b"here"}
    with pytest.raises(StepError, match=r"holds none of a\.md"):
        fetch.from_folder(tmp_path, [SOURCE])
    with pytest.raises(StepError, match="is no folder"):
        fetch.from_folder(tmp_path / "b.md", [SOURCE])
