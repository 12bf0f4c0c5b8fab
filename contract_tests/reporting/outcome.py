"""What a run came to, as every output tells it: redacted, sorted, grouped."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from contract_tests.rules import Rule

VERDICTS = "FAILED", "error", "passed", "passed in part", "not checked", "no case"
FAILED, ERROR, PASSED, IN_PART, NOT_CHECKED, NO_CASE = VERDICTS


@dataclass(frozen=True)
class RuleOutcome:
    """What became of a rule."""

    rule: Rule
    cases: int
    seconds: float
    verdict: str
    reason: str
    """Why it was not checked, or not wholly; what is wrong if it was broken."""

    @property
    def told(self) -> str:
        """The verdict, and the reason where no request shows it."""
        return f"{self.verdict}: {self.reason}" if self.reason and self.verdict != FAILED else self.verdict


@dataclass(frozen=True)
class Shown:
    """An exchange as it is told."""

    operation: str
    method: str
    url: str
    headers: list[tuple[str, str]]
    body: Any
    """The JSON value, or text that is none."""
    readable_body: str
    short_body: str
    """In one line."""
    size: int
    status: int
    content_type: str
    answer: Any
    readable_answer: str
    answer_size: int
    curl: str


@dataclass(frozen=True)
class Failure:
    """A broken rule, and what shows it."""

    rule: Rule
    message: str
    brief: str
    """The message for where the answer stands beside it."""
    exchanges: list[Shown]
    also: list["Failure"]
    """The rules that the same cause breaks."""


@dataclass(frozen=True)
class Error:
    """A test that ended by another exception than a violation: it says nothing of the rules that it checks."""

    test: str
    rules: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Outcome:
    """What a run came to."""

    passed: bool
    seed: int
    profile: str
    repeat: str
    seconds: float
    targets: dict[str, str]
    """The base URL of each operation."""
    statuses: dict[str, dict[int, int]]
    """How often each operation answered with each status."""
    stored: dict[str, int]
    """How many engagements were stored, and how many rows of each kind with them."""
    deletions: int
    """How many requests soft-delete that."""
    unreached: list[str]
    rules: list[RuleOutcome]
    failures: list[Failure]
    errors: list[Error]

    @property
    def requests(self) -> int:
        """How many requests were answered."""
        return sum(sum(answers.values()) for answers in self.statuses.values())

    @property
    def counts(self) -> dict[str, int]:
        """How many rules came to each verdict, those that turn a run red first."""
        counts = Counter(rule.verdict for rule in self.rules)
        return {verdict: counts[verdict] for verdict in VERDICTS if counts[verdict]}

    @property
    def verdict(self) -> str:
        """The last line of a run."""
        if self.passed:
            return f"verdict: passed, with seed {self.seed}"
        return f"verdict: FAILED; repeat it with: {self.repeat}"
