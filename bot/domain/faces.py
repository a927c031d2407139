"""Which face a card shows a reader, from stored state alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from adapters.contract import Due, Effect
from bot.domain.changes import WAS, answers, own_changes, read_due
from bot.domain.model import (
    AnswerLine,
    CardView,
    Face,
    Reason,
    Situation,
    Snoozed,
    Standing,
    Submission,
    SubmissionState,
)
from bot.domain.reminders import snooze_of
from bot.domain.when import LAST, day_starts, shifted, zone

OVERDUE_AFTER = timedelta(minutes=1)
"""A timed task is not called overdue in the very minute in which it is due."""


def becomes_overdue(due: Due, timezone: str) -> datetime:
    """The instant from which a card calls a task overdue: for a day, the end of that day there."""
    if due.on is not None:
        if due.on == date.max:
            return LAST
        return day_starts(due.on + timedelta(days=1), zone(timezone))
    assert due.at is not None  # noqa: S101 - Due holds one of the two
    return shifted(due.at, OVERDUE_AFTER)


def card_view(
    situation: Situation, reader: str, timezone: str, reason: Reason, now: datetime
) -> CardView:
    """What the card of `reader` should show now. `reason`: why that card was posted."""
    standing, submission = situation.stored.standing, situation.submission
    if submission is not None and submission.state.active and _belongs(submission, standing):
        return _on_its_way(situation, submission)
    if standing is Standing.GONE:
        return _view(situation, Face.GONE)
    if standing is Standing.CANCELLED:
        return _finished(situation, Face.CANCELLED, Face.CANCELLED)
    if standing is Standing.DONE:
        return _finished(situation, Face.DONE, Face.DONE_ELSEWHERE)
    if not any(r.id == reader for r in situation.readers):
        return _moved(situation, reader)
    snooze = snooze_of(situation, reader)
    if snooze is not None and snooze.until > now:
        return _snoozed(situation, snooze)
    return _open(situation, timezone, reason, now)


def _belongs(submission: Submission, standing: Standing) -> bool:
    """Whether a task as it now is can become what is on its way: what somebody else has finished
    shows that, whatever answer of ours is still under way."""
    if submission.effect is Effect.REOPEN:
        return standing in (Standing.DONE, Standing.CANCELLED)
    return standing is Standing.OPEN


def _view(situation: Situation, face: Face, **more: Any) -> CardView:
    task, connection = situation.stored.task, situation.connection
    return CardView(
        face=face,
        task_key=situation.stored.key,
        title=task.title,
        connection=connection.name,
        connection_title=connection.title,
        subject=task.subject,
        details=task.details,
        due=task.due,
        url=task.url,
        **more,
    )


def _finished(situation: Situation, by_us: Face, elsewhere: Face) -> CardView:
    answered, newest = situation.answered, situation.submission
    if answered is not None:
        can = situation.connection.can_take_back(answered.outcome)
        refused = newest is not None and newest.state is SubmissionState.REFUSED
        return _view(
            situation,
            by_us,
            answer=_answer(answered),
            submission_id=answered.id if can else None,
            refusal=newest.error if newest and refused else None,
        )
    result = situation.stored.task.result
    line = AnswerLine(result.label, by_name=result.by, at=result.at) if result else None
    return _view(situation, elsewhere, answer=line)


def _on_its_way(situation: Situation, submission: Submission) -> CardView:
    line = AnswerLine(submission.label, by_user=submission.slack_user, effect=submission.effect)
    if submission.state is SubmissionState.HELD:
        return _view(
            situation, Face.HELD, answer=line, submission_id=submission.id, until=submission.due_at
        )
    if submission.failing_since is not None:
        return _view(
            situation,
            Face.WAITING,
            answer=line,
            refusal=submission.error,
            until=submission.failing_since,
        )
    return _view(situation, Face.SENDING, answer=line)


def _moved(situation: Situation, reader: str) -> CardView:
    operators = situation.stored.task.operators
    users = [situation.linked[o.id] for o in operators if o.id in situation.linked]
    known = [o.name or situation.names.get(o.id) for o in operators if o.id not in situation.linked]
    names = [name for name in known if name]
    others = tuple(dict.fromkeys(user for user in users if user != reader))
    return _view(situation, Face.MOVED, moved_to=others, moved_to_names=tuple(names))


def _snoozed(situation: Situation, snooze: Snoozed) -> CardView:
    line = AnswerLine(None, by_user=snooze.by_user, at=snooze.set_at)
    return _view(situation, Face.SNOOZED, answer=line, until=snooze.until)


def _open(situation: Situation, timezone: str, reason: Reason, now: datetime) -> CardView:
    task, submission = situation.stored.task, situation.submission
    refused = submission is not None and submission.state is SubmissionState.REFUSED
    answered = situation.answered
    return _view(
        situation,
        Face.OPEN,
        overdue=task.due is not None and becomes_overdue(task.due, timezone) <= now,
        priority=task.priority,
        status_label=task.status_label,
        reminder=None if reason is Reason.ASSIGNED else reason,
        outcomes=answers(situation.connection, task),
        changes=own_changes(situation.connection, task),
        refusal=submission.error if submission and refused else None,
        answer=_answer(answered) if answered else None,
    )


def _answer(submission: Submission) -> AnswerLine:
    return AnswerLine(
        submission.label,
        by_user=submission.slack_user,
        at=submission.occurred_at,
        effect=submission.effect,
        was=read_due(submission.fields.get(WAS, "")),
    )
