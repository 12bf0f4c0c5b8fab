"""Programs that a type checker must refuse; `# E: code` says what mypy must find on the line. Read, never run."""

from siro_openapi import AuthenticatedClient, Client
from siro_openapi.api.integrations import sync_engagement
from siro_openapi.api.recordings import link_recording
from siro_openapi.models import DataType, Engagement, LinkByExternalId, LinkById, SyncResult

from siro_client import AsyncSiro, ExternalId, Siro, SiroId

client = AuthenticatedClient("https://siro.invalid", token="t")
siro = Siro(user_token="t")

# The low-level client: the link rule, bodies, tokens.
LinkById(data_type=DataType.LEAD, id="1", external_id="x")  # E: call-arg
LinkById(data_type=DataType.LEAD)  # E: call-arg
LinkById(id="1")  # E: call-arg
LinkById(data_type="LEAD", id="1")  # E: arg-type
LinkByExternalId(data_type=DataType.LEAD, external_id="x")  # E: call-arg
LinkByExternalId(data_type=DataType.LEAD, external_id="x", integration_connection_id=None)  # E: arg-type
link_recording.sync("1", client=client)  # E: call-arg
link_recording.sync("1", client=client, body=None)  # E: arg-type
link_recording.sync("1", client=client, body=Engagement(external_id="x"))  # E: arg-type
sync_engagement.sync(client=client)  # E: call-arg
sync_engagement.sync(client=client, body={"externalId": "x"})  # E: arg-type
sync_engagement.sync(client=Client("https://siro.invalid"), body=Engagement(external_id="x"))  # E: arg-type
Engagement()  # E: call-arg
Engagement(external_id=None)  # E: arg-type
Engagement(external_id="x", direction="INBOUND")  # E: arg-type
Engagement(external_id="x", deleted_at="2026-11-21")  # E: arg-type

# The facade: the same rules, in two small types.
SiroId()  # E: call-arg
SiroId("1", integration_connection_id="c")  # E: call-arg
ExternalId("x")  # E: call-arg
ExternalId(integration_connection_id="c")  # E: call-arg
SiroId("1").id = "2"  # E: misc
siro.link_recording("1", "2", DataType.LEAD)  # E: arg-type
siro.link_recording("1", SiroId("2"))  # E: call-arg
siro.link_recording("1", SiroId("2"), "LEAD")  # E: arg-type
siro.link_recording("1", SiroId("2"), DataType.LEAD, trigger="CRM_DEEPLINK")  # E: arg-type
siro.sync_engagement()  # E: call-arg
siro.sync_engagement({"externalId": "x"})  # E: arg-type
Siro("organization-token")  # E: call-arg
wrong: int = siro.sync_engagement(Engagement(external_id="x")).data.id  # E: assignment


async def main() -> None:
    not_awaited: SyncResult = AsyncSiro().sync_engagement(Engagement(external_id="x"))  # E: assignment
    print(not_awaited)
