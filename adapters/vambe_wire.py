"""What Vambe sends, and as what we read it (vendor docs, "get tasks", "get all team members").

All but the ids may be missing or null, and unknown words pass: a status of a type that nobody knows
is an open one.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pydantic import Field

from adapters.contract import Malformed, Operator, Result, Task, TaskState
from adapters.reading import DueText, Moment, Row, salvage, validate
from adapters.vambe_due import due_of

FINAL = frozenset({"done", "master_done"})
"""The types of status that mean done; what tells them apart is not documented."""

_SOURCE = "Vambe"
_PRIORITIES = {"0": "low", "1": "medium", "2": "high"}
"""Priorities as they are written, and as the table of a task's fields says that they are read."""


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


@dataclass(frozen=True, slots=True)
class Listing:
    """The readable rows, and the ids of the others: None for one that has no readable id."""

    rows: list[TaskRow]
    lost: frozenset[str | None] = frozenset()

    def may_hide(self, task_id: str) -> bool:
        """Whether a row that could not be read may be the one of this task."""
        return bool(self.lost & {task_id, None})


def read_listing(raw: bytes) -> Listing:
    """The bare array of tasks, one by one where it cannot be read as a whole."""
    try:
        return Listing(validate(list[TaskRow], raw, _SOURCE))
    except Malformed:
        loose = validate(list[object], raw, _SOURCE)
    rows = salvage(TaskRow, loose, _SOURCE)
    return Listing(rows, frozenset(map(_id_of, loose)) - {row.id for row in rows})


def _id_of(row: object) -> str | None:
    found = row.get("id") if isinstance(row, dict) else None
    return found if isinstance(found, str) else None


def read_members(raw: bytes) -> list[MemberRow]:
    """The bare array of the team's members."""
    try:
        return validate(list[MemberRow], raw, _SOURCE)
    except Malformed:
        return salvage(MemberRow, validate(list[object], raw, _SOURCE), _SOURCE)


def task_of(row: TaskRow, zone: ZoneInfo, link: str | None) -> Task:
    """The row as a task. `zone`: of tasks that name none; `link`: see `VambeOptions`."""
    status = row.status_config
    label = status.name if status and status.name else None
    return Task(
        id=row.id,
        title=" ".join((row.title or "").split()) or "Task",
        state=TaskState.DONE if row.is_done else TaskState.OPEN,
        due=due_of(row.due_at, row.is_all_day, row.due_timezone, zone),
        operators=tuple([Operator(person) for person in row.people]),
        status_label=label,
        priority=_priority(row.priority),
        url=_page(row, link) if link else None,
        result=Result(label=label) if row.is_done else None,
        without=(label,) if label else (),
        data={"status": label} if label else {},
    )


def _priority(told: str | int | None) -> str | None:
    return None if told is None else _PRIORITIES.get(str(told), str(told)) or None


def _page(row: TaskRow, link: str) -> str | None:
    """The address by its template; none where that wants a contact and the task has none."""
    if "{contact_id}" in link and not row.ai_contact_id:
        return None
    filled = link.replace("{contact_id}", quote(row.ai_contact_id or "", safe=""))
    return filled.replace("{task_id}", quote(row.id, safe=""))
