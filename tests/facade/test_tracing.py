"""OpenTelemetry works through httpx's own instrumentation: a span for each attempt, and no secret in any."""

import json
from collections.abc import Generator
from typing import Any

import httpx
import pytest
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from siro_client import NotFoundError, SiroConnectionError
from tests.facade import wire
from tests.facade.raw_server import RawServer, close_at_once, whole
from tests.facade.sentinels import VAULT, is_told

MINTED = wire.response(201, json.dumps({"accessTokenId": "1", "accessToken": VAULT.minted_token}).encode())
LINKED = wire.ok("link_recording")


class Traced:
    """The spans of a test."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider(shutdown_on_exit=False)
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))

    @property
    def spans(self) -> list[tuple[str, str, Any]]:
        """Method, end of the URL and status of each, in order; none holds a secret."""
        finished = self.exporter.get_finished_spans()
        assert not any(is_told(span.to_json()) for span in finished)
        told = [dict(span.attributes or {}) for span in finished]
        return [
            (str(of["http.method"]), str(of["http.url"]).rpartition("/")[2], of.get("http.status_code")) for of in told
        ]


@pytest.fixture
def traced() -> Generator[Traced]:
    traced = Traced()
    instrumentor = HTTPXClientInstrumentor()
    instrumentor.instrument(tracer_provider=traced.provider)
    yield traced
    instrumentor.uninstrument()
    traced.provider.shutdown()


@pytest.mark.usefixtures("waits")
def test_each_attempt_is_a_span_of_its_own(kind: str, traced: Traced) -> None:
    refused, failed = wire.response(401), wire.response(503)
    with (
        RawServer(whole(MINTED, failed, refused, MINTED, LINKED)) as server,
        wire.client(kind, server.url, **VAULT.tokens("app")) as siro,
    ):
        wire.call(siro, "link_recording")
        sent = [head.decode().lower() for head in server.requests]
    assert traced.spans == [
        ("POST", "access-token", 201),
        ("PUT", "link", 503),
        ("PUT", "link", 401),
        ("POST", "access-token", 201),
        ("PUT", "link", 200),
    ]
    assert all("traceparent: 00-" in head for head in sent), "the trace goes on at Siro"


def test_a_span_tells_of_an_error_and_no_secret(kind: str, operation: str, traced: Traced) -> None:
    with (
        RawServer(close_at_once) as server,
        wire.client(kind, server.url, max_retries=0, **VAULT.tokens()) as siro,
        pytest.raises(SiroConnectionError),
    ):
        wire.call(siro, operation)
    ((method, _, status),) = traced.spans
    assert (method, status) == ("PUT", None)


def test_spans_are_children_of_the_callers(kind: str, operation: str, traced: Traced) -> None:
    tracer = traced.provider.get_tracer("caller")
    with (
        RawServer(whole(wire.response(404))) as server,
        wire.client(kind, server.url, **VAULT.tokens()) as siro,
        tracer.start_as_current_span("sync the calendar") as parent,
        pytest.raises(NotFoundError),
    ):
        wire.call(siro, operation)
    child, _ = traced.exporter.get_finished_spans()
    assert child.parent is not None
    assert child.parent.span_id == parent.get_span_context().span_id


def test_headers_that_are_captured_can_be_kept_free_of_tokens(
    kind: str, operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST", ".*")
    monkeypatch.setenv("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SANITIZE_FIELDS", "authorization,x-siro-auth-token")
    traced, theirs = Traced(), httpx.Client() if kind == "sync" else httpx.AsyncClient()
    HTTPXClientInstrumentor.instrument_client(theirs, tracer_provider=traced.provider)
    with (
        RawServer(whole(wire.ok(operation))) as server,
        wire.client(kind, server.url, http_client=theirs, **VAULT.tokens()) as siro,
    ):
        wire.call(siro, operation)
        assert len(traced.spans) == 1
        siro._runner.run(theirs.aclose()) if isinstance(theirs, httpx.AsyncClient) else theirs.close()
    (span,) = traced.exporter.get_finished_spans()
    header = {"sync_engagement": "authorization", "link_recording": "x_siro_auth_token"}[operation]
    assert (span.attributes or {})[f"http.request.header.{header}"] == ("[REDACTED]",)
    traced.provider.shutdown()
