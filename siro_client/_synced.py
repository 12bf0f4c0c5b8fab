"""What a bulk run says: what became of each engagement, and where the run stood when it was stopped."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from siro_client._errors import SiroError

if TYPE_CHECKING:
    from siro_openapi.models import Engagement, SyncResult


@dataclass(frozen=True, slots=True)
class Synced:
    """What became of one engagement of a bulk run: it has a result or an error, or was skipped."""

    position: int
    """Where it stood in the iterable, from 0."""
    engagement: "Engagement"
    """As it was given."""
    result: "SyncResult | None" = None
    """What Siro answered."""
    error: SiroError | ValueError | None = None
    """Why it is not synced; a ValueError if it was not sent because it cannot be."""
    skipped: bool = False
    """The journal says that it was synced by an earlier run."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Where a bulk run stood when it was stopped; the exception that comes out says the same in its notes."""

    ended: tuple[Synced, ...]
    """What had ended and was not yielded; the outcome is known."""
    unknown: dict[int, "Engagement"]
    """What was in flight and abandoned, by position: whether it took effect is not known."""
    unsent: dict[int, "Engagement"]
    """What had been read and was not sent, by position."""

    @classmethod
    def of(cls, error: BaseException) -> Self | None:
        """What an exception that came out of a bulk run tells; None if it tells nothing."""
        stopped = getattr(error, "stopped", None)
        return stopped if isinstance(stopped, cls) else None

    def __str__(self) -> str:
        parts: list[str] = []
        if self.ended:
            kinds = Counter("skipped" if one.skipped else "failed" if one.error else "synced" for one in self.ended)
            told = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
            parts.append(f"ended and not yielded: {told}")
        if self.unknown:
            parts.append(f"in flight, and whether it took effect is not known: {_names(self.unknown)}")
        if self.unsent:
            parts.append(f"read and not sent: {_names(self.unsent)}")
        return "; ".join(parts) + "; sending them again is safe" if parts else ""


def _names(engagements: "dict[int, Engagement]") -> str:
    names = [
        f"{getattr(one, 'external_id', None)!r} (position {position})" for position, one in [*engagements.items()][:5]
    ]
    more = len(engagements) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
