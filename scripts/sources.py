"""The record of what was vendored: `specs/sources.json`, one entry a documentation page."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.layout import SOURCES, SPECS, vendored_path


@dataclass(frozen=True)
class Source:
    """One vendored spec and the page that it was taken from."""

    name: str
    """Names the vendored spec, its overlay, and the operation id."""
    url: str
    """Where Siro publishes the page."""
    page: str
    """The file of the page, relative to `specs/`."""
    operation: str
    """The operation that the page documents: method and path, as its OpenAPI block is labelled."""
    fetched: str
    """The day that the page was fetched, `YYYY-MM-DD`."""
    page_sha256: str
    spec_sha256: str

    @property
    def page_path(self) -> Path:
        """The committed page."""
        return SPECS / self.page

    @property
    def spec_path(self) -> Path:
        """The vendored spec."""
        return vendored_path(self.name)


def read() -> list[Source]:
    """All sources, in the order of the file."""
    return [Source(**entry) for entry in json.loads(SOURCES.read_text("utf-8"))]


def write(sources: list[Source], path: Path = SOURCES) -> None:
    """Replace the record."""
    path.write_text(json.dumps([asdict(source) for source in sources], indent=2) + "\n", "utf-8")


def sha256(data: bytes) -> str:
    """The checksum that the record holds."""
    return hashlib.sha256(data).hexdigest()
