"""A bulk run with threads; what is not I/O is in `_bulk`."""

import atexit
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from siro_client._bulk import Bulk, Item, JournalLike, Outcome
from siro_client._synced import Synced

if TYPE_CHECKING:
    from siro_openapi.models import Engagement, SyncResult

_TICK = 1.0
"""Seconds. Windows interrupts no wait, so that a Ctrl-C is seen between two."""


def sync_in_bulk(
    send: "Callable[[Engagement], SyncResult]",
    engagements: "Iterable[Engagement]",
    *,
    concurrency: int = 10,
    journal: "JournalLike | None" = None,
    target: str = "",
) -> Generator[Synced]:
    """Send many engagements, several at a time, and yield what became of each as it completes.

    The iterable may be endless. It is read in the caller's thread, between two that are yielded, and at most 4 times
    the concurrency ahead; what was read must not be changed before it is yielded. Engagements of one external id are
    sent one after another, in order.

    A SiroError or ValueError is yielded as the error of its engagement. What is no matter of one engagement (no token,
    a closed client, a bug, an exception of the iterable) comes out when all that is under way has been yielded; before
    an exception of the iterable, all that was read is sent.

    Closing the generator and Ctrl-C stop it: nothing new is sent, what is in flight is waited for and put in the
    journal, and the exception says in its notes, and for `Stopped.of(error)`, what was in flight. A second Ctrl-C
    abandons it. Where the caller's own code was interrupted, throw(error) stops the generator in the same way.

    Args:
        send: sends one.
        engagements: what to send.
        concurrency: how many are in flight at most.
        journal: what was synced by earlier runs, which is skipped; what is synced is recorded there.
        target: the base URL to which it is sent.

    Raises:
        ValueError: the concurrency is less than 1, or the journal is none; the latter with the first engagement.
        OSError: the journal cannot be opened, or is in use.
    """
    return _run(send, iter(engagements), Bulk(concurrency, journal, target))


def _run(send: "Callable[[Engagement], SyncResult]", source: "Iterator[Engagement]", bulk: Bulk) -> Generator[Synced]:
    workers = _Workers(send, bulk)
    is_open = True
    try:
        bulk.begin()
        while True:
            can_read = is_open and bulk.has_room
            workers.collect(wait=not (bulk.done or can_read))
            if bulk.done:
                synced = bulk.first_done()
                try:
                    yield synced
                finally:
                    bulk.given(synced)
            elif can_read:
                try:
                    bulk.read(next(source))
                except StopIteration:
                    is_open = False
                except Exception as error:  # noqa: BLE001 - whatever it is, it comes out at the end
                    is_open, bulk.broken = False, error
            elif not bulk.in_flight:
                break
        bulk.check()
    except BaseException as error:
        interrupt = workers.stop()
        bulk.tell(error)
        if interrupt is not None and isinstance(error, Exception | GeneratorExit):
            # Whoever pressed Ctrl-C, or cancelled, is not to wait for an end that does not come.
            bulk.tell(interrupt)
            raise interrupt from None
        raise
    finally:
        workers.close()


class _Workers:
    """Threads that send. What they share with the thread that reads is queues, which no interrupt can break."""

    def __init__(self, send: "Callable[[Engagement], SyncResult]", bulk: Bulk) -> None:
        self._send = send
        self._bulk = bulk
        self._items: SimpleQueue[Item | None] = SimpleQueue()
        self._outcomes: deque[Outcome] = deque()
        self._news: SimpleQueue[None] = SimpleQueue()
        self._sending: dict[int, Item] = {}
        """What was not only handed out but begun, and has not ended, by position."""
        self._threads: dict[threading.Thread, threading.Event] = {}
        """Each with what it sets at its end: before Python 3.13, an interrupted join takes a thread for ended."""
        self._is_abandoned = False
        # The threads are daemons, since a run that nobody goes on with must not keep the process from its end.
        atexit.register(self._at_exit)

    def collect(self, *, wait: bool) -> None:
        """Settle what has ended, and hand out what may be sent; `wait` until one has ended."""
        self._hand_out()
        if wait and self._bulk.in_flight and not self._outcomes:
            with suppress(Empty):
                self._news.get(timeout=_TICK)
        while not self._news.empty():
            self._news.get()
        self._settle()
        self._hand_out()

    def _settle(self) -> None:
        while self._outcomes:
            # An interrupt in between would lose what was taken out.
            self._bulk.settle(self._outcomes[0])
            del self._outcomes[0]

    def _hand_out(self) -> None:
        while (item := self._bulk.take()) is not None:
            self._items.put(item)
            if len(self._threads) < self._bulk.concurrency:
                # With the caller's context, so that what traces requests knows what they belong to.
                work, ended = copy_context().run, threading.Event()
                thread = threading.Thread(target=work, args=(self._work, ended), name="siro-bulk", daemon=True)
                self._threads[thread] = ended
                thread.start()

    def _work(self, ended: threading.Event) -> None:
        while (item := self._items.get()) is not None:
            self._sending[item.position] = item
            outcome = Outcome(item) if self._bulk.is_stopping else self._sent(item)
            if outcome.ends_the_run:
                self._bulk.is_stopping = True
            self._outcomes.append(outcome)
            del self._sending[item.position]
            self._news.put(None)
        ended.set()

    def _sent(self, item: Item) -> Outcome:
        try:
            result = self._send(item.engagement)
            self._bulk.acknowledge(item)
        except BaseException as error:  # noqa: BLE001 - it comes out where the run is read
            return Outcome(item, error=error)
        return Outcome(item, result)

    def stop(self) -> BaseException | None:
        """Start nothing new, and wait for what is in flight; another interrupt abandons that, and is returned."""
        try:
            self._end()
            self._account()
        except BaseException as interrupt:  # noqa: BLE001 - where one stopped the run, that one comes out
            self._is_abandoned = True
            self._account()
            return interrupt
        return None

    def _account(self) -> None:
        """Settle what has ended, and what was handed out and not begun."""
        if not self._is_abandoned:
            self._join()
        begun = {*self._sending}
        self._settle()
        for position, item in [*self._bulk.in_flight.items()]:
            if position not in begun:
                self._bulk.settle(Outcome(item))

    def close(self) -> None:
        """Let the threads end, and the journal with the last of them."""
        atexit.unregister(self._at_exit)
        try:
            if not self._is_abandoned:
                self._at_exit()
        except BaseException:
            self._is_abandoned = True
            raise
        finally:
            if self._is_abandoned:
                threading.Thread(target=self._at_exit, name="siro-bulk-end", daemon=True).start()

    def _at_exit(self) -> None:
        """What is in flight when the process ends gets to end, too."""
        self._end()
        self._join()
        self._bulk.end()

    def _end(self) -> None:
        self._bulk.is_stopping = True
        for _ in self._threads:
            self._items.put(None)

    def _join(self) -> None:
        for thread, ended in self._threads.items():
            while thread.ident is not None and not ended.wait(_TICK):
                pass
