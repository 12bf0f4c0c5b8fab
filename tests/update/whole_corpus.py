"""Update by every edit of the corpus, and print how each ends: in a green tree, or in a stop for a person to decide.

python -m tests.update.whole_corpus [--jobs 2] [--only NAME] [--checks quick]

Anything else, such as a traceback, a stop without a line that says why, or a stopped update that changed the tree, is a
failure of this project, and of this command.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from queue import SimpleQueue

from scripts import sources
from scripts.layout import StepError
from scripts.page import read_page
from scripts.sources import sha256
from tests.spec_diff.corpus import Edit, load
from tests.update.tree import copy_of_everything, state, update

_STOPPED = "update: stopped; specs/ and generated/ are as they were"


def main() -> int:
    """Run them, side by side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="edits whose name holds this")
    parser.add_argument("--checks", default="gate", help="as for an update")
    arguments = parser.parse_args()
    edits = [edit for edit in load() if arguments.only in edit.name]
    trees: SimpleQueue[Path] = SimpleQueue()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(arguments.jobs) as pool:
        for number in range(arguments.jobs):
            trees.put(copy_of_everything(Path(folder, str(number))))
        ends = [end.result() for end in [pool.submit(_end, edit, trees, arguments.checks) for edit in edits]]
    failed = [end for end in ends if end.startswith("FAILED")]
    green = sum(end.startswith("green") for end in ends)
    print(f"{len(edits)} edits: {green} green, {len(edits) - green - len(failed)} stopped, {len(failed)} failed")
    return int(bool(failed) or not edits)


def _end(edit: Edit, trees: "SimpleQueue[Path]", checks: str) -> str:
    tree = trees.get()
    try:
        began = time.monotonic()
        end = attempt(edit, tree, checks)
        print(f"{edit.name} ({time.monotonic() - began:.0f} s): {end}", flush=True)
    finally:
        trees.put(tree)
    return end


def attempt(edit: Edit, tree: Path, checks: str) -> str:
    """Update a tree by an edit, say how it ended, and put the tree back."""
    with _put_back(tree):
        try:
            _vendor(tree, edit)
        except StepError as error:
            return f"stopped, no page is as the edit finds it: {error}"
        source = next(source for source in sources.read() if source.name == edit.spec)
        offered = tree / "offered"
        offered.mkdir(exist_ok=True)
        name = Path(source.page).name
        (offered / name).write_bytes(edit.page(source.page_path.read_bytes()))
        before = state(tree)
        result = update(tree, "--from", str(offered), "--checks", checks)
        changed = state(tree) != before
        (offered / name).unlink()
    lines = result.stderr.splitlines()
    if result.returncode == 0 and not lines:
        level = json.loads((tree / "reports/spec-change.json").read_text("utf-8"))["next_version"] if changed else None
        return f"green, {level['level'] if level else 'nothing changed'}"
    if result.returncode == 1 and len(lines) == 2 and lines[1].startswith(_STOPPED) and not changed:
        return f"stopped, {lines[0].removeprefix('update: ')}"
    return f"FAILED, status {result.returncode}: {' / '.join(lines[-4:])}"


def _vendor(tree: Path, edit: Edit) -> None:
    """Let what an edit needs to be there be what is vendored."""
    if not edit.given:
        return
    known = sources.read()
    source = next(source for source in known if source.name == edit.spec)
    page = replace(edit, edit=[]).page(source.page_path.read_bytes())
    spec = read_page(page).spec
    (tree / "specs" / source.page).write_bytes(page)
    (tree / "specs" / "vendored" / f"{source.name}.yaml").write_bytes(spec)
    record = [
        asdict(replace(each, page_sha256=sha256(page), spec_sha256=sha256(spec)) if each is source else each)
        for each in known
    ]
    (tree / "specs" / "sources.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    update(tree, command="scripts.generate")


@contextmanager
def _put_back(tree: Path) -> Generator[None]:
    before = state(tree)
    try:
        yield
    finally:
        after = state(tree)
        for name in after.keys() - before.keys():
            (tree / name).unlink()
        for name, content in before.items():
            if after.get(name) != content:
                (tree / name).write_bytes(content)


if __name__ == "__main__":
    sys.exit(main())
