"""What boards and the page tell each other about tasks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sandbox.providers.service import Record
from sandbox.providers.shapes import day, instant

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Unfit(ValueError):
    """A provider has no such thing; the words are for who asked."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who can have tasks."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A task to be added: its title, what it is about, who does it, when, and how urgent it is.
    `zone` is the IANA name of the place where it was written down."""

    title: str
    about: str
    operators: Sequence[str]
    due: date | datetime | None
    zone: str
    priority: str = "medium"

    @property
    def moment(self) -> datetime | None:
        """When it is due, unless it is due on a day."""
        return self.due if isinstance(self.due, datetime) else None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a task; what is None stays as it is. `due` counts only with `redated`, and
    None takes the date away then. `zone` is the IANA name of the place where it was written."""

    zone: str
    title: str | None = None
    about: str | None = None
    priority: str | None = None
    status: str | None = None
    redated: bool = False
    due: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A task as the page shows it. `due` is `{"day": …}`, `{"moment": seconds since the epoch}`
    or None; what a provider does not have is empty. `subject` is what `Change.about` would name;
    `about` may tell more of it."""

    id: str
    title: str
    about: str
    operators: list[Operator]
    due: Record | None
    status: str
    open: bool
    subject: str
    priority: str = ""
    result: str = ""
    comment: str = ""

    def as_json(self) -> Record:
        """The row as the page gets it; `dataclasses.asdict` takes ten times as long."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return told | {"operators": [{"id": one.id, "name": one.name} for one in self.operators]}


def due_of(text: str | None) -> Record | None:
    """A written due date as `Row.due`."""
    if text is None:
        return None
    if _DAY.fullmatch(text) and day(text):
        return {"day": text}
    return due_at(instant(text))


def due_at(moment: datetime | None) -> Record | None:
    """An instant as `Row.due`."""
    return {"moment": moment.timestamp()} if moment else None
