"""PlanD's objects in the shape of the vendor's OpenAPI ("list tasks", users, task types).

Where the specification and the live API differ, `Wire` says which of them is spoken. A record
holds its instants as `datetime`; they are written when it is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal

from sandbox.providers.book import Book
from sandbox.providers.service import Record, encode

TASK_STATUSES = ("new", "open", "in_progress", "in_review", "completed", "cancelled")
FINISHED_STATUSES = ("completed", "cancelled")


class Times(StrEnum):
    """How instants are written."""

    MILLISECONDS = "milliseconds"
    """Unix milliseconds as a number, as the live API is said to."""
    DIGITS = "digits"
    """Unix milliseconds as a string."""
    ISO = "iso"
    """ISO 8601, as in the examples of the specification."""


@dataclass(frozen=True, slots=True)
class Wire:
    """The choices between what is specified and what was seen."""

    times: Times = Times.MILLISECONDS
    status_as_text: bool = True
    """`status.status` as `"1"` (seen on users) instead of the specified number."""
    assignee_key: Literal["entityId", "_id"] = "entityId"
    """RelatedEntity has `entityId`, and declares `_id`, `name` and `type` as required."""


class TaskBook(Book):
    """The tasks, encoded as `wire` wants them."""

    def __init__(self) -> None:
        super().__init__()
        self._wire = Wire()

    @property
    def wire(self) -> Wire:
        """How tasks are written."""
        return self._wire

    @wire.setter
    def wire(self, wire: Wire) -> None:
        self._wire = wire
        self._encoded.clear()

    def encoded(self, record_id: str) -> bytes:
        """The task as JSON, in the present wire form."""
        kept = self._encoded.get(record_id)
        if kept is None:
            shown = written_task(self._records[record_id], self._wire)
            kept = self._encoded[record_id] = encode(shown)
        return kept


def object_id(moment: datetime, machine: str, count: int) -> str:
    """A MongoDB ObjectId: seconds, ten digits of the machine, a counter; it sorts by creation."""
    return f"{int(moment.timestamp()):08x}{machine}{count & 0xFFFFFF:06x}"


def entity_status(now: datetime, by: str | None, active: bool = True) -> Record:
    """The life of an entity, which is not the workflow of a task."""
    return {
        "status": 1 if active else 0,
        "createdAt": now,
        "createdBy": by,
        "lastModifiedAt": now,
        "lastModifiedBy": by,
    }


def new_task(task_id: str, status: Record, company_id: str, number: int) -> Record:
    """A new task that still wants its title, type and assignee.

    Its `id` repeats `_id` for the sandbox's own use and is never sent.
    """
    return {
        "id": task_id,
        "status": status,
        "title": None,
        "identifierNumber": None,
        "_id": task_id,
        "number": number,
        "companyId": company_id,
        "chatId": None,
        "taskStatus": "new",
        "taskType": None,
        "taskTypeId": None,
        "taskTemplate": None,
        "description": None,
        "contactPerson": None,
        "email": None,
        "telephone": None,
        "assignee": None,
        "dueDate": None,
        "firstStartedAt": None,
        "firstTerminatedAt": None,
        "complaintCreatedAt": None,
        "tags": [],
        "priority": "medium",
        "related": {},
        "documentIds": [],
        "callId": None,
        "completionResponse": None,
    }


def new_task_type(type_id: str, status: Record, name: str, prefix: str, default: bool) -> Record:
    """A kind of task; the number that people use for a task is `prefix-identifierNumber`."""
    return {
        "_id": type_id,
        "status": status,
        "name": name,
        "prefix": prefix,
        "svg": None,
        "color": None,
        "isDefault": default,
    }


def new_user(user_id: str, status: Record, company_id: str, number: int) -> Record:
    """A user without a name. The secrets and personal data are there as in the live objects; each
    is unlike any other text, so that it can be looked for where it must not be. (Where in the
    object they stand is our guess, apart from `access`.)"""
    return {
        "_id": user_id,
        "id": 100_000 + number,
        "companyId": company_id,
        "status": status,
        "general": {
            "firstName": "",
            "lastName": "",
            "birthDate": f"19{50 + number % 50}-02-{1 + number % 28:02}",
            "insuranceNumber": f"CANARY-INSURANCE-{number}",
        },
        "access": {
            "email": None,
            "token": f"canary-token-{number}",
            "passwordChangeToken": f"canary-password-{number}",
        },
        "contact": {"email": None, "mobile": f"+49 151 555{number:06}"},
        "devices": [{"token": f"canary-device-{number}"}],
    }


def canaries_of(user: Record) -> list[str]:
    """What of a user must never be logged or stored."""
    general, access = user["general"], user["access"]
    return [
        access["token"],
        access["passwordChangeToken"],
        general["birthDate"],
        general["insuranceNumber"],
        user["contact"]["mobile"],
        *(device["token"] for device in user["devices"]),
    ]


def full_name(user: Record) -> str:
    """First and last name."""
    return f"{user['general']['firstName']} {user['general']['lastName']}".strip()


def related_user(user: Record) -> Record:
    """A user as the assignee of a task."""
    return {"name": full_name(user), "entityId": user["_id"], "profilePicture": None}


def related_type(kind: Record) -> Record:
    """A task type as `taskType` of a task, which has no schema: the form is our guess."""
    return {"entityId": kind["_id"], "name": kind["name"]}


def written_task(task: Record, wire: Wire) -> Record:
    """A task as it is sent."""
    shown = written({name: value for name, value in task.items() if name != "id"}, wire)
    assignee = task["assignee"]
    if wire.assignee_key == "_id" and isinstance(assignee, dict):
        named = assignee.get("name")
        shown["assignee"] = {"_id": assignee.get("entityId"), "name": named, "type": "user"}
    return shown


def written(entity: Record, wire: Wire) -> Record:
    """Any entity as it is sent: instants and `status.status` in the wire's form."""
    shown = {name: _value(value, wire) for name, value in entity.items()}
    status = shown["status"]
    if wire.status_as_text and isinstance(status, dict):
        status["status"] = str(status["status"])
    return shown


def _value(value: Any, wire: Wire) -> Any:
    if isinstance(value, dict):
        return {name: _value(inner, wire) for name, inner in value.items()}
    return _time(value, wire.times) if isinstance(value, datetime) else value


def _time(moment: datetime, times: Times) -> int | str:
    if times is Times.ISO:
        text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
        return text.replace("+00:00", "Z")
    milliseconds = round(moment.timestamp() * 1000)
    return milliseconds if times is Times.MILLISECONDS else str(milliseconds)
