"""How much a run does: `make contract-quick`, `make contract`, `make contract-thorough`."""

import random
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """How many cases a run makes."""

    examples: int
    """Of each property that Hypothesis or schemathesis generates for."""
    steps: int
    """Of each run of a state machine."""
    exhaustive: bool
    """Whether tables are run through whole, rather than one value a kind."""
    seed: Callable[[], int]
    """What a run without --seed is derived from."""


def _fixed() -> int:
    return 0


def _random() -> int:
    return random.SystemRandom().randrange(2**32)


PROFILES = {
    "quick": Profile(examples=8, steps=10, exhaustive=False, seed=_fixed),
    "default": Profile(examples=40, steps=20, exhaustive=True, seed=_fixed),
    "thorough": Profile(examples=2_000, steps=50, exhaustive=True, seed=_random),
}
