"""A made-up integration: visits of a field service go to Siro. The example is its tests, in test_visit_outbox.py.

An outbox holds what is to be sent. What fails for a while stays in it, what Siro refuses is set aside with the reason,
and a visit leaves it only when Siro has it.
"""

from contextlib import suppress
from dataclasses import dataclass, field

from siro_openapi.models import ActivityType, DataType, Engagement, EngagementType

from siro_client import (
    AsyncSiro,
    ConflictError,
    ExternalId,
    InvalidResponseError,
    LinkError,
    NotFoundError,
    RateLimitError,
    RequestError,
    ServerError,
    Siro,
    TransportError,
)

PASSING = (TransportError, RateLimitError, ServerError)
"""What another attempt may mend."""
ABOUT_THE_VISIT = (RequestError, LinkError, NotFoundError, ConflictError, ValueError)
"""What only a change of the visit mends. All others, such as a wrong token, are about us, and are raised."""


@dataclass(frozen=True)
class Visit:
    """A visit as the field service has it."""

    number: int
    customer: str
    starts_at: str
    """In UTC, as 2026-11-21T15:00:00Z."""
    recording_id: str | None = None


@dataclass
class Outbox:
    """Visits on their way to Siro, for one integration connection."""

    integration_connection_id: str
    waiting: list[Visit]
    refused: dict[int, str] = field(default_factory=dict[int, str])
    """Why, by the number of the visit: for a person to look at."""

    def send(self, siro: Siro) -> int:
        """Send what waits, in order, and return how many visits Siro has taken.

        It stops at the first failure that may pass, for the next visit would most likely meet it, too.
        """
        sent = 0
        while self.waiting:
            visit = self.waiting[0]
            try:
                self._send(siro, visit)
                sent += 1
            except PASSING:
                break
            except ABOUT_THE_VISIT as error:
                self.refused[visit.number] = str(error)
            self.waiting.pop(0)
        return sent

    def _send(self, siro: Siro, visit: Visit) -> None:
        engagement = engagement_of(visit)
        with suppress(InvalidResponseError):  # it took effect, and nothing in the answer is needed
            siro.sync_engagement(engagement)
        if visit.recording_id:
            target = ExternalId(engagement.external_id, self.integration_connection_id)
            with suppress(InvalidResponseError):
                siro.link_recording(visit.recording_id, target, DataType.ENGAGEMENT)


async def is_refused(siro: AsyncSiro, visit: Visit) -> bool:
    """Whether Siro refuses a visit: for the form in which it is entered, where nobody waits for retries."""
    try:
        await siro.with_options(max_retries=0, deadline=2).sync_engagement(engagement_of(visit))
    except ABOUT_THE_VISIT:
        return True
    except PASSING:
        return False  # not as far as anybody knows: the outbox sends it later
    return False


def engagement_of(visit: Visit) -> Engagement:
    """The engagement that a visit is."""
    return Engagement(
        external_id=f"visit-{visit.number}",
        subject=f"Visit to {visit.customer}",
        start_time=visit.starts_at,
        engagement_type=EngagementType(name="Visit", activity_type=ActivityType.APPOINTMENT),
    )
