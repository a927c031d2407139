"""What a board shows: a list of tasks that was sent as a message and follows them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from adapters.contract import Due
from bot.domain import when
from bot.domain.lists import by_due
from bot.domain.model import CardView, Face, StoredTask


class BoardKind(StrEnum):
    """Why a board was sent."""

    BURST = "burst"
    """Many new tasks at once."""
    RELEASE = "release"
    """What was held while the person was not to be spoken to."""
    DIGEST = "digest"
    """The day's: what is overdue, due today, and new."""
    ESCALATION = "escalation"
    """To those who oversee: others' overdue tasks to which nobody reacts."""


class Part(StrEnum):
    """A part of a board, in the order in which they stand."""

    OVERDUE = "overdue"
    TODAY = "today"
    NEW = "new"


SHOWN = 20
"""A board has so many rows at most; of the tasks beyond it says how many there are."""

_FINISHED = (Face.DONE, Face.DONE_ELSEWHERE, Face.CANCELLED, Face.MOVED, Face.GONE)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One task: what its card would show the reader, but for words that age. On an escalation,
    `whose` names those who have the task, and `seen_by` the Slack user who will see to it."""

    part: Part
    view: CardView
    whose: tuple[str, ...] = ()
    seen_by: str | None = None

    @property
    def open(self) -> bool:
        """Whether the task is still to be done, and the reader's."""
        return self.view.face not in _FINISHED


@dataclass(frozen=True, slots=True)
class BoardView:
    """Everything that a board shows. `day`: the reader's local day that it is of, so that nothing
    in it ages; `hidden`: tasks to be done beyond the rows, by part; `closed`: a newer one has come,
    and its menus are gone."""

    kind: BoardKind
    day: date
    rows: tuple[BoardRow, ...]
    hidden: tuple[Part, ...] = ()
    closed: bool = False

    def total(self, part: Part) -> int:
        """How many tasks of that part are still to be done."""
        return sum(row.part is part and row.open for row in self.rows) + self.hidden.count(part)


def row_view(view: CardView) -> CardView:
    """A card's view as a row needs it: without what ages, and what rows have no room for."""
    return replace(
        view, overdue=False, reminder=None, changes=(), priority=None, status_label=None, url=None
    )


def part_of(due: Due | None, listed: Part, sent_at: datetime, tz: ZoneInfo) -> Part:
    """Where a task stands on a board that was sent then: by its due, which may have been moved
    since; where it was `listed` if it is not overdue or due on that day."""
    if due is None:
        return listed
    if when.is_overdue(due, sent_at, tz):
        return Part.OVERDUE
    return Part.TODAY if when.due_day(due, tz) == when.local_day(sent_at, tz) else listed


def arranged(
    tasks: Iterable[StoredTask], news: Collection[str], now: datetime, tz: ZoneInfo
) -> list[tuple[StoredTask, Part]]:
    """Those of these open tasks that a digest lists: what is overdue and due today, and the `news`
    (keys of tasks) among them; in its order."""
    parts = [(task, part_of(task.task.due, Part.NEW, now, tz)) for task in tasks]
    listed = [(task, part) for task, part in parts if part is not Part.NEW or task.key in news]
    return in_order(listed, tz)


_RANKS = {part: rank for rank, part in enumerate(Part)}


def in_order(
    listed: Iterable[tuple[StoredTask, Part]], tz: ZoneInfo
) -> list[tuple[StoredTask, Part]]:
    """By part, then due, then title."""
    return sorted(listed, key=lambda one: (_RANKS[one[1]], *by_due(one[0], tz)))
