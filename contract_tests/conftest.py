"""Options, the gate of the run, and its verdict."""

import os
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from contract_tests import live, reporting
from contract_tests.echo import Echo
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.operations import CHECKABLE
from contract_tests.profiles import PROFILES
from contract_tests.reach import obstacle
from contract_tests.rows import Row, sync_rows
from contract_tests.rules import table
from contract_tests.target import OPTIONS, OTHER, in_path, local, remote, variable_of

_IN_PATHS = [
    variable_of(operation, name)
    for operation in CHECKABLE.values()
    if operation.is_added
    for _, name in in_path(operation)
]
_VARIABLES = [*OPTIONS.values(), "SIRO_USER_TOKEN", "SIRO_ORGANIZATION_TOKEN", *OTHER, *_IN_PATHS]
_GATE = pytest.StashKey[Gate]()

# The cheap and sharp first: with -x a fault is told within seconds. A row that cannot be linked at all is the matter of
# `link`, so that comes before what is shown by linking; what must not be linked, before what a refused link leaves.
_ORDER = (
    *("auth", "protocol", "answer", "link", "own", "identity", "upsert", "parameters", "refused", "relations"),
    *("merge", "target", "isolation", "link_state", "race", "rows", "referrers", "linked", "odd_ids", "transitions"),
    *("values", "body", "clocks"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contract gate")
    for option, variable in OPTIONS.items():
        group.addoption(option, help=f"instead of ${variable}")
    group.addoption("--profile", choices=list(PROFILES), default="default", help="how many cases (default: default)")
    group.addoption("--seed", type=int, help="what the run is derived from (default: 0; thorough: random)")
    group.addoption("--rule", action="append", default=[], help="only rules whose id is this, or begins with it")
    group.addoption("--report-dir", default="reports", help="where the reports go (default: reports)")
    group.addoption("--list-rules", action="store_true", help="list the rules and run nothing")
    group.addoption("--live", action="store_true", help="allow hosts that are not loopback; the gate writes to them")
    group.addoption("--rejections-only", action="store_true", help="send nothing that a conforming Siro would store")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    # It is about what stands beside a failure, and would take the failure's place.
    config.addinivalue_line("filterwarnings", "ignore:Generating overly large repr")
    try:
        table()
    except NotImplementedError as error:
        # No operation is judged by less than what its page says.
        raise pytest.UsageError(f"contract gate: {error}") from None
    for prefix in _option(config, "--rule"):
        if not any(rule.startswith(prefix) for rule in table()):
            raise pytest.UsageError(f"contract gate: --rule {prefix}: no rule begins so; --list-rules lists them")
    profile = PROFILES[_option(config, "--profile")]
    if _option(config, "--seed") is None:
        config.option.seed = profile.seed()
    seed = config.option.seed
    # Chosen here, not by what Hypothesis makes of its surroundings, so that CI and a desk run the same.
    settings.register_profile(
        "contract",
        max_examples=profile.examples,
        stateful_step_count=profile.steps,
        database=None,
        deadline=None,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    settings.load_profile("contract")
    config.option.hypothesis_seed = str(seed)
    reporting.begin(config)
    SchemathesisConfig.shared_seed = seed


def pytest_report_header(config: pytest.Config) -> str:
    return f"contract gate: profile {_option(config, '--profile')}, seed {config.option.seed}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        name = item.path.stem.removeprefix("test_")
        return _ORDER.index(name) if name in _ORDER else len(_ORDER)

    # Where no operation has the rule of a test, pytest makes an item that would be skipped, and told.
    items[:] = [item for item in items if not item.name.endswith("[NOTSET]")]
    items.sort(key=place)
    if _option(config, "--rejections-only"):
        # Here, before a fixture could sync what the tests need.
        skip = pytest.mark.skip(reason="not checked: --rejections-only")
        for item in items:
            if not item.get_closest_marker("rejections"):
                item.add_marker(skip)
    wanted = tuple(_option(config, "--rule"))
    if wanted:
        kept = [item for item in items if any(rule.startswith(wanted) for rule in reporting.rules_of(item))]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept
    reporting.collected(config, items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    if not _option(session.config, "--list-rules"):
        return None
    wanted = tuple(_option(session.config, "--rule")) or ("",)
    tests = reporting.tests_of(session.items)
    reporting.list_rules([rule for rule in table().values() if rule.id.startswith(wanted)], tests)
    return True


def _option(config: pytest.Config, name: str) -> Any:
    return config.getoption(name)


@pytest.fixture(scope="session")
def gate(pytestconfig: pytest.Config) -> Iterator[Gate]:
    variables = {name: os.environ.get(name, "") for name in _VARIABLES}
    variables |= {name: value for option, name in OPTIONS.items() if (value := _option(pytestconfig, option))}
    is_local = not any(variables[operation.url_variable] for operation in CHECKABLE.values())
    is_live = bool(_option(pytestconfig, "--live"))
    if is_live and not is_local:
        _tell(pytestconfig, _forecast(pytestconfig))
    with local() if is_local else remote(variables, hook=live.paced() if is_live else None) as target:
        gate = Gate(
            target,
            # pytest's own option: here it stands for the rules that the pages advise and do not demand, too.
            strict=bool(_option(pytestconfig, "strict")),
            exhaustive=PROFILES[_option(pytestconfig, "--profile")].exhaustive,
            stop_first=_option(pytestconfig, "maxfail") == 1,
            # A lasting server knows the ids of an earlier run.
            nonce="0" if is_local else f"{time.time_ns() // 1_000_000:x}",
        )
        if reason := None if is_local else obstacle(gate, live=is_live):
            pytest.exit(f"contract gate: {reason}", 2)
        pytestconfig.stash[_GATE] = gate
        yield gate
        if is_live:
            reports = Path(_option(pytestconfig, "--report-dir"))
            live.clean_up(gate, reports, lambda text: _tell(pytestconfig, text))


def _tell(config: pytest.Config, text: str) -> None:
    """Write to the terminal at once, past what pytest captures."""
    capture: Any = config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        config.get_terminal_writer().line("\n" + text)


def _forecast(config: pytest.Config) -> str:
    try:
        return live.rehearse(reporting.selection(config))
    except RuntimeError as error:
        pytest.exit(f"contract gate: {error}", 2)


def _need(gate: Gate, *names: str) -> None:
    if missing := gate.target.missing(*names):
        pytest.skip(f"not checked: needs {', '.join(missing)}")


@pytest.fixture(scope="session")
def rows(gate: Gate) -> dict[str, Row]:
    """A synced row of each data type."""
    _need(gate, "SIRO_RECORDING_IDS", "SIRO_INTEGRATION_CONNECTION_ID")
    return sync_rows(gate)


@pytest.fixture(scope="session")
def echo(gate: Gate) -> Echo:
    """Syncs and links, whose answers are compared with what was sent."""
    return Echo(gate)


@pytest.fixture(scope="session")
def early(gate: Gate, echo: Echo) -> tuple[float, Exchange]:
    """An engagement that was synced before the others, and when."""
    return time.monotonic(), echo.sync({"externalId": gate.new_id("early"), "subject": "first"})


@pytest.fixture(scope="session")
def other_rows(gate: Gate) -> dict[str, Row]:
    """A synced row of each data type, of the second organization."""
    _need(gate, *OTHER)
    return sync_rows(gate, other=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    outcome = yield
    gate = item.config.stash.get(_GATE, None)
    if gate is not None:
        reporting.note(gate, item, call, outcome)
    return outcome


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A gate is not green on an API that it never reached, nor while a rule is broken."""
    gate = session.config.stash.get(_GATE, None)
    if gate is not None and exitstatus == 0 and reporting.is_red(gate, session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    gate = config.stash.get(_GATE, None)
    if gate is not None:
        reporting.tell(gate, terminalreporter, config, failed=bool(exitstatus))
