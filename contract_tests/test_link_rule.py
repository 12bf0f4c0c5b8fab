"""The rule of the link body, over presence and value of its three ids.

"The API rejects the body if you send both `id` and `externalId`, neither, or `externalId` without a non-empty
`integrationConnectionId`."
"""

from typing import Any

import httpx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contract_tests.document import enum
from contract_tests.rows import PREFIX, Row
from contract_tests.target import LINK, Target

KINDS = ("absent", "null", "empty", "blank", "valid", "unknown")
ids = st.fixed_dictionaries({name: st.sampled_from(KINDS) for name in ("id", "externalId", "integrationConnectionId")})


@settings(max_examples=300)
@given(ids, st.sampled_from(enum("DataType")), st.none() | st.sampled_from(enum("LinkTrigger")))
@example({"id": "valid", "externalId": "absent", "integrationConnectionId": "absent"}, "ENGAGEMENT", None)
@example({"id": "absent", "externalId": "valid", "integrationConnectionId": "valid"}, "ENGAGEMENT", None)
@example({"id": "valid", "externalId": "valid", "integrationConnectionId": "absent"}, "ENGAGEMENT", None)
@example({"id": "valid", "externalId": "valid", "integrationConnectionId": "valid"}, "ENGAGEMENT", None)
@example({"id": "absent", "externalId": "absent", "integrationConnectionId": "valid"}, "ENGAGEMENT", None)
@example({"id": "absent", "externalId": "valid", "integrationConnectionId": "absent"}, "ENGAGEMENT", None)
@example({"id": "absent", "externalId": "valid", "integrationConnectionId": "empty"}, "ENGAGEMENT", None)
def test_link_rule(
    target: Target, rows: dict[str, Row], kinds: dict[str, str], data_type: str, trigger: str | None
) -> None:
    row = rows[data_type]
    valid = {"id": row.id, "externalId": row.external_id, "integrationConnectionId": target.connection}
    body = {name: _value(kind, valid[name]) for name, kind in kinds.items() if kind != "absent"}
    body |= {"dataType": data_type} | ({} if trigger is None else {"trigger": trigger})

    response = target.send(LINK, body, recording=target.recording_ids[0])

    match _due(kinds):
        case "linked":
            assert response.status_code == 200, _told(body, response, "is valid and refused")
            _check_names(row, response.json()["data"])
        case "refused":
            assert 400 <= response.status_code < 500, _told(body, response, "must be refused with 4xx")
        case _:
            assert response.status_code < 500, _told(body, response, "may be refused, with 4xx")
            assert "error" not in response.json() or response.status_code != 200, _told(
                body, response, "is half refused"
            )


def _value(kind: str, valid: str) -> str | None:
    return {"null": None, "empty": "", "blank": " ", "valid": valid, "unknown": PREFIX + "unknown"}[kind]


def _due(kinds: dict[str, str]) -> str:
    """What the page says must become of a body; "open" where it says nothing."""
    identity, external, connection = (kinds[name] for name in ("id", "externalId", "integrationConnectionId"))
    if "null" in kinds.values():
        return "refused"  # none of the three is nullable
    if (identity == "absent") == (external == "absent"):
        # Both, or neither. An empty string may count as an id, or as none.
        return "open" if {identity, external} & {"empty", "blank"} else "refused"
    if identity != "absent":
        if identity == "valid":
            return "linked" if connection == "absent" else "open"
        return "open" if identity in ("empty", "blank") else "refused"
    return "linked" if (external, connection) == ("valid", "valid") else "refused"


def _check_names(row: Row, data: dict[str, Any]) -> None:
    assert (data["dataType"], data["id"], data["externalId"]) == (row.data_type, row.id, row.external_id)


def _told(body: dict[str, Any], response: httpx.Response, verdict: str) -> str:
    return f"{body} {verdict}: {response.status_code} {response.text}"
