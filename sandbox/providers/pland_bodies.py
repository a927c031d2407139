"""What PlanD accepts in a request body: the schemas of the vendor's OpenAPI, read strictly."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.providers.pland_answers import refuse
from sandbox.providers.pland_records import TASK_STATUSES
from sandbox.providers.service import Call, Record
from sandbox.providers.shapes import instant

Check = Callable[[Any], bool]
Schema = Mapping[str, Check]

OBJECT_ID = re.compile("[0-9a-f]{24}")

_PRIORITIES = ("low", "medium", "high", "urgent")
_HOOK_TYPES = ("CREATE", "UPDATE", "DELETE", "ABSENCE_APPROVED", "ABSENCE_CANCELED", "OPEN")


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _id(value: Any) -> bool:
    return isinstance(value, str) and OBJECT_ID.fullmatch(value) is not None


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _instant(value: Any) -> bool:
    return isinstance(value, str) and instant(value) is not None


def _priority(value: Any) -> bool:
    return value in _PRIORITIES


def _list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _or_null(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _related(value: Any) -> bool:
    """A RelatedEntity, by either of the names of its id."""
    return isinstance(value, dict) and _id(value.get("entityId", value.get("_id")))


def _url(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("https://")


def _entity(value: Any) -> bool:
    """One of 19 names, of which we know four: any word passes."""
    return isinstance(value, str) and re.fullmatch("[a-z][A-Za-z_]*", value) is not None


RELATIONS = ("user", "object", "customer", "contact", "assignment", "invoice", "equipment")
CREATE: Schema = {
    "title": _text,
    "description": _text,
    "priority": _priority,
    "contactPerson": _text,
    "email": _text,
    "telephone": _text,
    "dueDate": _instant,
    "taskTypeId": _id,
    "assigneeId": _id,
    **{f"{name}Ids": _list_of(_id) for name in RELATIONS},
}
"""TaskCreateDto; nothing in it is marked as required."""
PATCH: Schema = {
    "title": _or_null(_text),
    "description": _or_null(_text),
    "taskStatus": _or_null(lambda value: value in TASK_STATUSES),
    "priority": _priority,
    "contactPerson": _or_null(_text),
    "email": _or_null(_text),
    "telephone": _or_null(_text),
    "dueDate": _or_null(_instant),
    "taskTypeId": _or_null(_id),
    "assignee": _or_null(_related),
    "tags": _list_of(_text),
    "documentIds": _list_of(_id),
    "completionResponse": _or_null(_text),
}
"""The Task schema without what only the server sets."""
COMPLETE: Schema = {"sendEmail": _flag, "emailText": _text, "recipientEmail": _text}
HOOK: Schema = {"type": lambda value: value in _HOOK_TYPES, "entity": _entity, "url": _url}


def read(call: Call, schema: Schema) -> Record:
    """The JSON object of a request; a 400 names everything that is outside the schema."""
    if not call.is_json:
        raise refuse(400, "Missing Content-Type: application/json")
    try:
        body = json.loads(call.raw)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise refuse(400, "The body is no JSON object")
    wrong = [f"Unknown or read-only field: {name}" for name in body if name not in schema]
    wrong += [
        f"Invalid value: {name}"
        for name, value in body.items()
        if name in schema and not schema[name](value)
    ]
    if wrong:
        raise refuse(400, *wrong)
    return body


def created(body: Record) -> Record:
    """The fields of the new task that a TaskCreateDto asks for."""
    fields = stored(body)
    if "assigneeId" in fields:
        fields["assignee"] = fields.pop("assigneeId")
    given = [name for name in RELATIONS if f"{name}Ids" in fields]
    fields["related"] = {f"{name}s": fields.pop(f"{name}Ids") for name in given}
    return fields


def stored(body: Record) -> Record:
    """The fields as a record holds them: instants parsed, the assignee by id."""
    fields = dict(body)
    if fields.get("dueDate") is not None:
        fields["dueDate"] = instant(fields["dueDate"])
    assignee = fields.get("assignee")
    if assignee is not None:
        fields["assignee"] = assignee.get("entityId", assignee.get("_id"))
    return fields
