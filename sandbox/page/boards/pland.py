"""PlanD on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from sandbox.page.boards.board import Board
from sandbox.page.boards.rows import Change, Draft, Operator, Row, due_at
from sandbox.providers.pland import PlandSim
from sandbox.providers.pland_records import FINISHED_STATUSES, TASK_STATUSES, full_name
from sandbox.providers.service import Record


class PlandBoard(Board):
    """PlanD: jobs of a facility-service company, each of a type, for one of its users."""

    title = PlandSim.title
    labels: ClassVar = {"title": "Task", "about": "Type", "operator": "Assignee"}
    needs_time = True
    fixed_subjects = True
    reopens = True
    priorities = ("low", "medium", "high", "urgent")

    def __init__(self, sim: PlandSim) -> None:
        super().__init__(sim)
        self._pland = sim

    def operators(self) -> list[Operator]:
        active = [user for user in self._pland.users.values() if user["status"]["status"] == 1]
        return [Operator(user["_id"], full_name(user)) for user in active]

    def subjects(self) -> list[str]:
        return list(self._types())

    def statuses(self) -> list[str]:
        return [_worded(status) for status in TASK_STATUSES]

    def tasks(self) -> list[Row]:
        return [self._row(task) for task in self._pland.tasks()]

    def finish(self, task_id: str) -> None:
        self._pland.complete_elsewhere(task_id, self._assignee(task_id))

    def reopen(self, task_id: str) -> None:
        self._pland.edit(task_id, self._assignee(task_id), taskStatus="open")

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

    def _edit(self, task_id: str, change: Change) -> None:
        fields: dict[str, Any] = {"title": change.title, "priority": change.priority}
        if change.about is not None:
            fields["taskTypeId"] = self._types().get(change.about, self._pland.default_type)["_id"]
        if change.status is not None:
            fields["taskStatus"] = change.status.replace(" ", "_")
        changed = {name: value for name, value in fields.items() if value is not None}
        if change.redated:
            changed["due"] = change.due
        self._pland.edit(task_id, self._assignee(task_id), **changed)

    def _assignee(self, task_id: str) -> str | None:
        """Whose name a change at PlanD carries: the assignee is who works with the task."""
        assignee = self._pland.task(task_id)["assignee"]
        return str(assignee["entityId"]) if assignee else None

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
            subject=kind["name"] if kind else "",
            operators=[Operator(assignee["entityId"], assignee["name"])] if assignee else [],
            due=due_at(task["dueDate"]),
            status=_worded(task["taskStatus"] or "no status"),
            open=is_open,
            priority=task["priority"] or "",
            result="" if is_open else f"by {by}",
            comment=task["completionResponse"] or "",
        )


def _worded(status: str) -> str:
    return status.replace("_", " ")
