"""What is on record of a task: the rows from which its story is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.contract import Effect, Task
from bot.domain.changes import due_as_text
from bot.domain.model import Face, Reason, Situation, StoredTask, Submission

TASKBELL, CLI = "taskbell", "cli"
"""Actors who are no Slack users: the bot itself, and whoever types commands at its machine."""

SEEN, CHANGED, GONE, DECLINED = "seen", "changed", "gone", "declined"
RETRIED, GIVEN_UP = "retried", "given up"
PUT_OFF, UNDONE = "put off", "undo"
SNOOZED, WOKEN = "snooze", "wake"
LISTED, ESCALATED, SEEN_TO = "listed", "escalated", "seen to"
"""Actions of the audit. PUT_OFF stands behind the effect of a submission ("answer put off")."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the audit: who (`actor`) did what (`action`), when. `subject`: the task or
    operator concerned. `detail`: what belongs to the action; `said` in it is the answer of the
    provider or of Slack."""

    id: str
    at: datetime
    actor: str
    action: str
    connection: str | None
    subject: str | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Linked:
    """That an operator is a Slack user, by whom, and since when."""

    operator_id: str
    slack_user: str
    provenance: str
    actor: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """A card as it stands with Slack. `posted_at`: by Slack's clock. `due_at`: when something is
    done about it next."""

    key: str
    reader: str
    reason: Reason
    face: Face
    state: str
    live: bool
    wanted_at: datetime
    posted_at: datetime | None = None
    channel: str | None = None
    redraws: int = 0
    due_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Chronicle:
    """All that is on record of a task, as it stands `now`.

    `records`: oldest first. `links`: those of the task's operators. `watched`: its connection is in
    the settings. `trouble`: what is wrong with the connection. `good_at`: its last good poll.
    """

    situation: Situation
    now: datetime
    records: Sequence[Record] = ()
    links: Sequence[Linked] = ()
    deliveries: Sequence[Delivery] = ()
    submissions: Sequence[Submission] = ()
    operators: Mapping[str, str] = field(default_factory=dict)
    """How each operator is called who is known by a name."""
    theirs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The operators at this connection of Slack users who are asked about."""
    watched: bool = True
    trouble: str | None = None
    baseline_at: datetime | None = None
    good_at: datetime | None = None


def differences(before: StoredTask, after: Task) -> dict[str, Any]:
    """What of a task changed, as a record holds it: the old and the new of each; empty where
    nothing did that the story tells of."""
    was = before.task
    found = {
        "state": (before.standing.value, after.state.value),
        "due": (due_as_text(was.due), due_as_text(after.due)),
        "operators": ([o.id for o in was.operators], [o.id for o in after.operators]),
        "status": (was.status_label, after.status_label),
        "priority": (was.priority, after.priority),
        "result": (_result(was), _result(after)),
    }
    changed: dict[str, Any] = {key: [old, new] for key, (old, new) in found.items() if old != new}
    return changed | ({"title": True} if was.title != after.title else {})


def first_look_at(task: Task) -> dict[str, Any]:
    """What a record holds of a task that is seen for the first time."""
    return {
        "state": task.state.value,
        "due": due_as_text(task.due),
        "operators": [o.id for o in task.operators],
    }


def answer_of(task: Task) -> str:
    """What a provider said when it took a change: the task's state and its own words for it."""
    words = (task.state.value, task.status_label, _result(task))
    return ", ".join(dict.fromkeys(word for word in words if word))


def _result(task: Task) -> str | None:
    return task.result.label if task.result else None


def wanted_of(submission: Submission) -> dict[str, Any]:
    """What a record holds of a person's wish; never the words of a comment."""
    told = {"outcome": submission.outcome, "label": submission.label, "submission": submission.id}
    if submission.effect in (Effect.RESCHEDULE, Effect.REASSIGN):
        return told | dict(submission.fields)
    return told
