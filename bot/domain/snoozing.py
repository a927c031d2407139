"""Snooze: for how long a person wants to hear nothing of a task. It never changes the task's date.

A snooze is the person's own wish: its end is told whether or not that lies on a free day. The
mornings and afternoons here do wait for the end of quiet hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain import when
from bot.domain.calendar import next_working_day, told_at
from bot.domain.model import Reader, is_user
from bot.domain.preferences import Preferences

_MORNING, _AFTERNOON = time(9), time(14)
_DAWN = time(5)
"""A digest before this is no morning's."""
_QUARTER, _HOUR, _DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)


class Snooze(StrEnum):
    """The choices, in the order in which they are offered."""

    QUARTER = "quarter"
    """15 minutes."""
    HOUR = "hour"
    AFTERNOON = "afternoon"
    """Of today: 14:00 on the person's clock."""
    TOMORROW = "tomorrow"
    """Tomorrow morning: 09:00 on the person's clock, or with an earlier digest."""
    WORKING_DAY = "working_day"
    """The morning of the next working day, which may be tomorrow."""
    PICK = "pick"
    """A moment that the person picks."""


def until(choice: Snooze, now: datetime, preferences: Preferences) -> datetime:
    """When the card comes back. ValueError for `Snooze.PICK`, which the person answers."""
    today = when.local_day(now, when.zone(preferences.timezone))
    match choice:
        case Snooze.QUARTER:
            return now + _QUARTER
        case Snooze.HOUR:
            return now + _HOUR
        case Snooze.AFTERNOON:
            return told_at(today, _AFTERNOON, preferences)
        case Snooze.TOMORROW:
            return _morning(today + _DAY, preferences)
        case Snooze.WORKING_DAY:
            return _morning(next_working_day(today, preferences), preferences)
        case Snooze.PICK:
            raise ValueError("the end of such a snooze is picked")


def reader_for(slack_user: str, readers: Iterable[Reader]) -> str | None:
    """Whose card somebody puts off: their own, or that of the channel which reads the task for
    all; None where it is another person's."""
    found = [reader.id for reader in readers]
    if slack_user in found:
        return slack_user
    return next((reader for reader in found if not is_user(reader)), None)


def _morning(day: date, preferences: Preferences) -> datetime:
    digest = preferences.digest_at
    clock = digest if digest is not None and _DAWN <= digest < _MORNING else _MORNING
    return told_at(day, clock, preferences)
