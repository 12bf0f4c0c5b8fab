"""Bodies of a link that break the schema in one place, and are accepted."""

from typing import Any

from contract_tests.faults._edits import (
    Test,
    at,
    before,
    filled,
    is_list,
    is_null,
    is_number,
    is_text,
    replaced,
    without,
)
from contract_tests.faults._plant import Fault, Plant
from contract_tests.faults._probes import link, sync, to
from contract_tests.faults.body._common_accepts import trimmed, upper


def _link_when(path: str, test: Test, value: Any) -> Plant:
    return before("link", replaced(path, test, value))


def _link_without_nulls(body: Any) -> Any:
    return {name: value for name, value in body.items() if value is not None or name == "dataType"}


_LINK_REQUIRED, _LINK_TYPE, _LINK_NULL, _LINK_ENUM = (
    (f"link.body.{kind}", "link.body.fuzz") for kind in ("required", "type", "null", "enum")
)


FAULTS = (
    Fault(
        "link-accepts-no-data-type",
        "takes a body without `dataType` as ENGAGEMENT",
        _LINK_REQUIRED,
        before("link", filled("", dataType="ENGAGEMENT")),
        (sync(), link({"id": "@0.id"})),
    ),
    Fault(
        "link-accepts-lower-data-type",
        "accepts `dataType` in lower case",
        _LINK_ENUM,
        before("link", at("dataType", upper)),
        (sync(), link(to("e-1", "engagement"))),
    ),
    Fault(
        "link-accepts-padded-data-type",
        "accepts blanks around `dataType`",
        _LINK_ENUM,
        before("link", at("dataType", trimmed)),
        (sync(), link(to("e-1", "ENGAGEMENT "))),
    ),
    Fault(
        "link-accepts-data-type-list",
        "accepts a list of one `dataType`",
        _LINK_TYPE,
        before("link", at("dataType", lambda value: value[0] if is_list(value) and value else value)),
        (sync(), link({"dataType": ["ENGAGEMENT"], "id": "@0.id"})),
    ),
    Fault(
        "link-accepts-unknown-trigger",
        "accepts any text as `trigger`",
        _LINK_ENUM,
        before("link", lambda body: without("trigger")(body) if is_text(body.get("trigger")) else body),
        (sync(), link({**to("e-1"), "trigger": "MOON"})),
    ),
    Fault(
        "link-accepts-lower-trigger",
        "accepts `trigger` in lower case",
        _LINK_ENUM,
        before("link", at("trigger", upper)),
        (sync(), link({**to("e-1"), "trigger": "user_link_web"})),
    ),
    Fault(
        "link-accepts-empty-trigger",
        "accepts an empty `trigger`",
        _LINK_ENUM,
        _link_when("trigger", lambda value: value == "", "CRM_DEEPLINK"),
        (sync(), link({**to("e-1"), "trigger": ""})),
    ),
    Fault(
        "link-accepts-null-trigger",
        "accepts null for `trigger`",
        _LINK_NULL,
        _link_when("trigger", is_null, "CRM_DEEPLINK"),
        (sync(), link({**to("e-1"), "trigger": None})),
    ),
    Fault(
        "link-accepts-trigger-number",
        "accepts a number for `trigger`",
        _LINK_TYPE,
        _link_when("trigger", is_number, "CRM_DEEPLINK"),
        (sync(), link({**to("e-1"), "trigger": 1})),
    ),
    Fault(
        "link-accepts-nulls-beside",
        "takes null for a reference that is not used as left out",
        (*_LINK_NULL, "link.target.both", "link.target.connection"),
        before("link", _link_without_nulls),
        (sync(), link({"dataType": "ENGAGEMENT", "id": "@0.id", "externalId": None})),
    ),
    Fault(
        "link-accepts-connection-number",
        "accepts a number for `integrationConnectionId` beside `id`",
        _LINK_TYPE,
        before(
            "link",
            lambda body: (
                without("integrationConnectionId")(body)
                if "id" in body and is_number(body.get("integrationConnectionId"))
                else body
            ),
        ),
        (sync(), link({"dataType": "ENGAGEMENT", "id": "@0.id", "integrationConnectionId": 5})),
    ),
)
