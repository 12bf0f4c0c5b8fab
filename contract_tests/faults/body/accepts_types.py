"""Bodies of a sync with a value of another type, and are accepted."""

from contract_tests.faults._edits import (
    at,
    before,
    is_list,
    is_number,
    is_object,
    is_text,
)
from contract_tests.faults._plant import Fault
from contract_tests.faults._probes import ADDRESS, sync
from contract_tests.faults.body._common_accepts import INSTANT, NULL, TYPE, turned, when

FAULTS = (
    Fault(
        "sync-accepts-subject-number",
        "takes a number for `subject` as text",
        TYPE,
        turned("subject", is_number, str),
        (sync({"subject": 5}),),
    ),
    Fault(
        "sync-accepts-external-id-number",
        "takes a number for `externalId` as text",
        TYPE,
        turned("externalId", is_number, str),
        (sync({"externalId": 5}),),
    ),
    Fault(
        "sync-accepts-content-list",
        "takes a list for `content` as lines",
        TYPE,
        turned("content", is_list, lambda value: "\n".join(map(str, value))),
        (sync({"content": ["a", "b"]}),),
    ),
    Fault(
        "sync-accepts-latitude-text",
        "takes text for an account's `latitude` as a number",
        TYPE,
        when("account.latitude", is_text, 12.5),
        (sync({"account": {"latitude": "12.5"}}),),
    ),
    Fault(
        "sync-accepts-deep-longitude-text",
        "takes text for the `longitude` of a contact's account as a number",
        TYPE,
        when("contact.account.longitude", is_text, 12.5),
        (sync({"contact": {"externalId": "c-1", "account": {"longitude": "12.5"}}}),),
    ),
    Fault(
        "sync-accepts-amount-numeric-text",
        "takes digits as text for `amount` as a number",
        TYPE,
        turned("opportunity.amount", lambda value: is_text(value) and value.isdigit(), int),
        (sync({"opportunity": {"externalId": "o-1", "amount": "100"}}),),
    ),
    Fault(
        "sync-accepts-share-boolean",
        "takes true for `shareOfSale` as 1",
        TYPE,
        turned("engagementUsers.*.shareOfSale", lambda value: isinstance(value, bool), int),
        (sync({"engagementUsers": [{"externalId": "u", "shareOfSale": True}]}),),
    ),
    Fault(
        "sync-accepts-phone-number",
        "accepts a number among an account's `phoneNumbers`",
        TYPE,
        turned("account.phoneNumbers.*", is_number, str),
        (sync({"account": {"phoneNumbers": [3035550100]}}),),
    ),
    Fault(
        "sync-accepts-lead-email-null",
        "accepts null among a lead's `emailAddresses`",
        (*NULL, "sync.body.type"),
        before(
            "sync",
            at(
                "lead.emailAddresses",
                lambda value: [item for item in value if item is not None] if is_list(value) else value,
            ),
        ),
        (sync({"lead": {"externalId": "l-1", "emailAddresses": [None]}}),),
    ),
    Fault(
        "sync-accepts-one-address",
        "accepts one address instead of a list of them",
        TYPE,
        turned("contact.addresses", is_object, lambda value: [value]),
        (sync({"contact": {"externalId": "c-1", "addresses": ADDRESS}}),),
    ),
    Fault(
        "sync-accepts-one-user",
        "accepts one user instead of a list of them",
        TYPE,
        turned("engagementUsers", is_object, lambda value: [value]),
        (sync({"engagementUsers": {"externalId": "u"}}),),
    ),
    Fault(
        "sync-accepts-copy-text",
        "takes text for `copyEngagementRelationships` as a boolean",
        TYPE,
        when("opportunity.copyEngagementRelationships", is_text, value=True),
        (sync({"opportunity": {"externalId": "o-1", "copyEngagementRelationships": "true"}}),),
    ),
    Fault(
        "sync-accepts-copy-one",
        "takes 0 and 1 for `copyEngagementRelationships` as booleans",
        TYPE,
        turned("opportunity.copyEngagementRelationships", is_number, bool),
        (sync({"opportunity": {"externalId": "o-1", "copyEngagementRelationships": 1}}),),
    ),
    Fault(
        "sync-accepts-merged-text",
        "accepts one external id instead of a list in `mergedFromExternalIds`",
        TYPE,
        turned("lead.mergedFromExternalIds", is_text, lambda value: [value]),
        (sync({"lead": {"externalId": "l-1", "mergedFromExternalIds": "l-0"}}),),
    ),
    Fault(
        "sync-accepts-start-epoch",
        "takes a number for `startTime` as an instant",
        TYPE,
        when("startTime", is_number, INSTANT),
        (sync({"startTime": 1767322000}),),
    ),
    Fault(
        "sync-accepts-account-text",
        "takes text for `account` as its external id",
        TYPE,
        turned("account", is_text, lambda value: {"externalId": value}),
        (sync({"account": "a-1"}),),
    ),
    Fault(
        "sync-accepts-type-text",
        "takes text for `engagementType` as its name",
        TYPE,
        turned("engagementType", is_text, lambda value: {"name": value, "activityType": "EVENT"}),
        (sync({"engagementType": "Visit"}),),
    ),
)
