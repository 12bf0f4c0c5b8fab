"""Sync CRM engagements to Siro and link recordings to CRM rows.

`Siro` and `AsyncSiro` have a method for each operation, and send it to its host with its token. What the methods take
and return are the models of `siro_openapi.models`, which are generated from the two pages that Siro publishes.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from siro_client._answer import Answer, RawResponse
from siro_client._attempt import Attempt
from siro_client._errors import (
    AuthenticationError,
    ClosedError,
    ConflictError,
    InvalidResponseError,
    LinkError,
    MissingTokenError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    RequestError,
    ServerError,
    SiroConnectionError,
    SiroError,
    SiroTimeoutError,
    StatusError,
    TransportError,
)
from siro_client._issues import Issue
from siro_client._sync import Siro
from siro_client._synced import Stopped, Synced
from siro_client._target import ExternalId, LinkTarget, SiroId
from siro_client._tokens import OAuthApp
from siro_client._version import __version__

if TYPE_CHECKING:
    from siro_client._async import AsyncSiro
    from siro_client._journal import Journal

__all__ = [
    "Answer",
    "AsyncSiro",
    "Attempt",
    "AuthenticationError",
    "ClosedError",
    "ConflictError",
    "ExternalId",
    "InvalidResponseError",
    "Issue",
    "Journal",
    "LinkError",
    "LinkTarget",
    "MissingTokenError",
    "NotFoundError",
    "OAuthApp",
    "PermissionDeniedError",
    "RateLimitError",
    "RawResponse",
    "RedirectError",
    "RequestError",
    "ServerError",
    "Siro",
    "SiroConnectionError",
    "SiroError",
    "SiroId",
    "SiroTimeoutError",
    "StatusError",
    "Stopped",
    "Synced",
    "TransportError",
    "__version__",
]


_LAZY = {"AsyncSiro": "siro_client._async", "Journal": "siro_client._journal"}


def __getattr__(name: str) -> Any:
    """Load what brings asyncio or sqlite3 with it when it is first asked for."""
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
