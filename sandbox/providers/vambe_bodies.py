"""What Vambe accepts in a request body (vendor docs, create task and update task)."""

from __future__ import annotations

import json
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.providers.service import Call, Record
from sandbox.providers.vambe_answers import refuse
from sandbox.providers.vambe_due import AllDay, due_instant, sent_day, sent_time, written_due
from sandbox.providers.vambe_listing import is_uuid
from sandbox.providers.vambe_records import set_responsibles

_PRIORITIES = {"0": "low", "1": "medium", "2": "high"}
"""What is written, and what is read back."""
_PLAIN = {
    "title": "title",
    "description": "description",
    "aiContactId": "ai_contact_id",
    "aiCustomerId": "ai_customer_id",
}
_DUE = ("dueDate", "dueTime", "timezone")


@dataclass(frozen=True, slots=True)
class _Field:
    """What a field must be."""

    fits: Callable[[Any], bool]
    demand: str
    nullable: bool = False


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_filled(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_zone(value: Any) -> bool:
    try:
        ZoneInfo(value)
    except (KeyError, OSError, TypeError, ValueError):
        return False
    return True


_TEXT = _Field(_is_text, "must be a string", nullable=True)
_CREATE = {
    "title": _Field(_is_filled, "must be longer than or equal to 1 characters"),
    "description": _TEXT,
    "dueDate": _Field(
        lambda value: _is_text(value) and sent_day(value) is not None,
        "must be a valid ISO 8601 date string",
        nullable=True,
    ),
    "dueTime": _Field(
        lambda value: _is_text(value) and sent_time(value) is not None,
        "must be in the format HH:mm",
        nullable=True,
    ),
    "timezone": _Field(_is_zone, "must be a valid IANA time-zone", nullable=True),
    "responsibleIds": _Field(
        lambda value: isinstance(value, list) and all(map(is_uuid, value)),
        "must be an array of UUIDs",
    ),
    "aiContactId": _TEXT,
    "aiCustomerId": _TEXT,
    "priority": _Field(
        lambda value: _is_text(value) and value in _PRIORITIES,
        "must be one of the following values: 0, 1, 2",
    ),
}
_UPDATE = _CREATE | {
    "newStatusPosition": _Field(_is_number, "must be an integer number"),
    "newStatusName": _Field(_is_filled, "must be a string"),
}
_REQUIRED = ("title", "responsibleIds", "priority")


def read_object(call: Call) -> Record | None:
    """The JSON object of a request; None when the body is none."""
    try:
        body = json.loads(call.raw)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def create_problems(body: Record) -> list[str]:
    """What is wrong with a body that creates a task."""
    missing = [f"{name} is required" for name in _REQUIRED if name not in body]
    return missing + _problems(body, _CREATE, dated=False)


def update_problems(body: Record, task: Record) -> list[str]:
    """What is wrong with a body that updates a task."""
    found = _problems(body, _UPDATE, dated=due_instant(task) is not None)
    if "newStatusName" in body and "newStatusPosition" in body:
        found.append("newStatusName and newStatusPosition cannot be used at the same time")
    return found


def write(task: Record, body: Record, all_day: AllDay) -> None:
    """Apply a body without problems to a task, all but its status."""
    task |= {kept: body[sent] for sent, kept in _PLAIN.items() if sent in body}
    if "priority" in body:
        task["priority"] = _PRIORITIES[body["priority"]]
    if "responsibleIds" in body:
        set_responsibles(task, body["responsibleIds"])
    if any(name in body for name in _DUE):
        task |= written_due(task, body, all_day)


def expect_members(body: Record, member_ids: Container[str]) -> None:
    """Refuse a responsible who is not in the team (not documented, our choice)."""
    for member_id in body.get("responsibleIds", []):
        if member_id not in member_ids:
            raise refuse(400, f"Responsible {member_id} does not exist")


def _problems(body: Record, fields: dict[str, _Field], dated: bool) -> list[str]:
    found = [f"property {name} should not exist" for name in body if name not in fields]
    for name, field in fields.items():
        absent = name not in body or (body[name] is None and field.nullable)
        if not absent and not field.fits(body[name]):
            found.append(f"{name} {field.demand}")
    return found + _due_problems(body, dated)


def _due_problems(body: Record, dated: bool) -> list[str]:
    """A time needs its zone, and (the documents don't say) a day."""
    if body.get("dueTime") is None:
        return []
    found = []
    if body.get("timezone") is None:
        found.append("timezone is required when dueTime is provided")
    if body.get("dueDate", dated or None) is None:
        found.append("dueDate is required when dueTime is provided")
    return found
