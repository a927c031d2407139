"""The ladder: when those who oversee hear of somebody else's overdue task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import when
from bot.domain.calendar import working_days_between
from bot.domain.preferences import Preferences

PATIENCE = 2
"""Working days without a reaction after which a task is told, and told again."""

TIMES = 3
"""A task is told to somebody so often at most."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """All that matters of an overdue task. `since`: when it became overdue, and we knew of it;
    `reacted_at`: when somebody last did anything about it; `put_off_until`: a snooze of theirs
    that counts; `owner`: the preferences of who has it; `told`: how often it was told to the one
    who oversees, the last time `told_at`."""

    since: datetime
    owner: Preferences
    reacted_at: datetime | None = None
    put_off_until: datetime | None = None
    told: int = 0
    told_at: datetime | None = None
    seen_by: str | None = None


def is_told(task: Overdue, now: datetime) -> bool:
    """Whether the task is told now: nobody will see to it, nobody has reacted to it for PATIENCE
    working days of its owner, nor was it told in them, and it was not told TIMES times before."""
    if task.seen_by is not None or task.told >= TIMES:
        return False
    if task.put_off_until is not None and task.put_off_until > now:
        return False
    moments = (task.since, task.reacted_at, task.put_off_until, task.told_at)
    last = max(moment for moment in moments if moment is not None)
    tz = when.zone(task.owner.timezone)
    days = working_days_between(when.local_day(last, tz), when.local_day(now, tz), task.owner)
    return days >= PATIENCE and now - last >= timedelta()
