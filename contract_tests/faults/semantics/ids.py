"""Ids that are answered otherwise."""

from urllib.parse import unquote

from contract_tests.faults._edits import after
from contract_tests.faults._plant import Call, Fault, Object
from contract_tests.faults._probes import sync
from contract_tests.faults.semantics._common import numeric, swapped, told

_IDS = ("sync.answer.ids",)


def _any_organization(data: Object, call: Call) -> Object:
    return {**data, "organizationId": f"organization-{call.count('organization')}"}


FAULTS = (
    Fault(
        "sync-trims-external-id",
        "trims the external id",
        _IDS,
        told(str.strip, "externalId"),
        (sync({"externalId": " e-1 "}),),
    ),
    Fault(
        "sync-lowers-external-id",
        "answers the external id in lower case",
        _IDS,
        told(str.lower, "externalId"),
        (sync({"externalId": "E-1"}),),
    ),
    Fault(
        "sync-cuts-external-id",
        "cuts the external id at 64 characters",
        _IDS,
        told(lambda value: value[:64], "externalId"),
        (sync({"externalId": "e" * 80}),),
    ),
    Fault(
        "sync-external-id-numeric",
        "drops zeros in front of an external id of digits",
        _IDS,
        told(numeric, "externalId"),
        (sync({"externalId": "007"}),),
    ),
    Fault(
        "sync-unquotes-external-id",
        "decodes percent signs in the external id",
        _IDS,
        told(unquote, "externalId"),
        (sync({"externalId": "a%20b"}),),
    ),
    Fault(
        "sync-answers-other-organization",
        "answers one organization's id to every caller",
        (*_IDS, "sync.upsert.isolation"),
        after("sync", lambda data, _: {**data, "organizationId": "local-organization"}),
        (sync(other=True),),
    ),
    Fault(
        "sync-answers-any-organization",
        "answers another `organizationId` each time",
        _IDS,
        after("sync", _any_organization),
    ),
    Fault(
        "sync-swaps-ids",
        "answers `id` and `externalId` swapped",
        (*_IDS, "sync.upsert.identity"),
        after("sync", lambda data, _: swapped(data, "id", "externalId")),
    ),
    Fault(
        "sync-swaps-relations",
        "answers `accountId` and `opportunityId` swapped",
        ("sync.relations.resolve", "sync.relations.linkable", "sync.relations.change"),
        after("sync", lambda data, _: swapped(data, "accountId", "opportunityId")),
    ),
)
