"""Extract the vendored specs from the documentation pages, byte for byte, and keep the record of them.

python -m scripts.vendor          extract each page's OpenAPI block; record a changed page with today's date
python -m scripts.vendor --check  change nothing; fail if a page, a vendored spec or the record was touched
"""

import argparse
import datetime as dt
import sys
from collections.abc import Collection
from dataclasses import replace

from scripts import sources, trust
from scripts.layout import StepError
from scripts.page import Page, read_document, read_page
from scripts.sources import Source, sha256


def vendor(source: Source, today: str, accept: Collection[str] = ()) -> tuple[Source, bytes]:
    """Return the record of a page, which is the same one if the page did not change, and its spec; write nothing.

    Raises:
        StepError: if the page is not what a page must be, or sends tokens elsewhere than the one before it; `accept`
            is what a person has accepted of that (`scripts.trust`).
    """
    content = source.page_path.read_bytes()
    page = _read(source, content)
    if sha256(content) == source.page_sha256 and sha256(page.spec) == source.spec_sha256:
        return source, page.spec
    try:
        trust.check_against(recorded(source), page, accept)
    except StepError as error:
        raise StepError(f"{source.page}: {error}") from None
    return replace(source, fetched=today, page_sha256=sha256(content), spec_sha256=sha256(page.spec)), page.spec


def recorded(source: Source) -> Page:
    """The page of a source as it was vendored, without its prose.

    Raises:
        StepError: if the vendored spec is not the recorded one.
    """
    spec = source.spec_path.read_bytes()
    if sha256(spec) != source.spec_sha256:
        raise StepError(_touched(source.spec_path.name, sha256(spec), source.spec_sha256))
    return Page(source.operation, spec, read_document(spec), prose="")


def check(source: Source) -> None:
    """Raise StepError unless the page and the vendored spec are the recorded ones, and the one is in the other."""
    content = source.page_path.read_bytes()
    for path, found, wanted in (
        (source.page_path, sha256(content), source.page_sha256),
        (source.spec_path, sha256(source.spec_path.read_bytes()), source.spec_sha256),
    ):
        if found != wanted:
            raise StepError(_touched(path.name, found, wanted))
    if _read(source, content).spec != source.spec_path.read_bytes():
        raise StepError(f"{source.spec_path.name} is not the OpenAPI block of {source.page}; run `make vendor`")


def _touched(name: str, found: str, wanted: str) -> str:
    return (
        f"{name} was touched: its SHA-256 is {found}, and {wanted} is recorded in specs/sources.json. "
        "Vendored files are never edited; restore it, or vendor a new page with `make vendor`"
    )


def _read(source: Source, content: bytes) -> Page:
    try:
        page = read_page(content)
        trust.check_operation(source.operation, page)
    except StepError as error:
        raise StepError(f"{source.page}: {error}") from None
    return page


def main() -> int:
    """Vendor or check every source."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing, and fail if anything was touched")
    parser.add_argument("--accept", action="append", default=[], choices=[trust.HOST, trust.SECURITY])
    arguments = parser.parse_args()
    known = sources.read()
    try:
        if arguments.check:
            for source in known:
                check(source)
        else:
            today = dt.datetime.now(tz=dt.UTC).date().isoformat()
            # All of them before any is written, so that a page that stops leaves everything as it was.
            vendored = [vendor(source, today, arguments.accept) for source in known]
            for source, spec in vendored:
                source.spec_path.write_bytes(spec)
            sources.write([source for source, _ in vendored])
    except StepError as error:
        print(f"vendor: {error}", file=sys.stderr)
        return 1
    print(f"vendor: {len(known)} specs are byte for byte what their pages publish")
    return 0


if __name__ == "__main__":
    sys.exit(main())
