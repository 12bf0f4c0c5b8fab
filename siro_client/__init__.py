"""Sync CRM engagements to Siro and link recordings to CRM rows.

`Siro` and `AsyncSiro` have a method for each operation, and send it to its host with its token. What the methods take
and return are the models of `siro_openapi.models`, which are generated from the two pages that Siro publishes.
"""

from siro_client._async import AsyncSiro
from siro_client._errors import (
    InvalidResponseError,
    LinkError,
    MissingTokenError,
    SiroError,
    StatusError,
    TransportError,
)
from siro_client._sync import Siro
from siro_client._target import ExternalId, LinkTarget, SiroId

__all__ = [
    "AsyncSiro",
    "ExternalId",
    "InvalidResponseError",
    "LinkError",
    "LinkTarget",
    "MissingTokenError",
    "Siro",
    "SiroError",
    "SiroId",
    "StatusError",
    "TransportError",
]
