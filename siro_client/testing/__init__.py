"""A Siro of your own, for tests: both operations, kept in SQLite, in-process or on 127.0.0.1.

Siro documents no sandbox. This server is written against Siro's two documentation pages, not against the client:
<https://docs.siro.ai> "Create or replace CRM link on a recording" and "Sync an engagement".

    with LocalSiro() as siro, httpx.Client(transport=siro.transport, base_url="http://local") as client:
        client.put(
            "/api-externalApi/v1/integrations/sync/engagements",
            headers={"authorization": f"Bearer {siro.organization.organization_token}"},
            json={"externalId": "e-1"},
        )
        client.put(
            "/v1/core/recordings/recording-1/link",
            headers={"x-siro-auth-token": siro.organization.user_token},
            json={"dataType": "ENGAGEMENT", "externalId": "e-1", "integrationConnectionId": "connection-1"},
        )

It mints user tokens for an OAuth app, and fails on purpose:

    siro.fail(Failure(status=429, headers={"Retry-After": "1"}, times=3))

It tells what a program has stored there, in Siro's names:

    siro.crm_row("ENGAGEMENT", "e-1")  # {"externalId": "e-1", "subject": "Visit"}
    siro.crm_link("recording-1")       # {"dataType": "ENGAGEMENT", "externalId": "e-1", ...}

With pytest, a test just asks for the fixture `local_siro`, or for `siro` or `async_siro`, clients of it; the fixtures
are in `siro_client_pytest`.

It needs the extra: `pip install 'siro-client[testing]'`.
"""

try:
    import jsonschema_rs as _jsonschema_rs
    import starlette as _starlette
    import uvicorn as _uvicorn
except ModuleNotFoundError as error:
    message = f"siro_client.testing needs {error.name}: pip install 'siro-client[testing]'"
    raise ImportError(message, name=error.name) from error

from siro_client.testing._failing import PlannedFailure
from siro_client.testing._failure import Failure
from siro_client.testing._local_siro import LocalSiro, environment
from siro_client.testing._seed import Organization
from siro_client.testing._serve import serve
from siro_client.testing._transport import LocalTransport

__all__ = ["Failure", "LocalSiro", "LocalTransport", "Organization", "PlannedFailure", "environment", "serve"]

del _jsonschema_rs, _starlette, _uvicorn
