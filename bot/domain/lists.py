"""Lists of tasks: which rows belong to one, in which order, and on which page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.domain import when
from bot.domain.model import Connection, Standing, StoredTask, Submission, SubmissionState

PAGE_SIZE = 10
_WEEK = timedelta(days=7)


class Filter(StrEnum):
    """What a person asked to see."""

    DEFAULT = "default"
    """Overdue, today, and the next 7 days."""
    TODAY = "today"
    """Due today, whether or not its hour has passed."""
    OVERDUE = "overdue"
    WEEK = "week"
    """Due today or in the 7 days after."""
    ALL = "all"


class Section(StrEnum):
    """Where in a list a task stands, in this order."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    UNDATED = "undated"


class RowState(StrEnum):
    """What a row shows. OPEN and REFUSED ones can be answered."""

    OPEN = "open"
    ON_ITS_WAY = "on_its_way"
    REFUSED = "refused"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class ListedTask:
    """A task with its connection and its newest answer of ours."""

    stored: StoredTask
    connection: Connection
    submission: Submission | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list. `overdue_days`: 0 for a task that was due earlier today."""

    listed: ListedTask
    section: Section
    state: RowState
    overdue_days: int = 0


@dataclass(frozen=True, slots=True)
class SectionPart:
    """The rows of a section that stand on this page, and how many it has on all pages."""

    section: Section
    total: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list. `totals` has the sections that are not empty, over all pages.
    `upcoming`: for an empty list, the task that is due next outside it."""

    chosen: Filter
    parts: tuple[SectionPart, ...]
    totals: tuple[tuple[Section, int], ...]
    page: int
    pages: int
    as_of: datetime
    upcoming: ListedTask | None = None


def arrange(
    tasks: Iterable[ListedTask],
    chosen: Filter,
    page: int,
    now: datetime,
    tz: ZoneInfo,
    page_size: int = PAGE_SIZE,
) -> Listing:
    """The asked page of the list, pages counted from 1 and clamped to those that there are.

    Tasks that are cancelled or gone are left out, and one given twice stands once.
    """
    rows = sorted(_rows(tasks, now, tz), key=lambda row: _order(row, tz))
    shown = [row for row in rows if _belongs(row, chosen, now, tz)]
    totals = tuple((section, len(part)) for section, part in _grouped(shown))
    pages = max(-(-len(shown) // page_size), 1)
    page = min(max(page, 1), pages)
    on_page = shown[(page - 1) * page_size : page * page_size]
    parts = tuple(
        SectionPart(section, dict(totals)[section], tuple(part))
        for section, part in _grouped(on_page)
    )
    upcoming = None if shown else _upcoming(rows)
    return Listing(chosen, parts, totals, page, pages, now, upcoming)


def _rows(tasks: Iterable[ListedTask], now: datetime, tz: ZoneInfo) -> list[Row]:
    listed = {one.stored.key: one for one in tasks}
    return [
        _row(one, now, tz)
        for one in listed.values()
        if one.stored.standing in (Standing.OPEN, Standing.DONE)
    ]


def _row(listed: ListedTask, now: datetime, tz: ZoneInfo) -> Row:
    due = listed.stored.task.due
    days = when.overdue_days(due, now, tz) if due else 0
    return Row(listed, _section(listed, now, tz), _state(listed), days)


def _section(listed: ListedTask, now: datetime, tz: ZoneInfo) -> Section:
    due = listed.stored.task.due
    if due is None:
        return Section.UNDATED
    if when.is_overdue(due, now, tz):
        return Section.OVERDUE
    ahead = when.due_day(due, tz) - when.local_day(now, tz)
    if not ahead:
        return Section.TODAY
    return Section.WEEK if ahead <= _WEEK else Section.LATER


def _state(listed: ListedTask) -> RowState:
    if listed.stored.standing is Standing.DONE:
        return RowState.ANSWERED
    if listed.submission is None:
        return RowState.OPEN
    if listed.submission.state.active:
        return RowState.ON_ITS_WAY
    refused = listed.submission.state is SubmissionState.REFUSED
    return RowState.REFUSED if refused else RowState.OPEN


_RANKS = {section: rank for rank, section in enumerate(Section)}
_NEVER = datetime.min.replace(tzinfo=UTC)


def _order(row: Row, tz: ZoneInfo) -> tuple[int, date, bool, datetime, str, str]:
    return (_RANKS[row.section], *by_due(row.listed.stored, tz))


def by_due(stored: StoredTask, tz: ZoneInfo) -> tuple[date, bool, datetime, str, str]:
    """The order of tasks: by due (a day before the moments of that day), then title."""
    due = stored.task.due
    return (
        when.due_day(due, tz) if due else date.max,
        due is not None and due.at is not None,
        (due.at if due else None) or _NEVER,
        stored.task.title.casefold(),
        stored.key,
    )


def _grouped(rows: Sequence[Row]) -> list[tuple[Section, list[Row]]]:
    return [(section, list(part)) for section, part in groupby(rows, lambda row: row.section)]


def _belongs(row: Row, chosen: Filter, now: datetime, tz: ZoneInfo) -> bool:
    match chosen:
        case Filter.ALL:
            return True
        case Filter.DEFAULT:
            return row.section in (Section.OVERDUE, Section.TODAY, Section.WEEK)
        case Filter.OVERDUE:
            return row.section is Section.OVERDUE
        case Filter.TODAY:
            return _days_ahead(row, now, tz) == timedelta()
        case Filter.WEEK:
            ahead = _days_ahead(row, now, tz)
            return ahead is not None and timedelta() <= ahead <= _WEEK


def _days_ahead(row: Row, now: datetime, tz: ZoneInfo) -> timedelta | None:
    due = row.listed.stored.task.due
    return when.due_day(due, tz) - when.local_day(now, tz) if due else None


def _upcoming(rows: Sequence[Row]) -> ListedTask | None:
    """The first unanswered task that is due from now on."""
    ahead = (Section.TODAY, Section.WEEK, Section.LATER)
    return next(
        (row.listed for row in rows if row.section in ahead and row.state is not RowState.ANSWERED),
        None,
    )
