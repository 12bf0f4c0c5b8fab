"""Other ways on the wire."""

import gzip
import json
import time
from dataclasses import replace

from contract_tests.faults._edits import (
    answers,
)
from contract_tests.faults._plant import Ask, Call, Reply, Variant, alter


def _slow(call: Call, ask: Ask) -> Reply:
    if call.count("all") % 100 == 0:
        time.sleep(0.2)
    return ask(call)


def _cors(call: Call, ask: Ask) -> Reply:
    if call.scope["method"] == "OPTIONS":
        return Reply(204, ((b"access-control-allow-methods", b"PUT"),), b"")
    return ask(call).with_header("access-control-allow-origin", "*")


def _zipped(call: Call, ask: Ask) -> Reply:
    answer = ask(call)
    if "gzip" not in (call.header("accept-encoding") or "") or not answer.body:
        return answer
    return replace(answer.with_header("content-encoding", "gzip"), body=gzip.compress(answer.body, mtime=0))


def _pretty(answer: Reply) -> Reply:
    return replace(answer, body=json.dumps(answer.json, indent=2, ensure_ascii=False).encode())


def _capital(answer: Reply) -> Reply:
    return replace(answer, headers=tuple((name.title(), value) for name, value in answer.headers))


VARIANTS = (
    Variant("headers-capital", "writes names of headers with capitals", answers("", _capital, when=lambda _: True)),
    Variant(
        "charset",
        "names the charset in the content type",
        answers(
            "",
            lambda answer: answer.with_header("content-type", "application/json;charset=UTF-8"),
            when=lambda answer: bool(answer.body),
        ),
    ),
    Variant(
        "pretty",
        "writes JSON over several lines, and characters as themselves",
        answers("", _pretty, when=lambda answer: answer.is_success),
    ),
    Variant("slow", "takes a moment for some answers", alter("", _slow)),
    Variant(
        "closes",
        "closes the connection after each answer",
        answers("", lambda answer: answer.with_header("connection", "close"), when=lambda _: True),
    ),
    Variant("cors", "answers 204 to OPTIONS, as browsers want it", alter("", _cors)),
    Variant("gzip", "compresses answers for those who accept it", alter("", _zipped)),
)
