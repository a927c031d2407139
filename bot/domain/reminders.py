"""The moments at which a task is brought up again, each reader's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from adapters.contract import Due
from bot.domain.calendar import quiet_until
from bot.domain.changes import due_as_text
from bot.domain.model import (
    Card,
    Reader,
    Reason,
    Situation,
    Snoozed,
    Standing,
    StoredTask,
    Submission,
    SubmissionState,
)
from bot.domain.when import shifted

DUE_GRACE = timedelta(hours=1)
"""How late a due reminder may come; after a longer silence it would only be noise."""


def reminders(due: Due | None, lead: timedelta | None) -> list[tuple[datetime, Reason]]:
    """The moments at which a timed task is brought up again, earliest first. `lead`: how long
    before its due; None: only when it is due."""
    if due is None or due.at is None:
        return []
    soon = [] if lead is None else [(shifted(due.at, -lead), Reason.DUE_SOON)]
    return [*soon, (shifted(due.at, timedelta()), Reason.DUE)]


def first_look(due: Due | None, lead: timedelta | None, now: datetime) -> datetime | None:
    """When a task that is not news must first be looked at: at its next reminder."""
    return min((moment for moment, _ in reminders(due, lead) if moment > now), default=None)


def to_bring_up(situation: Situation, reader: Reader, now: datetime) -> Reason | None:
    """Why the reader's card of an open task must be posted anew now, if it must."""
    if on_its_way(situation.submission):
        return None
    snooze = snooze_of(situation, reader.id)
    if snooze is not None:
        return Reason.RETURNED if snooze.until <= now else None
    reason = _untold(situation, reader, now)
    return None if reason is not None and _quiet_until(situation, reader, now) else reason


def held_until(situation: Situation, reader: Reader, now: datetime) -> datetime | None:
    """When the reader may hear of the reminder that is kept back now; None where none is."""
    if _untold(situation, reader, now) is None:
        return None
    return _quiet_until(situation, reader, now)


def next_reminder(situation: Situation, reader: Reader, now: datetime) -> datetime | None:
    """When the reader's card is brought up next, if nothing changes."""
    stored, due = situation.stored, situation.stored.task.due
    if stored.standing is not Standing.OPEN or on_its_way(situation.submission):
        return None
    snooze = snooze_of(situation, reader.id)
    if snooze is not None:
        return snooze.until
    cards = [card for card in situation.cards if card.reader == reader.id]
    ahead = [
        moment
        for moment, reason in reminders(due, reader.preferences.due_soon)
        if moment > now and not _has_told(cards, reason, due_as_text(due), moment)
    ]
    found = [held_until(situation, reader, now)]
    found += [_quiet_until(situation, reader, moment) or moment for moment in ahead]
    end = shifted(due.at, DUE_GRACE) if due and due.at else now
    return min((at for at in found if at is not None and at < end), default=None)


def snooze_of(situation: Situation, reader: str) -> Snoozed | None:
    """The reader's snooze, unless an answer of theirs was refused since: they must see that."""
    snooze, newest = situation.snoozed.get(reader), situation.submission
    if snooze is None or newest is None or newest.state is not SubmissionState.REFUSED:
        return snooze
    return None if newest.occurred_at >= snooze.set_at else snooze


def on_its_way(submission: Submission | None) -> bool:
    """Whether an answer is under way, so that nothing need be said."""
    return submission is not None and submission.state.active


def _untold(situation: Situation, reader: Reader, now: datetime) -> Reason | None:
    """The reminder that is in force, if no card has told it to the reader."""
    stored = situation.stored
    phase = _in_force(stored, reader.preferences.due_soon, now)
    if phase is None:
        return None
    began, reason = phase
    cards = [card for card in situation.cards if card.reader == reader.id]
    told = _has_told(cards, reason, due_as_text(stored.task.due), began)
    return None if told else reason


def _in_force(
    stored: StoredTask, lead: timedelta | None, now: datetime
) -> tuple[datetime, Reason] | None:
    """The reminder that is in force now. One whose moment had passed before we first saw the task
    is none: the person learns of such a task by its card or by the first summary."""
    due = stored.task.due
    if due is None or due.at is None or now - due.at >= DUE_GRACE:
        return None
    begun = [(m, r) for m, r in reminders(due, lead) if stored.first_seen_at < m <= now]
    return begun[-1] if begun else None


def _has_told(cards: Sequence[Card], reason: Reason, moment: str, began: datetime) -> bool:
    """Whether one of the reader's cards does for that reminder: one that was posted since, or, when
    the task is due, one that reminded of this due before."""
    if any(card.created_at >= began for card in cards):
        return True
    return reason is Reason.DUE and any(
        card.reason is Reason.DUE_SOON and card.moment == moment for card in cards
    )


def _quiet_until(situation: Situation, reader: Reader, now: datetime) -> datetime | None:
    urgent = situation.stored.task.urgent
    return quiet_until(now, reader.preferences, urgent=urgent, timed=True)
