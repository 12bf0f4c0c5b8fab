"""A link that does not replace the one before."""

from collections.abc import Callable

from contract_tests.faults._edits import database
from contract_tests.faults._plant import Ask, Call, Fault, Object, Plant, Reply, alter, error
from contract_tests.faults._probes import to
from contract_tests.faults.state._common_state import link_pair

_LINK_REPLACES = ("link.state.replaces",)


def _still(call: Call, ask: Ask) -> Reply:
    """Remember each engagement's recording for ever."""
    return remember(call, ask, clears=lambda _: False)


def remember(call: Call, ask: Ask, clears: Callable[[Object], bool]) -> Reply:
    """Answer the recording that was linked to an engagement, until a link clears it."""
    answer = ask(call)
    if not answer.is_success:
        return answer
    data, links = answer.json["data"], call.memory.setdefault("links", {})
    if call.operation == "sync":
        known = {"recordingId": links[data["id"]]} if data["id"] in links else {}
        return answer.with_json({"data": {**known, **data}})
    if clears(data):
        call.memory["links"] = links = {row: other for row, other in links.items() if other != call.recording}
    if data["dataType"] == "ENGAGEMENT":
        links[data["id"]] = call.recording
    return answer


def _conflict(after_links: int, *, same: bool) -> Plant:
    """Refuse the same link again, or another one, once a recording was linked that often."""

    def change(call: Call, ask: Ask) -> Reply:
        made = call.memory.setdefault(call.recording, [])
        if call.is_authorized and len(made) >= after_links and (call.sent in made) == same:
            return error(409, "The recording is linked already")
        answer = ask(call)
        if answer.is_success:
            made.append(call.sent)
        return answer

    return alter("link", change)


FAULTS = (
    Fault(
        "link-keeps-engagement",
        "lets an engagement keep a recording that was linked elsewhere",
        _LINK_REPLACES,
        alter("", _still),
        link_pair(to("e-2")),
    ),
    Fault(
        "link-first-wins",
        "answers 200 to a second link of a recording, and keeps the first",
        _LINK_REPLACES,
        database(
            "CREATE TRIGGER fault BEFORE INSERT ON links"
            " WHEN EXISTS (SELECT 1 FROM links WHERE recording_id = NEW.recording_id) BEGIN SELECT RAISE(IGNORE); END"
        ),
        link_pair(to("e-2")),
    ),
    Fault(
        "link-refuses-another",
        "answers 409 to another link of a recording",
        (*_LINK_REPLACES, "link.target.id", "link.target.external-id"),
        _conflict(1, same=False),
        link_pair(to("e-2")),
    ),
    Fault(
        "link-refuses-fourth",
        "answers 409 to the fourth link of a recording",
        (*_LINK_REPLACES, "link.target.id", "link.target.external-id"),
        _conflict(3, same=False),
    ),
    Fault(
        "link-refuses-repeat",
        "answers 409 to the same link again",
        ("link.state.repeats", "link.target.external-id", "link.target.id"),
        _conflict(1, same=True),
        link_pair(to("e-1")),
    ),
)
