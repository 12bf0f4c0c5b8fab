"""From Salesforce's events, with the records that they refer to, to Siro's engagements; change it to suit your org.

The standard objects and fields are covered. The first three characters of an id say which object it is of, so that
WhoId is a contact or a lead, and WhatId an account, an opportunity, or something that Siro has no place for.
"""

from collections import defaultdict
from pathlib import Path

from siro_openapi.models import (
    Account,
    ActivityType,
    Address,
    Contact,
    Disposition,
    Engagement,
    EngagementType,
    EngagementUser,
    Lead,
    Opportunity,
    Owner,
)
from siro_openapi.types import UNSET, Unset

from salesforce_records import Row, by_id, flag, instant, number, record_id, reference, text, texts, timestamp

ACTIVITY_TYPES = {"Call": ActivityType.CALL, "Email": ActivityType.EMAIL, "Meeting": ActivityType.MEETING}
"""By the picklist Type of Event. Siro lists meetings, appointments and events as appointments, and no others."""


class Export:
    """The files of an export, joined by id and kept in memory, but for the events."""

    def __init__(self, folder: Path) -> None:
        self._accounts = by_id(folder / "Account.csv")
        self._contacts = by_id(folder / "Contact.csv")
        self._leads = by_id(folder / "Lead.csv")
        self._opportunities = by_id(folder / "Opportunity.csv")
        self._users = by_id(folder / "User.csv")
        self._merged = defaultdict[str, list[str]](list)
        for record in (self._accounts, self._contacts, self._leads):
            for external_id, row in record.items():
                if survivor := reference(row, "MasterRecordId"):
                    self._merged[survivor].append(external_id)

    def engagement(self, row: Row) -> Engagement:
        """The engagement that an event is.

        Raises ValueError if a cell is not what its column holds.
        """
        who, what = reference(row, "WhoId") or "", reference(row, "WhatId") or ""
        engagement = Engagement(
            external_id=record_id(row.get("Id", "")),
            subject=text(row, "Subject"),
            content=text(row, "Description"),
            start_time=timestamp(row, "StartDateTime") or timestamp(row, "ActivityDateTime"),
            end_time=timestamp(row, "EndDateTime"),
            remote_created_at=timestamp(row, "CreatedDate"),
            remote_updated_at=timestamp(row, "LastModifiedDate"),
            engagement_users=self._owner_of(row),
        )
        if flag(row, "IsAllDayEvent") and engagement.start_time:
            # Salesforce has midnight in UTC for it, which is the evening before in America.
            engagement.start_time_localized = engagement.start_time.removesuffix("Z")
        if flag(row, "IsDeleted"):
            engagement.deleted_at = instant(row, "SystemModstamp") or instant(row, "LastModifiedDate")
        if kind := row.get("Type"):
            engagement.engagement_type = EngagementType(kind, ACTIVITY_TYPES.get(kind, ActivityType.APPOINTMENT))
        if who.startswith("003"):
            engagement.contact = self._contact(who)
        elif who.startswith("00Q"):
            engagement.lead = self._lead(who)
        if what.startswith("006"):
            engagement.opportunity = self._opportunity(what)
        account = what if what.startswith("001") else reference(self._opportunities.get(what, {}), "AccountId")
        if account:
            engagement.account = self._account(account)
        return engagement

    def _owner_of(self, row: Row) -> list[EngagementUser] | Unset:
        owner = reference(row, "OwnerId")
        if owner is None:
            return UNSET
        user = self._users.get(owner, {})
        return [EngagementUser(owner, email=text(user, "Email"), name=_name(user))]

    # A record that the export lacks is sent by its id alone, by which Siro finds what was synced before.

    def _account(self, external_id: str) -> Account:
        row = self._accounts.get(external_id, {})
        account = Account(external_id, name=text(row, "Name"), phone_numbers=texts(row, "Phone"))
        account.latitude, account.longitude = number(row, "BillingLatitude"), number(row, "BillingLongitude")
        self._complete(account, row, "Billing")
        return account

    def _contact(self, external_id: str) -> Contact:
        row = self._contacts.get(external_id, {})
        contact = Contact(external_id, name=_name(row), phone_numbers=texts(row, "Phone", "MobilePhone"))
        contact.email_addresses = texts(row, "Email")
        if account := reference(row, "AccountId"):
            contact.account = self._account(account)
        self._complete(contact, row, "Mailing")
        return contact

    def _lead(self, external_id: str) -> Lead:
        row = self._leads.get(external_id, {})
        lead = Lead(external_id, first_name=text(row, "FirstName"), last_name=text(row, "LastName"))
        lead.phone_numbers, lead.email_addresses = texts(row, "Phone", "MobilePhone"), texts(row, "Email")
        self._complete(lead, row, "")
        return lead

    def _opportunity(self, external_id: str) -> Opportunity:
        row = self._opportunities.get(external_id, {})
        opportunity = Opportunity(external_id, name=text(row, "Name"), amount=number(row, "Amount"))
        opportunity.closed_at = timestamp(row, "CloseDate") if flag(row, "IsClosed") else UNSET
        opportunity.remote_created_at = timestamp(row, "CreatedDate")
        opportunity.last_activity_at = timestamp(row, "LastActivityDate")
        if row:
            ended = Disposition.WON if flag(row, "IsWon") else Disposition.LOST
            opportunity.disposition = ended if flag(row, "IsClosed") else Disposition.OPEN
        return opportunity

    def _complete(self, record: Account | Contact | Lead, row: Row, address: str) -> None:
        """Set what the three have in common; `address` is what the names of their address fields begin with."""
        parts = ("Country", "Street", "City", "State", "PostalCode")
        country, street, city, state, zip_code = (row.get(address + part, "") for part in parts)
        if country or street or city or state or zip_code:
            # Siro requires all five, so that here an empty cell is an empty string.
            record.addresses = [Address(country, street, city, state, zip_code)]
        record.last_activity_at = timestamp(row, "LastActivityDate")
        if owner := reference(row, "OwnerId"):
            record.owner = Owner(owner)
        if merged := self._merged.get(record_id(record.external_id or "")):
            record.merged_from_external_ids = merged
        if flag(row, "IsDeleted"):
            record.deleted_at = instant(row, "SystemModstamp")


def _name(row: Row) -> str | Unset:
    return text(row, "Name") or " ".join(filter(None, (row.get("FirstName"), row.get("LastName")))) or UNSET
