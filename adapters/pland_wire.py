"""What PlanD sends, and as what we read it (vendor OpenAPI, "list tasks", "users", "task types",
corrected by what an open-source client saw on the live API).

Two numbers must not be mixed up: `status` is the life of an entity, `taskStatus` the workflow. A
user object holds tokens and personal data, a task the customer's: what is not named here is not
read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field, PlainValidator

from adapters.contract import Due, Operator, Outcome, Result, Task, TaskState
from adapters.markup import plain_text
from adapters.reading import CamelRow

ID_FORM = "^[0-9a-f]{24}$"
OPEN_STATUSES = ("new", "open", "in_progress", "in_review")
ZONE = ZoneInfo("Europe/Berlin")
"""Of times that name none: PlanD is a German product for German companies."""

START = Outcome("start", "Start", reversible=True)
REVIEW = Outcome("review", "In review", reversible=True)
COMPLETE = Outcome("complete", "Complete", completes=True, reversible=True)
CANCEL = Outcome("cancel", "Cancel task", grave=True)
STATUS_OF = {START.code: "in_progress", REVIEW.code: "in_review", CANCEL.code: "cancelled"}
"""What each outcome makes of `taskStatus`, but for completing, which has a call of its own."""

_WITHOUT = {status: (code,) for code, status in STATUS_OF.items() if status in OPEN_STATUSES}
_STATES = {"completed": TaskState.DONE, "cancelled": TaskState.CANCELLED}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS = re.compile(r"-?\d{1,18}(\.\d+)?", re.ASCII)
_LONGEST_DESCRIPTION = 200
_URGENT = "urgent"
"""The highest of the priorities that a task can be given (`pland_drafts.PRIORITIES`)."""
_SAME_MOMENT = timedelta(minutes=1)


def is_id(text: str) -> bool:
    """Whether a text is an id of PlanD, and so can stand in a path."""
    return re.fullmatch("[0-9a-f]{24}", text) is not None


def read_instant(value: object) -> datetime:
    """Unix milliseconds as a number (live) or in digits, or ISO 8601 (OpenAPI), as aware UTC."""
    try:
        if isinstance(value, str) and _MILLISECONDS.fullmatch(value):
            return _EPOCH + timedelta(milliseconds=float(value))
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).astimezone(UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _EPOCH + timedelta(milliseconds=value)
    except OverflowError:
        raise ValueError("a time beyond the calendar") from None
    raise ValueError("neither milliseconds nor a date-time text")


def read_due(value: object) -> Due | None:
    """The due that a value tells; null and an empty text tell none.

    PlanD has no mark for "all day". A due at midnight in Germany is read as that day: far more
    often it is a day picked without a time than work that must be done by the stroke of twelve,
    and as an instant it would count as overdue all through the day that it is meant for.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return Due(on=date.fromisoformat(value))
    moment = read_instant(value)
    try:
        local = moment.astimezone(ZONE)
    except OverflowError:
        return Due(at=moment)
    return Due(on=local.date()) if local.time() == time() else Due(at=moment)


def written_due(due: Due) -> datetime:
    """The instant that stands for a due at PlanD: of a day, its midnight in Germany."""
    if due.at is not None:
        return due.at.astimezone(UTC)
    return datetime.combine(due.on or date.min, time(), ZONE)


def _instant_or_none(value: object) -> datetime | None:
    try:
        return read_instant(value)
    except ValueError:
        return None


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


# What merely accompanies a task may be of any form: it makes no row unreadable.
_Moment = Annotated[datetime | None, PlainValidator(_instant_or_none)]
_Text = Annotated[str | None, PlainValidator(_text_or_none)]


class Life(CamelRow):
    """Who made and last changed an entity. `status` is "1" while a user is active (live)."""

    status: Any = None
    created_by: _Text = None
    last_modified_at: _Moment = None
    last_modified_by: _Text = None


class Related(CamelRow):
    """An entity that a task points to; the OpenAPI has two names for its id."""

    entity_id: str | None = None
    own_id: str | None = Field(default=None, alias="_id")
    name: str | None = None

    @property
    def id(self) -> str | None:
        return self.entity_id or self.own_id


class TaskRow(CamelRow):
    """One task as far as we use it: no contact person, no e-mail address, no telephone."""

    id: str = Field(alias="_id", pattern=ID_FORM)
    title: str | None = None
    task_status: str | None = None
    identifier_number: int | str | None = None
    task_type_id: str | None = None
    description: str | None = None
    assignee: Related | None = None
    due_date: Annotated[Due | None, PlainValidator(read_due)] = None
    priority: str | None = None
    first_terminated_at: _Moment = None
    completion_response: _Text = None
    status: Life | None = None

    @property
    def state(self) -> TaskState:
        """A status that nobody knows, or none, is work to do."""
        return _STATES.get(self.task_status or "", TaskState.OPEN)

    @property
    def is_open(self) -> bool:
        return self.state is TaskState.OPEN

    @property
    def assignee_id(self) -> str | None:
        return self.assignee.id if self.assignee else None

    @property
    def made_at(self) -> datetime:
        """An ObjectId begins with the second of its making."""
        return _EPOCH + timedelta(seconds=int(self.id[:8], 16))


class TypeRow(CamelRow):
    """A kind of task. Its prefix is the REC in REC-1234."""

    id: str = Field(alias="_id", min_length=1)
    name: str | None = None
    prefix: str | None = None


class Names(CamelRow):
    first_name: str | None = None
    last_name: str | None = None


class Mailbox(CamelRow):
    email: str | None = None


class UserRow(CamelRow):
    """A user: an id, a name, an address, whether active; nothing of the rest."""

    id: str = Field(alias="_id", pattern=ID_FORM)
    general: Names | None = None
    access: Mailbox | None = None
    contact: Mailbox | None = None
    status: Life | None = None

    @property
    def name(self) -> str | None:
        names = (self.general.first_name, self.general.last_name) if self.general else ()
        return " ".join(filter(None, names)) or None

    @property
    def email(self) -> str | None:
        """That of the login, unless the login is a number; many cleaners have neither."""
        found = (box.email for box in (self.access, self.contact) if box)
        return next((email for email in found if email and "@" in email), None)

    @property
    def active(self) -> bool:
        return self.status is None or self.status.status is None or str(self.status.status) == "1"


def operator_of(row: UserRow) -> Operator:
    return Operator(row.id, name=row.name, email=row.email, active=row.active)


def task_of(row: TaskRow, types: Mapping[str, TypeRow], link_template: str | None) -> Task:
    """The row as a task; `types` are the known kinds of tasks by id."""
    kind = types.get(row.task_type_id or "")
    number = None
    if kind and kind.prefix and row.identifier_number is not None:
        number = f"{kind.prefix}-{row.identifier_number}"
    text = plain_text(row.description or "", _LONGEST_DESCRIPTION)
    assigned = row.assignee_id
    name = row.assignee.name if row.assignee else None
    return Task(
        id=row.id,
        title=" ".join((row.title or "").split()) or number or "Task",
        state=row.state,
        due=row.due_date,
        operators=(Operator(assigned, name or None),) if assigned else (),
        details=tuple([word for word in (kind.name if kind else None, number, text) if word]),
        status_label=(row.task_status or "").replace("_", " ").capitalize() or None,
        priority=row.priority or None,
        urgent=row.priority == _URGENT,
        url=link_template.replace("{id}", row.id) if link_template else None,
        result=None if row.is_open else _result(row),
        without=_WITHOUT.get(row.task_status or "", ()),
        data={"status": row.task_status} if row.task_status else {},
    )


def _result(row: TaskRow) -> Result:
    """How the task ended. PlanD tells the first completion and the last change; only where the
    two are one is it known when this completion was, and perhaps whose."""
    label = (row.task_status or "").capitalize()
    first, life = row.first_terminated_at, row.status
    if row.state is not TaskState.DONE or first is None or life is None:
        return Result(label)
    if life.last_modified_at is None or abs(life.last_modified_at - first) > _SAME_MOMENT:
        return Result(label)
    by = row.assignee if row.assignee_id and row.assignee_id == life.last_modified_by else None
    return Result(label, by=by.name if by else None, at=first)
