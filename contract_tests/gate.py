"""The gate of a run: it sends, judges every answer, counts what each rule was checked with, and keeps what broke it."""

import itertools
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, TypeVar

import httpx

from contract_tests import judge
from contract_tests.compare import is_object
from contract_tests.completing import completed
from contract_tests.exchange import Exchange
from contract_tests.operations import NESTED, SYNC, Operation
from contract_tests.parameter_walk import ParameterWalk
from contract_tests.parameters import Given
from contract_tests.parameters import headers as headers_of
from contract_tests.parameters import url as url_of
from contract_tests.rules import table
from contract_tests.target import Target

PREFIX = "contract-test-"
"""What the external ids that the gate makes up begin with."""

FIRST, SOME = 6, 6
"""Of a table that is not run whole: so many cases from its beginning, and one of so many of the others."""

NOT_FOUND = 404

T = TypeVar("T")


class Violation(AssertionError):
    """An answer, or several, that break a rule."""

    def __init__(self, rule: str, message: str, exchanges: tuple[Exchange, ...]) -> None:
        super().__init__(rule, message, exchanges)
        self.rule = rule
        self.message = message
        self.exchanges = exchanges
        """What shows it; the last is the one that is wrong, those before it led there."""

    @property
    def size(self) -> tuple[int, int]:
        """How much a person has to read: the smallest of a rule is the one that is reported."""
        return len(self.exchanges), sum(len(exchange.request.content) for exchange in self.exchanges)

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"


@cache
def _kind(rule: str) -> type[Violation]:
    """A type for each rule: Hypothesis tells failures apart by their types, and would else shrink one into another."""
    return type(f"Violation of {rule}", (Violation,), {})


def _nested(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The kind and the external id of each row in an engagement, at any depth; one without an external id has none."""
    rows = [body]
    while rows:
        row = rows.pop()
        for kind in NESTED:
            inner = row.get(kind)
            if is_object(inner):
                rows.append(inner)
                if isinstance(inner.get("externalId"), str):
                    yield kind, inner["externalId"]


@lru_cache(maxsize=64)
def _parsed(url: str) -> httpx.URL:
    # Nearly all requests go to one of two.
    return httpx.URL(url)


@dataclass
class Record:
    """What a run has seen."""

    cases: Counter[str] = field(default_factory=Counter[str])
    """How often each rule was checked."""
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    """How long the requests took with which each rule was checked."""
    violations: dict[str, Violation] = field(default_factory=dict[str, Violation])
    """The smallest violation of each rule that was broken."""
    not_checked: dict[str, str] = field(default_factory=dict[str, str])
    """The rules that could not be checked, and what they need."""
    answers: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])
    """How often each operation (by its short name) answered with each status."""
    synced: set[tuple[str, bool]] = field(default_factory=set[tuple[str, bool]])
    """The external ids of the engagements that were stored, each with whether it is one of the second organization."""
    nested: set[tuple[str, str, bool]] = field(default_factory=set[tuple[str, str, bool]])
    """The same of the rows that were stored with them, each after its kind."""


@dataclass
class Gate:
    """What the tests send and check with."""

    target: Target
    record: Record = field(default_factory=Record)
    strict: bool = False
    """Whether advice is checked too."""
    stop_first: bool = False
    """Whether a run over many cases stops at the first violation."""
    exhaustive: bool = True
    """Whether tables are run through whole."""
    nonce: str = "0"
    """Sets the external ids of this run apart from those of another one against the same target."""
    _numbers: Any = field(default_factory=itertools.count)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def new_id(self, label: str = "e") -> str:
        """An external id that was never used before."""
        return f"{PREFIX}{self.nonce}-{label}-{next(self._numbers)}"

    def put(self, operation: Operation, body: Any = None, **how: Any) -> Exchange:
        """Send what `request` makes of the same arguments, and judge the answer by the rules of any answer."""
        exchange = self.send(self.request(operation, body, **how), operation)
        judge.judge(self, exchange)
        return exchange

    def request(
        self,
        operation: Operation,
        body: Any = None,
        *,
        recording: str | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        method: str | None = None,
        other: bool = False,
        parameters: Given | None = None,
        as_is: bool = False,
    ) -> httpx.Request:
        """Make the request that `put`, `accept` and `refuse` send.

        Args:
            operation: where to.
            body: sent as JSON; None is no body. What the page has come to require since the tests were written is
                added to it.
            recording: the recording id, for operations whose path has one; the first that may be linked if None.
            headers: instead of the operation's token and content type.
            content: sent as the body, byte for byte, instead of JSON.
            method: instead of the operation's.
            other: with the token of the second organization.
            parameters: instead of the smallest that are valid.
            as_is: with nothing added to the body.
        """
        given = self.given(operation) if parameters is None else parameters
        if recording is not None:
            given = {**given, **dict.fromkeys(self.target.known(operation), recording)}
        method, url = method or operation.method, _parsed(url_of(self.target.url(operation), operation, given))
        if headers is None:
            headers = self.target.credentials(operation, other=other)
        headers = {**headers_of(operation, given), **headers}
        if content is not None:
            return httpx.Request(method, url, headers=headers, content=content)
        body = body if as_is else completed(operation, body, self.new_id)
        return httpx.Request(method, url, headers=headers, json=body)

    def given(self, operation: Operation) -> Given:
        """Parameters of an operation that are valid, and no more than are required."""
        return ParameterWalk(operation, self.new_id, self.target.known(operation)).smallest()

    def send(self, request: httpx.Request, operation: Operation) -> Exchange:
        """Send a request, and judge nothing."""
        started = time.perf_counter()
        try:
            response = self.target.client.send(request)
        except httpx.TransportError as error:
            unanswered = Exchange(operation, request, 0, httpx.Headers(), b"", time.perf_counter() - started)
            message = f"no answer came: {type(error).__name__}: {error}"
            self.check(f"{operation.short}.answer.server-error", False, message, unanswered)
            raise
        seconds = time.perf_counter() - started
        exchange = Exchange(operation, request, response.status_code, response.headers, response.content, seconds)
        with self._lock:
            self.record.answers[operation.short, exchange.status] += 1
            if operation is SYNC and exchange.is_success:
                self._note_synced(exchange)
        return exchange

    def _note_synced(self, exchange: Exchange) -> None:
        """Remember an engagement that was stored, and its rows; a wrong Siro may have accepted what names none."""
        match exchange.sent:
            case {"externalId": str(external_id)}:
                other = self.target.is_of_other(exchange.request, SYNC)
                self.record.synced.add((external_id, other))
                self.record.nested |= {(*row, other) for row in _nested(exchange.sent)}
            case _:
                pass

    def check(self, rule: str, holds: bool, message: str, *exchanges: Exchange) -> None:
        """Count a case of a rule; raise Violation if it does not hold.

        The message says what was found and what is due, as the end of "RULE: ...".
        """
        if table()[rule].advice and not self.strict:
            return
        with self._lock:
            self.record.cases[rule] += 1
            self.record.seconds[rule] += exchanges[-1].seconds if exchanges else 0
        if holds:
            return
        violation = _kind(rule)(rule, message, exchanges)
        with self._lock:
            known = self.record.violations.get(rule)
            if known is None or violation.size < known.size:
                self.record.violations[rule] = violation
        raise violation

    def accept(self, rule: str, operation: Operation, body: Any, **how: Any) -> Exchange:
        """Send what must be accepted; the answer is a success that the response schema allows.

        Of an added operation, what its path names may not exist where a run was not told what does.
        """
        exchange = self.put(operation, body, **how)
        if exchange.status == NOT_FOUND and (needed := self.target.unknown(operation)):
            self.record.not_checked[rule] = f"not checked: needs {', '.join(needed)}"
            return exchange
        self.check(rule, exchange.is_success, f"must be accepted, and is answered {exchange.told}", exchange)
        return exchange

    def refuse(self, rule: str, operation: Operation, body: Any = None, **how: Any) -> Exchange:
        """Send what must be refused; the answer is a 4xx of a documented shape."""
        exchange = self.send(self.request(operation, body, **how), operation)
        if not exchange.is_success:  # else that it is accepted tells more than what the answer looks like
            judge.judge(self, exchange)
        self.check(rule, exchange.is_refusal, f"must be refused with 4xx, and is answered {exchange.told}", exchange)
        return exchange

    def each(self, cases: Iterable[T], check: Callable[[T], object], *, whole: bool = False) -> None:
        """Check every case, going on after a violation, so that one fault does not hide another.

        A run that is not exhaustive takes the first cases and some of the others, unless the table is to be run whole.
        """
        violations: list[Violation] = []
        for number, case in enumerate(cases):
            if not (self.exhaustive or whole) and number >= FIRST and number % SOME:
                continue
            try:
                check(case)
            except Violation as violation:
                if self.stop_first:
                    raise
                violations.append(violation)
        if violations:
            raise min(violations, key=lambda violation: violation.size)
