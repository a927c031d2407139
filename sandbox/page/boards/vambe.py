"""Vambe on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sandbox.page.boards.board import Board
from sandbox.page.boards.rows import Change, Draft, Operator, Row, due_at
from sandbox.providers.service import Record
from sandbox.providers.vambe import VambeSim
from sandbox.providers.vambe_due import due_instant, standing
from sandbox.providers.vambe_records import responsible_ids
from sandbox.providers.vambe_statuses import FINAL


class VambeBoard(Board):
    """Vambe: tasks of a team, perhaps for several of it, in statuses that the tenant defines."""

    title = VambeSim.title
    labels: ClassVar = {"title": "Task", "about": "Description", "operator": "Responsible"}
    needs_time = False
    fixed_subjects = False
    reopens = True
    several_operators = True
    priorities = ("low", "medium", "high")

    def __init__(self, sim: VambeSim) -> None:
        super().__init__(sim)
        self._vambe = sim

    def operators(self) -> list[Operator]:
        return [Operator(one["id"], one["name"]) for one in self._vambe.members.values()]

    def subjects(self) -> list[str]:
        return []

    def statuses(self) -> list[str]:
        return list(dict.fromkeys(status["name"] for status in self._vambe.statuses))

    def tasks(self) -> list[Row]:
        names = {member.id: member.name for member in self.operators()}
        return [self._row(task, names) for task in self._vambe.tasks()]

    def finish(self, task_id: str) -> None:
        self._vambe.complete_elsewhere(task_id)

    def reopen(self, task_id: str) -> None:
        first = self._vambe.statuses.first("initial", "in_progress")
        self._vambe.edit(task_id, status=first["name"])

    def remove(self, task_id: str) -> None:
        self._vambe.remove(task_id)

    def _add(self, draft: Draft) -> str:
        task = self._vambe.add_task(
            draft.title,
            draft.operators,
            draft.due,
            draft.zone,
            priority=draft.priority,
            description=draft.about,
        )
        return str(task["id"])

    def _edit(self, task_id: str, change: Change) -> None:
        fields: dict[str, Any] = {
            "title": change.title,
            "description": change.about,
            "priority": change.priority,
            "status": change.status,
        }
        changed = {name: value for name, value in fields.items() if value is not None}
        if change.redated:
            changed |= {"due_at": change.due, "timezone": change.zone if change.due else None}
        self._vambe.edit(task_id, **changed)

    def _reassign(self, task_id: str, operators: Sequence[str]) -> None:
        self._vambe.reassign(task_id, operators)

    def _row(self, task: Record, names: Mapping[str, str]) -> Row:
        status = task["status_config"] or {"name": "No status", "type": ""}
        return Row(
            id=task["id"],
            title=task["title"],
            about=task["description"] or "",
            subject=task["description"] or "",
            operators=[
                Operator(one, names.get(one, "a former member")) for one in responsible_ids(task)
            ],
            due=self._due(task),
            status=status["name"],
            open=status["type"] not in FINAL,
            priority=task["priority"],
        )

    def _due(self, task: Record) -> Record | None:
        if task["is_all_day"]:
            on, _ = standing(task, self._vambe.all_day)
            return {"day": on.isoformat()} if on else None
        return due_at(due_instant(task))
