"""What the tables of relations share."""

from contract_tests.faults._probes import sync

RESOLVE = ("sync.relations.resolve",)


E2 = {"externalId": "e-2"}


A = sync({"account": {"externalId": "a", "name": "Acme"}})
