"""Extract the vendored specs from the documentation pages, byte for byte, and keep the record of them.

python -m scripts.vendor          extract each page's OpenAPI block; record a changed page with today's date
python -m scripts.vendor --check  change nothing; fail if a page, a vendored spec or the record was touched
"""

import argparse
import datetime as dt
import re
import sys
from dataclasses import replace

from scripts import sources
from scripts.layout import StepError
from scripts.sources import Source, sha256

# A fenced block of four backticks, labelled with the file it comes from (not on every page), the method and the path.
_BLOCK = re.compile(rb"^````yaml (?:\S+ )?(?P<operation>[a-z]+ /\S*)\n(?P<spec>.*?)^````$", re.DOTALL | re.MULTILINE)


def extract(page: bytes) -> tuple[str, bytes]:
    """Return the operation that a page documents and its OpenAPI document, as the bytes that stand there.

    Raises:
        StepError: if the page holds no OpenAPI block, or more than one.
    """
    blocks = list(_BLOCK.finditer(page))
    if len(blocks) != 1:
        raise StepError(f"the page holds {len(blocks)} OpenAPI blocks (````yaml METHOD PATH), where one is due")
    method, path = blocks[0]["operation"].decode().split(" ", 1)
    return f"{method.upper()} {path}", blocks[0]["spec"]


def vendor(source: Source, today: str) -> Source:
    """Write the vendored spec of a page; return its record, which is the same one if the page did not change."""
    page = source.page_path.read_bytes()
    spec = _spec_of(source, page)
    source.spec_path.write_bytes(spec)
    if sha256(page) == source.page_sha256 and sha256(spec) == source.spec_sha256:
        return source
    return replace(source, fetched=today, page_sha256=sha256(page), spec_sha256=sha256(spec))


def check(source: Source) -> None:
    """Raise StepError unless the page and the vendored spec are the recorded ones, and the one is in the other."""
    page = source.page_path.read_bytes()
    for path, found, recorded in (
        (source.page_path, sha256(page), source.page_sha256),
        (source.spec_path, sha256(source.spec_path.read_bytes()), source.spec_sha256),
    ):
        if found != recorded:
            raise StepError(
                f"{path.name} was touched: its SHA-256 is {found}, and {recorded} is recorded in specs/sources.json. "
                "Vendored files are never edited; restore it, or vendor a new page with `make vendor`"
            )
    if _spec_of(source, page) != source.spec_path.read_bytes():
        raise StepError(f"{source.spec_path.name} is not the OpenAPI block of {source.page}; run `make vendor`")


def _spec_of(source: Source, page: bytes) -> bytes:
    operation, spec = extract(page)
    if operation != source.operation:
        raise StepError(f"{source.page} documents {operation}; {source.operation} is recorded in specs/sources.json")
    return spec


def main() -> int:
    """Vendor or check every source."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing, and fail if anything was touched")
    arguments = parser.parse_args()
    recorded = sources.read()
    try:
        if arguments.check:
            for source in recorded:
                check(source)
        else:
            today = dt.datetime.now(tz=dt.UTC).date().isoformat()
            sources.write([vendor(source, today) for source in recorded])
    except StepError as error:
        print(f"vendor: {error}", file=sys.stderr)
        return 1
    print(f"vendor: {len(recorded)} specs are byte for byte what their pages publish")
    return 0


if __name__ == "__main__":
    sys.exit(main())
