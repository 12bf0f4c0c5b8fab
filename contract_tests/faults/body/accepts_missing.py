"""Bodies of a sync that lack a required property, and are accepted."""

from contract_tests.faults._edits import (
    before,
    filled,
)
from contract_tests.faults._plant import Fault
from contract_tests.faults._probes import sync
from contract_tests.faults.body._common_accepts import REQUIRED, when

FAULTS = (
    Fault(
        "sync-accepts-no-external-id",
        "makes up the `externalId` of an engagement",
        REQUIRED,
        before("sync", filled("", externalId="made-up")),
        (sync({"subject": "a"}), sync(raw=b'{"subject": "a"}')),
    ),
    Fault(
        "sync-accepts-type-nameless",
        "accepts an `engagementType` without `name`",
        REQUIRED,
        before("sync", filled("engagementType", name="Engagement")),
        (sync({"engagementType": {"activityType": "CALL"}}),),
    ),
    Fault(
        "sync-accepts-type-without-activity",
        "accepts an `engagementType` without `activityType`",
        REQUIRED,
        before("sync", filled("engagementType", activityType="EVENT")),
        (sync({"engagementType": {"name": "Call"}}),),
    ),
    Fault(
        "sync-accepts-user-without-id",
        "accepts a user without `externalId`",
        REQUIRED,
        before("sync", filled("engagementUsers.*", externalId="")),
        (sync({"engagementUsers": [{"name": "Ann"}]}),),
    ),
    Fault(
        "sync-accepts-opportunity-without-id",
        "accepts an opportunity without `externalId`",
        REQUIRED,
        before("sync", filled("opportunity", externalId="none")),
        (sync({"opportunity": {"name": "Roof"}}),),
    ),
    Fault(
        "sync-accepts-lead-without-id",
        "accepts a lead without `externalId`",
        REQUIRED,
        before("sync", filled("lead", externalId="none")),
        (sync({"lead": {"firstName": "Jo"}}),),
    ),
    Fault(
        "sync-accepts-empty-contact",
        "accepts a contact without any property",
        REQUIRED,
        when("contact", lambda value: value == {}, None),
        (sync({"contact": {}}),),
    ),
    Fault(
        "sync-accepts-address-without-zip",
        "accepts an account's address without `zip`",
        REQUIRED,
        before("sync", filled("account.addresses.*", zip="")),
        (sync({"account": {"addresses": [{"country": "US", "street": "1", "city": "D", "state": "CO"}]}}),),
    ),
    Fault(
        "sync-accepts-deep-address-without-country",
        "accepts an address of a contact's account without `country`",
        REQUIRED,
        before("sync", filled("contact.account.addresses.*", country="US")),
        (
            sync(
                {
                    "contact": {
                        "externalId": "c-1",
                        "account": {"addresses": [{"street": "1", "city": "D", "state": "CO", "zip": "1"}]},
                    }
                }
            ),
        ),
    ),
    Fault(
        "sync-accepts-deep-owner-without-id",
        "accepts an owner of a contact's account without `externalId`",
        REQUIRED,
        before("sync", filled("contact.account.owner", externalId="u")),
        (sync({"contact": {"externalId": "c-1", "account": {"owner": {}}}}),),
    ),
)
