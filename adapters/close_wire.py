"""What Close sends, and as what we read it (vendor docs and OpenAPI, "Tasks", "Users").

Undocumented fields come and go, by the vendor's own word; types of tasks are added. So all but the
id may be missing or null, and a type that nobody knows yet is shown in its own words.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import Field

from adapters.contract import Effect, Operator, Outcome, Result, Subject, Task, TaskState
from adapters.reading import DueText, Moment, Row

COMPLETE = Outcome("complete", "Complete", completes=True, reversible=True)

_APP = "https://app.close.com"
TYPES = (
    "lead",
    "outgoing_call",
    "incoming_email",
    "email_followup",
    "missed_call",
    "answered_detached_call",
    "voicemail",
    "opportunity_due",
    "incoming_sms",
)
"""The documented types of tasks."""
_TYPE_WORDS = {
    "lead": "Task",
    "outgoing_call": "Call",
    "email_followup": "Email follow-up",
    "answered_detached_call": "Answered call",
    "incoming_sms": "Incoming SMS",
}


class TaskRow(Row):
    """One task as far as we use it; which fields it has depends on its type. The contents of
    emails, recordings and notes stay out: a card does not need them."""

    id: str = Field(min_length=1)
    type: str | None = Field(default=None, alias="_type")
    text: str | None = None
    date: DueText | None = None
    is_dateless: bool | None = None
    is_complete: bool | None = None
    assigned_to: str | None = None
    assigned_to_name: str | None = None
    lead_id: str | None = None
    lead_name: str | None = None
    contact_name: str | None = None
    subject: str | None = None
    phone: str | None = None
    phone_formatted: str | None = None
    remote_phone: str | None = None
    remote_phone_formatted: str | None = None
    opportunity_value_formatted: str | None = None
    opportunity_value_period: str | None = None
    date_created: str | None = None
    updated_by: str | None = None
    updated_by_name: str | None = None
    date_updated: Moment | None = None


class NoteRow(Row):
    """A note on a lead's timeline."""

    id: str = Field(min_length=1)
    note: str | None = None
    user_id: str | None = None


class UserRow(Row):
    """A user of the organization. Former members have no organizations (captured)."""

    id: str = Field(min_length=1)
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    organizations: list[str] | None = None

    @property
    def name(self) -> str | None:
        return " ".join(filter(None, (self.first_name, self.last_name))) or None


class OrganizationRow(Row):
    name: str | None = None


class MeRow(Row):
    """The key's user. Unlike in the list of users, organizations are objects here."""

    id: str
    first_name: str | None = None
    last_name: str | None = None
    organizations: list[OrganizationRow] | None = None


RowT = TypeVar("RowT")


class Listing(Row, Generic[RowT]):
    """The envelope of a page: no total, only whether there is more."""

    data: list[RowT]
    has_more: bool


def task_of(row: TaskRow) -> Task:
    kind = row.type or "lead"
    words = _TYPE_WORDS.get(kind) or kind.replace("_", " ").capitalize()
    phone = _phone(row)
    about = line(row.subject) or row.contact_name or row.lead_name or phone
    page = f"{_APP}/lead/{row.lead_id}/" if row.lead_id else None
    lead = row.lead_name or ("Lead" if row.lead_id else None)
    details = (words if kind != "lead" else None, row.contact_name, phone, _value(row))
    return Task(
        id=row.id,
        title=line(row.text) or (f"{words}: {about}" if about else words),
        state=TaskState.DONE if row.is_complete else TaskState.OPEN,
        # A dateless task carries the day of its creation (captured).
        due=None if row.is_dateless else row.date,
        operators=(Operator(row.assigned_to, row.assigned_to_name),) if row.assigned_to else (),
        subject=Subject(lead, page) if lead else None,
        details=tuple([text for text in details if text]),
        url=page,
        result=_completion(row) if row.is_complete else None,
        # A comment is a note on the lead.
        without=() if row.lead_id else (Effect.COMMENT.value,),
    )


def line(text: str | None) -> str:
    """A text in one line, by which texts are also compared."""
    return " ".join(text.split()) if text else ""


def _phone(row: TaskRow) -> str | None:
    """The number of the other side, as people write it where Close tells that."""
    return row.phone_formatted or row.phone or row.remote_phone_formatted or row.remote_phone


def _value(row: TaskRow) -> str | None:
    """What an opportunity is worth: `$1,300`, or `$1,300 monthly`."""
    value, period = row.opportunity_value_formatted, row.opportunity_value_period
    return f"{value} {period}" if value and period not in {None, "one_time"} else value


def _completion(row: TaskRow) -> Result:
    return Result(label=COMPLETE.label, by=row.updated_by_name, at=row.date_updated)
