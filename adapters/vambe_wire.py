"""What Vambe sends, and as what we read it (vendor docs, "get tasks", "get all team members").

All but the ids may be missing or null, and unknown words pass: a status of a type that nobody knows
is an open one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pydantic import Field

from adapters.contract import Malformed, Operator, Result, Task, TaskState
from adapters.reading import DueText, Moment, Row, salvage, validate
from adapters.vambe_due import due_of

FINAL = frozenset({"done", "master_done"})
"""The types of status that mean done; what tells them apart is not documented."""

_SOURCE = "Vambe"
_LONGEST_DETAIL = 200
_PRIORITIES = {"0": "low", "1": "medium", "2": "high"}
"""Priorities as they are written, and as the table of a task's fields says that they are read."""
_URGENT = "high"
"""The highest that there is."""


class StatusRow(Row):
    """One of the statuses that the organization has set up."""

    id: str | None = None
    name: str | None = None
    type: str | None = None
    order: float | None = None

    @property
    def is_final(self) -> bool:
        return self.type in FINAL


class ResponsibleRow(Row):
    responsible_id: str


class TaskRow(Row):
    """One task. It holds no name of a contact, and neither when nor by whom it was finished."""

    id: str = Field(min_length=1)
    title: str | None = None
    description: str | None = None
    due_at: DueText | None = None
    due_timezone: str | None = None
    is_all_day: bool | None = None
    created_at: Moment | None = None
    ai_contact_id: str | None = None
    priority: str | int | None = None
    task_responsibles: list[ResponsibleRow] | None = None
    status_config: StatusRow | None = None

    @property
    def is_done(self) -> bool:
        return self.status_config is not None and self.status_config.is_final

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([one.responsible_id for one in self.task_responsibles or ()]))


class MemberRow(Row):
    """A member of the team; of whom Vambe tells a telephone number too."""

    id: str = Field(min_length=1)
    name: str | None = None
    email: str | None = None


RowT = TypeVar("RowT", TaskRow, MemberRow)


@dataclass(frozen=True, slots=True)
class Listing(Generic[RowT]):
    """The readable rows, and the ids of the others: None for one that has no readable id."""

    rows: list[RowT]
    lost: frozenset[str | None] = frozenset()

    @property
    def ids(self) -> set[str]:
        """All that could be read, of unreadable rows too."""
        return {row.id for row in self.rows} | {one for one in self.lost if one is not None}

    def may_hide(self, row_id: str) -> bool:
        """Whether a row that could not be read may be the one of this id."""
        return bool(self.lost & {row_id, None})


def read_listing(kind: type[RowT], raw: bytes) -> Listing[RowT]:
    """A bare array, one row by one where it cannot be read as a whole."""
    try:
        return Listing(validate(list[kind], raw, _SOURCE))  # type: ignore[valid-type]
    except Malformed:
        loose = validate(list[object], raw, _SOURCE)
    rows = salvage(kind, loose, _SOURCE)
    return Listing(rows, frozenset(map(_id_of, loose)) - {row.id for row in rows})


def _id_of(row: object) -> str | None:
    found = row.get("id") if isinstance(row, dict) else None
    return found if isinstance(found, str) else None


def plain(text: str | None) -> str:
    """A text on one line."""
    return " ".join((text or "").split())


def task_of(row: TaskRow, zone: ZoneInfo, link: str | None) -> Task:
    """The row as a task. `zone`: of tasks that name none; `link`: see `VambeOptions`."""
    status, text = row.status_config, plain(row.description)
    label = status.name if status and status.name else None
    priority = _priority(row.priority)
    return Task(
        id=row.id,
        title=plain(row.title) or "Task",
        state=TaskState.DONE if row.is_done else TaskState.OPEN,
        due=due_of(row.due_at, row.is_all_day, row.due_timezone, zone),
        operators=tuple([Operator(person) for person in row.people]),
        details=(_cut(text),) if text else (),
        status_label=label,
        priority=priority,
        urgent=priority == _URGENT,
        url=_page(row, link) if link else None,
        result=Result(label=label) if row.is_done else None,
        without=(label,) if label else (),
        data={"status": label} if label else {},
    )


def _cut(text: str) -> str:
    if len(text) <= _LONGEST_DETAIL:
        return text
    return f"{text[: _LONGEST_DETAIL - 1].rstrip()}…"


def _priority(told: str | int | None) -> str | None:
    return None if told is None else _PRIORITIES.get(str(told), str(told)) or None


def _page(row: TaskRow, link: str) -> str | None:
    """The address by its template; none where that wants a contact and the task has none."""
    if "{contact_id}" in link and not row.ai_contact_id:
        return None
    filled = link.replace("{contact_id}", quote(row.ai_contact_id or "", safe=""))
    return filled.replace("{task_id}", quote(row.id, safe=""))
