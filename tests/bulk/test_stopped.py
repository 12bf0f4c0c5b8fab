"""What a stopped run says of where it stood."""

from siro_openapi.models import Engagement

from siro_client import ClosedError
from siro_client._synced import Stopped, Synced

ONE, OTHER = Engagement(external_id="e-1"), Engagement(external_id="e-2")


def test_what_ended_is_counted_by_its_kind() -> None:
    ended = (
        Synced(0, ONE),
        Synced(1, ONE, skipped=True),
        Synced(2, ONE, error=ClosedError("sync_engagement")),
        Synced(3, OTHER),
    )
    told = "ended and not yielded: 2 synced, 1 skipped, 1 failed; sending them again is safe"
    assert str(Stopped(ended, {}, {})) == told


def test_what_was_in_flight_and_what_waits_is_named() -> None:
    told = (
        "in flight, and whether it took effect is not known: 'e-1' (position 4); read and not sent: 'e-2' (position 5)"
    )
    assert str(Stopped((), {4: ONE}, {5: OTHER})) == f"{told}; sending them again is safe"


def test_of_nothing_nothing_is_said() -> None:
    assert not str(Stopped((), {}, {}))
