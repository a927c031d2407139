"""Vambe's task and team-member objects, in the shapes of the vendor's docs (get tasks, get all
team members)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sandbox.providers.service import Record
from sandbox.providers.vambe_due import AllDay, due_fields, stamp


def new_member(member_id: str, name: str, email: str, phone: str) -> Record:
    """A member of the team."""
    first, _, last = name.partition(" ")
    return {
        "id": member_id,
        "name": name,
        "first_name": first,
        "last_name": last,
        "email": email,
        "phone": phone,
        # Not documented: fields may be added at any time, and a client has to ignore them.
        "avatar_url": None,
        "preferences": {"language": "es"},
    }


def new_task(task_id: str, title: str, creator_id: str, status: Record, now: datetime) -> Record:
    """A task for nobody that is never due."""
    return {
        "id": task_id,
        "title": title,
        "description": "",
        "due_timezone": None,
        "due_at": None,
        "is_all_day": False,
        "created_at": stamp(now),
        "ai_contact_id": None,
        "ai_customer_id": None,
        "task_status_config_id": status["id"],
        "priority": "medium",
        "creator_id": creator_id,
        "task_responsibles": [],
        "status_config": status,
        # Not documented, as above.
        "client_id": "sandbox",
        "interactive_notes": [{"kind": "text", "pinned": False}],
    }


def responsible_ids(task: Record) -> list[str]:
    """The ids of a task's responsibles."""
    return [one["responsible_id"] for one in task["task_responsibles"]]


def set_responsibles(task: Record, member_ids: Iterable[str]) -> None:
    """Give a task to these members alone; naming one twice changes nothing."""
    task["task_responsibles"] = [
        {"responsible_id": member_id, "assignment": "manual"}
        for member_id in dict.fromkeys(member_ids)
    ]


def set_status(task: Record, status: Record) -> None:
    """Put a task into a status."""
    task |= {"task_status_config_id": status["id"], "status_config": status}


def apply_changes(task: Record, changes: dict[str, Any], all_day: AllDay) -> None:
    """Change a task by friendly names (responsibles, timezone, due_at as a date, a datetime or
    None) or by fields of the documented shape; any other name is a mistake of the caller."""
    fields = dict(changes)
    if "timezone" in fields:
        fields["due_timezone"] = fields.pop("timezone")
    if "responsibles" in fields:
        set_responsibles(task, fields.pop("responsibles"))
    if "due_at" in fields and isinstance(fields["due_at"], date | None):
        zone = fields.get("due_timezone", task["due_timezone"])
        fields = due_fields(fields["due_at"], zone, all_day) | {
            name: value for name, value in fields.items() if name not in {"due_at", "due_timezone"}
        }
    if unknown := fields.keys() - task.keys():
        raise KeyError(*unknown)
    task |= fields
