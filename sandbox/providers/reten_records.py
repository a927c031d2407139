"""Reten's activity and result objects, in the exact shape of "List Activities"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox.providers.service import Record

OperatorRef = tuple[str, str, str]
"""External id, name, type."""
RouteRef = tuple[str, str]
"""Code, name."""

LIFECYCLE = {
    "PENDING": ("SCHEDULED", "Programada"),
    "IN_PROGRESS": ("IN_PROGRESS", "En curso"),
    "COMPLETED": ("COMPLETED", "Completada"),
    "CANCELLED": ("CANCELLED", "Cancelada"),
}
"""What is shown for each status, and its label. Only SCHEDULED stands in the documents; the rest
follows its pattern."""


def stamp(moment: datetime) -> str:
    """An instant as Reten writes it: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def new_task(task_id: str, now: datetime) -> Record:
    """An activity that still wants its commerce, reason, assignment and date."""
    return {
        "id": task_id,
        "activityOrigin": "ACTIVITY",
        "type": "TASK",
        "status": "PENDING",
        "channel": "SALESMAN",
        "scheduledAt": None,
        "occurredAt": None,
        "createdAt": stamp(now),
        "lifecycleStatus": "SCHEDULED",
        "lifecycleStatusLabel": "Programada",
        "lifecycleStatusDetail": None,
        "canForceRetryDispatch": False,
        "commerceExternalId": "",
        "commerceName": "",
        "reason": None,
        "userStatus": None,
        "commerceAssignment": None,
        "activityDetails": _nobodys(),
        "activityResult": None,
        # Not documented: fields may be added at any time, and a client has to ignore them.
        "segment": "B",
        "scoring": {"value": 0.42, "bands": ["LOW", "MID"]},
    }


def _nobodys() -> Record:
    """The details of an activity without operator and route."""
    return {
        "type": "TASK",
        "assignedRouteCode": None,
        "assignedOperatorExternalId": None,
        "assignedRoute": None,
        "assignedOperator": None,
        "territory": {"level": 2},
    }


def new_result(result_id: str, now: datetime, status: str, channel: str | None) -> Record:
    """A result of an activity, handled now."""
    return {
        "id": result_id,
        "resultStatus": status,
        "source": "RETEN_ACTIVITY",
        "origin": "INTEGRATION",
        "channel": channel,
        "occurredAt": stamp(now),
        "createdAt": stamp(now),
        "resultDetails": None,
        "schemaVersion": 2,
    }


def apply_changes(record: Record, changes: dict[str, Any]) -> None:
    """Change a record by friendly names (commerce, operator, route, reason, scheduled_at, status)
    or by fields of the documented shape; any other name is a mistake of the caller."""
    for name, value in changes.items():
        if name in _SETTERS:
            _SETTERS[name](record, value)
        elif name in record:
            record[name] = stamp(value) if isinstance(value, datetime) else value
        else:
            raise KeyError(name)


def set_state(record: Record, status: str | None) -> None:
    """Set the status, and the lifecycle that is shown for it where we know one."""
    record["status"] = status
    if status in LIFECYCLE:
        record["lifecycleStatus"], record["lifecycleStatusLabel"] = LIFECYCLE[status]


def _set_commerce(record: Record, commerce: tuple[str, str]) -> None:
    external_id, name = commerce
    record["commerceExternalId"] = external_id
    record["commerceName"] = name
    record["commerceAssignment"] = {
        "commerceExternalId": external_id,
        "assignmentReason": "Asignación por ruta",
        "commerce": {"externalId": external_id, "name": name},
    }


def _set_operator(record: Record, operator: OperatorRef | None) -> None:
    details = {**(record["activityDetails"] or _nobodys())}
    details["assignedOperatorExternalId"] = operator and operator[0]
    details["assignedOperator"] = operator and dict(
        zip(("externalId", "name", "type"), operator, strict=True)
    )
    record["activityDetails"] = details


def _set_route(record: Record, route: RouteRef | None) -> None:
    details = {**(record["activityDetails"] or _nobodys())}
    details["assignedRouteCode"] = route and route[0]
    details["assignedRoute"] = route and dict(zip(("code", "name"), route, strict=True))
    record["activityDetails"] = details


def _set_reason(record: Record, reason: tuple[str, str] | Record | None) -> None:
    if isinstance(reason, tuple):
        reason = dict(zip(("code", "label"), reason, strict=True))
    record["reason"] = reason


def _set_scheduled(record: Record, moment: datetime | None) -> None:
    record["scheduledAt"] = moment and stamp(moment)


_SETTERS: dict[str, Callable[[Record, Any], None]] = {
    "commerce": _set_commerce,
    "operator": _set_operator,
    "route": _set_route,
    "reason": _set_reason,
    "scheduled_at": _set_scheduled,
    "status": set_state,
}
