"""What a board shows: a list of tasks that was sent as a message and follows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.model import CardView


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


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One task: what its card shows the reader, and how many of their days it was overdue when the
    board was sent."""

    part: Part
    view: CardView
    overdue_days: int = 0


@dataclass(frozen=True, slots=True)
class BoardView:
    """Everything that a board shows. `day`: the reader's local day that it is of, so that nothing
    in it ages; `hidden`: tasks beyond the rows, by part; `closed`: its menus are gone."""

    kind: BoardKind
    day: date
    rows: tuple[BoardRow, ...]
    hidden: tuple[tuple[Part, int], ...] = ()
    closed: bool = False
