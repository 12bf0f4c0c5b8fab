"""Options, the target of the run, and the verdict at its end."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from contract_tests.reach import obstacle
from contract_tests.rows import Row, sync_rows
from contract_tests.target import OPERATIONS, Target, local, remote

_OPTIONS = {
    "--recordings-url": "SIRO_RECORDINGS_URL",
    "--integrations-url": "SIRO_INTEGRATIONS_URL",
    "--recording-ids": "SIRO_RECORDING_IDS",
    "--integration-connection-id": "SIRO_INTEGRATION_CONNECTION_ID",
}
_VARIABLES = [*_OPTIONS.values(), "SIRO_USER_TOKEN", "SIRO_ORGANIZATION_TOKEN"]
_TARGET = pytest.StashKey[Target]()

# Chosen here, not by what Hypothesis makes of its surroundings, so that CI and a desk run the same.
settings.register_profile(
    "contract",
    database=None,
    deadline=None,
    print_blob=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
settings.load_profile("contract")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contract gate")
    for option, variable in _OPTIONS.items():
        group.addoption(option, help=f"instead of ${variable}")
    group.addoption("--live", action="store_true", help="allow hosts that are not loopback; the gate writes to them")
    group.addoption("--seed", type=int, default=0, help="what the run is derived from (default: 0)")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    seed = config.getoption("--seed")
    config.option.hypothesis_seed = str(seed)
    SchemathesisConfig.shared_seed = seed


def pytest_report_header(config: pytest.Config) -> str:
    return f"contract gate: seed {config.getoption('--seed')}"


@pytest.fixture(scope="session")
def target(pytestconfig: pytest.Config) -> Iterator[Target]:
    variables = {name: os.environ.get(name, "") for name in _VARIABLES}
    variables |= {name: value for option, name in _OPTIONS.items() if (value := pytestconfig.getoption(option))}
    is_local = not any(variables[operation.url_variable] for operation in OPERATIONS.values())
    with local() if is_local else remote(variables) as chosen:
        if reason := None if is_local else obstacle(chosen, live=bool(pytestconfig.getoption("--live"))):
            pytest.exit(f"contract gate: {reason}", 2)
        pytestconfig.stash[_TARGET] = chosen
        yield chosen


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A gate is not green on an API that it never reached."""
    if exitstatus == 0 and _unreached(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _unreached(config: pytest.Config) -> list[str]:
    target = config.stash.get(_TARGET, None)
    return [name for name in OPERATIONS if target and not target.answers[name, 200]]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config) -> None:
    target = config.stash.get(_TARGET, None)
    if target is None:
        return
    terminalreporter.section("contract gate")
    for name, operation in OPERATIONS.items():
        counts = {status: count for (of, status), count in sorted(target.answers.items()) if of == name}
        answered = ", ".join(f"{count} x {status}" for status, count in counts.items())
        terminalreporter.line(f"{name} at {target.url(operation)}: {sum(counts.values())} requests: {answered}")
    unreached = _unreached(config)
    for name in unreached:
        terminalreporter.line(f"{name} never answered 200: nothing is known of what it accepts")
    seed = config.getoption("--seed")
    if exitstatus or unreached:
        terminalreporter.line(f"verdict: FAILED; repeat it with: make contract SEED={seed}", red=True)
        return
    skipped = len(terminalreporter.stats.get("skipped", []))
    but = f", {skipped} tests not checked (-rs says why)" if skipped else ""
    terminalreporter.line(f"verdict: passed, with seed {seed}{but}", green=not skipped, yellow=bool(skipped))


@pytest.fixture(scope="session")
def rows(target: Target) -> dict[str, Row]:
    if missing := target.missing("SIRO_RECORDING_IDS", "SIRO_INTEGRATION_CONNECTION_ID"):
        pytest.skip(f"not checked: needs {', '.join(missing)}")
    return sync_rows(target)
