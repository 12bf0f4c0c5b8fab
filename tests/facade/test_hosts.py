"""The pairing of operation, host and token is that of the effective spec."""

import json
from importlib.resources import files

import pytest

from scripts.page import METHODS
from siro_client._host import INTEGRATIONS, RECORDINGS, Host

DOCUMENT = json.loads(files("siro_openapi").joinpath("openapi.json").read_text("utf-8"))


@pytest.mark.parametrize(("operation_id", "host"), [("link_recording", RECORDINGS), ("sync_engagement", INTEGRATIONS)])
def test_each_host_is_that_of_its_operation(operation_id: str, host: Host) -> None:
    operations = ((item, item[method]) for item in DOCUMENT["paths"].values() for method in METHODS if method in item)
    ((path_item, operation),) = (pair for pair in operations if pair[1]["operationId"] == operation_id)
    servers = operation.get("servers") or path_item["servers"]
    assert [server["url"].rstrip("/") for server in servers] == [host.url]
    (requirement,) = operation["security"]
    (scheme,) = (DOCUMENT["components"]["securitySchemes"][name] for name in requirement)
    if scheme["type"] == "apiKey":
        assert (scheme["in"], scheme["name"].lower(), host.prefix) == ("header", host.header.lower(), "")
    else:
        assert (scheme["scheme"], host.header, host.prefix) == ("bearer", "Authorization", "Bearer")
