"""What can be done to a task: the provider's outcomes, and ours where the provider can."""

from __future__ import annotations

from datetime import date, datetime

from adapters.contract import (
    Answer,
    Capabilities,
    Change,
    Comment,
    Due,
    Effect,
    Field,
    FieldKind,
    Outcome,
    Reassign,
    Reopen,
    Reschedule,
    Task,
)
from bot.domain.model import Connection, Submission, token_of
from bot.domain.wording import labels

DUE, WAS, OPERATOR, TEXT = "due", "was", "operator", "text"
"""The fields of our own changes, as they are stored; WAS is the due before it was moved."""


def answers(connection: Connection, task: Task) -> tuple[Outcome, ...]:
    """The provider's outcomes that apply to this task."""
    return tuple(o for o in connection.outcomes if o.code not in task.without)


def own_changes(connection: Connection, task: Task) -> tuple[Outcome, ...]:
    """Reschedule, reassign and comment, as far as provider and task allow."""
    can: Capabilities = connection.capabilities
    possible = (
        (can.reschedule, Effect.RESCHEDULE, labels.RESCHEDULE, _due_field(task)),
        (can.reassign, Effect.REASSIGN, labels.REASSIGN, _OPERATOR_FIELD),
        (can.comment, Effect.COMMENT, labels.COMMENT, _TEXT_FIELD),
    )
    return tuple(
        Outcome(effect.value, label, effect=effect, fields=(field,))
        for able, effect, label, field in possible
        if able and effect.value not in task.without
    )


def chosen(connection: Connection, task: Task, token: str) -> Outcome | None:
    """What a button with that token does to this task, if it is still offered."""
    offered = (*answers(connection, task), *own_changes(connection, task))
    return next((one for one in offered if token_of(one) == token), None)


_OPERATOR_FIELD = Field(OPERATOR, labels.REASSIGN_TO, FieldKind.CHOICE)
_TEXT_FIELD = Field(TEXT, labels.COMMENT, FieldKind.TEXT)


def _due_field(task: Task) -> Field:
    """A day stays a day; what has no due gets a moment."""
    if task.due is not None and task.due.on is not None:
        return Field(DUE, labels.NEW_DAY, FieldKind.DAY)
    return Field(DUE, labels.NEW_MOMENT, FieldKind.FUTURE_MOMENT)


def due_as_text(due: Due | None) -> str:
    """A due as the text that `read_due` reads; empty where there is none."""
    if due is None:
        return ""
    return due.on.isoformat() if due.on else due.at.isoformat() if due.at else ""


def read_due(text: str) -> Due | None:
    """What `due_as_text` wrote."""
    if not text:
        return None
    if len(text) == len("2026-04-15"):
        return Due(on=date.fromisoformat(text))
    return Due(at=datetime.fromisoformat(text))


def change_of(submission: Submission) -> Change:
    """What a submission asks of the provider."""
    at, fields = submission.occurred_at, submission.fields
    match submission.effect:
        case Effect.ANSWER:
            return Answer(submission.outcome, at, fields)
        case Effect.REOPEN:
            return Reopen(at, submission.before)
        case Effect.RESCHEDULE:
            due = read_due(fields[DUE])
            assert due is not None  # noqa: S101 - its field is required
            return Reschedule(at, due)
        case Effect.REASSIGN:
            return Reassign(at, fields[OPERATOR])
        case Effect.COMMENT:
            return Comment(at, fields[TEXT])
        case Effect.CREATE:
            raise ValueError("a task that is to be made can't be changed")
