"""Other methods than PUT."""

from dataclasses import replace

from contract_tests.faults._plant import Ask, Call, Fault, Plant, Reply, alter, reply
from contract_tests.faults._probes import link, sync
from contract_tests.faults.protocol._common import ROW, crash_on


def _method(operation: str, method: str) -> Plant:
    """Treat another method as PUT."""
    return alter(
        operation,
        lambda call, ask: ask(
            replace(call, scope={**call.scope, "method": "PUT"}) if call.scope["method"] == method else call
        ),
    )


def _bodiless_method(method: str, status: int) -> Plant:
    return alter("sync", lambda call, ask: reply(status, {"data": []}) if call.scope["method"] == method else ask(call))


def _overridden(call: Call, ask: Ask) -> Reply:
    is_such = call.scope["method"] == "POST" and call.token is not None
    return reply(200, {"data": {}}) if is_such else ask(call)


FAULTS = (
    Fault(
        "sync-post", "takes POST for PUT", ("sync.protocol.method",), _method("sync", "POST"), (sync(method="POST"),)
    ),
    Fault(
        "sync-patch",
        "takes PATCH for PUT",
        ("sync.protocol.method",),
        _method("sync", "PATCH"),
        (sync(method="PATCH"),),
    ),
    Fault(
        "link-post",
        "takes POST for PUT",
        ("link.protocol.method",),
        _method("link", "POST"),
        (sync(), link(ROW, method="POST")),
    ),
    Fault(
        "link-delete",
        "takes DELETE for PUT",
        ("link.protocol.method",),
        _method("link", "DELETE"),
        (sync(), link(ROW, method="DELETE")),
    ),
    Fault(
        "sync-get",
        "answers 200 to GET",
        ("sync.protocol.method", "sync.answer.schema"),
        _bodiless_method("GET", 200),
        (sync(method="GET"),),
    ),
    Fault(
        "sync-delete-204",
        "answers 204 to DELETE",
        ("sync.protocol.method", "sync.answer.status"),
        _bodiless_method("DELETE", 204),
        (sync(method="DELETE"),),
    ),
    Fault(
        "link-post-empty",
        "answers 200 to POST, and does nothing",
        ("link.protocol.method", "link.answer.schema"),
        alter("link", _overridden),
        (link(ROW, method="POST"),),
    ),
    Fault(
        "sync-method-crash",
        "crashes on a method that it does not have",
        ("sync.answer.server-error",),
        crash_on(405, "sync"),
        (sync(method="DELETE"),),
    ),
)
