"""Doors that forget, lock out, or answer a closed door wrongly."""

from contract_tests.faults._edits import answers
from contract_tests.faults._plant import Ask, Call, Fault, Plant, Reply, alter, error, reply
from contract_tests.faults._probes import link, sync
from contract_tests.faults.auth._common import ROW, fault, valid


def _after_first(call: Call, ask: Ask) -> Reply:
    """Check the token until it was right once."""
    if call.memory.get("seen"):
        return ask(call.signed())
    answer = ask(call)
    call.memory["seen"] = answer.status not in (401, 403)
    return answer


def _locks_out(call: Call, ask: Ask) -> Reply:
    """Refuse the valid token too, for the next requests after one that is refused."""
    if call.memory.get("locked", 0) > 0 and call.token == valid(call):
        call.memory["locked"] -= 1
        return error(403, "Locked")
    answer = ask(call)
    if answer.status == 401:
        call.memory["locked"] = 2
    return answer


def _crash_unless(name: str) -> Plant:
    operation = "link" if name == "x-siro-auth-token" else "sync"
    crash = error(500, "Cannot read properties of undefined")
    return alter(operation, lambda call, ask: crash if call.header(name) is None else ask(call))


def _as_status(operation: str, status: int) -> Plant:
    return answers(
        operation, lambda answer: Reply(status, answer.headers, answer.body), when=lambda answer: answer.status == 401
    )


FAULTS = (
    Fault(
        "link-checked-once",
        "checks the token until it was right once",
        ("link.auth.lasting", "link.auth.required", "link.auth.wrong", "link.auth.kind", "link.auth.place"),
        alter("link", _after_first),
        (sync(), link(ROW), link(ROW, token=False)),
    ),
    fault(
        "sync-checked-once",
        "checks the token until it was right once",
        "auth.lasting",
        alter("sync", _after_first),
        more=("auth.required", "auth.wrong", "auth.kind", "auth.place"),
        token=False,
    ),
    Fault(
        "sync-locks-out",
        "refuses the valid token after a wrong one",
        ("sync.auth.lasting",),
        alter("sync", _locks_out),
        (sync(token=False), sync()),
    ),
    fault(
        "link-missing-crash",
        "crashes without a token",
        "answer.server-error",
        _crash_unless("x-siro-auth-token"),
        more=("auth.required",),
        token=False,
    ),
    fault(
        "sync-missing-crash",
        "crashes without a token",
        "answer.server-error",
        _crash_unless("authorization"),
        more=("auth.required",),
        token=False,
    ),
    fault(
        "sync-scheme-crash",
        "crashes on a scheme without a token",
        "answer.server-error",
        alter(
            "sync",
            lambda call, ask: (
                error(500)
                if (call.header("authorization") or "x").strip().count(" ") == 0 and call.header("authorization")
                else ask(call)
            ),
        ),
        more=("auth.required",),
        headers={"authorization": "Bearer"},
    ),
    fault(
        "link-unauthorized-200",
        "answers a missing or wrong token with 200 and an error",
        "auth.required",
        answers("link", lambda _: reply(200, {"error": "Unauthorized"}), when=lambda answer: answer.status == 401),
        more=("auth.wrong", "auth.kind", "auth.place", "target.error-in-200"),
        token=False,
    ),
    fault(
        "sync-unauthorized-400",
        "answers a missing or wrong token with 400",
        "auth.required",
        _as_status("sync", 400),
        more=("auth.wrong", "auth.kind", "auth.place"),
        token=False,
    ),
    fault(
        "link-unauthorized-404",
        "answers a missing or wrong token with 404",
        "auth.required",
        _as_status("link", 404),
        more=("auth.wrong", "auth.kind", "auth.place"),
        token=False,
    ),
    fault(
        "link-unauthorized-redirect",
        "answers a missing or wrong token with 302 to a login page",
        "answer.status",
        _as_status("link", 302),
        more=("auth.required", "auth.wrong", "auth.kind", "auth.place"),
        token=False,
    ),
)
