"""Media types and Accept, taken too loosely or too strictly."""

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl

from contract_tests.faults._plant import Ask, Call, Fault, Plant, Reply, alter, error, reply
from contract_tests.faults._probes import link, sync
from contract_tests.faults.protocol._common import ROW, unwrapped


def _typed(operation: str, when: Callable[[str], bool]) -> Plant:
    """Take other media types for JSON."""

    def change(call: Call, ask: Ask) -> Reply:
        media_type = (call.header("content-type") or "").partition(";")[0].strip().lower()
        return ask(call.with_header("content-type", "application/json") if when(media_type) else call)

    return alter(operation, change)


def _form(call: Call, ask: Ask) -> Reply:
    if "x-www-form-urlencoded" not in (call.header("content-type") or ""):
        return ask(call)
    fields = dict(parse_qsl(call.body.decode("latin-1"), keep_blank_values=True))
    body = unwrapped(call.body) if call.body[:1] == b"{" else json.dumps(fields).encode()
    return ask(replace(call, body=body).with_header("content-type", "application/json"))


def _refuses_header(operation: str, name: str, when: Callable[[str], bool], status: int) -> Plant:
    return alter(operation, lambda call, ask: error(status) if when(call.header(name) or "") else ask(call))


def _html_if_wanted(call: Call, ask: Ask) -> Reply:
    answer = ask(call)
    accept = call.header("accept") or ""
    if not answer.is_success or "json" in accept or "text/html" not in accept:
        return answer
    return reply(200, "<!doctype html><pre>OK</pre>", "text/html")


FAULTS = (
    Fault(
        "sync-any-media-type",
        "does not look at the media type",
        ("sync.protocol.media-type",),
        _typed("sync", lambda _: True),
        (sync(headers={"content-type": "text/plain"}),),
    ),
    Fault(
        "link-any-media-type",
        "does not look at the media type",
        ("link.protocol.media-type",),
        _typed("link", bool),
        (sync(), link(ROW, headers={"content-type": "application/xml"})),
    ),
    Fault(
        "sync-text-type",
        "takes text/plain for JSON",
        ("sync.protocol.media-type",),
        _typed("sync", lambda media_type: media_type == "text/plain"),
        (sync(headers={"content-type": "text/plain"}),),
    ),
    Fault(
        "link-contains-json-type",
        "accepts any media type that has json in its name",
        ("link.protocol.media-type",),
        _typed("link", lambda media_type: "json" in media_type),
        (sync(), link(ROW, headers={"content-type": "application/json-patch+json"})),
    ),
    Fault(
        "sync-form",
        "accepts a form",
        ("sync.protocol.media-type",),
        alter("sync", _form),
        (sync(raw=b"externalId=e-1", headers={"content-type": "application/x-www-form-urlencoded"}),),
    ),
    Fault(
        "sync-charset",
        "refuses charset=utf-8",
        ("sync.protocol.parameters",),
        _refuses_header("sync", "content-type", lambda value: "charset" in value.lower(), 415),
        (sync(headers={"content-type": "application/json; charset=utf-8"}),),
    ),
    Fault(
        "link-charset-case",
        "refuses charset=UTF-8 in capitals",
        ("link.protocol.parameters",),
        _refuses_header("link", "content-type", lambda value: "UTF-8" in value, 415),
        (link(ROW, headers={"content-type": "application/json; charset=UTF-8"}),),
    ),
    Fault(
        "link-type-case",
        "refuses Application/JSON",
        ("link.protocol.parameters",),
        _refuses_header("link", "content-type", lambda value: value != value.lower(), 415),
        (link(ROW, headers={"content-type": "Application/JSON"}),),
    ),
    Fault(
        "sync-accept-any",
        "answers 406 to Accept: */*",
        ("sync.protocol.parameters",),
        _refuses_header("sync", "accept", lambda value: value == "*/*", 406),
        (sync(headers={"accept": "*/*"}),),
    ),
    Fault(
        "link-accept-range",
        "answers 406 to Accept: application/*",
        ("link.protocol.parameters",),
        _refuses_header("link", "accept", lambda value: value.startswith("application/*"), 406),
        (link(ROW, headers={"accept": "application/*"}),),
    ),
    Fault(
        "sync-accept-list",
        "answers 406 unless JSON is all that Accept names",
        ("sync.protocol.parameters",),
        _refuses_header("sync", "accept", lambda value: "," in value or ";" in value, 406),
        (sync(headers={"accept": "text/html, application/json;q=0.9"}),),
    ),
    Fault(
        "link-accept-html",
        "answers HTML to a browser's Accept",
        ("link.answer.content-type", "link.protocol.parameters"),
        alter("link", _html_if_wanted),
        (sync(), link(ROW, headers={"accept": "text/html,*/*;q=0.8"})),
    ),
)
