"""Sync the events of a Salesforce data export to Siro.

    python examples/salesforce/salesforce_export.py FOLDER [--journal FILE] [--errors FILE]

FOLDER holds Event.csv as Salesforce exports it and, where they were exported too, Account.csv, Contact.csv, Lead.csv,
Opportunity.csv and User.csv, which are joined by id. It shows `Siro.sync_engagements` with a journal: stop it, or mend
the lines that the file of errors names, run it again, and only what is missing is sent.

The organization token comes from SIRO_ORGANIZATION_TOKEN. Exit status: 0 if every event is synced, 1 if some are not, 2
if Siro refuses the token or the export cannot be read.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from siro_openapi.models import Engagement

from salesforce_mapping import Export
from salesforce_records import rows
from siro_client import AuthenticationError, PermissionDeniedError, Siro


def main(arguments: Sequence[str] | None = None) -> int:
    """Sync the export, and return the exit status."""
    parser = argparse.ArgumentParser(description="Sync the events of a Salesforce data export to Siro.")
    parser.add_argument("folder", type=Path, help="with Event.csv and the files that are joined")
    parser.add_argument("--journal", default="salesforce.sqlite", help="what is synced, skipped in the next run")
    parser.add_argument("--errors", type=Path, default=Path("errors.jsonl"), help="what is not synced, and why")
    options = parser.parse_args(arguments)
    try:
        export, events = Export(options.folder), rows(options.folder / "Event.csv")
    except (OSError, ValueError) as error:
        parser.error(str(error))
    counts, lines = Counter[str](), list[int]()

    with options.errors.open("w", encoding="utf-8", buffering=1) as errors, Siro.from_env() as siro:

        def failed(line: int, external_id: str, error: Exception) -> None:
            counts["failed"] += 1
            told = {"line": line, "id": external_id, "error": type(error).__name__, "reason": str(error)}
            errors.write(json.dumps(told) + "\n")

        def engagements() -> Iterator[Engagement]:
            for line, row in events:
                if isinstance(row, ValueError):
                    failed(line, "", row)
                    continue
                try:
                    engagement = export.engagement(row)
                except ValueError as error:
                    failed(line, row.get("Id", ""), error)
                    continue
                lines.append(line)  # the position of the engagement, in bulk, is its index here
                yield engagement

        with closing(siro.sync_engagements(engagements(), journal=options.journal)) as run:
            for synced in run:
                if synced.error is None:
                    counts["skipped" if synced.skipped else "synced"] += 1
                    continue
                failed(lines[synced.position], synced.engagement.external_id, synced.error)
                if isinstance(synced.error, AuthenticationError | PermissionDeniedError):
                    sys.stderr.write(f"{synced.error}\n")
                    return 2  # each of the others would fail in the same way
    sys.stdout.write(f"{counts['synced']} synced, {counts['skipped']} skipped, {counts['failed']} failed\n")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
