"""What Reten can be answered with, and the answer itself (vendor docs, "List Result
Configurations", "Submit Result")."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from pydantic import Field

from adapters import contract as c
from adapters.reading import CamelRow, read_moment
from adapters.reten_wire import ROUTE, Activity, known_codes

FINAL = ("EFFECTIVE", "NOT_EFFECTIVE")
"""The result statuses that finish a task; PENDING leaves it as it is."""

_STATUSES = (
    c.Choice("EFFECTIVE", "Effective"),
    c.Choice("NOT_EFFECTIVE", "Not effective"),
    c.Choice("PENDING", "Pending"),
)


class ResultType(CamelRow):
    """What an operator can pick: the label is for the eye, the code for the wire."""

    code: str = Field(min_length=1)
    label: str | None = None
    requires_future_scheduled_at: bool | None = None


def outcome_of(row: ResultType, status: str | None) -> c.Outcome:
    """A result type as a click, asking for just what it demands. `status`: what it means to Reten
    as set up by us, as no page tells it; where nobody set it up, the form asks."""
    demanded = []
    if row.requires_future_scheduled_at:
        moment = c.FieldKind.FUTURE_MOMENT
        demanded.append(c.Field("future_scheduled_at", "New date and time", moment))
    if status is None:
        demanded.append(c.Field("status", "Result status", c.FieldKind.CHOICE, choices=_STATUSES))
    return c.Outcome(
        code=row.code,
        label=row.label or row.code,
        completes=status in FINAL,
        fields=(*demanded, c.Field("comment", "Comment", c.FieldKind.TEXT, required=False)),
    )


def checked_future(
    answer: c.Answer, outcome: c.Outcome, status: str, now: datetime
) -> datetime | None:
    """The answer's new date and time, if it has one. Rejected, by field, where the answer lacks
    what its outcome demands or names a moment that has passed."""
    told, wrong = answer.fields.get("future_scheduled_at"), dict[str, str]()
    moment = _future(answer)
    if told and not moment:
        wrong["future_scheduled_at"] = "This is not a date and time."
    if moment and moment <= now:
        wrong["future_scheduled_at"] = "The new date and time must be in the future."
    demanded = {field.key for field in outcome.fields if field.required}
    if "future_scheduled_at" in demanded and not told:
        wrong["future_scheduled_at"] = "Reten needs a new date and time for this answer."
    if status not in {choice.value for choice in _STATUSES}:
        wrong["status"] = "Reten needs a result status for this answer."
    if wrong:
        raise c.Rejected(" ".join(wrong.values()), wrong)
    return moment


def result_body(
    task: c.Task, answer: c.Answer, actor: c.Operator | None, status: str, future: datetime | None
) -> dict[str, object]:
    """The registration of a result. The task's own id goes along always: without it Reten may
    make a result that belongs to no task."""
    result = {
        "result": answer.outcome,
        "comment": answer.fields.get("comment"),
        "operator_external_id": actor.id if actor and not actor.id.startswith(ROUTE) else None,
        "future_scheduled_at": _wire(future) if future else None,
    }
    return {
        "activity_id": task.id,
        "commerce_external_id": task.data["commerce_external_id"],
        "occurred_at": _wire(answer.occurred_at),
        "status": status,
        "task_result": {key: value for key, value in result.items() if value},
    }


def is_ours(row: Activity, answer: c.Answer, status: str, labels: Mapping[str, str]) -> bool:
    """Whether the task shows what `result_body` asked for. Nobody else's result has the same
    millisecond and status, and Reten gives a request no other mark that it would give back; a known
    code among the details, if there is one, must be the answer's. Where a new date was asked for, a
    task that stands there without a result shows it too: what becomes of a rescheduled task is not
    documented."""
    found = row.activity_result
    if found is None:
        due = row.scheduled_at.at if row.scheduled_at else None
        return _same(_future(answer), due)
    codes = known_codes(found, labels)
    if codes and answer.outcome not in codes:
        return False
    return found.result_status == status and _same(found.occurred_at, answer.occurred_at)


def _future(answer: c.Answer) -> datetime | None:
    """The answer's new date and time; None when there is none or it can't be read."""
    try:
        return read_moment(answer.fields.get("future_scheduled_at"))
    except ValueError:
        return None


def _same(one: datetime | None, other: datetime | None) -> bool:
    """Whether two instants are one in the wire's milliseconds."""
    return bool(one and other and abs(one - other) < timedelta(milliseconds=1))


def _wire(moment: datetime) -> str:
    """The form of the vendor's samples: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
