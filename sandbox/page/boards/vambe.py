"""Vambe on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sandbox.page.boards.board import Board, Draft, Operator, Row, due_at
from sandbox.providers.service import Record
from sandbox.providers.vambe import VambeSim
from sandbox.providers.vambe_due import due_instant, standing
from sandbox.providers.vambe_records import responsible_ids
from sandbox.providers.vambe_statuses import FINAL


class VambeBoard(Board):
    """Vambe: tasks of a team, perhaps for several of it, in statuses that the tenant defines."""

    title = "Vambe"
    labels: ClassVar = {"title": "Task", "about": "Description", "operator": "Responsible"}
    needs_time = False
    fixed_subjects = False
    several_operators = True
    priorities = ("low", "medium", "high")

    def __init__(self, sim: VambeSim) -> None:
        super().__init__(sim)
        self._vambe = sim

    def operators(self) -> list[Operator]:
        return [Operator(one["id"], one["name"]) for one in self._vambe.members.values()]

    def subjects(self) -> list[str]:
        return []

    def tasks(self) -> list[Row]:
        return [self._row(task) for task in self._vambe.tasks()]

    def finish(self, task_id: str) -> None:
        self._vambe.complete_elsewhere(task_id)

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

    def _reassign(self, task_id: str, operators: Sequence[str]) -> None:
        self._vambe.reassign(task_id, operators)

    def _row(self, task: Record) -> Row:
        status = task["status_config"] or {"name": "No status", "type": ""}
        names = {member.id: member.name for member in self.operators()}
        return Row(
            id=task["id"],
            title=task["title"],
            about=task["description"] or "",
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
