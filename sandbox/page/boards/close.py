"""Close on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sandbox.page.boards.board import Board, Draft, Operator, Row, due_of
from sandbox.providers.close import CloseSim
from sandbox.providers.close_records import full_name
from sandbox.providers.service import Record


class CloseBoard(Board):
    """Close: tasks on leads, assigned to users."""

    title = "Close"
    labels: ClassVar = {"title": "Task", "about": "Lead", "operator": "User"}
    needs_time = False
    fixed_subjects = False

    def __init__(self, sim: CloseSim) -> None:
        super().__init__(sim)
        self._close = sim

    def operators(self) -> list[Operator]:
        active = [user for user in self._close.users.values() if user["organizations"]]
        return [Operator(user["id"], full_name(user) or user["email"]) for user in active]

    def subjects(self) -> list[str]:
        return [lead["name"] for lead in self._close.leads.values()]

    def tasks(self) -> list[Row]:
        return [_row(task) for task in self._close.tasks]

    def finish(self, task_id: str) -> None:
        self._close.complete_elsewhere(task_id)

    def remove(self, task_id: str) -> None:
        self._close.remove(task_id)

    def _add(self, draft: Draft) -> str:
        lead = self._lead(draft.about) if draft.about else None
        date_only = draft.due.isoformat() if draft.due is not None else None
        user = next(iter(draft.operators), None)
        return str(self._close.add_task(draft.title, user, lead, draft.moment or date_only)["id"])

    def _reassign(self, task_id: str, operators: Sequence[str]) -> None:
        self._close.reassign(task_id, next(iter(operators), None))

    def _lead(self, name: str) -> Record:
        """The lead of this name, a new one if there is none."""
        known = (lead for lead in self._close.leads.values() if lead["name"] == name)
        return next(known, None) or self._close.add_lead(name)


def _row(task: Record) -> Row:
    done, user = task["is_complete"], task["assigned_to"]
    return Row(
        id=task["id"],
        title=task.get("text") or task["_type"],
        about=task["lead_name"] or "",
        operators=[Operator(user, task["assigned_to_name"])] if user else [],
        due=None if task.get("is_dateless") else due_of(task["date"]),
        status="Done" if done else "Open",
        open=not done,
        result=f"by {task['updated_by_name']}" if done else "",
    )
