"""A bulk run, all of it that is not I/O: what was read and not yielded yet, in which order it is sent, how it ends.

One thread or task reads, hands out and settles; those that send only set the flag that ends the run, and tell the
journal. An interrupt may come between any two calls of it: then an engagement may stand in two places, but in none it
never does, once it was read.
"""

import logging
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from siro_client._errors import ClosedError, MissingTokenError, SiroError
from siro_client._synced import Stopped, Synced

if TYPE_CHECKING:
    import os

    from siro_openapi.models import Engagement, SyncResult

    from siro_client._journal import Entry, Journal

LOGGER = logging.getLogger("siro_client")
READ_AHEAD = 4
"""How many engagements are held at most, as a multiple of the concurrency."""
JournalLike: TypeAlias = "Journal | str | os.PathLike[str]"
"""A journal, or the path of one, which is then opened for the run and closed at its end."""


@dataclass(slots=True, eq=False)
class Item:
    """An engagement on its way."""

    position: int
    engagement: "Engagement"
    key: str | int
    """What it must not overtake: the external id. An item that has none is on its own."""
    entry: "Entry | None" = None
    """What the journal is told when Siro has acknowledged it."""

    def __str__(self) -> str:
        return f"{self.key!r} (position {self.position})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of handing out an item; without a result and an error, it was not sent."""

    item: Item
    result: "SyncResult | None" = None
    error: BaseException | None = None

    @property
    def ends_the_run(self) -> bool:
        """Whether the error is no matter of this engagement alone."""
        return isinstance(self.error, MissingTokenError | ClosedError) or not (
            isinstance(self.error, SiroError | ValueError | None)
        )


@dataclass(slots=True)
class Bulk:
    """What was read and not yielded yet: at most READ_AHEAD times the concurrency."""

    concurrency: int
    journal: "JournalLike | None"
    target: str = ""
    """Where it is sent, so that the journal counts nothing that was sent elsewhere."""
    is_stopping: bool = False
    """Nothing new is to be read or sent."""
    done: dict[int, Synced] = field(default_factory=dict[int, Synced])
    """What is to be yielded, by position; the first comes next."""
    failure: BaseException | None = None
    """What is not the error of one engagement, so that the run ends."""
    broken: BaseException | None = None
    """What the iterable raised."""
    in_flight: dict[int, Item] = field(default_factory=dict[int, Item])
    """What is handed out, by position."""
    _ready: deque[Item] = field(default_factory=deque[Item])
    _behind: dict[str | int, deque[Item]] = field(default_factory=dict[str | int, deque[Item]])
    """For each external id that is ready or in flight, what waits for it."""
    _unknown: dict[int, Item] = field(default_factory=dict[int, Item])
    _unsent: dict[int, Item] = field(default_factory=dict[int, Item])
    _read: int = 0
    _given: int = 0
    _record: "Journal | None" = None
    """The journal, opened."""

    def __post_init__(self) -> None:
        if self.concurrency < 1:
            raise ValueError(f"concurrency must be 1 or more, requests at a time, and is {self.concurrency}")

    def begin(self) -> None:
        """Open the journal, if there is one."""
        if self.journal is not None:
            from siro_client._journal import Journal  # noqa: PLC0415 - sqlite3 is for those who keep a journal

            record = self.journal if isinstance(self.journal, Journal) else Journal(self.journal)
            record.begin(self.target)
            self._record = record

    def acknowledge(self, item: Item) -> None:
        """Record what Siro has acknowledged."""
        if self._record is not None and item.entry is not None:
            self._record.record(item.entry)

    def end(self) -> None:
        """Nothing more is to be recorded; close the journal if it was opened for this run."""
        if self._record is not None:
            self._record.end()
            if self._record is not self.journal:
                self._record.close()

    @property
    def has_room(self) -> bool:
        """Whether another engagement may be read."""
        return not self.is_stopping and self._read - self._given < READ_AHEAD * self.concurrency

    def read(self, engagement: "Engagement") -> None:
        """Take in the next engagement of the iterable."""
        position = self._read
        self._read += 1
        key = getattr(engagement, "external_id", None)
        item = Item(position, engagement, key if isinstance(key, str) else position)
        self._unsent[position] = item  # whatever becomes of the next lines
        item.entry = None if self._record is None else self._record.enter(engagement)
        if item.entry is not None and item.entry.is_known:
            self.done[position] = Synced(position, engagement, skipped=True)
        elif item.key in self._behind:
            self._behind[item.key].append(item)
        else:
            self._ready.append(item)
            self._behind[item.key] = deque()
        del self._unsent[position]

    def take(self) -> Item | None:
        """Hand out what may be sent next; None if nothing may."""
        if self.is_stopping or not self._ready:
            return None
        item = self._ready[0]
        self.in_flight[item.position] = item
        del self._ready[0]
        return item

    def settle(self, outcome: Outcome) -> None:
        """Take back what was handed out; a second time changes nothing."""
        item, error = outcome.item, outcome.error
        position = item.position
        if position not in self.in_flight:
            return
        if outcome.ends_the_run:
            self.is_stopping, self.failure = True, self.failure or error
            (self._unsent if isinstance(error, SiroError) else self._unknown)[position] = item
        elif outcome.result is None and error is None:
            self._unsent[position] = item
        else:
            of_one = error if isinstance(error, SiroError | ValueError) else None
            self.done[position] = Synced(position, item.engagement, outcome.result, of_one)
        del self.in_flight[position]
        behind = self._behind[item.key]
        if behind:
            self._ready.append(behind[0])
            del behind[0]
        else:
            del self._behind[item.key]

    def first_done(self) -> Synced:
        """What is to be yielded next."""
        return next(iter(self.done.values()))

    def given(self, synced: Synced) -> None:
        """Forget what was yielded."""
        del self.done[synced.position]
        self._given += 1

    def check(self) -> None:
        """Raise what ended the run, if that was not the end of the iterable."""
        error = self.failure or self.broken
        if error is not None:
            raise error

    def tell(self, error: BaseException) -> None:
        """Say with an exception that ends the run where it stood."""
        waiting = [item for items in (self._unsent.values(), self._ready, *self._behind.values()) for item in items]
        abandoned = [*self._unknown.values(), *self.in_flight.values()]
        stopped = Stopped(tuple(self.done.values()), _by_position(abandoned), _by_position(waiting))
        told = str(stopped)
        if told and isinstance(error, GeneratorExit):  # which nobody sees
            level = logging.WARNING if stopped.unknown else logging.INFO
            LOGGER.log(level, "sync_engagements was closed before its end: %s", told)
        vars(error)["stopped"] = stopped
        if told:
            error.add_note(f"sync_engagements: {told}")


def _by_position(items: Iterable[Item]) -> "dict[int, Engagement]":
    return {item.position: item.engagement for item in sorted(items, key=lambda item: item.position)}
