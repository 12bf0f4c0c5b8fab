"""Sync the meetings of a HubSpot export to Siro.

    python examples/hubspot/hubspot_export.py EXPORT.json [--journal FILE]

The export is what HubSpot's CRM API v3 answers for meetings, asked for with their associations, and for companies,
contacts, deals and owners. It shows `AsyncSiro.sync_engagements` with a journal: run it again, and what is synced is
skipped.

The organization token comes from SIRO_ORGANIZATION_TOKEN. Exit status: 0 if every meeting is synced, 1 if some are not,
2 if Siro refuses the token or the export cannot be read.
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from pathlib import Path

from siro_openapi.models import Engagement

from hubspot_mapping import Export
from siro_client import AsyncSiro, AuthenticationError, PermissionDeniedError


async def sync(siro: AsyncSiro, export: Export, journal: str) -> Counter[str]:
    """Sync the meetings, tell each that fails, and count what became of them.

    Raises:
        AuthenticationError, PermissionDeniedError: Siro refuses the token, so that the rest would fail, too.
    """
    counts = Counter[str]()

    def failed(external_id: str, error: Exception) -> None:
        counts["failed"] += 1
        sys.stderr.write(f"meeting {external_id}: {type(error).__name__}: {error}\n")

    def engagements() -> Iterator[Engagement]:
        for meeting in export.meetings:
            try:
                engagement = export.engagement(meeting)
            except ValueError as error:
                failed(meeting["id"], error)
            else:
                yield engagement

    async with aclosing(siro.sync_engagements(engagements(), journal=journal)) as run:
        async for synced in run:
            match synced.error:
                case None:
                    counts["skipped" if synced.skipped else "synced"] += 1
                case AuthenticationError() | PermissionDeniedError() as error:
                    raise error
                case error:
                    failed(synced.engagement.external_id, error)
    return counts


async def run(export: Export, journal: str) -> int:
    """Sync an export, and return the exit status."""
    async with AsyncSiro.from_env() as siro:
        try:
            counts = await sync(siro, export, journal)
        except (AuthenticationError, PermissionDeniedError) as error:
            sys.stderr.write(f"{error}\n")
            return 2
    sys.stdout.write(f"{counts['synced']} synced, {counts['skipped']} skipped, {counts['failed']} failed\n")
    return 1 if counts["failed"] else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say."""
    parser = argparse.ArgumentParser(description="Sync the meetings of a HubSpot export to Siro.")
    parser.add_argument("export", type=Path)
    parser.add_argument("--journal", default="hubspot.sqlite", help="what is synced, skipped in the next run")
    options = parser.parse_args(arguments)
    try:
        export = Export(json.loads(options.export.read_text("utf-8-sig")))
    except (OSError, ValueError) as error:
        parser.error(str(error))
    return asyncio.run(run(export, options.journal))


if __name__ == "__main__":
    sys.exit(main())
