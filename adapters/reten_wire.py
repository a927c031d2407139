"""What Reten lists, and as what we read it (vendor docs, "List Activities"). Every field that the
docs call nullable may be null here, and unknown words pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from pydantic import Field

from adapters.contract import Malformed, Operator, Result, Task, TaskState
from adapters.reading import CamelRow, DueText, Moment, Row, salvage, validate

_SOURCE = "Reten"
_STATES = {
    "COMPLETED": TaskState.DONE,
    "CANCELLED": TaskState.CANCELLED,
    "CANCELED": TaskState.CANCELLED,  # the spelling of Reten's general API
}
ROUTE = "route:"
"""What the id of a route begins with where it stands in for an operator."""

_PLAIN_TYPE = "TASK"
"""The type that every activity of this listing has, and so tells nobody anything."""


class Named(CamelRow):
    """A reason (code and label) or a route (code and name)."""

    code: str | None = None
    label: str | None = None
    name: str | None = None


class AssignedOperator(CamelRow):
    external_id: str | None = None
    name: str | None = None
    type: str | None = None


class Details(CamelRow):
    """Who and where; each part may be missing without the others."""

    assigned_route_code: str | None = None
    assigned_operator_external_id: str | None = None
    assigned_route: Named | None = None
    assigned_operator: AssignedOperator | None = None


class ActivityResult(CamelRow):
    """A registered result. What `resultDetails` holds is not documented."""

    result_status: str | None = None
    occurred_at: Moment | None = None
    result_details: dict[str, Any] | None = None


class Activity(CamelRow):
    """One task. `activityOrigin` STANDALONE marks a result without a task behind it."""

    id: str = Field(min_length=1)
    activity_origin: str | None = None
    type: str | None = None
    status: str | None = None
    channel: str | None = None
    scheduled_at: DueText | None = None
    lifecycle_status_label: str | None = None
    commerce_external_id: str
    commerce_name: str
    reason: Named | None = None
    activity_details: Details | None = None
    activity_result: ActivityResult | None = None


class Meta(CamelRow):
    total_pages: int | None = None


RowT = TypeVar("RowT")


class Listing(Row, Generic[RowT]):
    """The envelope of a page."""

    data: list[RowT]
    meta: Meta | None = None


def task_of(row: Activity, labels: Mapping[str, str]) -> Task:
    """The row as a task; `labels` are the known result codes' labels."""
    details = row.activity_details
    return Task(
        id=row.id,
        title=row.commerce_name or row.commerce_external_id,
        # Only `status` is for logic: the docs give `lifecycleStatus` "for display purposes".
        state=_STATES.get(row.status or "", TaskState.OPEN),
        due=row.scheduled_at,
        operators=_operators(details) if details else (),
        details=_telling(row, details),
        status_label=row.lifecycle_status_label,
        result=_result(row.activity_result, labels) if row.activity_result else None,
        data={"commerce_external_id": row.commerce_external_id},
    )


def _operators(details: Details) -> tuple[Operator, ...]:
    """The task's operator; where it has none its route, to which people can be linked too."""
    person = details.assigned_operator or AssignedOperator()
    found = person.external_id or details.assigned_operator_external_id
    if found:
        return (Operator(found, name=person.name, kind=person.type),)
    route = details.assigned_route
    code = details.assigned_route_code or (route.code if route else None)
    if not code:
        return ()
    name = (route.name if route else None) or code
    return (Operator(ROUTE + code, name=name, kind="ROUTE", person=False),)


def _telling(row: Activity, details: Details | None) -> tuple[str, ...]:
    """Reason, type or channel, and place, in Reten's words."""
    reason, place = row.reason, None
    if details is not None:
        route = details.assigned_route
        place = (route.name if route else None) or details.assigned_route_code
    kind = row.channel if row.type == _PLAIN_TYPE else row.type or row.channel
    texts = (reason.label or reason.code if reason else None, kind, place)
    return tuple([text for text in texts if text])


def _result(found: ActivityResult, labels: Mapping[str, str]) -> Result:
    codes = known_codes(found, labels)
    return Result(label=labels[codes[0]] if codes else found.result_status, at=found.occurred_at)


def known_codes(found: ActivityResult, labels: Mapping[str, str]) -> list[str]:
    """The known codes among a result's details, whose keys are not documented."""
    values = (found.result_details or {}).values()
    return [value for value in values if isinstance(value, str) and value in labels]


def read_page(raw: bytes) -> tuple[list[Activity], int, int | None]:
    """A page's readable rows, how many it had, and how many pages Reten tells of."""
    try:
        listing = validate(Listing[Activity], raw, _SOURCE)
        rows, received, meta = listing.data, len(listing.data), listing.meta
    except Malformed:
        loose = validate(Listing[object], raw, _SOURCE)
        rows, received, meta = salvage(Activity, loose.data, _SOURCE), len(loose.data), loose.meta
    return rows, received, meta.total_pages if meta else None
