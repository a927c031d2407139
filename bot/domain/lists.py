"""Lists of tasks: which rows belong to one, in which order, and on which page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.domain import when
from bot.domain.model import Connection, Standing, StoredTask, Submission, SubmissionState

PAGE_SIZE = 10
WORDS_BYTES = 100
"""So much is taken of what somebody searches for: it stands in the buttons of the list."""

FINISHED = timedelta(days=7)
"""How far back the list of what was finished goes."""

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
    DONE = "done"
    """Finished in the last 7 days."""
    FIND = "find"
    """Open tasks that hold certain words."""


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody looks at: a page of a list. `words`: what FIND searches for; `whose`: the Slack
    user whose list it is, where that is not the looker's own."""

    chosen: Filter
    page: int = 1
    words: str = ""
    whose: str | None = None

    def at(self, page: int) -> Look:
        """Another page of the same list."""
        return replace(self, page=page)


def searched(text: str) -> Look:
    """The list of what holds these words."""
    words = " ".join(text.split())
    return Look(Filter.FIND, words=words.encode()[:WORDS_BYTES].decode(errors="ignore"))


class Section(StrEnum):
    """Where in a list a task stands, in this order."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    UNDATED = "undated"
    DONE = "done"


class RowState(StrEnum):
    """What a row shows. OPEN and REFUSED ones can be answered."""

    OPEN = "open"
    ON_ITS_WAY = "on_its_way"
    REFUSED = "refused"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Ending:
    """When a task was finished, and by whom: a Slack user, or the provider's name for somebody."""

    at: datetime
    by_user: str | None = None
    by_name: str | None = None


@dataclass(frozen=True, slots=True)
class ListedTask:
    """A task with its connection and its newest answer of ours. `ending`: in a list of what is
    finished. `snoozed`: until when the looker has put it off. `whose`: who has it, by name, in a
    list of everybody's."""

    stored: StoredTask
    connection: Connection
    submission: Submission | None = None
    ending: Ending | None = None
    snoozed: datetime | None = None
    whose: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list. `day`: the local day on which the task is due; `overdue_days`: 0 for one
    that was due earlier today."""

    listed: ListedTask
    section: Section
    day: date | None = None
    overdue_days: int = 0

    @property
    def state(self) -> RowState:
        """What the row shows of its task."""
        if self.listed.stored.standing is Standing.DONE:
            return RowState.ANSWERED
        if self.listed.submission is None:
            return RowState.OPEN
        if self.listed.submission.state.active:
            return RowState.ON_ITS_WAY
        refused = self.listed.submission.state is SubmissionState.REFUSED
        return RowState.REFUSED if refused else RowState.OPEN


@dataclass(frozen=True, slots=True)
class SectionPart:
    """The rows of a section that stand on this page, and how many it has on all pages."""

    section: Section
    total: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """A section that begins on a later page."""

    section: Section
    total: int
    page: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list. `totals` has the sections that are not empty, over all pages; `later`
    those that begin behind this page. `upcoming`: for an empty list, the task that is due next
    outside it. `owner`: whose list it is, by name, where it is another person's."""

    look: Look
    parts: tuple[SectionPart, ...]
    totals: tuple[tuple[Section, int], ...]
    pages: int
    as_of: datetime
    later: tuple[Later, ...] = ()
    upcoming: ListedTask | None = None
    owner: str | None = None

    @property
    def chosen(self) -> Filter:
        return self.look.chosen

    @property
    def page(self) -> int:
        return self.look.page

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the page, from top to bottom."""
        return tuple(row for part in self.parts for row in part.rows)

    def with_rows(self, told: Callable[[ListedTask], ListedTask]) -> Listing:
        """The same page, with what `told` knows besides of each of its tasks."""
        parts = tuple(
            replace(part, rows=tuple(replace(row, listed=told(row.listed)) for row in part.rows))
            for part in self.parts
        )
        return replace(self, parts=parts)


def arrange(
    tasks: Iterable[ListedTask],
    look: Look,
    now: datetime,
    tz: ZoneInfo,
    page_size: int = PAGE_SIZE,
) -> Listing:
    """The asked page of the list, pages counted from 1 and clamped to those that there are.

    Tasks that are cancelled or gone are left out, and one given twice stands once. What FIND and
    DONE show was chosen by whoever gives it.
    """
    rows, today = _rows(tasks, look, now, tz), when.local_day(now, tz)
    shown = _in_order(row for row in rows if _belongs(row, look.chosen, today))
    totals = tuple((section, len(part)) for section, part in _grouped(shown))
    pages = max(-(-len(shown) // page_size), 1)
    page = min(max(look.page, 1), pages)
    on_page = shown[(page - 1) * page_size : page * page_size]
    parts = tuple(
        SectionPart(section, dict(totals)[section], tuple(part))
        for section, part in _grouped(on_page)
    )
    later = tuple(one for one in _begins(totals, page_size) if one.page > page)
    upcoming = None if shown or look.chosen in _CHOSEN_BEFORE else _upcoming(rows)
    return Listing(look.at(page), parts, totals, pages, now, later, upcoming)


_CHOSEN_BEFORE = (Filter.DONE, Filter.FIND)


def _begins(totals: Iterable[tuple[Section, int]], page_size: int) -> list[Later]:
    """On which page each section begins."""
    found, before = [], 0
    for section, total in totals:
        found.append(Later(section, total, before // page_size + 1))
        before += total
    return found


def _rows(tasks: Iterable[ListedTask], look: Look, now: datetime, tz: ZoneInfo) -> list[Row]:
    listed, today = {one.stored.key: one for one in tasks}, when.local_day(now, tz)
    present = [
        one for one in listed.values() if one.stored.standing in (Standing.OPEN, Standing.DONE)
    ]
    if look.chosen is Filter.DONE:
        return [Row(one, Section.DONE) for one in present]
    return [_row(one, today, now, tz) for one in present]


def _row(listed: ListedTask, today: date, now: datetime, tz: ZoneInfo) -> Row:
    due = listed.stored.task.due
    if due is None:
        return Row(listed, Section.UNDATED)
    day = when.due_day(due, tz)
    # A day is over when the next one begins; a moment once it is past.
    if due.at < now if due.at is not None else day < today:
        return Row(listed, Section.OVERDUE, day, max((today - day).days, 0))
    if day == today:
        return Row(listed, Section.TODAY, day)
    section = Section.WEEK if day - today <= _WEEK else Section.LATER
    return Row(listed, section, day)


_RANKS = {section: rank for rank, section in enumerate(Section)}
_NEVER = datetime.min.replace(tzinfo=UTC)


def _in_order(rows: Iterable[Row]) -> list[Row]:
    """By section, due and title; what is finished by when that was, the newest first."""
    return sorted(rows, key=_order)


def _order(row: Row) -> tuple[int, float, date, bool, datetime, str, str]:
    stored, ending = row.listed.stored, row.listed.ending
    ended = -ending.at.timestamp() if ending and row.section is Section.DONE else 0.0
    return (_RANKS[row.section], ended, *_by_due(stored, row.day))


def by_due(stored: StoredTask, tz: ZoneInfo) -> tuple[date, bool, datetime, str, str]:
    """The order of tasks: by due (a day before the moments of that day), then title."""
    due = stored.task.due
    return _by_due(stored, when.due_day(due, tz) if due else None)


def _by_due(stored: StoredTask, day: date | None) -> tuple[date, bool, datetime, str, str]:
    due = stored.task.due
    return (
        day or date.max,
        due is not None and due.at is not None,
        (due.at if due else None) or _NEVER,
        stored.task.title.casefold(),
        stored.key,
    )


def _grouped(rows: Sequence[Row]) -> list[tuple[Section, list[Row]]]:
    return [(section, list(part)) for section, part in groupby(rows, lambda row: row.section)]


def _belongs(row: Row, chosen: Filter, today: date) -> bool:
    match chosen:
        case Filter.ALL | Filter.DONE | Filter.FIND:
            return True
        case Filter.DEFAULT:
            return row.section in (Section.OVERDUE, Section.TODAY, Section.WEEK)
        case Filter.OVERDUE:
            return row.section is Section.OVERDUE
        case Filter.TODAY:
            return row.day == today
        case Filter.WEEK:
            return row.day is not None and timedelta() <= row.day - today <= _WEEK


def _upcoming(rows: Iterable[Row]) -> ListedTask | None:
    """The first unanswered task that is due from now on."""
    ahead = (Section.TODAY, Section.WEEK, Section.LATER)
    found = (row for row in rows if row.section in ahead and row.state is not RowState.ANSWERED)
    first = min(found, key=_order, default=None)
    return first.listed if first else None
