"""What goes over the wire to and from Reten, and as what we read it (vendor docs, "List
Activities", "List Result Configurations", "Submit Result"). Every field that the docs call nullable
may be null here, and unknown words pass."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from pydantic import Field

from adapters.contract import (
    Answer,
    Choice,
    FieldKind,
    Operator,
    Outcome,
    Rejected,
    Result,
    Task,
    TaskState,
)
from adapters.contract import Field as Asked
from adapters.reading import CamelRow, DueText, Moment, Row, read_moment

FINAL = ("EFFECTIVE", "NOT_EFFECTIVE")
"""The result statuses that finish a task; PENDING leaves it as it is."""

_STATUSES = (
    Choice("EFFECTIVE", "Effective"),
    Choice("NOT_EFFECTIVE", "Not effective"),
    Choice("PENDING", "Pending"),
)
_STATES = {
    "COMPLETED": TaskState.DONE,
    "CANCELLED": TaskState.CANCELLED,
    "CANCELED": TaskState.CANCELLED,  # the spelling of Reten's general API
}
_PLAIN_TYPE = "TASK"
"""The type that every activity of this listing has, and so tells nobody anything."""


class Named(CamelRow):
    """A reason (code and label) or a route (code and name)."""

    code: str | None = None
    label: str | None = None
    name: str | None = None


class AssignedOperator(CamelRow):
    external_id: str | None = None
    name: str | None = None
    type: str | None = None


class Details(CamelRow):
    """Who and where; each part may be missing without the others."""

    assigned_route_code: str | None = None
    assigned_operator_external_id: str | None = None
    assigned_route: Named | None = None
    assigned_operator: AssignedOperator | None = None


class ActivityResult(CamelRow):
    """A registered result. What `resultDetails` holds is not documented."""

    result_status: str | None = None
    occurred_at: Moment | None = None
    result_details: dict[str, Any] | None = None


class Activity(CamelRow):
    """One task. `activityOrigin` STANDALONE marks a result without a task behind it."""

    id: str = Field(min_length=1)
    activity_origin: str | None = None
    type: str | None = None
    status: str | None = None
    channel: str | None = None
    scheduled_at: DueText | None = None
    lifecycle_status_label: str | None = None
    commerce_external_id: str
    commerce_name: str
    reason: Named | None = None
    activity_details: Details | None = None
    activity_result: ActivityResult | None = None


class Meta(CamelRow):
    total_pages: int | None = None


RowT = TypeVar("RowT")


class Listing(Row, Generic[RowT]):
    """The envelope of a page."""

    data: list[RowT]
    meta: Meta | None = None


class ResultType(CamelRow):
    """What an operator can pick: the label is for the eye, the code for the wire."""

    code: str = Field(min_length=1)
    label: str | None = None
    requires_future_scheduled_at: bool | None = None


def task_of(row: Activity, labels: Mapping[str, str]) -> Task:
    """The row as a task; `labels` are the known result codes' labels."""
    details = row.activity_details
    return Task(
        id=row.id,
        title=row.commerce_name or row.commerce_external_id,
        # Only `status` is for logic: the docs give `lifecycleStatus` "for display purposes".
        state=_STATES.get(row.status or "", TaskState.OPEN),
        due=row.scheduled_at,
        operators=_operators(details) if details else (),
        details=_telling(row, details),
        status_label=row.lifecycle_status_label,
        result=_result(row.activity_result, labels) if row.activity_result else None,
        data={"commerce_external_id": row.commerce_external_id},
    )


def _operators(details: Details) -> tuple[Operator, ...]:
    person = details.assigned_operator
    if person is None:
        found = details.assigned_operator_external_id
        return (Operator(found),) if found else ()
    found = person.external_id or details.assigned_operator_external_id
    return (Operator(found, name=person.name, kind=person.type),) if found else ()


def _telling(row: Activity, details: Details | None) -> tuple[str, ...]:
    """Reason, type or channel, and place, in Reten's words."""
    reason, place = row.reason, None
    if details is not None:
        route = details.assigned_route
        place = (route.name if route else None) or details.assigned_route_code
    kind = row.channel if row.type == _PLAIN_TYPE else row.type or row.channel
    texts = (reason.label or reason.code if reason else None, kind, place)
    return tuple([text for text in texts if text])


def _result(found: ActivityResult, labels: Mapping[str, str]) -> Result:
    codes = _codes(found, labels)
    return Result(label=labels[codes[0]] if codes else found.result_status, at=found.occurred_at)


def _codes(found: ActivityResult, labels: Mapping[str, str]) -> list[str]:
    """The known codes among a result's details, whose keys are not documented."""
    values = (found.result_details or {}).values()
    return [value for value in values if isinstance(value, str) and value in labels]


def outcome_of(row: ResultType, status: str | None) -> Outcome:
    """A result type as a click. `status`: what it means to Reten as set up by us, as no page tells
    it; where nobody set it up, the form asks."""
    later = bool(row.requires_future_scheduled_at)
    return Outcome(
        code=row.code,
        label=row.label or row.code,
        completes=status in FINAL,
        fields=(
            Asked("future_scheduled_at", "New date and time", FieldKind.FUTURE_MOMENT, later),
            Asked("status", "Result status", FieldKind.CHOICE, status is None, _STATUSES),
            Asked("comment", "Comment", FieldKind.TEXT, required=False),
        ),
    )


def checked_future(answer: Answer, outcome: Outcome, status: str, now: datetime) -> datetime | None:
    """The answer's new date and time, if it has one. Rejected, by field, where the answer lacks
    what its outcome demands or names a moment that has passed."""
    told, wrong = answer.fields.get("future_scheduled_at"), dict[str, str]()
    moment = None
    try:
        moment = read_moment(told) if told else None
    except ValueError:
        wrong["future_scheduled_at"] = "This is not a date and time."
    if moment and moment <= now:
        wrong["future_scheduled_at"] = "The new date and time must be in the future."
    demanded = {field.key for field in outcome.fields if field.required}
    if "future_scheduled_at" in demanded and not told:
        wrong["future_scheduled_at"] = "Reten needs a new date and time for this answer."
    if status not in {choice.value for choice in _STATUSES}:
        wrong["status"] = "Reten needs a result status for this answer."
    if wrong:
        raise Rejected(" ".join(wrong.values()), wrong)
    return moment


def result_body(
    task: Task, answer: Answer, actor: Operator | None, status: str, future: datetime | None
) -> dict[str, object]:
    """The registration of a result. The task's own id goes along always: without it Reten may
    make a result that belongs to no task."""
    result = {
        "result": answer.outcome,
        "comment": answer.fields.get("comment"),
        "operator_external_id": actor.id if actor else None,
        "future_scheduled_at": _wire(future) if future else None,
    }
    return {
        "activity_id": task.id,
        "commerce_external_id": task.data["commerce_external_id"],
        "occurred_at": _wire(answer.occurred_at),
        "status": status,
        "task_result": {key: value for key, value in result.items() if value},
    }


def is_ours(row: Activity, answer: Answer, status: str, labels: Mapping[str, str]) -> bool:
    """Whether the task shows what `result_body` asked for. Nobody else's result has the same
    millisecond and status, and Reten gives a request no other mark that it would give back; a known
    code among the details, if there is one, must be the answer's. Where a new date was
    asked for, a task that stands there again without a result shows it too: what becomes of a
    rescheduled task is not documented."""
    found = row.activity_result
    if found is None:
        future = answer.fields.get("future_scheduled_at")
        due = row.scheduled_at.at if row.scheduled_at else None
        return bool(future and due) and _same(read_moment(future), due)
    codes = _codes(found, labels)
    if codes and answer.outcome not in codes:
        return False
    return found.result_status == status and _same(found.occurred_at, answer.occurred_at)


def _same(one: datetime | None, other: datetime | None) -> bool:
    """Whether two instants are one in the wire's milliseconds."""
    return bool(one and other and abs(one - other) < timedelta(milliseconds=1))


def _wire(moment: datetime) -> str:
    """The form of the vendor's samples: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
