"""When a Vambe task is due: between a day, a time of day and a zone, and the stored instant.

The vendor's docs: `due_at` is a date and time also for all-day tasks (get tasks); a task is written
with `dueDate`, `dueTime` and `timezone`, and without `dueTime` it is all-day (create task).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from sandbox.providers.service import Record
from sandbox.providers.shapes import day, instant


class AllDay(StrEnum):
    """Which instant stands for a day; the documents leave it open."""

    UTC_MIDNIGHT = "utc_midnight"
    """00:00Z of that day, whatever the zone: read in a zone west of it, it is the day before."""
    LOCAL_MIDNIGHT = "local_midnight"
    """00:00 of that day in the task's zone."""


def stamp(moment: datetime) -> str:
    """An instant as Vambe writes it: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def due_fields(when: date | datetime | None, zone: str | None, all_day: AllDay) -> Record:
    """The fields of a task that is due at an instant, on a day, or never."""
    if when is None:
        return {"due_at": None, "is_all_day": False, "due_timezone": None}
    timed = isinstance(when, datetime)
    if not isinstance(when, datetime):
        local = all_day is AllDay.LOCAL_MIDNIGHT
        when = datetime.combine(when, time(), _zone(zone) if local else UTC)
    return {"due_at": stamp(when), "is_all_day": not timed, "due_timezone": zone}


def written_due(task: Record, body: Record, all_day: AllDay) -> Record:
    """The due fields of a task after a create or update body.

    "Only the fields provided in the request body will be updated" (update task): a `dueDate` alone
    moves a timed task to that day at its time, a null `dueTime` makes it all-day.
    """
    on, at = standing(task, all_day)
    if "dueDate" in body:
        on = body["dueDate"] and sent_day(body["dueDate"])
    if "dueTime" in body:
        at = body["dueTime"] and sent_time(body["dueTime"])
    zone = body.get("timezone", task["due_timezone"])
    if on is None or at is None:
        return due_fields(on, zone, all_day)
    return due_fields(datetime.combine(on, at, _zone(zone)), zone, all_day)


def due_instant(task: Record) -> datetime | None:
    """The instant that `due_at` names; none for an undated task, or one that a test has put
    nonsense into."""
    return instant(task["due_at"]) if isinstance(task["due_at"], str) else None


def sent_day(text: str) -> date | None:
    """The day that a `dueDate` names: `2025-11-26` or `2025-11-26T00:00:00.000Z` (create task)."""
    moment = instant(text)
    return moment.date() if moment else day(text)


def sent_time(text: str) -> time | None:
    """The time that a `dueTime` names: `HH:mm`, 24 hours (create task)."""
    try:
        at = time.fromisoformat(text)
    except ValueError:
        return None
    return at if text == at.strftime("%H:%M") else None


def standing(task: Record, all_day: AllDay) -> tuple[date | None, time | None]:
    """The day and the time of day at which a task is due now."""
    moment = due_instant(task)
    if moment is None:
        return None, None
    if not task["is_all_day"]:
        local = moment.astimezone(_zone(task["due_timezone"]))
        return local.date(), local.time()
    shown_in = _zone(task["due_timezone"]) if all_day is AllDay.LOCAL_MIDNIGHT else UTC
    return moment.astimezone(shown_in).date(), None


def _zone(name: str | None) -> ZoneInfo:
    """The named zone; UTC for a task without one."""
    return ZoneInfo(name or "UTC")
