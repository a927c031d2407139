"""New tasks: who may make one, and how a wish for one is kept until the provider has it."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.contract import Choice, Draft, Effect, Field, FieldKind, Operator, Outcome
from bot.domain.changes import read_due
from bot.domain.model import Actor, Connection, Submission
from bot.domain.wording import labels

TITLE, DUE, OPERATOR, SUBJECT, NOTE = "title", "due", "operator", "subject", "note"
"""The fields of a draft as they are stored; the provider's own stand behind OWN."""
OWN = "own."


@dataclass(frozen=True, slots=True)
class Place:
    """A connection at which somebody may make tasks. `own`: the operator who they are there;
    `operators`: who else may get the task; `fields`: what this provider asks besides."""

    connection: Connection
    own: Operator | None
    operators: tuple[Operator, ...]
    fields: tuple[Field, ...] = ()


def may_create(connection: Connection, actor: Actor) -> bool:
    """Whether somebody may make tasks there: its operators, and those who oversee them."""
    return connection.capabilities.create and (bool(actor.operators) or actor.oversees)


def own_operator(actor: Actor) -> Operator | None:
    """In whose name somebody makes a task: they are a person there, and not just a route."""
    return next((one for one in actor.operators if one.person), None)


def asked(place: Place) -> Outcome:
    """What the form asks besides title, subject and due: for whom, if not for oneself, a note, and
    what this provider wants to know."""
    others = tuple(Choice(one.id, one.name or one.id) for one in place.operators)
    alone = place.own is not None
    given = Field(OPERATOR, labels.ASSIGNED_TO, FieldKind.CHOICE, not alone, others)
    note = Field(NOTE, labels.NOTE, FieldKind.TEXT, required=False)
    ours = (given, note) if others else (note,)
    return Outcome(
        Effect.CREATE.value, labels.CREATE_TASK, fields=(*ours, *map(_own, place.fields))
    )


def _own(field: Field) -> Field:
    return Field(f"{OWN}{field.key}", field.label, field.kind, field.required, field.choices)


def draft_of(submission: Submission) -> Draft:
    """The task that somebody wants made."""
    fields = submission.fields
    return Draft(
        title=fields[TITLE],
        made_at=submission.occurred_at,
        operator=fields.get(OPERATOR) or submission.operator_id,
        due=read_due(fields.get(DUE, "")),
        subject=fields.get(SUBJECT),
        note=fields.get(NOTE),
        fields={key.removeprefix(OWN): fields[key] for key in fields if key.startswith(OWN)},
    )
