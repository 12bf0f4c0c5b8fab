"""Write docs/reference.html.

python -m docs.reference          write it
python -m docs.reference --check  write nothing; fail if what is committed is not what would be written
"""

import argparse
import sys

from docs.reference.build import PAGE, page


def main() -> int:
    """Write the page, or check the one that is committed."""
    parser = argparse.ArgumentParser(
        prog="python -m docs.reference", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing, and fail if what is committed is stale")
    check = parser.parse_args().check
    wanted = page().encode()
    is_fresh = PAGE.exists() and PAGE.read_bytes() == wanted
    if check and not is_fresh:
        print("reference: docs/reference.html is stale, run `make reference` and commit it", file=sys.stderr)
        return 1
    if not check and not is_fresh:
        PAGE.write_bytes(wanted)
    print(f"reference: docs/reference.html {'is what `make reference` writes' if is_fresh else 'written'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
