"""Around the request: hooks, logs, the User-Agent, and a client or transport of the caller's."""

import asyncio
import json
import logging
import re
from typing import Any

import httpx
import pytest
from siro_openapi.models import DataType, LinkTrigger

import siro_client
from siro_client import Attempt, SiroConnectionError, SiroId
from tests.facade import wire
from tests.facade.scripted import LINK, MINT, URL, Respond, client, scripted, success
from tests.facade.sentinels import VAULT, is_told


@pytest.mark.usefixtures("waits")
def test_hooks_see_every_attempt_before_and_after(kind: str) -> None:
    told: list[Attempt] = []
    with client(
        kind, scripted(503, 401), on_request=told.append, on_response=told.append, **VAULT.tokens("app")
    ) as siro:
        wire.call(siro, "link_recording")
    assert [(each.operation, each.method, each.url, each.number, each.status_code) for each in told] == [
        ("mint_user_token", "POST", MINT, 1, None),
        ("mint_user_token", "POST", MINT, 1, 201),
        ("link_recording", "PUT", LINK, 1, None),
        ("link_recording", "PUT", LINK, 1, 503),
        ("link_recording", "PUT", LINK, 2, None),
        ("link_recording", "PUT", LINK, 2, 401),
        ("mint_user_token", "POST", MINT, 1, None),
        ("mint_user_token", "POST", MINT, 1, 201),
        ("link_recording", "PUT", LINK, 3, None),
        ("link_recording", "PUT", LINK, 3, 200),
    ]
    assert not is_told(repr(told))
    assert all(each.error is None for each in told)
    assert all((each.seconds is None) == (each.status_code is None) for each in told)
    assert all(0 <= each.seconds < 60 for each in told if each.seconds is not None)


def test_a_hook_and_a_log_see_why_no_response_came(kind: str, operation: str, caplog: pytest.LogCaptureFixture) -> None:
    def respond(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError(f"after {VAULT.user_token}")

    told: list[Attempt] = []
    caplog.set_level(logging.DEBUG, "siro_client")
    with client(kind, respond, on_response=told.append, max_retries=0) as siro, pytest.raises(SiroConnectionError):
        wire.call(siro, operation)
    assert [(each.operation, each.number, each.status_code, each.error) for each in told] == [
        (operation, 1, None, "ReadError")
    ]
    assert not is_told(repr(told))
    (line,) = [record.getMessage() for record in caplog.records if record.name.startswith("siro_client")]
    assert re.fullmatch(rf"{operation}: PUT \S+: ReadError in \d+\.\d{{3}} s, attempt 1", line)


@pytest.mark.parametrize("hook", ["on_request", "on_response"])
@pytest.mark.parametrize("fails", [False, True])
def test_a_hook_that_raises_breaks_nothing_and_is_logged(
    kind: str, operation: str, hook: str, fails: bool, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(attempt: Attempt) -> None:
        raise LookupError(f"no span for {attempt.operation}")

    with client(kind, scripted(*[400] * fails), **{hook: broken}) as siro:
        if fails:
            with pytest.raises(siro_client.RequestError):
                wire.call(siro, operation)
        else:
            assert wire.is_success(operation, wire.call(siro, operation))
    logged = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [(each.name, each.levelname, each.getMessage()) for each in logged] == [
        ("siro_client", "ERROR", f"a hook failed: LookupError: no span for {operation}")
    ]
    assert logged[0].exc_info is None


@pytest.mark.usefixtures("waits")
def test_each_request_is_one_line_at_debug_and_none_above(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "siro_client")
    with client(kind, scripted(503), **VAULT.tokens("app")) as siro:
        wire.call(siro, "link_recording")
    ours = [record for record in caplog.records if record.name.startswith("siro_client")]
    assert {record.levelno for record in ours} == {logging.DEBUG}
    assert [record.getMessage().partition(" in ")[0] for record in ours] == [
        f"mint_user_token: POST {MINT}: 201",
        f"link_recording: PUT {LINK}: 503",
        f"link_recording: PUT {LINK}: 200",
    ]
    assert [record.getMessage().partition(" s, ")[2] for record in ours] == ["attempt 1", "attempt 1", "attempt 2"]


@pytest.mark.parametrize(("product", "begins"), [(None, ""), ("acme-sync/2.1", "acme-sync/2.1 ")])
def test_the_user_agent_names_product_and_version(kind: str, operation: str, product: str | None, begins: str) -> None:
    seen: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["user-agent"])
        return success(request)

    with client(kind, respond, product=product) as siro:
        wire.call(siro, operation)
    assert seen[0].startswith(f"{begins}siro-client/{siro_client.__version__} httpx/{httpx.__version__} Python/3.")


@pytest.mark.parametrize("product", ["", "a\nb", "a\r\nX-Evil: 1", "é", "a\x00"])
def test_a_product_that_no_header_can_carry_is_refused(kind: str, product: str) -> None:
    with pytest.raises(ValueError, match="product must be printable ASCII"):
        wire.KINDS[kind](product=product)


def http_client(kind: str, respond: Respond, **options: Any) -> Any:
    make = httpx.Client if kind == "sync" else httpx.AsyncClient
    return make(transport=httpx.MockTransport(respond), **options)


def test_a_client_of_the_callers_is_used_as_it_is_and_not_closed(kind: str, operation: str) -> None:
    seen: list[httpx.Headers] = []
    hooked: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return success(request)

    def hook(request: httpx.Request) -> None:
        hooked.append(request.method)

    async def hook_async(request: httpx.Request) -> None:
        hook(request)

    theirs = http_client(
        kind,
        respond,
        headers={"x-team": "crm"},
        cookies={"a": "b"},
        auth=("u", "p"),
        event_hooks={"request": [hook if kind == "sync" else hook_async]},
    )
    with wire.client(kind, URL, http_client=theirs) as siro:
        assert wire.is_success(operation, wire.call(siro, operation))
    assert not theirs.is_closed
    assert hooked == ["PUT"]
    assert (seen[0]["x-team"], seen[0]["cookie"]) == ("crm", "a=b")
    assert seen[0]["user-agent"].startswith("siro-client/")
    ours = {"sync_engagement": f"Bearer {wire.TOKENS['organization_token']}", "link_recording": None}
    assert seen[0].get("authorization") == ours[operation], "their auth is not for Siro"
    theirs.close() if kind == "sync" else asyncio.run(theirs.aclose())


def test_a_hook_of_the_callers_client_that_fails_is_told_as_no_response(kind: str) -> None:
    def respond(_: httpx.Request) -> httpx.Response:
        raise AssertionError("nothing may be sent")

    async def hook_async(_: httpx.Request) -> None:
        raise LookupError("no proxy today")

    def hook(_: httpx.Request) -> None:
        raise LookupError("no proxy today")

    theirs = http_client(kind, respond, event_hooks={"request": [hook if kind == "sync" else hook_async]})
    with (
        wire.client(kind, URL, http_client=theirs) as siro,
        pytest.raises(SiroConnectionError, match="LookupError: no proxy today"),
    ):
        wire.call(siro, "sync_engagement")


def test_a_transport_and_a_client_exclude_each_other(kind: str) -> None:
    with httpx.Client() as theirs, pytest.raises(ValueError, match="transport and http_client exclude each other"):
        wire.KINDS[kind](transport=httpx.MockTransport(success), http_client=theirs)


@pytest.mark.parametrize("trigger", [None, *LinkTrigger])
def test_a_raw_call_sends_what_the_plain_one_does(kind: str, trigger: LinkTrigger | None) -> None:
    sent: list[bytes] = []

    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        return success(request)

    with client(kind, respond, **VAULT.tokens()) as siro:
        for caller in (siro, siro.with_raw_response):
            caller.link_recording("recording-1", SiroId("row"), DataType.CONTACT, trigger=trigger)
    assert sent[0] == sent[1]
    assert json.loads(sent[0]).get("trigger") == (trigger and trigger.value)
