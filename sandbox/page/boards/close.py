"""Close on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sandbox.page.boards.board import Board
from sandbox.page.boards.rows import Change, Draft, Operator, Row, Unfit, due_of
from sandbox.providers.close import CloseSim
from sandbox.providers.close_records import full_name
from sandbox.providers.service import Record

_DONE, _OPEN = "Done", "Open"
_WORDED = ("lead", "outgoing_call")
"""The types of task whose text people can change."""


class CloseBoard(Board):
    """Close: tasks on leads, assigned to users."""

    title = CloseSim.title
    labels: ClassVar = {
        "title": "Task",
        "about": "Lead",
        "operator": "User",
        "comment": "Note on the lead",
    }
    needs_time = False
    fixed_subjects = False
    reopens = True

    def __init__(self, sim: CloseSim) -> None:
        super().__init__(sim)
        self._close = sim

    def operators(self) -> list[Operator]:
        active = [user for user in self._close.users.values() if user["organizations"]]
        return [Operator(user["id"], full_name(user) or user["email"]) for user in active]

    def subjects(self) -> list[str]:
        return [lead["name"] for lead in self._close.leads.values()]

    def statuses(self) -> list[str]:
        return [_OPEN, _DONE]

    def tasks(self) -> list[Row]:
        notes = {note["lead_id"]: note["note"] for note in self._close.notes}
        return [_row(task, notes) for task in self._close.tasks]

    def finish(self, task_id: str) -> None:
        self._close.complete_elsewhere(task_id)

    def reopen(self, task_id: str) -> None:
        self._close.edit(task_id, is_complete=False)

    def remove(self, task_id: str) -> None:
        self._close.remove(task_id)

    def _add(self, draft: Draft) -> str:
        lead = self._lead(draft.about) if draft.about else None
        date_only = draft.due.isoformat() if draft.due is not None else None
        user = next(iter(draft.operators), None)
        return str(self._close.add_task(draft.title, user, lead, draft.moment or date_only)["id"])

    def _edit(self, task_id: str, change: Change) -> None:
        if change.title is not None and self._close.tasks[task_id]["_type"] not in _WORDED:
            raise Unfit("Close does not let people change the words of such a task.")
        fields: dict[str, Any] = {}
        if change.title is not None:
            fields["text"] = change.title
        if change.about is not None:
            fields["lead_id"] = self._lead(change.about)["id"] if change.about else None
        if change.status is not None:
            fields["is_complete"] = change.status == _DONE
        if change.redated and change.due is None:
            fields["is_dateless"] = True
        elif isinstance(change.due, datetime):
            fields["date"] = change.due
        elif change.due is not None:
            fields["date"] = change.due.isoformat()
        self._close.edit(task_id, **fields)

    def _reassign(self, task_id: str, operators: Sequence[str]) -> None:
        self._close.reassign(task_id, next(iter(operators), None))

    def _lead(self, name: str) -> Record:
        """The lead of this name, a new one if there is none."""
        known = (lead for lead in self._close.leads.values() if lead["name"] == name)
        return next(known, None) or self._close.add_lead(name)


def _row(task: Record, notes: Mapping[str, str]) -> Row:
    """What is written about a task is a note on its lead."""
    done, user = task["is_complete"], task["assigned_to"]
    return Row(
        id=task["id"],
        title=task.get("text") or task["_type"],
        about=task["lead_name"] or "",
        subject=task["lead_name"] or "",
        operators=[Operator(user, task["assigned_to_name"])] if user else [],
        due=None if task.get("is_dateless") else due_of(task["date"]),
        status=_DONE if done else _OPEN,
        open=not done,
        result=f"by {task['updated_by_name']}" if done else "",
        comment=notes.get(task["lead_id"], ""),
    )
