"""How many cases Hypothesis makes, and how to make the same again.

`--hypothesis-profile thorough` makes 10,000 of each property, from a seed that is drawn and told, unless
`--hypothesis-seed` names one. Otherwise the cases are few, and the same in every run.
"""

import random
import shlex
import signal
from collections.abc import Generator, Iterator

import pytest
from hypothesis import HealthCheck, settings

_THOROUGH = "thorough"
_CASES = {"usual": 100, _THOROUGH: 10_000}

for _name, _cases in _CASES.items():
    # Registered and chosen here, not by what Hypothesis makes of its surroundings: CI and a desk run the same.
    settings.register_profile(
        _name,
        max_examples=_cases,
        derandomize=_name != _THOROUGH,
        database=None,
        deadline=None,
        print_blob=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
settings.load_profile("usual")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.option.hypothesis_profile == _THOROUGH and config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = str(random.SystemRandom().randrange(2**32))


def pytest_report_header(config: pytest.Config) -> str | None:
    seed = config.option.hypothesis_seed
    return None if seed is None else f"hypothesis seed: {seed}"


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let Ctrl-C interrupt, also where a shell started the tests with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed and item.get_closest_marker("hypothesis"):
        report.sections.append(("to repeat it", _command(item)))
    return report


def _command(item: pytest.Item) -> str:
    option = item.config.option
    command = [".venv/bin/python", "-m", "pytest", item.nodeid]
    for name, value in (("profile", option.hypothesis_profile), ("seed", option.hypothesis_seed)):
        command += [] if value is None else [f"--hypothesis-{name}", str(value)]
    return shlex.join(command)
