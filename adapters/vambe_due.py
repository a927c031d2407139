"""When a Vambe task is due, read and written (vendor docs, "get tasks", "create task")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from adapters.contract import Due

_MIDNIGHT = time()
_MARGIN = timedelta(days=2)
"""How far the day that a listing counts a task to may be from ours: its dates are days in the
server's zone, which is not documented, and an all-day task's day is one in its own."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a listing, both included; undated tasks come with any."""

    first: date
    last: date

    @classmethod
    def around(cls, dues: Iterable[Due | None], *days: date) -> Window:
        """Wide enough for tasks due then, and for these days; there must be one at least."""
        told = [due.at.date() if due.at else due.on for due in dues if due]
        held = [*days, *filter(None, told)]
        return cls(_moved(min(held), -_MARGIN), _moved(max(held), _MARGIN))

    def query(self) -> dict[str, str]:
        return {"fromDate": f"{self.first}", "toDate": f"{self.last}"}


def _moved(day: date, step: timedelta) -> date:
    try:
        return day + step
    except OverflowError:
        return day


def due_of(
    told: Due | None, all_day: bool | None, zone: str | None, fallback: ZoneInfo
) -> Due | None:
    """`due_at` as an instant, or as the day of an all-day task in its `due_timezone`.

    Which instant stands for a day is not documented. Midnight UTC is taken for that very day: in
    a zone west of it, it would be the day before, and a local midnight is one in no other zone.
    """
    if told is None or told.at is None or not all_day:
        return told
    if told.at.time() == _MIDNIGHT:
        return Due(on=told.at.date())
    try:
        return Due(on=told.at.astimezone(zone_of(zone, fallback)).date())
    except OverflowError:
        return Due(on=told.at.date())


def zone_of(name: str | None, fallback: ZoneInfo) -> ZoneInfo:
    """The zone of this name; `fallback` where there is none, or none that is known here."""
    try:
        return ZoneInfo(name) if name else fallback
    except (KeyError, ValueError, OSError):
        return fallback


def to_the_minute(due: Due) -> Due:
    """As much of a due as Vambe keeps: a time is written as hours and minutes, seconds are lost."""
    return Due(at=due.at.replace(second=0, microsecond=0)) if due.at else due


def due_body(due: Due, zone: ZoneInfo, *, was_timed: bool = False) -> dict[str, object]:
    """The fields that write a due, an instant in `zone`. A day alone would leave a timed task at
    its time ("only the fields provided will be updated"), so that time is taken away."""
    if due.at is None:
        day: dict[str, object] = {"dueDate": f"{due.on}"}
        return {**day, "dueTime": None} if was_timed else day
    local = due.at.astimezone(zone)
    if _comes_twice(local):
        local = due.at.astimezone(ZoneInfo("UTC"))
    return {
        "dueDate": f"{local.date()}",
        "dueTime": local.strftime("%H:%M"),
        "timezone": str(local.tzinfo),
    }


def _comes_twice(local: datetime) -> bool:
    """Whether clocks are put back over this time, so that it names two instants."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
