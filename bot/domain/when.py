"""Days and moments as people live them: local days, overdue-ness, and midnights.

Instants are aware UTC; a day is a date and is never shifted. Nothing here reads a clock.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from adapters.contract import Due


def zone(name: str, fallback: str = "UTC") -> ZoneInfo:
    """The zone of that name; `fallback` where there is none, UTC where that is unknown too."""
    for candidate in (name, fallback):
        try:
            return ZoneInfo(candidate)
        except (KeyError, ValueError, OSError):  # unknown, malformed, or a folder of the database
            continue
    return ZoneInfo("UTC")


FIRST, LAST = (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
"""The ends of the calendar: some systems write a day there for "never"."""


def shifted(at: datetime, by: timedelta) -> datetime:
    """`at + by`, but not beyond the ends of the calendar."""
    try:
        moved = at + by
    except OverflowError:
        return LAST if by > timedelta() else FIRST
    return min(max(moved, FIRST), LAST)


def local(at: datetime, tz: ZoneInfo) -> datetime:
    """The instant on that zone's wall clock; at the ends of the calendar it stays in UTC."""
    try:
        return at.astimezone(tz)
    except OverflowError:
        return at.astimezone(UTC)


def local_day(now: datetime, tz: ZoneInfo) -> date:
    """The calendar day that it is there."""
    return local(now, tz).date()


def due_day(due: Due, tz: ZoneInfo) -> date:
    """The day a task is due on: its own, or that of its instant on the zone's wall clock."""
    if due.on is not None:
        return due.on
    return local_day(instant(due), tz)


def instant(due: Due) -> datetime:
    """The instant of a timed due."""
    if due.at is None:
        raise ValueError("a date-only due has no instant")
    return due.at


def is_overdue(due: Due, now: datetime, tz: ZoneInfo) -> bool:
    """A timed task once its instant is past; a date-only one once its day is over there."""
    if due.at is not None:
        return due.at < now
    return due_day(due, tz) < local_day(now, tz)


def overdue_days(due: Due, now: datetime, tz: ZoneInfo) -> int:
    """How many calendar days ago the task was due; 0 for one of today or later."""
    return max((local_day(now, tz) - due_day(due, tz)).days, 0)


def day_starts(day: date, tz: ZoneInfo) -> datetime:
    """The UTC instant at which that day begins there; see `moment`."""
    return moment(day, time(), tz)


def moment(day: date, clock: time, tz: ZoneInfo) -> datetime:
    """The UTC instant at which the wall clock there first shows that day and time.

    Where a clock change skips it, the first moment after the gap; where it comes twice, the first
    one. OverflowError at the ends of the calendar.
    """
    wall = datetime.combine(day, clock)
    first, second = (wall.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1))
    if second >= first:
        return first
    # It lies in a gap: the change happens between the two readings of it.
    start = int(second.timestamp())
    seconds = range(start, int(first.timestamp()))
    skipped = bisect_left(
        seconds,
        True,
        key=lambda s: local(datetime.fromtimestamp(s, UTC), tz).replace(tzinfo=None) >= wall,
    )
    return datetime.fromtimestamp(start + skipped, UTC)
