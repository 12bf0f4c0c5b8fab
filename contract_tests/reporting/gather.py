"""From what a gate recorded to what is told of it."""

import shlex
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests.deletions import deletions, stored
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate, Violation
from contract_tests.operations import CHECKABLE, LINK, OPERATIONS, Operation
from contract_tests.reporting.grouping import faults
from contract_tests.reporting.outcome import (
    ERROR,
    FAILED,
    IN_PART,
    NO_CASE,
    NOT_CHECKED,
    PASSED,
    Error,
    Failure,
    Outcome,
    RuleOutcome,
    Shown,
)
from contract_tests.reporting.redaction import Secrets
from contract_tests.reporting.shell import curl, telling_headers
from contract_tests.reporting.wording import in_one_line, parsed, printable, readable
from contract_tests.rules import Rule, table
from contract_tests.target import OPTIONS

STARTED = pytest.StashKey[float]()
ERRORS = pytest.StashKey[list[Error]]()
ACCEPTS = pytest.StashKey[bool]()
"""Whether a test of the run sends what is to be accepted."""

_FLAGS = {"--rejections-only": "--rejections-only", "--strict": "strict"}
"""Options of a run without a value, and what pytest knows them by."""


def outcome(gate: Gate, config: pytest.Config, *, failed: bool) -> Outcome:
    """Gather what a run came to."""
    secrets = Secrets.of(gate.target)
    found = faults(gate.record.violations.values())
    return Outcome(
        passed=not (failed or is_red(gate, config)),
        seed=_option(config, "--seed"),
        profile=_option(config, "--profile"),
        repeat=secrets.text(_repeat(config)),
        seconds=time.monotonic() - config.stash[STARTED],
        targets={name: secrets.text(gate.target.url(operation)) for name, operation in CHECKABLE.items()},
        statuses={name: _statuses(gate, operation.short) for name, operation in CHECKABLE.items()},
        stored=dict(Counter(kind for kind, _, _ in stored(gate.record))),
        deletions=len(deletions(gate.record)),
        unreached=unreached(gate, config),
        rules=list(_rules(gate, config, secrets)),
        failures=[_failure(secrets, fault.violation, fault.also) for fault in found],
        errors=config.stash[ERRORS],
    )


def is_red(gate: Gate, config: pytest.Config) -> bool:
    """Whether what was recorded fails the run, even if each test passed."""
    return bool(gate.record.violations or unreached(gate, config))


def unreached(gate: Gate, config: pytest.Config) -> list[str]:
    """The operations that never answered with a success, among those that the run is about and could check."""
    if _option(config, "--rejections-only") or not config.stash[ACCEPTS]:
        return []
    wanted = {rule.operation for rule in _selected(config)}
    return [
        operation.name
        for operation in CHECKABLE.values()
        if operation.short in wanted
        and not any(gate.record.answers[operation.short, status] for status in operation.successes)
        and not (_missing(gate, operation) or (operation.is_added and _option(config, "--live")))
    ]


def _missing(gate: Gate, operation: Operation) -> list[str]:
    """The variables without which no request of an operation can succeed, where the run was not told them."""
    if operation is LINK:
        # A recording, and the connection by which a row is first linked.
        return gate.target.missing("SIRO_RECORDING_IDS", "SIRO_INTEGRATION_CONNECTION_ID")
    return gate.target.unknown(operation)


def _option(config: pytest.Config, name: str) -> Any:
    return config.getoption(name)


def _selected(config: pytest.Config) -> list[Rule]:
    prefixes = tuple(_option(config, "--rule")) or ("",)
    return [rule for rule in table().values() if rule.id.startswith(prefixes)]


def _rules(gate: Gate, config: pytest.Config, secrets: Secrets) -> Iterator[RuleOutcome]:
    """The rules that were picked, and those that were broken all the same, by operation and then as in rules.toml."""
    errors = config.stash[ERRORS]
    picked = {rule.id for rule in _selected(config) if gate.strict or not rule.advice}
    for operation in OPERATIONS.values():
        for rule in table().values():
            if rule.operation == operation.short and (rule.id in picked or rule.id in gate.record.violations):
                error = next((error.message for error in errors if rule.id in error.rules), None)
                yield _rule(gate, rule, error, secrets)


def _rule(gate: Gate, rule: Rule, error: str | None, secrets: Secrets) -> RuleOutcome:
    record = gate.record
    cases = record.cases[rule.id]
    lacks = record.not_checked.get(rule.id, "").removeprefix("not checked: ") or _lacking(rule)
    if violation := record.violations.get(rule.id):
        verdict, reason = FAILED, printable(_beside(secrets, violation).message(violation))
    elif error:
        verdict, reason = ERROR, error
    elif lacks:
        verdict, reason = IN_PART if cases else NOT_CHECKED, secrets.text(lacks)
    else:
        verdict, reason = PASSED if cases else NO_CASE, ""
    return RuleOutcome(rule, cases, record.seconds[rule.id], verdict, reason)


def _lacking(rule: Rule) -> str:
    """What keeps any run from checking the operation of a rule."""
    lacks = next((each.lacks for each in OPERATIONS.values() if each.short == rule.operation), "")
    return lacks and f"needs {lacks}"


def _statuses(gate: Gate, short: str) -> dict[int, int]:
    return {status: count for (name, status), count in sorted(gate.record.answers.items()) if name == short}


def _beside(secrets: Secrets, violation: Violation) -> Secrets:
    return secrets.beside(exchange.request for exchange in violation.exchanges)


def _failure(secrets: Secrets, violation: Violation, also: list[Violation]) -> Failure:
    hidden = _beside(secrets, violation)
    return Failure(
        rule=table()[violation.rule],
        message=printable(hidden.message(violation)),
        brief=printable(hidden.brief(violation)),
        exchanges=[_shown(exchange, hidden) for exchange in violation.exchanges],
        also=[_failure(secrets, other, []) for other in also],
    )


def _shown(exchange: Exchange, secrets: Secrets) -> Shown:
    request = exchange.request
    return Shown(
        operation=exchange.operation.name,
        method=request.method,
        url=printable(secrets.text(str(request.url))),
        headers=[
            (name.decode("latin-1"), printable(secrets.text(value.decode(errors="replace"))))
            for name, value in telling_headers(request)
        ],
        body=parsed(request.content, secrets),
        readable_body=readable(request.content, secrets),
        short_body=in_one_line(request.content, secrets),
        size=len(request.content),
        status=exchange.status,
        content_type=printable(secrets.text(exchange.headers.get("content-type", ""))),
        answer=parsed(exchange.content, secrets),
        readable_answer=readable(exchange.content, secrets),
        answer_size=len(exchange.content),
        curl=curl(request, secrets),
    )


def selection(config: pytest.Config) -> list[str]:
    """The arguments that decide what a run sends, wherever it sends that."""
    chosen = ["--profile", _option(config, "--profile"), "--seed", str(_option(config, "--seed"))]
    return [*config.args, *chosen, *_picked(config)]


def _picked(config: pytest.Config) -> list[str]:
    rules = [part for prefix in _option(config, "--rule") for part in ("--rule", prefix)]
    flags = [flag for flag, name in _FLAGS.items() if _option(config, name)]
    words = ["-k", _option(config, "keyword")] if _option(config, "keyword") else []
    return [*rules, *flags, *words]


def _repeat(config: pytest.Config) -> str:
    """The command that does the same run again, in the same environment."""
    where = [part for name in OPTIONS if (value := _option(config, name)) for part in (name, value)]
    where += ["--live"] if _option(config, "--live") else []
    if not (where or _picked(config)) and config.args == ["contract_tests"]:
        profile = _option(config, "--profile")
        return f"make contract{'' if profile == 'default' else f'-{profile}'} SEED={_option(config, '--seed')}"
    return shlex.join([".venv/bin/python", "-m", "pytest", *selection(config), *where])
