"""Who reads the tasks of somebody who is away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain import when
from bot.domain.calendar import absence_at
from bot.domain.preferences import Preferences


def who_reads(user: str, preferences: Callable[[str], Preferences], now: datetime) -> str:
    """The person themselves; while they are away, the one whom they asked to stand in, or whom that
    one asked. Where all of them are away, and stand in for each other, it is theirs again."""
    asked = [user]
    while (next_one := _delegate(preferences(asked[-1]), now)) is not None:
        if next_one in asked:
            return user
        asked.append(next_one)
    return asked[-1]


def back_at(preferences: Preferences, now: datetime) -> datetime | None:
    """When an absence that the person is in ends; None where nobody knows."""
    absence = absence_at(now, preferences)
    if absence is None or absence.until is None or absence.until >= when.LAST.date():
        return None
    return when.day_starts(absence.until + timedelta(days=1), when.zone(preferences.timezone))


def _delegate(preferences: Preferences, now: datetime) -> str | None:
    absence = absence_at(now, preferences)
    return absence.delegate if absence is not None else None
