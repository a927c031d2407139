"""PlanD on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sandbox.page.boards.board import Board, Draft, Operator, Row, due_at
from sandbox.providers.pland import PlandSim
from sandbox.providers.pland_records import FINISHED_STATUSES, full_name
from sandbox.providers.service import Record


class PlandBoard(Board):
    """PlanD: jobs of a facility-service company, each of a type, for one of its users."""

    title = "PlanD"
    labels: ClassVar = {"title": "Task", "about": "Type", "operator": "Assignee"}
    needs_time = True
    fixed_subjects = True
    priorities = ("low", "medium", "high", "urgent")

    def __init__(self, sim: PlandSim) -> None:
        super().__init__(sim)
        self._pland = sim

    def operators(self) -> list[Operator]:
        active = [user for user in self._pland.users.values() if user["status"]["status"] == 1]
        return [Operator(user["_id"], full_name(user)) for user in active]

    def subjects(self) -> list[str]:
        return list(self._types())

    def tasks(self) -> list[Row]:
        return [self._row(task) for task in self._pland.tasks()]

    def finish(self, task_id: str) -> None:
        assignee = self._pland.task(task_id)["assignee"]
        self._pland.complete_elsewhere(task_id, assignee and assignee["entityId"])

    def remove(self, task_id: str) -> None:
        self._pland.remove(task_id)

    def _add(self, draft: Draft) -> str:
        kind = self._types().get(draft.about, self._pland.default_type)
        fields = {
            "title": draft.title,
            "assignee": next(iter(draft.operators), None),
            "due": draft.moment,
            "priority": draft.priority,
            "taskTypeId": kind["_id"],
        }
        return str(self._pland.make_task(fields, self._pland.key_owner)["_id"])

    def _reassign(self, task_id: str, operators: Sequence[str]) -> None:
        self._pland.reassign(task_id, next(iter(operators), None))

    def _types(self) -> dict[str, Record]:
        return {kind["name"]: kind for kind in self._pland.task_types.values()}

    def _row(self, task: Record) -> Row:
        """The number that people use for a task is made of its type's prefix and its own."""
        kind, assignee = self._pland.task_types.get(task["taskTypeId"]), task["assignee"]
        is_open = task["taskStatus"] not in FINISHED_STATUSES
        by = full_name(self._pland.users[task["status"]["lastModifiedBy"]])
        return Row(
            id=task["_id"],
            title=task["title"] or "Without a title",
            about=f"{kind['name']} {kind['prefix']}-{task['identifierNumber']}" if kind else "",
            operators=[Operator(assignee["entityId"], assignee["name"])] if assignee else [],
            due=due_at(task["dueDate"]),
            status=(task["taskStatus"] or "no status").replace("_", " "),
            open=is_open,
            priority=task["priority"] or "",
            result="" if is_open else f"by {by}",
            comment=task["completionResponse"] or "",
        )
