"""What comes at once ends as if it had come one after the other."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from contract_tests import judge
from contract_tests.compare import short
from contract_tests.echo import Echo
from contract_tests.exchange import Exchange
from contract_tests.gate import Gate
from contract_tests.operations import LINK, SYNC, Operation
from contract_tests.rows import Row, new_row


def at_once(gate: Gate, operation: Operation, bodies: list[dict[str, Any]], **how: Any) -> list[Exchange]:
    barrier = Barrier(len(bodies))
    requests = [gate.request(operation, body, **how) for body in bodies]

    def send(number: int) -> Exchange:
        barrier.wait()
        return gate.send(requests[number], operation)

    with ThreadPoolExecutor(len(bodies)) as pool:
        try:
            return list(pool.map(send, range(len(bodies))))
        except BaseException:
            # Whoever interrupts a run would else wait for those who wait for one that never comes.
            barrier.abort()
            raise


def _simultaneously(gate: Gate, bodies: list[dict[str, Any]]) -> list[Exchange]:
    exchanges = at_once(gate, SYNC, bodies)
    for exchange in exchanges:
        # A Siro may tell all but one of them that they collided, with 409, and not that it failed.
        gate.check("sync.upsert.race", exchange.status < 500, f"answered {exchange.told}", exchange)
        judge.judge(gate, exchange)
    made = [exchange for exchange in exchanges if exchange.is_success]
    gate.check("sync.upsert.race", bool(made), "no one of simultaneous first syncs succeeds", *exchanges)
    return made


@pytest.mark.rules("sync.upsert.race")
def test_simultaneous_first_syncs_make_one_row(gate: Gate, echo: Echo) -> None:
    def engagement(_: int) -> None:
        body = {"externalId": gate.new_id("race")}
        check("id", [*_simultaneously(gate, [body] * 8), echo.sync(body)])

    def account(_: int) -> None:
        nested = {"account": new_row("account", gate.new_id("account"))}
        known = [echo.sync({"externalId": gate.new_id(), **nested}) for _ in range(2)]
        ids = [exchange.data.get("accountId") for exchange in known]
        # An account that is another one each time says nothing of a race.
        gate.check("sync.relations.resolve", ids[0] == ids[1], f"one account is answered as {ids}", *known)
        nested = {"account": new_row("account", gate.new_id("race"))}
        made = _simultaneously(gate, [{"externalId": gate.new_id(), **nested} for _ in range(8)])
        check("accountId", [*made, echo.sync({"externalId": gate.new_id(), **nested})])

    def check(name: str, exchanges: list[Exchange]) -> None:
        known: dict[Any, Exchange] = {}
        for exchange in exchanges:
            if exchange.data.get(name) is not None:
                known.setdefault(exchange.data[name], exchange)
        message = f"simultaneous first syncs of one external id made {len(known)}"
        gate.check("sync.upsert.race", len(known) < 2, message, *known.values())

    gate.each(range(4), engagement)
    gate.each(range(3), account)


@pytest.mark.rules("sync.upsert.race", "sync.answer.ids")
def test_simultaneous_first_syncs_are_answered_each_with_its_own_row(gate: Gate, echo: Echo) -> None:
    def check(_: int) -> None:
        bodies = [{"externalId": gate.new_id("race"), "subject": f"number {number}"} for number in range(8)]
        known: dict[str, Exchange] = {}
        for exchange in _simultaneously(gate, bodies):
            echo.check(exchange)
            other = known.setdefault(exchange.data["id"], exchange)
            message = f"simultaneous syncs of two external ids are both answered as {short(exchange.data['id'])}"
            gate.check("sync.upsert.race", other is exchange, message, other, exchange)
        for exchange in known.values():
            echo.check_same(exchange, echo.sync({"externalId": exchange.sent["externalId"]}))

    gate.each(range(3), check)


@pytest.mark.rules("link.state.replaces")
def test_of_simultaneous_links_of_a_recording_one_stays(gate: Gate, echo: Echo, rows: dict[str, Row]) -> None:
    recording, connection = gate.target.recording_ids[-1], rows["ENGAGEMENT"].connection

    def check(_: int) -> None:
        engagements = [gate.new_id("race") for _ in range(6)]
        for external_id in engagements:
            echo.sync({"externalId": external_id})
        reference = {"dataType": "ENGAGEMENT", "integrationConnectionId": connection}
        bodies = [{**reference, "externalId": external_id} for external_id in engagements]
        links = at_once(gate, LINK, bodies, recording=recording)
        for exchange in links:
            gate.check("link.answer.server-error", exchange.status < 500, f"answered {exchange.told}", exchange)
        after = [echo.sync({"externalId": external_id}) for external_id in engagements]
        linked = [exchange for exchange in after if exchange.data.get("recordingId") == recording]
        message = f"after simultaneous links {len(linked)} engagements have the recording"
        gate.check("link.state.replaces", len(linked) < 2, message, *links, *linked)

    gate.each(range(3), check)
