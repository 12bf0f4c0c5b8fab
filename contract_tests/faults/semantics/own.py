"""Answers that take from the request what is Siro's own."""

from collections.abc import Callable

from contract_tests.faults._edits import after, is_text
from contract_tests.faults._plant import Call, Fault, Object
from contract_tests.faults._probes import link, sync, to

_FOREIGN = "2001-02-03T04:05:06Z"


def _trusts(*names: str) -> Callable[[Object, Call], Object]:
    def change(data: Object, call: Call) -> Object:
        return {**data, **{name: call.sent[name] for name in names if is_text(call.sent.get(name))}}

    return change


FAULTS = (
    *(
        Fault(
            f"sync-trusts-{name.lower()}",
            f"answers the `{name}` that it is sent",
            ("sync.answer.own",),
            after("sync", _trusts(name)),
            (sync({name: _FOREIGN}),),
        )
        for name in ("id", "organizationId", "createdAt", "recordingId", "accountId")
    ),
    Fault(
        "link-trusts-name",
        "answers the `name` that it is sent",
        ("link.answer.own",),
        after("link", _trusts("name")),
        (sync(), link({**to("e-1"), "name": _FOREIGN})),
    ),
)
