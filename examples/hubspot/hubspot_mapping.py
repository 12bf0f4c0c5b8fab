"""From HubSpot's meetings, with the records that they are associated with, to Siro's engagements.

An export is what the CRM API v3 answers for meetings, companies, contacts, deals and owners, each under its name.
"""

from collections.abc import Mapping

from siro_openapi.models import (
    Account,
    ActivityType,
    Address,
    Contact,
    Disposition,
    Engagement,
    EngagementType,
    EngagementUser,
    Opportunity,
    Owner,
)
from siro_openapi.types import UNSET, Unset

from hubspot_properties import Object, instant, joined, number, plain, text, texts, timestamp


class Export:
    """The objects of an export, joined by id, which HubSpot counts for each kind apart."""

    def __init__(self, export: Mapping[str, Object]) -> None:
        self.meetings: list[Object] = _results(export, "meetings")
        kinds = ("companies", "contacts", "deals", "owners")
        self._objects = {kind: {str(one["id"]): one for one in _results(export, kind)} for kind in kinds}

    def engagement(self, meeting: Object) -> Engagement:
        """The engagement that a meeting is.

        Raises ValueError if a property is not what HubSpot has there.
        """
        properties = meeting["properties"]
        engagement = Engagement(
            external_id=str(meeting["id"]),
            subject=text(properties, "hs_meeting_title"),
            content=plain(properties, "hs_meeting_body"),
            start_time=timestamp(properties, "hs_meeting_start_time") or timestamp(properties, "hs_timestamp"),
            end_time=timestamp(properties, "hs_meeting_end_time"),
            remote_created_at=timestamp(properties, "hs_createdate"),
            remote_updated_at=timestamp(properties, "hs_lastmodifieddate"),
            engagement_type=EngagementType(properties.get("hs_activity_type") or "Meeting", ActivityType.MEETING),
            engagement_users=self._owner_of(properties),
        )
        if meeting.get("archived"):
            engagement.deleted_at = instant(meeting, "archivedAt")
        elif properties.get("hs_meeting_outcome") == "CANCELED":
            # Siro has no word for it, and would list a meeting that does not take place.
            engagement.deleted_at = instant(properties, "hs_lastmodifieddate")
        if company := _associated(meeting, "companies"):
            engagement.account = self._account(company)
        if contact := _associated(meeting, "contacts"):
            engagement.contact = self._contact(contact)
        if deal := _associated(meeting, "deals"):
            engagement.opportunity = self._opportunity(deal)
        return engagement

    def _owner_of(self, properties: Object) -> list[EngagementUser] | Unset:
        if not (owner_id := properties.get("hubspot_owner_id")):
            return UNSET
        owner = self._objects["owners"].get(owner_id, {})
        return [EngagementUser(owner_id, email=text(owner, "email"), name=joined(owner, "firstName", "lastName"))]

    # An object that the export lacks is sent by its id alone, by which Siro finds what was synced before.

    def _account(self, external_id: str) -> Account:
        company = self._properties("companies", external_id)
        account = Account(external_id, name=text(company, "name"), phone_numbers=texts(company, "phone"))
        _complete(account, company)
        return account

    def _contact(self, external_id: str) -> Contact:
        person = self._properties("contacts", external_id)
        contact = Contact(external_id, name=joined(person, "firstname", "lastname"))
        contact.phone_numbers, contact.email_addresses = texts(person, "phone", "mobilephone"), texts(person, "email")
        if company := person.get("associatedcompanyid"):
            contact.account = self._account(str(company))
        _complete(contact, person)
        return contact

    def _opportunity(self, external_id: str) -> Opportunity:
        deal = self._properties("deals", external_id)
        opportunity = Opportunity(external_id, name=text(deal, "dealname"), amount=number(deal, "amount"))
        opportunity.remote_created_at = timestamp(deal, "createdate")
        opportunity.last_activity_at = timestamp(deal, "notes_last_updated")
        if deal:
            is_closed, is_won = (deal.get(name) == "true" for name in ("hs_is_closed", "hs_is_closed_won"))
            ended = Disposition.WON if is_won else Disposition.LOST
            opportunity.disposition = ended if is_closed else Disposition.OPEN
            opportunity.closed_at = timestamp(deal, "closedate") if is_closed else UNSET
        return opportunity

    def _properties(self, kind: str, external_id: str) -> Object:
        properties: Object = self._objects[kind].get(external_id, {}).get("properties", {})
        return properties


def _results(export: Mapping[str, Object], kind: str) -> list[Object]:
    answer = export.get(kind, {})
    if after := answer.get("paging", {}).get("next", {}).get("after"):
        raise ValueError(f"{kind} are not all there: the export ends before the page after={after}")
    results: list[Object] = answer.get("results", [])
    return results


def _associated(meeting: Object, kind: str) -> str | None:
    """The first object of a kind: Siro has room for one, and HubSpot has the primary one first."""
    results = meeting.get("associations", {}).get(kind, {}).get("results", [])
    return str(results[0]["id"]) if results else None


def _complete(record: Account | Contact, properties: Object) -> None:
    """Set what companies and contacts have in common."""
    country, street, city, state, zip_code = (
        properties.get(name) or "" for name in ("country", "address", "city", "state", "zip")
    )
    if country or street or city or state or zip_code:
        # Siro requires all five, so that here what HubSpot lacks is an empty string.
        record.addresses = [Address(country, street, city, state, zip_code)]
    record.last_activity_at = timestamp(properties, "notes_last_updated")
    if owner := properties.get("hubspot_owner_id"):
        record.owner = Owner(owner)
    if merged := properties.get("hs_merged_object_ids"):
        record.merged_from_external_ids = merged.split(";")
